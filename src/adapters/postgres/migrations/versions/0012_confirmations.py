"""Codes that go out by mail, and when an address was confirmed by one."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

MOMENT = postgresql.TIMESTAMP(timezone=True)


def upgrade() -> None:
    op.create_table(
        "confirmations",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("until", MOMENT, nullable=False),
        sa.Column("used_at", MOMENT),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_confirmations"),
        sa.UniqueConstraint("digest", name="uq_confirmations_digest"),
    )
    op.create_index("ix_confirmations_account_id_purpose", "confirmations", ["account_id", "purpose"])
    op.create_index("ix_confirmations_until", "confirmations", ["until"])
    op.add_column("accounts", sa.Column("email_confirmed_at", MOMENT))


def downgrade() -> None:
    op.drop_column("accounts", "email_confirmed_at")
    op.drop_table("confirmations")
