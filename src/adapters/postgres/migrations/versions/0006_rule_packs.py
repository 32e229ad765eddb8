"""Rule packs that were taken in, the editions in force, and impact reports; a new edition is called out."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

MOMENT = postgresql.TIMESTAMP(timezone=True)
TEXTS = postgresql.ARRAY(sa.Text())
FUNCTION = """
CREATE FUNCTION rule_edition_added() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('rulebook', NEW.number::text);
    RETURN NULL;
END $$
"""
ADDED = """
CREATE TRIGGER rule_edition_added AFTER INSERT ON rule_editions FOR EACH ROW EXECUTE FUNCTION rule_edition_added()
"""


def upgrade() -> None:
    op.create_table(
        "rule_packs",
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("pack_id", sa.Text(), nullable=False),
        sa.Column("pack_version", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("uploaded_at", MOMENT, nullable=False),
        sa.Column("by", sa.Uuid()),
        sa.PrimaryKeyConstraint("sha256", name="pk_rule_packs"),
    )
    op.create_index("ix_rule_packs_newest", "rule_packs", [sa.text("uploaded_at DESC"), "sha256"])
    op.create_table(
        "rule_editions",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("packs", TEXTS, nullable=False),
        sa.Column("chosen", TEXTS, nullable=False),
        sa.Column("activated_at", MOMENT, nullable=False),
        sa.Column("by", sa.Uuid()),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("impact_id", sa.Uuid()),
        sa.PrimaryKeyConstraint("number", name="pk_rule_editions"),
        sa.UniqueConstraint("id", name="uq_rule_editions_id"),
    )
    op.create_index("ix_rule_editions_sha256_number", "rule_editions", ["sha256", "number"])
    op.execute(FUNCTION)
    op.execute(ADDED)
    op.create_table(
        "impacts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("before", sa.Text(), nullable=False),
        sa.Column("after", sa.Text(), nullable=False),
        sa.Column("packs", TEXTS, nullable=False),
        sa.Column("chosen", TEXTS, nullable=False),
        sa.Column("by", sa.Uuid()),
        sa.Column("started_at", MOMENT, nullable=False),
        sa.Column("job_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("totals", postgresql.JSONB(), nullable=False),
        sa.Column("reached", sa.Uuid()),
        sa.Column("finished_at", MOMENT),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_impacts"),
        sa.CheckConstraint("purpose IN ('proposed', 'activated')", name="ck_impacts_purpose"),
        sa.CheckConstraint("state IN ('running', 'finished')", name="ck_impacts_state"),
    )
    op.create_table(
        "impact_students",
        sa.Column("impact_id", sa.Uuid(), nullable=False),
        sa.Column("student_id", sa.Uuid(), nullable=False),
        sa.Column("badness", sa.Integer(), nullable=False),
        sa.Column("changes", postgresql.JSONB(), nullable=False),
        sa.PrimaryKeyConstraint("impact_id", "student_id", name="pk_impact_students"),
        sa.ForeignKeyConstraint(["impact_id"], ["impacts.id"], name="fk_impact_students_impact_id_impacts"),
    )
    op.create_index("ix_impact_students_worst", "impact_students", ["impact_id", sa.text("badness DESC"), "student_id"])


def downgrade() -> None:
    op.drop_table("impact_students")
    op.drop_table("impacts")
    op.drop_table("rule_editions")
    op.execute("DROP FUNCTION rule_edition_added()")
    op.drop_table("rule_packs")
