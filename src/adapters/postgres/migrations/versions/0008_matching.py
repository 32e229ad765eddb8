"""What programmes state is numbered, and each distinct statement kept once: for matching the whole catalogue."""

import json

from alembic import op
from sqlalchemy import BigInteger, Column, text
from sqlalchemy.dialects.postgresql import JSONB

from higherstudy.domain.imports.stated import stated_numbers

revision = "0008"
down_revision = "0006"
branch_labels = None
depends_on = None

_LOT = 1_000
_INDEX = """
CREATE INDEX ix_programmes_matching ON programmes (country, level, requirement_id) WHERE NOT expired AND NOT withdrawn
"""


def upgrade() -> None:
    for table in ("requirements", "schedules"):
        number = Column("id", BigInteger, primary_key=True, autoincrement=False)
        op.create_table(table, number, Column("details", JSONB, nullable=False))
    for column in ("requirement_id", "schedule_id"):
        op.add_column("programmes", Column(column, BigInteger, nullable=False, server_default=text("0")))
    _number_what_stands()
    op.execute(_INDEX)


def downgrade() -> None:
    op.execute("DROP INDEX ix_programmes_matching")
    for column in ("requirement_id", "schedule_id"):
        op.drop_column("programmes", column)
    for table in ("requirements", "schedules"):
        op.drop_table(table)


def _number_what_stands() -> None:
    connection = op.get_bind()
    rows = connection.execute(text("SELECT id, details FROM programmes WHERE details IS NOT NULL")).all()
    for start in range(0, len(rows), _LOT):
        lot = [(id_, details, stated_numbers(json.dumps(details))) for id_, details in rows[start : start + _LOT]]
        for table, place in (("requirements", 0), ("schedules", 1)):
            kept = {numbers[place]: details for _, details, numbers in lot if numbers[place]}
            if kept:
                connection.execute(
                    text(f"INSERT INTO {table} VALUES (:id, CAST(:details AS jsonb)) ON CONFLICT DO NOTHING"),  # noqa: S608
                    [{"id": number, "details": json.dumps(details)} for number, details in kept.items()],
                )
        connection.execute(
            text("UPDATE programmes SET requirement_id = :requirement, schedule_id = :schedule WHERE id = :id"),
            [{"id": id_, "requirement": numbers[0], "schedule": numbers[1]} for id_, _, numbers in lot],
        )
