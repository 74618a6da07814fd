"""``hybridplan backup``, ``restore`` and ``purge``: the database that HYBRIDPLAN_DATABASE_URL names."""

from __future__ import annotations

from pathlib import Path

from hybridplan.cli.output import Format, print_json, print_records
from hybridplan.errors import InvalidInput, Issue
from hybridplan.settings import MAX_DELETED_DAYS, MAX_PLAN_DAYS
from hybridplan.store import Library


def backup(path: Path, output: Format) -> None:
    """Copy the database to a new file and print how many rows it has."""
    if path.exists():
        raise InvalidInput([Issue(str(path), "exists already", mend="Name a file that does not exist yet.")])
    library = Library()
    try:
        _print("Rows in the copy", library.backup(path), output)
    finally:
        library.close()


def restore(path: Path, output: Format) -> None:
    """Put such a file into the database, which must be empty, and print how many rows it has."""
    if not path.is_file():
        raise InvalidInput([Issue(str(path), "is no file", mend="Check the path.")])
    library = Library()
    try:
        _print("Rows restored", library.restore_from(path), output)
    finally:
        library.close()


def purge(deleted_days: float | None, plan_days: float | None, output: Format) -> None:
    """Remove for good what has been in the bin, and plans that were kept, for longer; print how many rows."""
    deleted = MAX_DELETED_DAYS.read() if deleted_days is None else deleted_days
    plans = MAX_PLAN_DAYS.read() if plan_days is None else plan_days
    library = Library()
    try:
        _print("Rows removed", library.purge(deleted, plans), output)
    finally:
        library.close()


def _print(title: str, counts: dict[str, int], output: Format) -> None:
    if output is Format.JSON:
        print_json(counts)
    else:
        print_records(title, ("table", "rows"), list(counts.items()))
