"""API keys, whose revocation is called out as a change of their account, and accounts of programs."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

MOMENT = postgresql.TIMESTAMP(timezone=True)
FUNCTION = """
CREATE FUNCTION api_key_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('accounts', OLD.account_id::text);
    RETURN NULL;
END $$
"""
REVOKED = """
CREATE TRIGGER api_key_revoked AFTER UPDATE ON api_keys FOR EACH ROW
WHEN (OLD.revoked_at IS DISTINCT FROM NEW.revoked_at) EXECUTE FUNCTION api_key_changed()
"""
CLOSED = """
CREATE TRIGGER account_closed AFTER UPDATE ON accounts FOR EACH ROW
WHEN (OLD.closed_at IS DISTINCT FROM NEW.closed_at) EXECUTE FUNCTION account_changed()
"""


def upgrade() -> None:
    op.create_table(
        "api_keys",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("scopes", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("networks", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=False),
        sa.Column("until", MOMENT),
        sa.Column("used_at", MOMENT),
        sa.Column("revoked_at", MOMENT),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_api_keys"),
    )
    op.create_index("ix_api_keys_account_id_made_at", "api_keys", ["account_id", "made_at"])
    op.add_column("accounts", sa.Column("name", sa.Text(), nullable=False, server_default=""))
    op.add_column("accounts", sa.Column("closed_at", MOMENT))
    op.create_index(
        "ix_accounts_services",
        "accounts",
        ["registered_at"],
        postgresql_where=sa.text("'service' = ANY (roles)"),
    )
    op.execute(FUNCTION)
    op.execute(REVOKED)
    op.execute(CLOSED)


def downgrade() -> None:
    op.execute("DROP TRIGGER account_closed ON accounts")
    op.drop_index("ix_accounts_services", "accounts")
    op.drop_column("accounts", "closed_at")
    op.drop_column("accounts", "name")
    op.drop_table("api_keys")
    op.execute("DROP FUNCTION api_key_changed()")
