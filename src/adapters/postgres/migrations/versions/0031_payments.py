"""Prices, orders, attempts to pay them, disputes, what the provider told, and refunds."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

MOMENT = postgresql.TIMESTAMP(timezone=True)


def upgrade() -> None:
    op.create_table(
        "price_lists",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("valid_from", MOMENT, nullable=False),
        sa.Column("valid_until", MOMENT),
        sa.Column("prices", postgresql.JSONB(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_price_lists")),
    )
    op.create_index(op.f("ix_price_lists_currency_valid_from"), "price_lists", ["currency", "valid_from"])
    op.create_table(
        "orders",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("student_id", sa.Uuid(), nullable=False),
        sa.Column("placed_by", sa.Uuid(), nullable=False),
        sa.Column("placed_at", MOMENT, nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("lines", postgresql.JSONB(), nullable=False),
        sa.Column("discounts", postgresql.JSONB(), nullable=False),
        sa.Column("taxes", postgresql.JSONB(), nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=False),
        sa.Column("due_at", MOMENT),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("paid_at", MOMENT),
        sa.Column("ended_at", MOMENT),
        sa.Column("reversed", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state IN ('open', 'paid', 'partly_refunded', 'refunded', 'cancelled', 'expired', 'charged_back')",
            name=op.f("ck_orders_state"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_orders")),
    )
    op.create_index("ix_orders_open", "orders", ["due_at"], postgresql_where=sa.text("state = 'open'"))
    op.create_index(op.f("ix_orders_student_id_id"), "orders", ["student_id", "id"])
    op.create_table(
        "payment_attempts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("collection", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("page", sa.Text(), nullable=False),
        sa.Column("declined", sa.Text(), nullable=False),
        sa.Column("waits_for_payer", sa.Boolean(), nullable=False),
        sa.Column("taken", sa.BigInteger()),
        sa.Column("taken_at", MOMENT),
        sa.Column("looked_at", MOMENT),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state IN ('asked', 'open', 'under_way', 'held', 'taken', 'surplus', 'closed')",
            name=op.f("ck_payment_attempts_state"),
        ),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_payment_attempts_order_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment_attempts")),
        sa.UniqueConstraint("order_id", "number", name=op.f("uq_payment_attempts_order_id_number")),
    )
    op.create_index(
        "ix_payment_attempts_waiting",
        "payment_attempts",
        [sa.literal_column("coalesce(looked_at, asked_at)")],
        postgresql_where=sa.text("state IN ('asked', 'open', 'under_way', 'held')"),
    )
    op.create_index(
        "uq_payment_attempts_collection",
        "payment_attempts",
        ["collection"],
        unique=True,
        postgresql_where=sa.text("collection <> ''"),
    )
    op.create_index(
        "uq_payment_attempts_one_at_a_time",
        "payment_attempts",
        ["order_id"],
        unique=True,
        postgresql_where=sa.text("state NOT IN ('surplus', 'closed')"),
    )
    op.create_table(
        "disputes",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("attempt_id", sa.Uuid(), nullable=False),
        sa.Column("student_id", sa.Uuid(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("opened_at", MOMENT, nullable=False),
        sa.Column("answer_by", MOMENT),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("decided_at", MOMENT),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_disputes_order_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_disputes")),
    )
    op.create_index("ix_disputes_open", "disputes", ["answer_by"], postgresql_where=sa.text("stage = 'open'"))
    op.create_index(op.f("ix_disputes_order_id"), "disputes", ["order_id"])
    op.create_index(op.f("ix_disputes_student_id"), "disputes", ["student_id"])
    op.create_table(
        "payment_notices",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("collection", sa.Text(), nullable=False),
        sa.Column("heard_at", MOMENT, nullable=False),
        sa.Column("settled_at", MOMENT),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment_notices")),
    )
    op.create_index(
        "ix_payment_notices_waiting",
        "payment_notices",
        ["collection", "heard_at"],
        postgresql_where=sa.text("settled_at IS NULL"),
    )
    op.create_table(
        "refunds",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("attempt_id", sa.Uuid(), nullable=False),
        sa.Column("student_id", sa.Uuid(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("because", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("asked_by", sa.Uuid()),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("expected_by", sa.Date(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("repayment", sa.Text(), nullable=False),
        sa.Column("repayments", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("history", postgresql.JSONB(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state IN ('asked', 'refused', 'approved', 'sent', 'done', 'failed', 'dropped', 'by_hand')",
            name=op.f("ck_refunds_state"),
        ),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_refunds_order_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refunds")),
    )
    op.create_index(op.f("ix_refunds_order_id"), "refunds", ["order_id"])
    op.create_index(
        "ix_refunds_running",
        "refunds",
        ["expected_by", "id"],
        postgresql_where=sa.text("state IN ('asked', 'approved', 'sent', 'failed')"),
    )
    op.create_index(op.f("ix_refunds_student_id"), "refunds", ["student_id"])


def downgrade() -> None:
    op.drop_table("refunds")
    op.drop_table("payment_notices")
    op.drop_table("disputes")
    op.drop_table("payment_attempts")
    op.drop_table("orders")
    op.drop_table("price_lists")
