"""The tables of the catalogue, its history and its imports.

Programmes and campuses refer to their institutions without foreign keys, and an offering (a programme at a campus) is
an entry in the programme's ``campus_ids``: an import checks a hundred thousand of these references itself, in one
transaction that nobody else may hold at the same time for the same catalogue.
"""

from sqlalchemy import BigInteger, Boolean, Column, Date, Index, Integer, Table, Text, Uuid, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from .metadata import APPEND_ONLY, MOMENT, metadata

editions = Table(
    "editions",
    metadata,
    Column("origin", Text, primary_key=True),
    Column("title", Text, nullable=False),
    Column("edition", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("url", Text, nullable=False),
    Column("retrieved_on", Date, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("import_id", Uuid, nullable=False),
)

institutions = Table(
    "institutions",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("key", Text, nullable=False, unique=True),
    Column("origin", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("search", Text, nullable=False),
    Column("country", Text, nullable=False),
    Column("city", Text, nullable=False),
    Column("zone", Text, nullable=False),
    Column("sector", Text),
    Column("website", Text, nullable=False),
    Column("source", JSONB),
    Column("stated", JSONB),
    Column("digest", BigInteger, nullable=False),
    Column("withdrawn", Boolean, nullable=False, server_default=text("false")),
    Column("added_in", Uuid, nullable=False),
    Column("changed_in", Uuid, nullable=False),
    Column("file_row", Integer),
    Column("version", Integer, nullable=False, server_default=text("1")),
)

campuses = Table(
    "campuses",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("key", Text, nullable=False, unique=True),
    Column("origin", Text, nullable=False),
    Column("institution_id", Uuid, nullable=False),
    Column("name", Text, nullable=False),
    Column("city", Text, nullable=False),
    Column("region", Text, nullable=False),
    Column("postcode", Text, nullable=False),
    Column("stated", JSONB),
    Column("digest", BigInteger, nullable=False),
    Column("withdrawn", Boolean, nullable=False, server_default=text("false")),
    Column("added_in", Uuid, nullable=False),
    Column("changed_in", Uuid, nullable=False),
    Column("file_row", Integer),
    Column("version", Integer, nullable=False, server_default=text("1")),
)

# Names are ordered bytewise, as the domain does: the order of pages must not depend on the server's locale.
programmes = Table(
    "programmes",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("key", Text, nullable=False, unique=True),
    Column("origin", Text, nullable=False),
    Column("institution_id", Uuid, nullable=False),
    Column("name", Text(collation="C"), nullable=False),
    Column("search", Text, nullable=False),
    Column("level", Text, nullable=False),
    Column("award", Text, nullable=False),
    Column("fields", ARRAY(Text), nullable=False),
    Column("languages", ARRAY(Text), nullable=False),
    Column("country", Text, nullable=False),
    Column("duration_months", Integer),
    Column("duration_weeks", Integer),
    Column("tuition_minor", BigInteger),
    Column("tuition_currency", Text),
    Column("tuition_per", Text),
    Column("expired", Boolean, nullable=False),
    Column("synthetic", Boolean, nullable=False),
    Column("details", JSONB),
    Column("stated", JSONB),
    Column("digest", BigInteger, nullable=False),
    Column("places", BigInteger, nullable=False),
    Column("campus_ids", ARRAY(Uuid), nullable=False),
    Column("requirement_id", BigInteger, nullable=False, server_default=text("0")),
    Column("schedule_id", BigInteger, nullable=False, server_default=text("0")),
    Column("withdrawn", Boolean, nullable=False, server_default=text("false")),
    Column("added_in", Uuid, nullable=False),
    Column("changed_in", Uuid, nullable=False),
    Column("file_row", Integer),
    Column("version", Integer, nullable=False, server_default=text("1")),
    Index("ix_programmes_name_id", "name", "id"),
    Index(
        "ix_programmes_matching",
        "country",
        "level",
        "requirement_id",
        postgresql_where=text("NOT expired AND NOT withdrawn"),
    ),
    # No index on ``search``: reading 25,000 rows takes 12 ms, while trigrams made their import a third slower.
)

# What programmes state, once each: ``details`` is a programme that states it, as it is kept whole.
requirements = Table(
    "requirements",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("details", JSONB, nullable=False),
)

schedules = Table(
    "schedules",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("details", JSONB, nullable=False),
)

catalogue_history = Table(
    "catalogue_history",
    metadata,
    Column("import_id", Uuid, primary_key=True),
    Column("id", Uuid, primary_key=True),
    Column("table_name", Text, nullable=False),
    Column("change", Text, nullable=False),
    Column("before", JSONB, nullable=False),
    Index("ix_catalogue_history_id", "id"),
    info=APPEND_ONLY,
)

imports = Table(
    "imports",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("file_name", Text, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("dry_run", Boolean, nullable=False),
    Column("by", Uuid, nullable=False),
    Column("started_at", MOMENT, nullable=False),
    Column("finished_at", MOMENT),
    Column("origin", Text, nullable=False),
    Column("edition", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("counts", JSONB, nullable=False),
    Column("problems", Integer, nullable=False),
    Column("job_id", Uuid),
    Column("size", BigInteger, nullable=False, server_default=text("0")),
    Column("kept_until", MOMENT),
    Column("corrections", ARRAY(Text), nullable=False, server_default=text("'{}'")),
    Column("corrects", Uuid),
    Column("same_as", Uuid),
    Column("undoes", Uuid),
    Column("undone_by", Uuid),
    Column("resumed", Integer, nullable=False, server_default=text("0")),
    Column("told_up_to", Uuid),
    Column("told_at", MOMENT),
    Column("checkpoint", Integer, nullable=False, server_default=text("0")),
    Column("columns", ARRAY(Text), nullable=False, server_default=text("'{}'")),
    Column("version", Integer, nullable=False),
)

import_problems = Table(
    "import_problems",
    metadata,
    Column("import_id", Uuid, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("sheet", Text, nullable=False),
    Column("row", Integer, nullable=False),
    Column("column", Text, nullable=False),
    Column("code", Text, nullable=False),
    Column("params", JSONB, nullable=False),
    Column("severity", Text, nullable=False),
    info=APPEND_ONLY,
)
