"""The tables of what counsellors do."""

from sqlalchemy import CheckConstraint, Column, Date, ForeignKey, Index, Integer, Table, Text, Uuid, text
from sqlalchemy.dialects.postgresql import JSONB

from .metadata import MOMENT, metadata

needs_found = Table(
    "needs_found",
    metadata,
    Column("student_id", Uuid, primary_key=True),
    Column("basis", Text, nullable=False),
    Column("needs", JSONB, nullable=False),
)

notes = Table(
    "notes",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("student_id", Uuid, nullable=False),
    Column("by", Uuid, nullable=False),
    Column("at", MOMENT, nullable=False),
    Column("text", Text, nullable=False),
    Column("corrects", Uuid, ForeignKey("notes.id", ondelete="CASCADE")),
    Index(None, "student_id", "at"),
    Index(None, "corrects", postgresql_where=text("corrects IS NOT NULL")),
    info={"rights": "SELECT, INSERT"},
)

tasks = Table(
    "tasks",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("student_id", Uuid, nullable=False),
    Column("given_by", Uuid, nullable=False),
    Column("assigned_to", Uuid, nullable=False),
    Column("title", Text, nullable=False),
    Column("details", Text, nullable=False),
    Column("given_at", MOMENT, nullable=False),
    Column("due_on", Date),
    Column("state", Text, nullable=False),
    Column("closed_at", MOMENT),
    Column("closed_by", Uuid),
    Column("version", Integer, nullable=False),
    CheckConstraint("state IN ('open', 'done', 'withdrawn')", name="state"),
    CheckConstraint("(state = 'open') = (closed_at IS NULL)", name="closed"),
    Index(None, "student_id"),
    Index("ix_tasks_open", "assigned_to", "id", postgresql_where=text("state = 'open'")),
    Index("ix_tasks_done", "assigned_to", "closed_at", postgresql_where=text("state = 'done'")),
    info={"rights": "SELECT, INSERT", "changes": "state, closed_at, closed_by, version"},
)
