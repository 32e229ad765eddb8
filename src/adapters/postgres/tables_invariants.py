"""The tables of runs that look whether what must hold does, and of what they found."""

from sqlalchemy import Column, Index, Table, Text, Uuid, text
from sqlalchemy.dialects.postgresql import JSONB

from .metadata import MOMENT, metadata

invariant_runs = Table(
    "invariant_runs",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("started_at", MOMENT, nullable=False),
    Column("finished_at", MOMENT, nullable=False),
    Column("looked", JSONB, nullable=False),
    Index(None, "finished_at"),
    info={"rights": "SELECT, INSERT, DELETE"},
)

invariant_breaches = Table(
    "invariant_breaches",
    metadata,
    Column("invariant", Text, primary_key=True),
    Column("row", Text, primary_key=True),
    Column("first_seen", MOMENT, primary_key=True),
    Column("last_seen", MOMENT, nullable=False),
    Column("gone_at", MOMENT),
    Index("uq_invariant_breaches_open", "invariant", "row", unique=True, postgresql_where=text("gone_at IS NULL")),
    Index("ix_invariant_breaches_gone", "gone_at", postgresql_where=text("gone_at IS NOT NULL")),
    info={"rights": "SELECT, INSERT, DELETE", "changes": "last_seen, gone_at"},
)
