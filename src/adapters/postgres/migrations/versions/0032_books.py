"""The books: entries with their postings and sums, numbered papers, and what differs from the provider's books."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

MOMENT = postgresql.TIMESTAMP(timezone=True)


def upgrade() -> None:
    op.create_table(
        "ledger_entries",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("happened_at", MOMENT, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("order_id", sa.Uuid()),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_entries")),
        sa.UniqueConstraint("kind", "cause", name=op.f("uq_ledger_entries_kind_cause")),
    )
    op.create_index(op.f("ix_ledger_entries_at_id"), "ledger_entries", ["at", "id"])
    op.create_index("ix_ledger_entries_happened", "ledger_entries", ["kind", "happened_at"])
    op.create_index(
        "ix_ledger_entries_order_id",
        "ledger_entries",
        ["order_id"],
        postgresql_where=sa.text("order_id IS NOT NULL"),
    )
    op.create_table(
        "ledger_postings",
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("minor", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["entry_id"], ["ledger_entries.id"], name=op.f("fk_ledger_postings_entry_id")),
        sa.PrimaryKeyConstraint("entry_id", "place", name=op.f("pk_ledger_postings")),
    )
    op.create_table(
        "ledger_sums",
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("minor", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("account", "currency", name=op.f("pk_ledger_sums")),
    )
    op.create_table(
        "paper_numbers",
        sa.Column("series", sa.Text(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("series", "year", name=op.f("pk_paper_numbers")),
    )
    op.create_table(
        "money_papers",
        sa.Column("series", sa.Text(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("refund_id", sa.Uuid()),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_money_papers_order_id")),
        sa.PrimaryKeyConstraint("series", "year", "place", name=op.f("pk_money_papers")),
    )
    op.create_index(op.f("ix_money_papers_order_id"), "money_papers", ["order_id"])
    op.create_table(
        "payment_differences",
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("first_seen", MOMENT, nullable=False),
        sa.Column("last_seen", MOMENT, nullable=False),
        sa.Column("gone_at", MOMENT),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("there", sa.BigInteger()),
        sa.Column("here", sa.BigInteger()),
        sa.PrimaryKeyConstraint("what", "subject", "first_seen", name=op.f("pk_payment_differences")),
    )
    op.create_index(
        "uq_payment_differences_open",
        "payment_differences",
        ["what", "subject"],
        unique=True,
        postgresql_where=sa.text("gone_at IS NULL"),
    )


def downgrade() -> None:
    op.drop_table("payment_differences")
    op.drop_table("money_papers")
    op.drop_table("paper_numbers")
    op.drop_table("ledger_sums")
    op.drop_table("ledger_postings")
    op.drop_table("ledger_entries")
