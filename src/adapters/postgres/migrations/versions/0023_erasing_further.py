"""The function that erases is written anew: it reaches what helpers were answered, and addresses of who asked about an
account without being signed in. Nothing else changes."""

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Change no table: the function is written behind each migration."""


def downgrade() -> None:
    """Change no table."""
