"""The audit trail: entries, their seals, and what forgets addresses and reasons."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

MOMENT = postgresql.TIMESTAMP(timezone=True)

# The application may change nothing here. These functions of the owner's forget what stands apart, and only that:
# the digests stay, so that no seal is broken. Addresses of the last 30 days stay in any case.
FORGET_ADDRESSES = """
CREATE FUNCTION forget_audit_addresses(before timestamptz, most integer) RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path FROM CURRENT AS $$
    WITH forgotten AS (
        UPDATE audit_entries SET address = NULL WHERE place IN (
            SELECT place FROM audit_entries
            WHERE address IS NOT NULL AND at < least(before, transaction_timestamp() - interval '30 days')
            ORDER BY at LIMIT most
        ) RETURNING 1
    )
    SELECT count(*) FROM forgotten
$$
"""
FORGET_PERSON = """
CREATE FUNCTION forget_person_in_audit(student uuid, account uuid, most integer) RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path FROM CURRENT AS $$
    WITH forgotten AS (
        UPDATE audit_entries
        SET address = NULL, reason = CASE WHEN student_id = student THEN NULL ELSE reason END
        WHERE place IN (
            SELECT place FROM audit_entries
            WHERE place IN (
                SELECT place FROM audit_sealed WHERE student_id = student
                UNION SELECT place FROM audit_sealed WHERE actor = account
                UNION SELECT place FROM audit_waiting
            ) AND (
                student_id = student AND (address IS NOT NULL OR reason IS NOT NULL)
                OR actor = account AND address IS NOT NULL
            ) LIMIT most
        ) RETURNING 1
    )
    SELECT count(*) FROM forgotten
$$
"""


def upgrade() -> None:
    op.create_table(
        "audit_entries",
        sa.Column("place", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Uuid()),
        sa.Column("student_id", sa.Uuid()),
        sa.Column("actor", sa.Uuid()),
        sa.Column("on_behalf_of", sa.Uuid()),
        sa.Column("request_id", sa.Text(), nullable=False),
        sa.Column("trace", sa.Text(), nullable=False),
        sa.Column("details", postgresql.JSONB(), nullable=False),
        sa.Column("address_digest", sa.Text(), nullable=False),
        sa.Column("reason_digest", sa.Text(), nullable=False),
        sa.Column("address", sa.Text()),
        sa.Column("reason", sa.Text()),
        sa.PrimaryKeyConstraint("place", name="pk_audit_entries"),
    )
    op.create_index(
        "ix_audit_entries_address", "audit_entries", ["at"], postgresql_where=sa.text("address IS NOT NULL")
    )
    op.create_table("audit_waiting", sa.Column("place", sa.BigInteger(), nullable=False))
    op.create_table(
        "audit_seals",
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("previous", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("sealed_at", MOMENT, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("signature", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_audit_seals"),
    )
    op.create_table(
        "audit_sealed",
        sa.Column("place", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Uuid()),
        sa.Column("student_id", sa.Uuid()),
        sa.Column("actor", sa.Uuid()),
        sa.Column("request_id", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("place", name="pk_audit_sealed"),
    )
    op.create_index("ix_audit_sealed_number_place", "audit_sealed", ["number", "place"])
    op.create_index("ix_audit_sealed_at_place", "audit_sealed", ["at", "place"])
    op.create_index(
        "ix_audit_sealed_student_id_at_place",
        "audit_sealed",
        ["student_id", "at", "place"],
        postgresql_where=sa.text("student_id IS NOT NULL"),
    )
    op.create_index("ix_audit_sealed_actor_at_place", "audit_sealed", ["actor", "at", "place"])
    op.create_index("ix_audit_sealed_subject_id_at_place", "audit_sealed", ["subject_id", "at", "place"])
    op.create_index("ix_audit_sealed_action_at_place", "audit_sealed", ["action", "at", "place"])
    op.create_index(
        "ix_audit_sealed_request_id", "audit_sealed", ["request_id"], postgresql_where=sa.text("request_id <> ''")
    )
    op.execute(FORGET_ADDRESSES)
    op.execute(FORGET_PERSON)


def downgrade() -> None:
    op.execute("DROP FUNCTION forget_person_in_audit(uuid, uuid, integer)")
    op.execute("DROP FUNCTION forget_audit_addresses(timestamptz, integer)")
    for table in ("audit_sealed", "audit_seals", "audit_waiting", "audit_entries"):
        op.drop_table(table)
