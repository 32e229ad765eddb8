"""What counsellors said over the rules, and what they took back."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

MOMENT = postgresql.TIMESTAMP(timezone=True)


def upgrade() -> None:
    op.create_table(
        "overrides",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("student_id", sa.Uuid(), nullable=False),
        sa.Column("programme_id", sa.Uuid(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("standing", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by", sa.Uuid(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("until", sa.Date()),
        sa.PrimaryKeyConstraint("id", name="pk_overrides"),
        sa.CheckConstraint(
            "standing IN ('not_met', 'unknown', 'probably_met', 'met')", name=op.f("ck_overrides_standing")
        ),
    )
    op.create_index("ix_overrides_student_id_programme_id", "overrides", ["student_id", "programme_id"])
    op.create_table(
        "override_withdrawals",
        sa.Column("override_id", sa.Uuid(), nullable=False),
        sa.Column("by", sa.Uuid(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("override_id", name="pk_override_withdrawals"),
        sa.ForeignKeyConstraint(
            ["override_id"], ["overrides.id"], name="fk_override_withdrawals_override_id_overrides"
        ),
    )


def downgrade() -> None:
    op.drop_table("override_withdrawals")
    op.drop_table("overrides")
