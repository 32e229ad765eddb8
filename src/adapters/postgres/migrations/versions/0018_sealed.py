"""What is sealed under keys of the student's own; what was kept before stays readable until a job has sealed it."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("document_versions", sa.Column("sealed_as", sa.Text()))
    op.create_index("ix_document_versions_sealed_as", "document_versions", ["sealed_as"])
    op.create_index(
        "ix_document_versions_plain",
        "document_versions",
        ["document_id"],
        postgresql_where=sa.text("sealed_as IS NULL"),
    )
    op.add_column("snapshots", sa.Column("sealed", sa.Boolean(), nullable=False, server_default=sa.text("false")))
    op.create_index("ix_snapshots_plain", "snapshots", ["application_id"], postgresql_where=sa.text("NOT sealed"))
    # The application may change nothing that was sent. This lets it seal once what is not sealed, and nothing else.
    op.execute(
        """
        CREATE FUNCTION seal_snapshot(which uuid, sealed_content bytea) RETURNS void
        LANGUAGE sql SECURITY DEFINER SET search_path FROM CURRENT AS $$
            UPDATE snapshots SET content = sealed_content, sealed = true
            WHERE application_id = which AND NOT sealed AND substring(sealed_content FROM 1 FOR 4) = '\\x00485331'
        $$
        """
    )
    op.create_index(
        "ix_students_plain_passport",
        "students",
        ["id"],
        postgresql_where=sa.text("(profile #>> '{passport,number}') NOT LIKE 'sealed:%'"),
    )


def downgrade() -> None:
    op.execute(
        """
        DO $$ BEGIN
            IF EXISTS (SELECT FROM document_versions WHERE sealed_as IS NOT NULL)
                OR EXISTS (SELECT FROM snapshots WHERE sealed)
                OR EXISTS (SELECT FROM students WHERE (profile #>> '{passport,number}') LIKE 'sealed:%')
            THEN RAISE EXCEPTION 'something is sealed that the release before cannot open';
            END IF;
        END $$
        """
    )
    op.drop_index("ix_students_plain_passport", "students")
    op.execute("DROP FUNCTION seal_snapshot")
    op.drop_column("snapshots", "sealed")
    op.drop_column("document_versions", "sealed_as")
