"""The tables of files about people: rows that wait to be taken, records that are offered, what files say of
applications."""

from sqlalchemy import Boolean, Column, Index, Integer, Table, Text, Uuid, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from .metadata import MOMENT, metadata

import_rows = Table(
    "import_rows",
    metadata,
    Column("import_id", Uuid, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("cells", ARRAY(Text), nullable=False),
    Column("about", Text, nullable=False),
    Column("until", MOMENT, nullable=False),
    Index("ix_import_rows_about", "about", postgresql_where=text("about <> ''")),
    Index("ix_import_rows_until", "until"),
)

record_offers = Table(
    "record_offers",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("import_id", Uuid, nullable=False),
    Column("row", Integer, nullable=False),
    Column("by", Uuid, nullable=False),
    Column("email", Text, nullable=False),
    Column("values", JSONB, nullable=False),
    Column("digest", Text, nullable=False),
    Column("offered_at", MOMENT, nullable=False),
    Column("until", MOMENT, nullable=False),
    Column("state", Text, nullable=False),
    Column("replaces", Uuid),
    Column("student_id", Uuid),
    Column("ended_at", MOMENT),
    Column("version", Integer, nullable=False),
    Index("ix_record_offers_import_id_row", "import_id", "row", unique=True),
    Index("ix_record_offers_email", "email"),
    Index("ix_record_offers_student_id", "student_id", postgresql_where=text("student_id IS NOT NULL")),
)

filed_applications = Table(
    "filed_applications",
    metadata,
    Column("import_id", Uuid, primary_key=True),
    Column("row", Integer, primary_key=True),
    Column("application_id", Uuid, nullable=False),
    Column("student_id", Uuid, nullable=False),
    Column("at", MOMENT, nullable=False),
    Column("says", JSONB, nullable=False),
    Column("columns", JSONB, nullable=False),
    Column("began", Boolean, nullable=False),
    Column("application_version", Integer, nullable=False),
    Column("undone", Boolean, nullable=False),
    Index("ix_filed_applications_application_id", "application_id"),
    Index("ix_filed_applications_student_id", "student_id"),
)
