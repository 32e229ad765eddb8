"""Kept answers know whose record they are about; and functions of the owner's look where the owner keeps the tables.

A path that does not name ``pg_temp`` has it in front: a caller's own temporary table of the same name would be changed
instead, and its triggers would run with the owner's rights.
"""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

FUNCTIONS = (
    "remove_passed_on(timestamptz, integer)",
    "forget_audit_addresses(timestamptz, integer)",
    "forget_person_in_audit(uuid, uuid, integer)",
    "seal_snapshot(uuid, bytea)",
)


def upgrade() -> None:
    for function in FUNCTIONS:
        op.execute(
            f"""
            DO $$ BEGIN
                EXECUTE format('ALTER FUNCTION {function} SET search_path = %I, pg_temp', current_schema());
            END $$
            """
        )
    op.add_column("answers", sa.Column("student_id", sa.Uuid()))
    op.add_column("answers", sa.Column("doing", sa.Text()))
    op.create_index(
        "ix_answers_student_id", "answers", ["student_id"], postgresql_where=sa.text("student_id IS NOT NULL")
    )


def downgrade() -> None:
    op.drop_index("ix_answers_student_id", "answers")
    op.drop_column("answers", "doing")
    op.drop_column("answers", "student_id")
    # The path of the functions stays: the release before runs as well with it.
