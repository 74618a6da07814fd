"""From what a database holds to the tables of this program; what is not ours, or newer, is refused and left alone."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, func, inspect, select

from hybridplan.errors import StoreError
from hybridplan.store.schema import SCHEMA_VERSION, STORE

_ONE_AT_A_TIME: Final = threading.Lock()
"""Alembic keeps the migration at work in module globals."""
_ADVISORY_LOCK: Final = 0x6879_6272_6964
"""Any fixed number: PostgreSQL's lock for those who open the same database at the same moment."""


def found_version(connection: Connection) -> int:
    """Version of the tables: 0 for an empty database. Raises :class:`StoreError` for one that is not ours."""
    tables = set(inspect(connection).get_table_names())
    if not tables:
        return 0
    if not {"drafts", "store"} <= tables:
        raise StoreError("the database belongs to something else; it was left as it is")
    version = connection.execute(select(STORE.c.version)).scalar()
    if not isinstance(version, int) or not 1 <= version <= SCHEMA_VERSION:
        raise StoreError(
            f"the database has version {version}, this program reads {SCHEMA_VERSION}; it was left as it is"
        )
    return version


def upgrade(connection: Connection) -> None:
    """Make or change the tables, in the transaction of ``connection``, which must be one that writes."""
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(_ADVISORY_LOCK)))
    version = found_version(connection)
    if version == SCHEMA_VERSION:
        return  # another process was quicker
    # Imported here: a database that is up to date needs none of it.
    from alembic import command
    from alembic.config import Config
    from alembic.util import CommandError

    settings: dict[str, Any] = {"connection": connection}
    config = Config(attributes=settings)
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    try:
        with _ONE_AT_A_TIME:
            if version == 1 and not inspect(connection).has_table("alembic_version"):
                command.stamp(config, "0001")  # the first release knew no migrations
            command.upgrade(config, "head")
    except CommandError as error:
        raise StoreError("the database was changed by another program; it was left as it is") from error
