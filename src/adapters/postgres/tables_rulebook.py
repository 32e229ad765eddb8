"""The tables of rule packs that were taken in, of the editions in force, and of impact reports."""

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Integer, Table, Text, Uuid, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from .metadata import APPEND_ONLY, MOMENT, metadata

rule_packs = Table(
    "rule_packs",
    metadata,
    Column("sha256", Text, primary_key=True),
    Column("pack_id", Text, nullable=False),
    Column("pack_version", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("size", Integer, nullable=False),
    Column("text", Text, nullable=False),
    Column("uploaded_at", MOMENT, nullable=False),
    Column("by", Uuid),
    Index("ix_rule_packs_newest", text("uploaded_at DESC"), "sha256"),
    info=APPEND_ONLY,
)

rule_editions = Table(
    "rule_editions",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("id", Uuid, nullable=False, unique=True),
    Column("sha256", Text, nullable=False),
    Column("packs", ARRAY(Text), nullable=False),
    Column("chosen", ARRAY(Text), nullable=False),
    Column("activated_at", MOMENT, nullable=False),
    Column("by", Uuid),
    Column("reason", Text, nullable=False),
    Column("impact_id", Uuid),
    Index(None, "sha256", "number"),
    info=APPEND_ONLY,
)

impacts = Table(
    "impacts",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("purpose", Text, nullable=False),
    Column("before", Text, nullable=False),
    Column("after", Text, nullable=False),
    Column("packs", ARRAY(Text), nullable=False),
    Column("chosen", ARRAY(Text), nullable=False),
    Column("by", Uuid),
    Column("started_at", MOMENT, nullable=False),
    Column("job_id", Uuid, nullable=False),
    Column("state", Text, nullable=False),
    Column("totals", JSONB, nullable=False),
    Column("reached", Uuid),
    Column("finished_at", MOMENT),
    Column("version", Integer, nullable=False),
    CheckConstraint("purpose IN ('proposed', 'activated')", name="purpose"),
    CheckConstraint("state IN ('running', 'finished')", name="state"),
    info={"rights": "SELECT, INSERT", "changes": "state, totals, reached, finished_at, version"},
)

impact_students = Table(
    "impact_students",
    metadata,
    Column("impact_id", Uuid, ForeignKey("impacts.id"), primary_key=True),
    Column("student_id", Uuid, primary_key=True),
    Column("badness", Integer, nullable=False),
    Column("changes", JSONB, nullable=False),
    Index("ix_impact_students_worst", "impact_id", text("badness DESC"), "student_id"),
    info=APPEND_ONLY,
)
