"""Sessions, whose end is called out as a change of their account."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

MOMENT = postgresql.TIMESTAMP(timezone=True)
FUNCTION = """
CREATE FUNCTION session_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('accounts', OLD.account_id::text);
    RETURN NULL;
END $$
"""
ENDED = """
CREATE TRIGGER session_ended AFTER UPDATE ON sessions FOR EACH ROW
WHEN (OLD.ended_at IS DISTINCT FROM NEW.ended_at) EXECUTE FUNCTION session_changed()
"""
REMOVED = "CREATE TRIGGER session_removed AFTER DELETE ON sessions FOR EACH ROW EXECUTE FUNCTION session_changed()"


def upgrade() -> None:
    op.create_table(
        "sessions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("begun_at", MOMENT, nullable=False),
        sa.Column("used_at", MOMENT, nullable=False),
        sa.Column("until", MOMENT, nullable=False),
        sa.Column("device", sa.Text(), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("ended_at", MOMENT),
        sa.Column("ended_because", sa.Text()),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_sessions"),
        sa.CheckConstraint("(ended_at IS NULL) = (ended_because IS NULL)", name=op.f("ck_sessions_ended")),
    )
    op.create_index("ix_sessions_live", "sessions", ["account_id"], postgresql_where=sa.text("ended_at IS NULL"))
    op.create_index("ix_sessions_until", "sessions", ["until"])
    op.execute(FUNCTION)
    op.execute(ENDED)
    op.execute(REMOVED)


def downgrade() -> None:
    op.drop_table("sessions")
    op.execute("DROP FUNCTION session_changed()")
