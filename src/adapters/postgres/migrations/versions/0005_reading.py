"""Changes of accounts are called out, for the copies of their standing; and the indexes of what is read."""

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

FUNCTION = """
CREATE FUNCTION account_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('accounts', OLD.id::text);
    RETURN NULL;
END $$
"""
CHANGED = """
CREATE TRIGGER account_changed AFTER UPDATE ON accounts FOR EACH ROW
WHEN (OLD.roles IS DISTINCT FROM NEW.roles OR OLD.student_id IS DISTINCT FROM NEW.student_id)
EXECUTE FUNCTION account_changed()
"""
REMOVED = "CREATE TRIGGER account_removed AFTER DELETE ON accounts FOR EACH ROW EXECUTE FUNCTION account_changed()"


def upgrade() -> None:
    op.execute(FUNCTION)
    op.execute(CHANGED)
    op.execute(REMOVED)


def downgrade() -> None:
    op.execute("DROP TRIGGER account_removed ON accounts")
    op.execute("DROP TRIGGER account_changed ON accounts")
    op.execute("DROP FUNCTION account_changed()")
