"""Imports in the background, what they undo, and the row of its file that each thing came from."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0025"
down_revision = "0023"
branch_labels = None
depends_on = None

_NONE = sa.text("0")
_COLUMNS: tuple[sa.Column[Any], ...] = (
    sa.Column("job_id", sa.Uuid()),
    sa.Column("size", sa.BigInteger(), nullable=False, server_default=_NONE),
    sa.Column("kept_until", sa.TIMESTAMP(timezone=True)),
    sa.Column("corrections", postgresql.ARRAY(sa.Text()), nullable=False, server_default=sa.text("'{}'")),
    sa.Column("corrects", sa.Uuid()),
    sa.Column("same_as", sa.Uuid()),
    sa.Column("undoes", sa.Uuid()),
    sa.Column("undone_by", sa.Uuid()),
    sa.Column("resumed", sa.Integer(), nullable=False, server_default=_NONE),
    sa.Column("told_up_to", sa.Uuid()),
    sa.Column("told_at", sa.TIMESTAMP(timezone=True)),
)
_TABLES = ("institutions", "campuses", "programmes")


def upgrade() -> None:
    for column in _COLUMNS:
        op.add_column("imports", column.copy())
    for table in _TABLES:
        op.add_column(table, sa.Column("file_row", sa.Integer()))


def downgrade() -> None:
    for table in _TABLES:
        op.drop_column(table, "file_row")
    for column in reversed(_COLUMNS):
        op.drop_column("imports", column.name)
