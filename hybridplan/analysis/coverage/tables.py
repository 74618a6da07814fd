"""Coverage as tables: cells of all records or of one, and what lies at each site."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

from hybridplan.analysis.coverage.cells import Cell, State
from hybridplan.analysis.coverage.placements import ROLES, placed
from hybridplan.plan import Plan


@dataclass(frozen=True)
class Grid:
    """Rows of cells over the sites of a scenario; ``cells`` holds what each stands for."""

    rows: tuple[str, ...]
    """``kind/record`` for all records; ``rule/attribute`` for one."""
    states: tuple[tuple[State, ...], ...]
    cells: tuple[tuple[tuple[Cell, ...], ...], ...]


def by_record(cells: list[Cell], sites: list[str]) -> Grid:
    """One row for each record that any rule is on: not met where one rule or more is not, met where all asked are."""
    return _grid(cells, sites, lambda cell: f"{cell.kind}/{cell.record}")


def by_rule(cells: list[Cell], sites: list[str], kind: str, record: str) -> Grid:
    """One row for each rule that one record asks for anywhere."""
    mine = [cell for cell in cells if (cell.kind, cell.record) == (kind, record)]
    return _grid(mine, sites, lambda cell: f"{cell.rule}/{cell.subject}")


def where(plan: Plan) -> pd.DataFrame:
    """kind, record, site and one column for each role, 0.0 where nothing is; records in the order of the scenario."""
    rows = placed(plan)
    columns = [role for roles in ROLES.values() for role in roles]
    wide = rows.pivot_table(index=["kind", "record", "site"], columns="role", values="amount", sort=False)
    return wide.reindex(columns=columns).fillna(0.0).reset_index()


def _grid(cells: list[Cell], sites: list[str], key: Callable[[Cell], str]) -> Grid:
    groups: dict[str, dict[str, list[Cell]]] = {}
    for cell in cells:
        groups.setdefault(key(cell), {}).setdefault(cell.site, []).append(cell)
    asked = {name: row for name, row in groups.items() if any(_state(found) != "not_asked" for found in row.values())}
    states = tuple(tuple(_state(row.get(site, [])) for site in sites) for row in asked.values())
    held = tuple(tuple(tuple(row.get(site, [])) for site in sites) for row in asked.values())
    return Grid(tuple(asked), states, held)


def _state(cells: list[Cell]) -> State:
    found = {cell.state for cell in cells}
    return "not_met" if "not_met" in found else "met" if "met" in found else "not_asked"
