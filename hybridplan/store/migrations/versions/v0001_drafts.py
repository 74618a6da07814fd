"""Version 1: drafts."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the tables of the first release."""
    store = op.create_table("store", sa.Column("version", sa.Integer, primary_key=True))
    op.create_table(
        "drafts",
        sa.Column("key_hash", sa.String(64), primary_key=True),
        sa.Column("rev", sa.Integer, nullable=False),
        sa.Column("document", sa.Text, nullable=False),
        sa.Column("opened", sa.Text, nullable=False),
        sa.Column("updated_at", sa.String(32), nullable=False),
    )
    op.bulk_insert(store, [{"version": 1}])
