"""What each plan's calendar has told, so that its changes are told as updates."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "calendars_sent",
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("entries", postgresql.JSONB(), nullable=False),
        sa.PrimaryKeyConstraint("plan_id", name="pk_calendars_sent"),
        sa.ForeignKeyConstraint(["plan_id"], ["plans.id"], name="fk_calendars_sent_plan_id", ondelete="CASCADE"),
    )


def downgrade() -> None:
    op.drop_table("calendars_sent")
