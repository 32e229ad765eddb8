"""Grants on a student's record, whose changes are called out as changes of the account that holds them."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

MOMENT = postgresql.TIMESTAMP(timezone=True)
FUNCTION = """
CREATE FUNCTION grant_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'DELETE' AND NEW.account_id IS NOT NULL THEN
        PERFORM pg_notify('accounts', NEW.account_id::text);
    ELSIF TG_OP = 'DELETE' AND OLD.account_id IS NOT NULL THEN
        PERFORM pg_notify('accounts', OLD.account_id::text);
    END IF;
    RETURN NULL;
END $$
"""
CHANGED = """
CREATE TRIGGER grant_changed AFTER INSERT OR UPDATE OR DELETE ON grants FOR EACH ROW EXECUTE FUNCTION grant_changed()
"""


def upgrade() -> None:
    op.create_table(
        "grants",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("student_id", sa.Uuid(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("scopes", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("given_at", MOMENT, nullable=False),
        sa.Column("until", MOMENT, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("account_id", sa.Uuid()),
        sa.Column("accepted_at", MOMENT),
        sa.Column("ended_at", MOMENT),
        sa.Column("ended_by", sa.Uuid()),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_grants"),
        sa.CheckConstraint("(account_id IS NULL) = (accepted_at IS NULL)", name=op.f("ck_grants_accepted")),
        sa.CheckConstraint("(ended_at IS NULL) = (ended_by IS NULL)", name=op.f("ck_grants_ended")),
    )
    op.create_index("ix_grants_student_id", "grants", ["student_id"])
    op.create_index("ix_grants_held", "grants", ["account_id"], postgresql_where=sa.text("ended_at IS NULL"))
    op.create_index(
        "ix_grants_offered", "grants", ["email"], postgresql_where=sa.text("accepted_at IS NULL AND ended_at IS NULL")
    )
    op.execute(FUNCTION)
    op.execute(CHANGED)


def downgrade() -> None:
    op.drop_table("grants")
    op.execute("DROP FUNCTION grant_changed()")
