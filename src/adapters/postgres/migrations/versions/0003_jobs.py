"""Jobs of their own beside those of events: unique, alone, with priority and progress; old ones are found by time."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

MOMENT = postgresql.TIMESTAMP(timezone=True)
OPEN = "status IN ('waiting', 'leased')"
OF_THE_JOB = ("arguments", "key", "alone", "priority", "done", "of", "since", "ended_at")
OF_ITS_ORIGIN = ("actor", "on_behalf_of", "request_id", "trace")

# What was passed on may go after a while, and only then: a set-aside event ('-infinity') and its like stay.
REMOVE_PASSED_ON = """
CREATE FUNCTION remove_passed_on(before timestamptz, most integer) RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path FROM CURRENT AS $$
    WITH removed AS (
        DELETE FROM outbox WHERE id IN (
            SELECT id FROM outbox AS old
            WHERE passed_on_at > '-infinity'
              AND passed_on_at < least(before, transaction_timestamp() - interval '7 days')
              AND NOT EXISTS (SELECT FROM jobs WHERE event_id = old.id)
            ORDER BY passed_on_at LIMIT most FOR UPDATE SKIP LOCKED
        ) RETURNING 1
    )
    SELECT count(*) FROM removed
$$
"""


def upgrade() -> None:
    op.add_column("outbox", sa.Column("trace", sa.Text(), nullable=False, server_default=sa.text("''")))
    op.alter_column("jobs", "event_id", nullable=True)
    for column in (
        sa.Column("arguments", postgresql.JSONB(), nullable=False, server_default=sa.text("'{}'")),
        sa.Column("key", sa.Text()),
        sa.Column("alone", sa.Text()),
        sa.Column("priority", sa.SmallInteger(), nullable=False, server_default=sa.text("2")),
        sa.Column("actor", sa.Uuid()),
        sa.Column("on_behalf_of", sa.Uuid()),
        sa.Column("request_id", sa.Text(), nullable=False, server_default=sa.text("''")),
        sa.Column("trace", sa.Text(), nullable=False, server_default=sa.text("''")),
        sa.Column("done", sa.BigInteger(), nullable=False, server_default=sa.text("0")),
        sa.Column("of", sa.BigInteger()),
        sa.Column("since", MOMENT),
        sa.Column("ended_at", MOMENT),
    ):
        op.add_column("jobs", column)
    # A job is written four times or so, and each time anew: room beside the row keeps most of that out of the indexes.
    op.execute("ALTER TABLE jobs SET (fillfactor = 60)")
    op.execute("UPDATE jobs SET ended_at = due_at WHERE status IN ('done', 'parked')")
    op.create_index("uq_jobs_key", "jobs", ["key"], unique=True, postgresql_where=sa.text("key IS NOT NULL"))
    op.create_index(
        "uq_jobs_alone", "jobs", ["alone"], unique=True, postgresql_where=sa.text(f"alone IS NOT NULL AND {OPEN}")
    )
    op.create_index("ix_jobs_due", "jobs", ["priority", "due_at", "position"], postgresql_where=sa.text(OPEN))
    op.create_index("ix_jobs_parked_id", "jobs", ["id"], postgresql_where=sa.text("status = 'parked'"))
    op.create_index("ix_jobs_done", "jobs", ["ended_at"], postgresql_where=sa.text("status = 'done'"))
    op.drop_index("ix_jobs_open", "jobs")
    op.drop_index("ix_jobs_parked", "jobs")
    op.create_index(
        "ix_outbox_passed_on", "outbox", ["passed_on_at"], postgresql_where=sa.text("passed_on_at IS NOT NULL")
    )
    op.execute(REMOVE_PASSED_ON)


def downgrade() -> None:
    op.execute("DROP FUNCTION remove_passed_on(timestamptz, integer)")
    op.drop_index("ix_outbox_passed_on", "outbox")
    op.execute("DELETE FROM jobs WHERE event_id IS NULL")
    op.execute("ALTER TABLE jobs RESET (fillfactor)")
    op.create_index("ix_jobs_open", "jobs", ["due_at", "position"], postgresql_where=sa.text(OPEN))
    op.create_index("ix_jobs_parked", "jobs", ["position"], postgresql_where=sa.text("status = 'parked'"))
    for index in ("ix_jobs_done", "ix_jobs_parked_id", "ix_jobs_due", "uq_jobs_alone", "uq_jobs_key"):
        op.drop_index(index, "jobs")
    for column in (*OF_THE_JOB, *OF_ITS_ORIGIN):
        op.drop_column("jobs", column)
    op.alter_column("jobs", "event_id", nullable=False)
    op.drop_column("outbox", "trace")
