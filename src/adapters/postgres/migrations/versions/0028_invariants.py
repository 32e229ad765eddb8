"""Runs that look whether what must hold does, and the rows that they found breaking it."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

MOMENT = postgresql.TIMESTAMP(timezone=True)


def upgrade() -> None:
    op.create_table(
        "invariant_runs",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("started_at", MOMENT, nullable=False),
        sa.Column("finished_at", MOMENT, nullable=False),
        sa.Column("looked", postgresql.JSONB(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_invariant_runs"),
    )
    op.create_index("ix_invariant_runs_finished_at", "invariant_runs", ["finished_at"])
    op.create_table(
        "invariant_breaches",
        sa.Column("invariant", sa.Text(), nullable=False),
        sa.Column("row", sa.Text(), nullable=False),
        sa.Column("first_seen", MOMENT, nullable=False),
        sa.Column("last_seen", MOMENT, nullable=False),
        sa.Column("gone_at", MOMENT),
        sa.PrimaryKeyConstraint("invariant", "row", "first_seen", name="pk_invariant_breaches"),
    )
    op.create_index(
        "uq_invariant_breaches_open",
        "invariant_breaches",
        ["invariant", "row"],
        unique=True,
        postgresql_where=sa.text("gone_at IS NULL"),
    )
    op.create_index(
        "ix_invariant_breaches_gone",
        "invariant_breaches",
        ["gone_at"],
        postgresql_where=sa.text("gone_at IS NOT NULL"),
    )


def downgrade() -> None:
    op.drop_table("invariant_breaches")
    op.drop_table("invariant_runs")
