"""The tables of accounts, students, documents, applications, plans, events, jobs and answers.

Aggregates refer to one another by id without a foreign key; within one aggregate there is one.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Identity,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from .metadata import APPEND_ONLY, MOMENT, metadata

accounts = Table(
    "accounts",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("email", Text, nullable=False, unique=True),
    Column("password_hash", Text, nullable=False),
    Column("roles", ARRAY(Text), nullable=False),
    Column("student_id", Uuid),
    Column("registered_at", MOMENT, nullable=False),
    Column("version", Integer, nullable=False),
    Column("email_confirmed_at", MOMENT),
    Column("has_short_password", Boolean, server_default=text("false"), nullable=False),
    Column("name", Text, nullable=False, server_default=text("''")),
    Column("closed_at", MOMENT),
    Index("ix_accounts_services", "registered_at", postgresql_where=text("'service' = ANY (roles)")),
)

api_keys = Table(
    "api_keys",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("account_id", Uuid, nullable=False),
    Column("name", Text, nullable=False),
    Column("digest", Text, nullable=False),
    Column("scopes", ARRAY(Text), nullable=False),
    Column("networks", ARRAY(Text), nullable=False),
    Column("made_at", MOMENT, nullable=False),
    Column("made_by", Uuid, nullable=False),
    Column("until", MOMENT),
    Column("used_at", MOMENT),
    Column("revoked_at", MOMENT),
    Column("version", Integer, nullable=False),
    Column("methods", ARRAY(Text), nullable=False, server_default=text("'{}'")),
    Index(None, "account_id", "made_at"),
    info={"rights": "SELECT, INSERT", "changes": "used_at, revoked_at, version"},
)

confirmations = Table(
    "confirmations",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("account_id", Uuid, nullable=False),
    Column("purpose", Text, nullable=False),
    Column("digest", Text, nullable=False, unique=True),
    Column("made_at", MOMENT, nullable=False),
    Column("until", MOMENT, nullable=False),
    Column("used_at", MOMENT),
    Column("version", Integer, nullable=False),
    Index(None, "account_id", "purpose"),
    Index(None, "until"),
    info={"rights": "SELECT, INSERT, DELETE", "changes": "used_at, version"},
)

sessions = Table(
    "sessions",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("account_id", Uuid, nullable=False),
    Column("begun_at", MOMENT, nullable=False),
    Column("used_at", MOMENT, nullable=False),
    Column("until", MOMENT, nullable=False),
    Column("device", Text, nullable=False),
    Column("turn", Integer, nullable=False),
    Column("ended_at", MOMENT),
    Column("ended_because", Text),
    Column("version", Integer, nullable=False),
    Column("methods", ARRAY(Text), server_default=text("'{}'"), nullable=False),
    Column("proved_at", MOMENT),
    Index("ix_sessions_live", "account_id", postgresql_where=text("ended_at IS NULL")),
    Index(None, "until"),
    CheckConstraint("(ended_at IS NULL) = (ended_because IS NULL)", name="ended"),
    info={
        "rights": "SELECT, INSERT, DELETE",
        "changes": "used_at, until, turn, ended_at, ended_because, version, methods, proved_at",
    },
)

factors = Table(
    "factors",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("account_id", Uuid, nullable=False),
    Column("kind", Text, nullable=False),
    Column("label", Text, nullable=False),
    Column("secret", LargeBinary, nullable=False),
    Column("made_at", MOMENT, nullable=False),
    Column("confirmed_at", MOMENT),
    Column("used_at", MOMENT),
    Column("credential", LargeBinary, unique=True),
    Column("counter", BigInteger, nullable=False),
    Column("version", Integer, nullable=False),
    Index(None, "account_id"),
    info={"rights": "SELECT, INSERT, DELETE", "changes": "secret, confirmed_at, used_at, counter, version"},
)

recovery_codes = Table(
    "recovery_codes",
    metadata,
    Column("account_id", Uuid, primary_key=True),
    Column("digests", ARRAY(Text), nullable=False),
    Column("made_at", MOMENT, nullable=False),
    Column("version", Integer, nullable=False),
    info={"rights": "SELECT, INSERT, DELETE", "changes": "digests, made_at, version"},
)

used_tickets = Table(
    "used_tickets",
    metadata,
    Column("digest", Text, primary_key=True),
    Column("until", MOMENT, nullable=False),
    Index(None, "until"),
    info={"rights": "SELECT, INSERT, DELETE"},
)

throttles = Table(
    "throttles",
    metadata,
    Column("key", Text, primary_key=True),
    Column("failures", Integer, nullable=False),
    Column("failed_at", MOMENT),
    Index(None, "failed_at"),
    info={"rights": "SELECT, INSERT, DELETE", "changes": "failures, failed_at"},
)

grants = Table(
    "grants",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("student_id", Uuid, nullable=False),
    Column("owner_id", Uuid, nullable=False),
    Column("kind", Text, nullable=False),
    Column("email", Text, nullable=False),
    Column("scopes", ARRAY(Text), nullable=False),
    Column("given_at", MOMENT, nullable=False),
    Column("until", MOMENT, nullable=False),
    Column("reason", Text, nullable=False),
    Column("account_id", Uuid),
    Column("accepted_at", MOMENT),
    Column("ended_at", MOMENT),
    Column("ended_by", Uuid),
    Column("version", Integer, nullable=False),
    Index(None, "student_id"),
    Index("ix_grants_held", "account_id", postgresql_where=text("ended_at IS NULL")),
    Index("ix_grants_offered", "email", postgresql_where=text("accepted_at IS NULL AND ended_at IS NULL")),
    CheckConstraint("(account_id IS NULL) = (accepted_at IS NULL)", name="accepted"),
    CheckConstraint("(ended_at IS NULL) = (ended_by IS NULL)", name="ended"),
    info={"rights": "SELECT, INSERT, DELETE", "changes": "account_id, accepted_at, ended_at, ended_by, version"},
)

students = Table(
    "students",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("account_id", Uuid, nullable=False),
    Column("profile", JSONB, nullable=False),
    Column("version", Integer, nullable=False),
    Index(None, "account_id"),
    Index(
        "ix_students_plain_passport",
        "id",
        postgresql_where=text("(profile #>> '{passport,number}') NOT LIKE 'sealed:%'"),
    ),
)

documents = Table(
    "documents",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("student_id", Uuid, nullable=False),
    Column("kind", Text, nullable=False),
    Column("label", Text, nullable=False),
    Column("answer", Text),
    Column("answer_reason", Text),
    Column("answered_at", MOMENT),
    Column("version", Integer, nullable=False),
    Index(None, "student_id", "id"),
)

document_versions = Table(
    "document_versions",
    metadata,
    Column("document_id", Uuid, ForeignKey("documents.id"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("sha256", Text, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("content_type", Text, nullable=False),
    Column("file_name", Text, nullable=False),
    Column("uploaded_at", MOMENT, nullable=False),
    Column("uploaded_by", Uuid, nullable=False),
    Column("issued_on", Date),
    Column("expires_on", Date),
    Column("name_on_document", Text, nullable=False),
    Column("verification", Text, nullable=False),
    Column("rejected_because", Text, nullable=False),
    Column("sealed_as", Text),
    Column("first_verified_by", Uuid),
    Column("checked_at", MOMENT),
    Column("checked_by", Uuid),
    Index(None, "sha256"),
    Index(None, "sealed_as"),
    Index("ix_document_versions_plain", "document_id", postgresql_where=text("sealed_as IS NULL")),
    Index("ix_document_versions_checked", "checked_by", "checked_at", postgresql_where=text("checked_by IS NOT NULL")),
    info={
        "rights": "SELECT, INSERT",
        "changes": "verification, rejected_because, sealed_as, first_verified_by, checked_at, checked_by",
    },
)

uploads = Table(
    "uploads",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("document_id", Uuid, nullable=False),
    Column("student_id", Uuid, nullable=False),
    Column("requested_by", Uuid, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("content_type", Text, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("file_name", Text, nullable=False),
    Column("issued_on", Date),
    Column("expires_on", Date),
    Column("name_on_document", Text, nullable=False),
    Column("requested_at", MOMENT, nullable=False),
    Column("state", Text, nullable=False),
    Column("received_at", MOMENT),
    Column("decided_at", MOMENT),
    Column("reasons", JSONB, nullable=False),
    Column("number", Integer),
    Column("version", Integer, nullable=False),
    CheckConstraint("state IN ('requested', 'received', 'accepted', 'refused', 'expired')", name="state"),
    Index("ix_uploads_waiting", "student_id", postgresql_where=text("state IN ('requested', 'received')")),
    Index("ix_uploads_requested", "requested_at", postgresql_where=text("state = 'requested'")),
    Index("ix_uploads_received", "received_at", postgresql_where=text("state = 'received'")),
)

applications = Table(
    "applications",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("student_id", Uuid, nullable=False),
    Column("programme_id", Uuid, nullable=False),
    Column("term", Text, nullable=False),
    Column("starts_on", Date, nullable=False),
    Column("started_at", MOMENT, nullable=False),
    Column("state", Text, nullable=False),
    Column("offer", JSONB(none_as_null=True)),
    Column("version", Integer, nullable=False),
    Index(None, "student_id", "id"),
    Index(
        "uq_applications_live",
        "student_id",
        "programme_id",
        "term",
        "starts_on",
        unique=True,
        postgresql_where=text("state NOT IN ('declined', 'rejected', 'withdrawn', 'lapsed')"),
    ),
)

application_history = Table(
    "application_history",
    metadata,
    Column("application_id", Uuid, ForeignKey("applications.id"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("action", Text, nullable=False),
    Column("before", Text, nullable=False),
    Column("after", Text, nullable=False),
    Column("side", Text, nullable=False),
    Column("at", MOMENT, nullable=False),
    Column("recorded_by", Uuid, nullable=False),
    Column("note", Text, nullable=False),
    info=APPEND_ONLY,
)

receipts = Table(
    "receipts",
    metadata,
    Column("application_id", Uuid, ForeignKey("applications.id"), primary_key=True),
    Column("number", Text, nullable=False, unique=True),
    Column("submitted_at", MOMENT, nullable=False),
    Column("snapshot_sha256", Text, nullable=False),
    Column("deadline", MOMENT),
    Column("deadline_zone", Text, nullable=False),
    Column("spare_seconds", BigInteger),
    info=APPEND_ONLY,
)

snapshots = Table(
    "snapshots",
    metadata,
    Column("application_id", Uuid, ForeignKey("applications.id"), primary_key=True),
    Column("content", LargeBinary, nullable=False),
    Column("sealed", Boolean, nullable=False, server_default=text("false")),
    Index("ix_snapshots_plain", "application_id", postgresql_where=text("NOT sealed")),
    info=APPEND_ONLY,  # but for seal_snapshot, a function of the owner's, which seals once what was kept as it was sent
)

plans = Table(
    "plans",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("student_id", Uuid, nullable=False),
    Column("made_at", MOMENT, nullable=False),
    Column("inputs", JSONB, nullable=False),
    Column("calendar_hash", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Index(None, "student_id", "made_at"),
    Index("uq_plans_calendar_hash", "calendar_hash", unique=True, postgresql_where=text("calendar_hash <> ''")),
)

calendars_sent = Table(
    "calendars_sent",
    metadata,
    Column("plan_id", Uuid, ForeignKey("plans.id", ondelete="CASCADE"), primary_key=True),
    Column("entries", JSONB, nullable=False),
)

overrides = Table(
    "overrides",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("student_id", Uuid, nullable=False),
    Column("programme_id", Uuid, nullable=False),
    Column("place", Text, nullable=False),
    Column("standing", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("by", Uuid, nullable=False),
    Column("at", MOMENT, nullable=False),
    Column("basis", Text, nullable=False),
    Column("until", Date),
    CheckConstraint("standing IN ('not_met', 'unknown', 'probably_met', 'met')", name="standing"),
    Index(None, "student_id", "programme_id"),
    info=APPEND_ONLY,
)

override_withdrawals = Table(
    "override_withdrawals",
    metadata,
    Column("override_id", Uuid, ForeignKey("overrides.id"), primary_key=True),
    Column("by", Uuid, nullable=False),
    Column("at", MOMENT, nullable=False),
    Column("reason", Text, nullable=False),
    info=APPEND_ONLY,
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("position", BigInteger, Identity(always=True), nullable=False),
    Column("at", MOMENT, nullable=False),
    Column("tag", Text, nullable=False),
    Column("aggregate", Text, nullable=False),
    Column("aggregate_id", Uuid, nullable=False),
    Column("aggregate_version", Integer, nullable=False),
    Column("actor", Uuid),
    Column("on_behalf_of", Uuid),
    Column("request_id", Text, nullable=False),
    Column("trace", Text, nullable=False, server_default=text("''")),
    Column("data", JSONB, nullable=False),
    Column("passed_on_at", MOMENT),
    Index("ix_outbox_waiting", "position", postgresql_where=text("passed_on_at IS NULL")),
    Index("ix_outbox_waiting_of_aggregate", "aggregate_id", "position", postgresql_where=text("passed_on_at IS NULL")),
    Index("ix_outbox_passed_on", "passed_on_at", postgresql_where=text("passed_on_at IS NOT NULL")),
    info={"rights": "SELECT, INSERT", "changes": "passed_on_at"},
)

jobs = Table(
    "jobs",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("position", BigInteger, Identity(always=True), nullable=False),
    Column("event_id", Uuid, ForeignKey("outbox.id")),
    Column("reaction", Text, key="name", nullable=False),  # its first name stays while older code may run
    Column("arguments", JSONB, nullable=False, server_default=text("'{}'")),
    Column("key", Text),
    Column("alone", Text),
    Column("priority", SmallInteger, nullable=False, server_default=text("2")),
    Column("actor", Uuid),
    Column("on_behalf_of", Uuid),
    Column("request_id", Text, nullable=False, server_default=text("''")),
    Column("trace", Text, nullable=False, server_default=text("''")),
    Column("status", Text, nullable=False),
    Column("due_at", MOMENT, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("token", BigInteger, nullable=False),
    Column("leased_until", MOMENT),
    Column("offered_at", MOMENT),
    Column("error", Text, nullable=False),
    Column("done", BigInteger, nullable=False, server_default=text("0")),
    Column("of", BigInteger),
    Column("since", MOMENT),
    Column("ended_at", MOMENT),
    UniqueConstraint("event_id", "name"),
    CheckConstraint("status IN ('waiting', 'leased', 'done', 'parked')", name="status"),
    Index("uq_jobs_key", "key", unique=True, postgresql_where=text("key IS NOT NULL")),
    Index(
        "uq_jobs_alone",
        "alone",
        unique=True,
        postgresql_where=text("alone IS NOT NULL AND status IN ('waiting', 'leased')"),
    ),
    Index("ix_jobs_due", "priority", "due_at", "position", postgresql_where=text("status IN ('waiting', 'leased')")),
    Index("ix_jobs_parked_id", "id", postgresql_where=text("status = 'parked'")),
    Index("ix_jobs_done", "ended_at", postgresql_where=text("status = 'done'")),
)

answers = Table(
    "answers",
    metadata,
    Column("account_id", Uuid, primary_key=True),  # the nil UUID for requests without an account
    Column("route", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("fingerprint", LargeBinary, nullable=False),
    Column("status", SmallInteger),
    Column("headers", JSONB),
    Column("body", LargeBinary),
    Column("created_at", MOMENT, nullable=False),
    # What a helper must still be let do to get the answer again; null for everybody else's.
    Column("student_id", Uuid),
    Column("doing", Text),
    Index(None, "created_at"),
    Index(None, "student_id", postgresql_where=text("student_id IS NOT NULL")),
    info={"rights": "SELECT, INSERT, DELETE", "changes": "status, headers, body, student_id, doing"},
)
