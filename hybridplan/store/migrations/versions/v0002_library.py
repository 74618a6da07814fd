"""Version 2: the scenario library, with versions that cannot be changed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

ID, HASH, TIME = sa.String(64), sa.String(64), sa.String(32)

SQLITE_TRIGGERS = (
    """CREATE TRIGGER versions_no_update BEFORE UPDATE ON versions
    BEGIN SELECT RAISE(ABORT, 'versions are immutable'); END""",
    """CREATE TRIGGER versions_no_delete BEFORE DELETE ON versions
    WHEN NOT EXISTS (SELECT 1 FROM purging WHERE scenario_id = OLD.scenario_id)
    BEGIN SELECT RAISE(ABORT, 'versions are immutable'); END""",
    # INSERT OR REPLACE would delete without the trigger of DELETE.
    """CREATE TRIGGER versions_no_replace BEFORE INSERT ON versions
    WHEN EXISTS (SELECT 1 FROM versions WHERE save_id = NEW.save_id
                 OR (scenario_id = NEW.scenario_id AND number = NEW.number))
    BEGIN SELECT RAISE(ABORT, 'UNIQUE: versions are immutable'); END""",
)
POSTGRESQL_TRIGGERS = (
    """CREATE FUNCTION versions_immutable() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP = 'DELETE' THEN
            IF EXISTS (SELECT 1 FROM purging WHERE scenario_id = OLD.scenario_id) THEN
                RETURN OLD;
            END IF;
        END IF;
        RAISE EXCEPTION 'versions are immutable';
    END $$""",
    """CREATE TRIGGER versions_no_change BEFORE UPDATE OR DELETE ON versions
    FOR EACH ROW EXECUTE FUNCTION versions_immutable()""",
    """CREATE TRIGGER versions_no_truncate BEFORE TRUNCATE ON versions
    FOR EACH STATEMENT EXECUTE FUNCTION versions_immutable()""",
)


def upgrade() -> None:
    """Add the library; drafts stay as they are."""
    _make_scenarios()
    _make_beside_scenarios()
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    for statement in SQLITE_TRIGGERS if is_sqlite else POSTGRESQL_TRIGGERS:
        op.execute(statement)
    op.execute("UPDATE store SET version = 2")


def _make_scenarios() -> None:
    op.create_table(
        "scenarios",
        sa.Column("id", ID, primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("tags", sa.Text, nullable=False),
        sa.Column("search", sa.Text, nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("updated_at", TIME, nullable=False),
        sa.Column("deleted_at", TIME),
        sa.Column("latest", sa.Integer, nullable=False),
        sa.Column("rev", sa.Integer, nullable=False),
        sa.Column("touched", sa.Integer, nullable=False),
    )
    op.create_table(
        "versions",
        sa.Column("scenario_id", ID, sa.ForeignKey("scenarios.id"), primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("content_hash", HASH, nullable=False),
        sa.Column("document", sa.Text, nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("author", sa.Text, nullable=False),
        sa.Column("search", sa.Text, nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("save_id", ID, nullable=False),
        sa.UniqueConstraint("save_id", name="versions_save_id"),
    )
    op.create_table("purging", sa.Column("scenario_id", ID, primary_key=True))


def _make_beside_scenarios() -> None:
    op.create_table(
        "notes",
        sa.Column("id", ID, primary_key=True),
        sa.Column("scenario_id", ID, sa.ForeignKey("scenarios.id"), nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("path", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("author", sa.Text, nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("deleted_at", TIME),
        sa.UniqueConstraint("scenario_id", "number", name="notes_number"),
    )
    op.create_table(
        "plans",
        sa.Column("content_hash", HASH, primary_key=True),
        sa.Column("library_version", ID, primary_key=True),
        sa.Column("solver", sa.String(200), primary_key=True),
        sa.Column("document", sa.LargeBinary, nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("size", sa.Integer, nullable=False),
    )
    op.create_table(
        "links",
        sa.Column("token_hash", HASH, primary_key=True),
        sa.Column("scenario_id", ID, sa.ForeignKey("scenarios.id"), nullable=False),
        sa.Column("version", sa.Integer),
        sa.Column("label", sa.Text, nullable=False),
        sa.Column("author", sa.Text, nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("expires_at", TIME),
        sa.Column("revoked_at", TIME),
        sa.Column("last_opened_at", TIME),
        sa.Column("opened", sa.Integer, nullable=False),
    )
    op.create_index("links_scenario", "links", ["scenario_id"])
