"""Imports of students and of applications: rows that wait, records that are offered, what files say of applications."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

_MOMENT = postgresql.TIMESTAMP(timezone=True)


def upgrade() -> None:
    op.add_column("imports", sa.Column("checkpoint", sa.Integer(), nullable=False, server_default=sa.text("0")))
    op.add_column(
        "imports",
        sa.Column("columns", postgresql.ARRAY(sa.Text()), nullable=False, server_default=sa.text("'{}'")),
    )
    op.create_table(
        "import_rows",
        sa.Column("import_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("cells", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("until", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("import_id", "number", name="pk_import_rows"),
    )
    op.create_index("ix_import_rows_about", "import_rows", ["about"], postgresql_where=sa.text("about <> ''"))
    op.create_index("ix_import_rows_until", "import_rows", ["until"])
    op.create_table(
        "record_offers",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("import_id", sa.Uuid(), nullable=False),
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column("by", sa.Uuid(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("values", postgresql.JSONB(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("offered_at", _MOMENT, nullable=False),
        sa.Column("until", _MOMENT, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("replaces", sa.Uuid()),
        sa.Column("student_id", sa.Uuid()),
        sa.Column("ended_at", _MOMENT),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_record_offers"),
    )
    op.create_index("ix_record_offers_import_id_row", "record_offers", ["import_id", "row"], unique=True)
    op.create_index("ix_record_offers_email", "record_offers", ["email"])
    op.create_index(
        "ix_record_offers_student_id",
        "record_offers",
        ["student_id"],
        postgresql_where=sa.text("student_id IS NOT NULL"),
    )
    op.create_table(
        "filed_applications",
        sa.Column("import_id", sa.Uuid(), nullable=False),
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("student_id", sa.Uuid(), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("says", postgresql.JSONB(), nullable=False),
        sa.Column("columns", postgresql.JSONB(), nullable=False),
        sa.Column("began", sa.Boolean(), nullable=False),
        sa.Column("application_version", sa.Integer(), nullable=False),
        sa.Column("undone", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("import_id", "row", name="pk_filed_applications"),
    )
    op.create_index("ix_filed_applications_application_id", "filed_applications", ["application_id"])
    op.create_index("ix_filed_applications_student_id", "filed_applications", ["student_id"])


def downgrade() -> None:
    for table in ("filed_applications", "record_offers", "import_rows"):
        op.drop_table(table)
    for column in ("columns", "checkpoint"):
        op.drop_column("imports", column)
