"""Second factors, recovery codes, used tickets, what has failed in a row, and how a sign-in was made."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

MOMENT = postgresql.TIMESTAMP(timezone=True)


def upgrade() -> None:
    op.create_table(
        "factors",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("secret", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("confirmed_at", MOMENT),
        sa.Column("used_at", MOMENT),
        sa.Column("credential", sa.LargeBinary()),
        sa.Column("counter", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_factors"),
        sa.UniqueConstraint("credential", name="uq_factors_credential"),
    )
    op.create_index("ix_factors_account_id", "factors", ["account_id"])
    op.create_table(
        "recovery_codes",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("digests", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("account_id", name="pk_recovery_codes"),
    )
    op.create_table(
        "used_tickets",
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("until", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("digest", name="pk_used_tickets"),
    )
    op.create_index("ix_used_tickets_until", "used_tickets", ["until"])
    op.create_table(
        "throttles",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("failed_at", MOMENT),
        sa.PrimaryKeyConstraint("key", name="pk_throttles"),
    )
    op.create_index("ix_throttles_failed_at", "throttles", ["failed_at"])
    short: sa.Column[bool] = sa.Column(
        "has_short_password", sa.Boolean(), server_default=sa.text("false"), nullable=False
    )
    op.add_column("accounts", short)
    methods: sa.Column[list[str]] = sa.Column(
        "methods", postgresql.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False
    )
    op.add_column("sessions", methods)
    op.add_column("sessions", sa.Column("proved_at", MOMENT))


def downgrade() -> None:
    op.drop_column("sessions", "proved_at")
    op.drop_column("sessions", "methods")
    op.drop_column("accounts", "has_short_password")
    op.drop_table("throttles")
    op.drop_table("used_tickets")
    op.drop_table("recovery_codes")
    op.drop_table("factors")
