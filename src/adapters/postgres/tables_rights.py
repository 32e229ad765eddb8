"""The tables of exports, erasures, legal holds and consents, and of when accounts were last used."""

from sqlalchemy import BigInteger, CheckConstraint, Column, Index, Integer, Table, Text, Uuid, text

from .metadata import APPEND_ONLY, MOMENT, metadata

exports = Table(
    "exports",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("student_id", Uuid, nullable=False),
    Column("asked_by", Uuid, nullable=False),
    Column("asked_at", MOMENT, nullable=False),
    Column("language", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("ready_at", MOMENT),
    Column("until", MOMENT),
    Column("version", Integer, nullable=False),
    Column("content_sha256", Text, nullable=False),
    CheckConstraint("state IN ('making', 'ready', 'removed')", name="state"),
    Index(None, "student_id", "asked_at"),
    Index("ix_exports_ready", "until", postgresql_where=text("state = 'ready'")),
    Index("ix_exports_sha256", "sha256", postgresql_where=text("sha256 <> ''")),
    info={
        "rights": "SELECT, INSERT, DELETE",
        "changes": "state, sha256, size, content_sha256, ready_at, until, version",
    },
)

erasures = Table(
    "erasures",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("student_id", Uuid, nullable=False),
    Column("account_id", Uuid, nullable=False),
    Column("because", Text, nullable=False),
    Column("asked_by", Uuid),
    Column("asked_at", MOMENT, nullable=False),
    Column("due_at", MOMENT, nullable=False),
    Column("reason", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("ended_at", MOMENT),
    Column("version", Integer, nullable=False),
    CheckConstraint("because IN ('asked', 'duty', 'dormant', 'restored')", name="because"),
    CheckConstraint("state IN ('waiting', 'cancelled', 'erasing', 'erased')", name="state"),
    Index(None, "student_id", "asked_at"),
    Index("uq_erasures_waiting", "student_id", unique=True, postgresql_where=text("state = 'waiting'")),
    Index("ix_erasures_account_id", "account_id"),
    Index("ix_erasures_unfinished", "due_at", postgresql_where=text("state IN ('waiting', 'erasing')")),
    info={"rights": "SELECT, INSERT, DELETE", "changes": "due_at, reason, state, ended_at, version"},
)

legal_holds = Table(
    "legal_holds",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("student_id", Uuid, nullable=False),
    Column("reason", Text, nullable=False),
    Column("placed_by", Uuid, nullable=False),
    Column("placed_at", MOMENT, nullable=False),
    Column("until", MOMENT, nullable=False),
    Column("lifted_by", Uuid),
    Column("lifted_at", MOMENT),
    Column("version", Integer, nullable=False),
    Index(None, "student_id", "placed_at"),
    info={"rights": "SELECT, INSERT, DELETE", "changes": "lifted_by, lifted_at, version"},
)

consents = Table(
    "consents",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("student_id", Uuid, nullable=False),
    Column("purpose", Text, nullable=False),
    Column("said", Text, nullable=False),
    Column("wording", Text, nullable=False),
    Column("at", MOMENT, nullable=False),
    Column("by", Uuid, nullable=False),
    CheckConstraint("said IN ('given', 'withdrawn')", name="said"),
    Index(None, "student_id", "at"),
    info=APPEND_ONLY,
)

account_uses = Table(
    "account_uses",
    metadata,
    Column("account_id", Uuid, primary_key=True),
    Column("used_at", MOMENT, nullable=False),  # as the sessions said that have been cleared away since
    info={"rights": "SELECT, INSERT", "changes": "used_at"},
)
