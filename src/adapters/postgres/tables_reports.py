"""The table of reports."""

from sqlalchemy import BigInteger, CheckConstraint, Column, Index, Integer, Table, Text, Uuid, text

from .metadata import MOMENT, metadata

reports = Table(
    "reports",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("form", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("asked_by", Uuid, nullable=False),
    Column("asked_at", MOMENT, nullable=False),
    Column("student_id", Uuid),
    Column("plan_id", Uuid),
    Column("state", Text, nullable=False),
    Column("because", Text, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("content_sha256", Text, nullable=False),
    Column("made_at", MOMENT),
    Column("until", MOMENT),
    Column("version", Integer, nullable=False),
    CheckConstraint("state IN ('asked', 'making', 'ready', 'failed', 'withdrawn')", name="state"),
    Index(None, "asked_by", "asked_at"),
    Index("ix_reports_student_id_asked_at", "student_id", "asked_at", postgresql_where=text("student_id IS NOT NULL")),
    Index("ix_reports_sha256", "sha256", postgresql_where=text("sha256 <> ''")),
    info={
        "rights": "SELECT, INSERT, DELETE",
        "changes": "state, because, sha256, size, content_sha256, made_at, until, version",
    },
)
