"""The tables of what counsellors do."""

from sqlalchemy import Column, Table, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB

from .metadata import metadata

needs_found = Table(
    "needs_found",
    metadata,
    Column("student_id", Uuid, primary_key=True),
    Column("basis", Text, nullable=False),
    Column("needs", JSONB, nullable=False),
)
