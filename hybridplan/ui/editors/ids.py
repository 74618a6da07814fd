"""Ids of rows: made up where nobody typed one, and kept apart where two rows were given the same."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Any, Final

from hybridplan.ui.editors.cells import text_of
from hybridplan.ui.editors.columns import Table

NAMELESS: Final = "(no id "
"""Begins the stand-in for an id that was left empty. No valid id contains a bracket, so it is always listed."""
_COPY: Final = re.compile(r"(?P<id>.*) \((?P<number>\d+)\)")


def unique_id(wanted: str, taken: Collection[str]) -> str:
    """``wanted``, or ``wanted (2)`` and so on where another row has it: kept, invalid, and listed as given twice."""
    out, number = wanted, 2
    while out in taken:
        out, number = f"{wanted} ({number})", number + 1
    return out


def free_id(table: Table, cells: Mapping[str, Any], taken: Collection[str], row: int) -> str:
    """The id of a row that was given none: by the table's rule, else a stand-in that names the row."""
    rule = table.auto_id
    if rule is None:
        return unique_id(f"{NAMELESS}{row})", taken)
    if rule.prefix:
        return next(name for number in range(1, len(taken) + 2) if (name := f"{rule.prefix}{number}") not in taken)
    parts = [text_of(cells.get(field)).strip() for field in rule.fields]
    if not all(parts):
        return unique_id(f"{NAMELESS}{row})", taken)
    wanted = rule.joiner.join(parts)
    return next(name for name in (wanted, *(f"{wanted}.{n}" for n in range(2, len(taken) + 3))) if name not in taken)


def given_twice(identifier: str) -> str:
    """The id that was typed, where ``identifier`` stands for one that another row has already; else ""."""
    match = _COPY.fullmatch(identifier)
    return match["id"] if match else ""
