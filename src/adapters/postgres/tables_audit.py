"""The tables of the audit trail. The application may add to them and read them, nothing else.

``audit_waiting`` alone is no part of the trail: it says which entries are still to be sealed.
"""

from sqlalchemy import BigInteger, Column, Identity, Index, LargeBinary, Table, Text, Uuid, text
from sqlalchemy.dialects.postgresql import JSONB

from .metadata import APPEND_ONLY, MOMENT, metadata

entries = Table(
    "audit_entries",
    metadata,
    Column("place", BigInteger, Identity(always=True), primary_key=True),
    Column("id", Uuid, nullable=False),
    Column("at", MOMENT, nullable=False),
    Column("action", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("subject_id", Uuid),
    Column("student_id", Uuid),
    Column("actor", Uuid),
    Column("on_behalf_of", Uuid),
    Column("request_id", Text, nullable=False),
    Column("trace", Text, nullable=False),
    Column("details", JSONB, nullable=False),
    Column("address_digest", Text, nullable=False),
    Column("reason_digest", Text, nullable=False),
    # What may be forgotten later: the salt, a blank, and the words. The digests are of the whole.
    Column("address", Text),
    Column("reason", Text),
    # What is searched by stands beside the seal, so that those who write pay for no index but this and the key.
    Index("ix_audit_entries_address", "at", postgresql_where=text("address IS NOT NULL")),
    info=APPEND_ONLY,
)

waiting = Table(
    "audit_waiting",
    metadata,
    Column("place", BigInteger, nullable=False),
    info={"rights": "SELECT, INSERT, DELETE"},
)

seals = Table(
    "audit_seals",
    metadata,
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("previous", Text, nullable=False),
    Column("hash", Text, nullable=False),
    Column("sealed_at", MOMENT, nullable=False),
    Column("key", Text, nullable=False),
    Column("signature", LargeBinary, nullable=False),
    info=APPEND_ONLY,
)

sealed = Table(
    "audit_sealed",
    metadata,
    Column("place", BigInteger, primary_key=True, autoincrement=False),
    Column("number", BigInteger, nullable=False),
    Column("entry_id", Uuid, nullable=False),
    Column("digest", LargeBinary, nullable=False),
    # Copies of what an entry is searched by.
    Column("at", MOMENT, nullable=False),
    Column("action", Text, nullable=False),
    Column("subject_id", Uuid),
    Column("student_id", Uuid),
    Column("actor", Uuid),
    Column("request_id", Text, nullable=False),
    Index(None, "number", "place"),
    Index(None, "at", "place"),
    Index(None, "student_id", "at", "place", postgresql_where=text("student_id IS NOT NULL")),
    Index(None, "actor", "at", "place"),
    Index(None, "subject_id", "at", "place"),
    Index(None, "action", "at", "place"),
    Index(None, "request_id", postgresql_where=text("request_id <> ''")),
    info=APPEND_ONLY,
)
