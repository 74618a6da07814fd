"""Kept plans, which are a cache, and what is removed for good after its time."""

from __future__ import annotations

from typing import Final

from sqlalchemy import ColumnElement, delete, insert, select, update

from hybridplan.errors import StoreError
from hybridplan.store import texts
from hybridplan.store.database import Database, Taken
from hybridplan.store.schema import LINKS, NOTES, PLANS, PURGING, SCENARIOS, VERSIONS

MAX_PLAN_BYTES: Final = 50_000_000


def plan_document(database: Database, content_hash: str, library_version: str, solver: str) -> bytes | None:
    """The packed plan; None where it is not kept."""
    mine = _is_plan(*_key(content_hash, library_version, solver))
    with database.transaction(writes=False) as connection:
        found = connection.execute(select(PLANS.c.document).where(mine)).scalar()
    return None if found is None else bytes(found)


def put_plan(database: Database, content_hash: str, library_version: str, solver: str, document: bytes) -> None:
    """Keep a packed plan in place of an earlier one of the same key."""
    if len(document) > MAX_PLAN_BYTES:
        raise StoreError(f"the plan has {len(document) / 1e6:,.1f} MB; at most {MAX_PLAN_BYTES / 1e6:g} MB are kept")
    key = _key(content_hash, library_version, solver)
    row = {"document": document, "created_at": texts.now(), "size": len(document)}
    try:
        with database.transaction(writes=True) as connection:
            if connection.execute(update(PLANS).where(_is_plan(*key)).values(**row)).rowcount == 0:
                names = dict(zip(("content_hash", "library_version", "solver"), key, strict=True))
                connection.execute(insert(PLANS).values(**names, **row))
    except Taken:
        return  # somebody kept the same plan at the same moment


def purge(database: Database, deleted_days: float, plan_days: float) -> dict[str, int]:
    """Remove scenarios and notes deleted, and plans made, longer ago than that; returns how many rows of each table."""
    deleted_before, made_before = texts.before(deleted_days), texts.before(plan_days)
    old = select(SCENARIOS.c.id).where(SCENARIOS.c.deleted_at < deleted_before).with_for_update()
    doomed = select(PURGING.c.scenario_id)
    # In this order: rows that name a scenario go before it. The triggers let go of versions named in `purging` only.
    conditions = {
        LINKS: LINKS.c.scenario_id.in_(doomed),
        NOTES: NOTES.c.scenario_id.in_(doomed) | (NOTES.c.deleted_at < deleted_before),
        VERSIONS: VERSIONS.c.scenario_id.in_(doomed),
        SCENARIOS: SCENARIOS.c.id.in_(doomed),
        PLANS: PLANS.c.created_at < made_before,
    }
    with database.transaction(writes=True) as connection:
        connection.execute(insert(PURGING).from_select(["scenario_id"], old))
        counts = {
            table.name: connection.execute(delete(table).where(condition)).rowcount
            for table, condition in conditions.items()
        }
        connection.execute(delete(PURGING))
    return counts


def _key(content_hash: str, library_version: str, solver: str) -> tuple[str, str, str]:
    return (
        texts.one_line("hash", content_hash, 64, needed=True),
        texts.one_line("version of the program", library_version, 64, needed=True),
        texts.one_line("name of the solver", solver, 200, needed=True),
    )


def _is_plan(content_hash: str, library_version: str, solver: str) -> ColumnElement[bool]:
    return (
        (PLANS.c.content_hash == content_hash)
        & (PLANS.c.library_version == library_version)
        & (PLANS.c.solver == solver)
    )
