"""Reports, and the function that erases, which takes them away."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

MOMENT = postgresql.TIMESTAMP(timezone=True)


def upgrade() -> None:
    op.create_table(
        "reports",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("form", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("asked_by", sa.Uuid(), nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("student_id", sa.Uuid()),
        sa.Column("plan_id", sa.Uuid()),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("because", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("content_sha256", sa.Text(), nullable=False),
        sa.Column("made_at", MOMENT),
        sa.Column("until", MOMENT),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_reports"),
        sa.CheckConstraint(
            "state IN ('asked', 'making', 'ready', 'failed', 'withdrawn')", name=op.f("ck_reports_state")
        ),
    )
    op.create_index("ix_reports_asked_by_asked_at", "reports", ["asked_by", "asked_at"])
    op.create_index(
        "ix_reports_student_id_asked_at",
        "reports",
        ["student_id", "asked_at"],
        postgresql_where=sa.text("student_id IS NOT NULL"),
    )
    op.create_index("ix_reports_sha256", "reports", ["sha256"], postgresql_where=sa.text("sha256 <> ''"))


def downgrade() -> None:
    op.drop_table("reports")
