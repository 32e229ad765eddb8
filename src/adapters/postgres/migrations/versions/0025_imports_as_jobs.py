"""Imports in the background, what they undo, and the row of its file that each thing came from."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

_TABLES = ("institutions", "campuses", "programmes")


def _columns() -> tuple[sa.Column[Any], ...]:
    none = sa.text("0")
    return (
        sa.Column("job_id", sa.Uuid()),
        sa.Column("size", sa.BigInteger(), nullable=False, server_default=none),
        sa.Column("kept_until", postgresql.TIMESTAMP(timezone=True)),
        sa.Column("corrections", postgresql.ARRAY(sa.Text()), nullable=False, server_default=sa.text("'{}'")),
        sa.Column("corrects", sa.Uuid()),
        sa.Column("same_as", sa.Uuid()),
        sa.Column("undoes", sa.Uuid()),
        sa.Column("undone_by", sa.Uuid()),
        sa.Column("resumed", sa.Integer(), nullable=False, server_default=none),
        sa.Column("told_up_to", sa.Uuid()),
        sa.Column("told_at", postgresql.TIMESTAMP(timezone=True)),
    )


def upgrade() -> None:
    for column in _columns():
        op.add_column("imports", column)
    for table in _TABLES:
        op.add_column(table, sa.Column("file_row", sa.Integer()))


def downgrade() -> None:
    for table in _TABLES:
        op.drop_column(table, "file_row")
    for column in reversed(_columns()):
        op.drop_column("imports", column.name)
