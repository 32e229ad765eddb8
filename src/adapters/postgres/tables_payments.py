"""The tables of prices, orders, payments, refunds, and of the books over them."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from .metadata import APPEND_ONLY, MOMENT, metadata

price_lists = Table(
    "price_lists",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("currency", Text, nullable=False),
    Column("valid_from", MOMENT, nullable=False),
    Column("valid_until", MOMENT),
    Column("prices", JSONB, nullable=False),
    Index(None, "currency", "valid_from"),
    info={"rights": "SELECT, INSERT", "changes": "valid_until"},
)

orders = Table(
    "orders",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("student_id", Uuid, nullable=False),
    Column("placed_by", Uuid, nullable=False),
    Column("placed_at", MOMENT, nullable=False),
    Column("currency", Text, nullable=False),
    Column("lines", JSONB, nullable=False),
    Column("discounts", JSONB, nullable=False),
    Column("taxes", JSONB, nullable=False),
    Column("total", BigInteger, nullable=False),
    Column("due_at", MOMENT),
    Column("state", Text, nullable=False),
    Column("paid_at", MOMENT),
    Column("ended_at", MOMENT),
    Column("reversed", BigInteger, nullable=False),
    Column("version", Integer, nullable=False),
    CheckConstraint(
        "state IN ('open', 'paid', 'partly_refunded', 'refunded', 'cancelled', 'expired', 'charged_back')", name="state"
    ),
    Index(None, "student_id", "id"),
    Index("ix_orders_open", "due_at", postgresql_where=text("state = 'open'")),
    info={"rights": "SELECT, INSERT", "changes": "state, paid_at, ended_at, reversed, version"},
)

payment_attempts = Table(
    "payment_attempts",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("order_id", Uuid, ForeignKey("orders.id"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("amount", BigInteger, nullable=False),
    Column("currency", Text, nullable=False),
    Column("asked_at", MOMENT, nullable=False),
    Column("collection", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("page", Text, nullable=False),
    Column("declined", Text, nullable=False),
    Column("waits_for_payer", Boolean, nullable=False),
    Column("taken", BigInteger),
    Column("taken_at", MOMENT),
    Column("looked_at", MOMENT),
    Column("version", Integer, nullable=False),
    CheckConstraint("state IN ('asked', 'open', 'under_way', 'held', 'taken', 'surplus', 'closed')", name="state"),
    UniqueConstraint("order_id", "number"),
    # However many ask at once: of all that can still be paid, or are paid, an order has one.
    Index(
        "uq_payment_attempts_one_at_a_time",
        "order_id",
        unique=True,
        postgresql_where=text("state NOT IN ('surplus', 'closed')"),
    ),
    Index("uq_payment_attempts_collection", "collection", unique=True, postgresql_where=text("collection <> ''")),
    Index(
        "ix_payment_attempts_waiting",
        text("coalesce(looked_at, asked_at)"),
        postgresql_where=text("state IN ('asked', 'open', 'under_way', 'held')"),
    ),
    info={
        "rights": "SELECT, INSERT",
        "changes": "collection, state, page, declined, waits_for_payer, taken, taken_at, looked_at, version",
    },
)

disputes = Table(
    "disputes",
    metadata,
    Column("id", Text, primary_key=True),
    Column("order_id", Uuid, ForeignKey("orders.id"), nullable=False),
    Column("attempt_id", Uuid, nullable=False),
    Column("student_id", Uuid, nullable=False),
    Column("amount", BigInteger, nullable=False),
    Column("currency", Text, nullable=False),
    Column("opened_at", MOMENT, nullable=False),
    Column("answer_by", MOMENT),
    Column("reason", Text, nullable=False),
    Column("stage", Text, nullable=False),
    Column("decided_at", MOMENT),
    Index(None, "order_id"),
    Index(None, "student_id"),
    Index("ix_disputes_open", "answer_by", postgresql_where=text("stage = 'open'")),
    info={"rights": "SELECT, INSERT", "changes": "answer_by, reason, stage, decided_at"},
)

payment_notices = Table(
    "payment_notices",
    metadata,
    Column("id", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("at", MOMENT, nullable=False),
    Column("collection", Text, nullable=False),
    Column("heard_at", MOMENT, nullable=False),
    Column("settled_at", MOMENT),
    Index(
        "ix_payment_notices_waiting",
        "collection",
        "heard_at",
        postgresql_where=text("settled_at IS NULL"),
    ),
    info={"rights": "SELECT, INSERT", "changes": "settled_at"},
)

refunds = Table(
    "refunds",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("order_id", Uuid, ForeignKey("orders.id"), nullable=False),
    Column("attempt_id", Uuid, nullable=False),
    Column("student_id", Uuid, nullable=False),
    Column("amount", BigInteger, nullable=False),
    Column("currency", Text, nullable=False),
    Column("because", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("asked_by", Uuid),
    Column("asked_at", MOMENT, nullable=False),
    Column("expected_by", Date, nullable=False),
    Column("state", Text, nullable=False),
    Column("number", Integer, nullable=False),
    Column("repayment", Text, nullable=False),
    Column("repayments", ARRAY(Text), nullable=False),
    Column("reference", Text, nullable=False),
    Column("history", JSONB, nullable=False),
    Column("version", Integer, nullable=False),
    CheckConstraint(
        "state IN ('asked', 'refused', 'approved', 'sent', 'done', 'failed', 'dropped', 'by_hand')", name="state"
    ),
    Index(None, "order_id"),
    Index(None, "student_id"),
    Index(
        "ix_refunds_running",
        "expected_by",
        "id",
        postgresql_where=text("state IN ('asked', 'approved', 'sent', 'failed')"),
    ),
    info={
        "rights": "SELECT, INSERT",
        "changes": "expected_by, state, number, repayment, repayments, reference, history, version",
    },
)

ledger_entries = Table(
    "ledger_entries",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("at", MOMENT, nullable=False),
    Column("happened_at", MOMENT, nullable=False),
    Column("kind", Text, nullable=False),
    Column("cause", Text, nullable=False),
    Column("order_id", Uuid),
    UniqueConstraint("kind", "cause"),
    Index(None, "at", "id"),
    Index("ix_ledger_entries_happened", "kind", "happened_at"),
    Index("ix_ledger_entries_order_id", "order_id", postgresql_where=text("order_id IS NOT NULL")),
    info=APPEND_ONLY,
)

ledger_postings = Table(
    "ledger_postings",
    metadata,
    Column("entry_id", Uuid, ForeignKey("ledger_entries.id"), primary_key=True),
    Column("place", Integer, primary_key=True),
    Column("account", Text, nullable=False),
    Column("currency", Text, nullable=False),
    Column("minor", BigInteger, nullable=False),
    info=APPEND_ONLY,
)

ledger_sums = Table(
    "ledger_sums",
    metadata,
    Column("account", Text, primary_key=True),
    Column("currency", Text, primary_key=True),
    Column("minor", BigInteger, nullable=False),
    info={"rights": "SELECT, INSERT", "changes": "minor"},
)

paper_numbers = Table(
    "paper_numbers",
    metadata,
    Column("series", Text, primary_key=True),
    Column("year", Integer, primary_key=True),
    Column("last", Integer, nullable=False),
    info={"rights": "SELECT, INSERT", "changes": "last"},
)

money_papers = Table(
    "money_papers",
    metadata,
    Column("series", Text, primary_key=True),
    Column("year", Integer, primary_key=True),
    Column("place", Integer, primary_key=True),
    Column("at", MOMENT, nullable=False),
    Column("order_id", Uuid, ForeignKey("orders.id"), nullable=False),
    Column("amount", BigInteger, nullable=False),
    Column("currency", Text, nullable=False),
    Column("refund_id", Uuid),
    Index(None, "order_id"),
    info=APPEND_ONLY,
)

payment_differences = Table(
    "payment_differences",
    metadata,
    Column("what", Text, primary_key=True),
    Column("subject", Text, primary_key=True),
    Column("first_seen", MOMENT, primary_key=True),
    Column("last_seen", MOMENT, nullable=False),
    Column("gone_at", MOMENT),
    Column("at", MOMENT, nullable=False),
    Column("currency", Text, nullable=False),
    Column("there", BigInteger),
    Column("here", BigInteger),
    Index("uq_payment_differences_open", "what", "subject", unique=True, postgresql_where=text("gone_at IS NULL")),
    info={"rights": "SELECT, INSERT", "changes": "last_seen, gone_at, at, currency, there, here"},
)
