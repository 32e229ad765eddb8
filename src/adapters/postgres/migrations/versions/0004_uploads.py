"""How far each upload is."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

MOMENT = postgresql.TIMESTAMP(timezone=True)


def upgrade() -> None:
    op.create_table(
        "uploads",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column("student_id", sa.Uuid(), nullable=False),
        sa.Column("requested_by", sa.Uuid(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("content_type", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("issued_on", sa.Date()),
        sa.Column("expires_on", sa.Date()),
        sa.Column("name_on_document", sa.Text(), nullable=False),
        sa.Column("requested_at", MOMENT, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("received_at", MOMENT),
        sa.Column("decided_at", MOMENT),
        sa.Column("reasons", postgresql.JSONB(), nullable=False),
        sa.Column("number", sa.Integer()),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_uploads"),
        sa.CheckConstraint(
            "state IN ('requested', 'received', 'accepted', 'refused', 'expired')", name="ck_uploads_state"
        ),
    )
    op.create_index(
        "ix_uploads_waiting",
        "uploads",
        ["student_id"],
        postgresql_where=sa.text("state IN ('requested', 'received')"),
    )
    op.create_index(
        "ix_uploads_requested", "uploads", ["requested_at"], postgresql_where=sa.text("state = 'requested'")
    )
    op.create_index("ix_uploads_received", "uploads", ["received_at"], postgresql_where=sa.text("state = 'received'"))


def downgrade() -> None:
    op.drop_table("uploads")
