"""The application may change what the secret of a second factor is sealed by.

Nothing is made here: every migration sets the rights of all tables as they are declared, and this step is there so that
one takes place.
"""

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Change no table."""


def downgrade() -> None:
    """Change no table."""
