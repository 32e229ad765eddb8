"""Messages to people, how each went, and how people want to be told."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

MOMENT = postgresql.TIMESTAMP(timezone=True)
_STATES = (
    "'waiting', 'sending', 'gathered', 'taken', 'delivered', 'blocked', 'failed', 'bounced', 'complained', 'refused', "
    "'given_up', 'silenced', 'withdrawn'"
)
_FAILED = "state IN ('blocked', 'failed', 'bounced', 'complained', 'refused', 'given_up')"
_CHANNELS = "channel IN ('email', 'sms', 'whatsapp')"


def upgrade() -> None:
    op.create_table(
        "messages",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("account_id", sa.Uuid()),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("student_id", sa.Uuid()),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("params", postgresql.JSONB(), nullable=False),
        sa.Column("said_at", MOMENT, nullable=False),
        sa.Column("read_at", MOMENT),
        sa.Column("acknowledged_at", MOMENT),
        sa.Column("withdrawn_at", MOMENT),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_messages"),
        sa.UniqueConstraint("key", name="uq_messages_key"),
        sa.CheckConstraint("(account_id IS NULL) = (address <> '')", name=op.f("ck_messages_recipient")),
    )
    op.create_index("ix_messages_account_id_id", "messages", ["account_id", "id"])
    op.create_index("ix_messages_account_id_said_at", "messages", ["account_id", "said_at"])
    op.create_index("ix_messages_said_at", "messages", ["said_at"])
    op.create_index("ix_messages_student_id", "messages", ["student_id"])
    op.create_index("ix_messages_address", "messages", ["address"], postgresql_where=sa.text("address <> ''"))
    op.create_table(
        "deliveries",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("message_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid()),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("unsure", sa.Integer(), nullable=False),
        sa.Column("gathered", sa.Boolean(), nullable=False),
        sa.Column("provider_id", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("changed_at", MOMENT),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_deliveries"),
        sa.ForeignKeyConstraint(["message_id"], ["messages.id"], name="fk_deliveries_message_id", ondelete="CASCADE"),
        sa.CheckConstraint(f"state IN ({_STATES})", name=op.f("ck_deliveries_state")),
        sa.CheckConstraint(_CHANNELS, name=op.f("ck_deliveries_channel")),
    )
    op.create_index("ix_deliveries_message_id", "deliveries", ["message_id"])
    op.create_index(
        "ix_deliveries_provider_id",
        "deliveries",
        ["channel", "provider_id"],
        postgresql_where=sa.text("provider_id <> ''"),
    )
    op.create_index(
        "ix_deliveries_gathered",
        "deliveries",
        ["account_id", "channel", "due_at"],
        postgresql_where=sa.text("gathered AND state IN ('waiting', 'sending')"),
    )
    op.create_index("ix_deliveries_failed", "deliveries", ["id"], postgresql_where=sa.text(_FAILED))
    op.create_table(
        "ways",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("confirmed_at", MOMENT),
        sa.Column("closed_at", MOMENT),
        sa.Column("because", sa.Text()),
        sa.PrimaryKeyConstraint("account_id", "channel", name="pk_ways"),
        sa.CheckConstraint(_CHANNELS, name=op.f("ck_ways_channel")),
    )
    op.create_table(
        "message_preferences",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("secret", sa.Text(), nullable=False),
        sa.Column("quiet_from", sa.Time()),
        sa.Column("quiet_until", sa.Time(), nullable=False),
        sa.Column("digest_at", sa.Time(), nullable=False),
        sa.Column("always_digest", sa.Boolean(), nullable=False),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("silenced", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("loud", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("account_id", name="pk_message_preferences"),
        sa.UniqueConstraint("secret", name="uq_message_preferences_secret"),
    )
    op.create_table(
        "rounds",
        sa.Column("student_id", sa.Uuid(), nullable=False),
        sa.Column("look_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("student_id", name="pk_rounds"),
    )
    op.create_index("ix_rounds_look_at", "rounds", ["look_at"])
    op.execute("INSERT INTO rounds SELECT DISTINCT student_id, transaction_timestamp() FROM plans")
    op.create_table(
        "delivery_reports",
        sa.Column("provider", sa.Text(), nullable=False),
        sa.Column("event_id", sa.Text(), nullable=False),
        sa.Column("heard_at", MOMENT, nullable=False, server_default=sa.text("transaction_timestamp()")),
        sa.PrimaryKeyConstraint("provider", "event_id", name="pk_delivery_reports"),
    )
    op.create_index("ix_delivery_reports_heard_at", "delivery_reports", ["heard_at"])


def downgrade() -> None:
    for table in ("delivery_reports", "rounds", "message_preferences", "ways", "deliveries", "messages"):
        op.drop_table(table)
