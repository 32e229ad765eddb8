"""The tables of messages to people, of how each went, and of how people want to be told."""

from sqlalchemy import Boolean, CheckConstraint, Column, ForeignKey, Index, Integer, Table, Text, Time, Uuid, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from .metadata import MOMENT, metadata

_STATES = (
    "'waiting', 'sending', 'gathered', 'taken', 'delivered', 'blocked', 'failed', 'bounced', 'complained', 'refused', "
    "'given_up', 'silenced', 'withdrawn'"
)
FAILED = "state IN ('blocked', 'failed', 'bounced', 'complained', 'refused', 'given_up')"
_CHANNELS = "channel IN ('email', 'sms', 'whatsapp')"

messages = Table(
    "messages",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("key", Text, nullable=False, unique=True),
    Column("kind", Text, nullable=False),
    Column("about", Text, nullable=False),
    Column("account_id", Uuid),
    Column("address", Text, nullable=False),
    Column("student_id", Uuid),
    Column("language", Text, nullable=False),
    Column("params", JSONB, nullable=False),
    Column("said_at", MOMENT, nullable=False),
    Column("read_at", MOMENT),
    Column("acknowledged_at", MOMENT),
    Column("withdrawn_at", MOMENT),
    Column("version", Integer, nullable=False),
    CheckConstraint("(account_id IS NULL) = (address <> '')", name="recipient"),
    Index(None, "account_id", "id"),
    Index(None, "account_id", "said_at"),
    Index(None, "said_at"),
    Index(None, "student_id"),
    Index("ix_messages_address", "address", postgresql_where=text("address <> ''")),
    info={
        "rights": "SELECT, INSERT, DELETE",
        "changes": "params, read_at, acknowledged_at, withdrawn_at, version",
    },
)

deliveries = Table(
    "deliveries",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("message_id", Uuid, ForeignKey("messages.id", ondelete="CASCADE"), nullable=False),
    Column("account_id", Uuid),
    Column("channel", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("due_at", MOMENT, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("unsure", Integer, nullable=False),
    Column("gathered", Boolean, nullable=False),
    Column("provider_id", Text, nullable=False),
    Column("detail", Text, nullable=False),
    Column("changed_at", MOMENT),
    Column("version", Integer, nullable=False),
    CheckConstraint(f"state IN ({_STATES})", name="state"),
    CheckConstraint(_CHANNELS, name="channel"),
    Index(None, "message_id"),
    Index("ix_deliveries_provider_id", "channel", "provider_id", postgresql_where=text("provider_id <> ''")),
    Index(
        "ix_deliveries_gathered",
        "account_id",
        "channel",
        "due_at",
        postgresql_where=text("gathered AND state IN ('waiting', 'sending')"),
    ),
    Index("ix_deliveries_failed", "id", postgresql_where=text(FAILED)),
    info={
        "rights": "SELECT, INSERT, DELETE",
        "changes": "state, due_at, attempts, unsure, gathered, provider_id, detail, changed_at, version",
    },
)

ways = Table(
    "ways",
    metadata,
    Column("account_id", Uuid, primary_key=True),
    Column("channel", Text, primary_key=True),
    Column("address", Text, nullable=False),
    Column("confirmed_at", MOMENT),
    Column("closed_at", MOMENT),
    Column("because", Text),
    CheckConstraint(_CHANNELS, name="channel"),
    info={"rights": "SELECT, INSERT, DELETE", "changes": "address, confirmed_at, closed_at, because"},
)

message_preferences = Table(
    "message_preferences",
    metadata,
    Column("account_id", Uuid, primary_key=True),
    Column("secret", Text, nullable=False, unique=True),
    Column("quiet_from", Time),
    Column("quiet_until", Time, nullable=False),
    Column("digest_at", Time, nullable=False),
    Column("always_digest", Boolean, nullable=False),
    Column("zone", Text, nullable=False),
    Column("silenced", ARRAY(Text), nullable=False),
    Column("loud", ARRAY(Text), nullable=False),
    Column("version", Integer, nullable=False),
    info={
        "rights": "SELECT, INSERT, DELETE",
        "changes": "quiet_from, quiet_until, digest_at, always_digest, zone, silenced, loud, version",
    },
)

rounds = Table(
    "rounds",
    metadata,
    Column("student_id", Uuid, primary_key=True),
    Column("look_at", MOMENT, nullable=False),
    Index(None, "look_at"),
    info={"rights": "SELECT, INSERT, DELETE", "changes": "look_at"},
)

delivery_reports = Table(
    "delivery_reports",
    metadata,
    Column("provider", Text, primary_key=True),
    Column("event_id", Text, primary_key=True),
    Column("heard_at", MOMENT, nullable=False, server_default=text("transaction_timestamp()")),
    Index(None, "heard_at"),
    info={"rights": "SELECT, INSERT, DELETE"},
)
