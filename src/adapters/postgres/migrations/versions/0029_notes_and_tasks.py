"""Notes and tasks about students; when a paper was first checked, and by whom."""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "notes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("student_id", sa.Uuid(), nullable=False),
        sa.Column("by", sa.Uuid(), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("corrects", sa.Uuid()),
        sa.PrimaryKeyConstraint("id", name="pk_notes"),
        sa.ForeignKeyConstraint(["corrects"], ["notes.id"], name="fk_notes_corrects_notes", ondelete="CASCADE"),
    )
    op.create_index("ix_notes_student_id_at", "notes", ["student_id", "at"])
    op.create_index("ix_notes_corrects", "notes", ["corrects"], postgresql_where=sa.text("corrects IS NOT NULL"))
    op.create_table(
        "tasks",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("student_id", sa.Uuid(), nullable=False),
        sa.Column("given_by", sa.Uuid(), nullable=False),
        sa.Column("assigned_to", sa.Uuid(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("details", sa.Text(), nullable=False),
        sa.Column("given_at", _MOMENT, nullable=False),
        sa.Column("due_on", sa.Date()),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("closed_at", _MOMENT),
        sa.Column("closed_by", sa.Uuid()),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_tasks"),
        sa.CheckConstraint("state IN ('open', 'done', 'withdrawn')", name=op.f("ck_tasks_state")),
        sa.CheckConstraint("(state = 'open') = (closed_at IS NULL)", name=op.f("ck_tasks_closed")),
    )
    op.create_index("ix_tasks_student_id", "tasks", ["student_id"])
    op.create_index("ix_tasks_open", "tasks", ["assigned_to", "id"], postgresql_where=sa.text("state = 'open'"))
    op.create_index("ix_tasks_done", "tasks", ["assigned_to", "closed_at"], postgresql_where=sa.text("state = 'done'"))
    op.add_column("document_versions", sa.Column("checked_at", _MOMENT))
    op.add_column("document_versions", sa.Column("checked_by", sa.Uuid()))
    op.create_index(
        "ix_document_versions_checked",
        "document_versions",
        ["checked_by", "checked_at"],
        postgresql_where=sa.text("checked_by IS NOT NULL"),
    )


def downgrade() -> None:
    op.drop_index("ix_document_versions_checked", "document_versions")
    op.drop_column("document_versions", "checked_by")
    op.drop_column("document_versions", "checked_at")
    op.drop_table("tasks")
    op.drop_table("notes")
