"""The tables of sign-in at providers."""

from sqlalchemy import Column, Index, Integer, Table, Text, UniqueConstraint, Uuid

from .metadata import MOMENT, metadata

linked_identities = Table(
    "linked_identities",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("account_id", Uuid, nullable=False),
    Column("issuer", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("linked_at", MOMENT, nullable=False),
    Column("version", Integer, nullable=False),
    UniqueConstraint("issuer", "subject"),
    Index(None, "account_id"),
    info={"rights": "SELECT, INSERT, DELETE"},
)

provider_sign_ins = Table(
    "provider_sign_ins",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("provider", Text, nullable=False),
    Column("digest", Text, nullable=False, unique=True),
    Column("until", MOMENT, nullable=False),
    Column("account_id", Uuid),
    Column("used_at", MOMENT),
    Column("issuer", Text),
    Column("subject", Text),
    Column("version", Integer, nullable=False),
    Index(None, "until"),
    info={
        "rights": "SELECT, INSERT, DELETE",
        "changes": "until, account_id, used_at, issuer, subject, version",
    },
)
