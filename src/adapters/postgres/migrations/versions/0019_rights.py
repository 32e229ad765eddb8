"""Exports, erasures, legal holds, consents, and when accounts were last used."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

MOMENT = postgresql.TIMESTAMP(timezone=True)


def upgrade() -> None:
    op.create_table(
        "exports",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("student_id", sa.Uuid(), nullable=False),
        sa.Column("asked_by", sa.Uuid(), nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("ready_at", MOMENT),
        sa.Column("until", MOMENT),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("content_sha256", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_exports"),
        sa.CheckConstraint("state IN ('making', 'ready', 'removed')", name=op.f("ck_exports_state")),
    )
    op.create_index("ix_exports_student_id_asked_at", "exports", ["student_id", "asked_at"])
    op.create_index("ix_exports_ready", "exports", ["until"], postgresql_where=sa.text("state = 'ready'"))
    op.create_index("ix_exports_sha256", "exports", ["sha256"], postgresql_where=sa.text("sha256 <> ''"))
    op.create_table(
        "erasures",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("student_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("because", sa.Text(), nullable=False),
        sa.Column("asked_by", sa.Uuid()),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("ended_at", MOMENT),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_erasures"),
        sa.CheckConstraint("because IN ('asked', 'duty', 'dormant', 'restored')", name=op.f("ck_erasures_because")),
        sa.CheckConstraint("state IN ('waiting', 'cancelled', 'erasing', 'erased')", name=op.f("ck_erasures_state")),
    )
    op.create_index("ix_erasures_student_id_asked_at", "erasures", ["student_id", "asked_at"])
    op.create_index(
        "ix_erasures_unfinished", "erasures", ["due_at"], postgresql_where=sa.text("state IN ('waiting', 'erasing')")
    )
    op.create_index("ix_erasures_account_id", "erasures", ["account_id"])
    op.create_index(
        "uq_erasures_waiting", "erasures", ["student_id"], unique=True, postgresql_where=sa.text("state = 'waiting'")
    )
    op.create_table(
        "legal_holds",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("student_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("placed_by", sa.Uuid(), nullable=False),
        sa.Column("placed_at", MOMENT, nullable=False),
        sa.Column("until", MOMENT, nullable=False),
        sa.Column("lifted_by", sa.Uuid()),
        sa.Column("lifted_at", MOMENT),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_legal_holds"),
    )
    op.create_index("ix_legal_holds_student_id_placed_at", "legal_holds", ["student_id", "placed_at"])
    op.create_table(
        "consents",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("student_id", sa.Uuid(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("said", sa.Text(), nullable=False),
        sa.Column("wording", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("by", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_consents"),
        sa.CheckConstraint("said IN ('given', 'withdrawn')", name=op.f("ck_consents_said")),
    )
    op.create_index("ix_consents_student_id_at", "consents", ["student_id", "at"])
    op.create_index("ix_answers_created_at", "answers", ["created_at"])
    op.create_table(
        "account_uses",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("used_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("account_id", name="pk_account_uses"),
    )


def downgrade() -> None:
    op.drop_index("ix_answers_created_at", table_name="answers")
    for table in ("account_uses", "consents", "legal_holds", "erasures", "exports"):
        op.drop_table(table)
