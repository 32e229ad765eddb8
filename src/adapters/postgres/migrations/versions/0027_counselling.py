"""What counsellors do: needs that were found of their students, beside what they were found from; and papers that two
verify."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "needs_found",
        sa.Column("student_id", sa.Uuid(), nullable=False),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("needs", postgresql.JSONB(), nullable=False),
        sa.PrimaryKeyConstraint("student_id", name="pk_needs_found"),
    )
    op.add_column("document_versions", sa.Column("first_verified_by", sa.Uuid()))


def downgrade() -> None:
    op.drop_column("document_versions", "first_verified_by")
    op.drop_table("needs_found")
