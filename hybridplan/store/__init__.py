"""The database: drafts that survive a reload and a restart. The only package that imports SQLAlchemy."""

from hybridplan.store.drafts import Draft, DraftConflict, DraftStore
from hybridplan.store.engine import database_url, new_key

__all__ = ["Draft", "DraftConflict", "DraftStore", "database_url", "new_key"]
