"""What leaves hybridplan: a plan as JSON and as a workbook, any table as CSV."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Mapping
from dataclasses import asdict, fields
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from hybridplan.io.cells import guard
from hybridplan.plan import PlanTables

if TYPE_CHECKING:
    from datetime import datetime

    from hybridplan.errors import Issue
    from hybridplan.plan import Baseline, Diagnosis, Plan, Unserved, WholeNodes

_NOT_IN_JSON: Final = (float("inf"), float("-inf"))


def plan_json(plan: Plan) -> dict[str, Any]:
    """The plan as plain JSON values; docs/formats.md lists the keys. Money is USD over the horizon, times are UTC.

    A number that is not finite (a bound that is not known) is null. Without a plan the tables are empty and
    ``objective_usd`` and ``certificate`` are null.
    """
    return {
        "status": plan.status.value,
        "kind": plan.kind,
        "scenario": plan.scenario.name,
        "content_hash": plan.content_hash,
        "objective_usd": _number(plan.objective_usd),
        "constant_usd": _number(plan.constant_usd),
        "instant_objective_usd": _number(plan.instant_objective_usd),
        "cost_usd": _numbers(plan.cost_usd),
        "penalty_usd": _numbers(plan.penalty_usd),
        "unserved": _unserved(plan.unserved),
        **_tables(plan.tables),
        "certificate": _plain(asdict(plan.certificate)) if plan.certificate else None,
        "baselines": {name: _baseline(baseline) for name, baseline in plan.baselines.items()},
        "solver": _plain(asdict(plan.solver)),
        "cost_lines": rows(plan.cost_lines),
        "quantities": rows(plan.quantities),
        "shadow_prices": rows(plan.shadow_prices),
        "shadow_ranges": rows(plan.shadow_ranges),
        "routes": rows(plan.routes),
        "whole_nodes": _whole_nodes(plan.whole_nodes),
        "diagnosis": _diagnosis(plan.diagnosis),
        "warnings": [_issue(issue) for issue in plan.warnings],
    }


def table_csv(frame: pd.DataFrame) -> str:
    """A table as CSV text: header first, times as ISO, numbers in full, text that a spreadsheet would run guarded.

    A missing value is an empty cell. The index is not written.
    """
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow([guard(str(column)) for column in frame.columns])
    columns = [_cells(frame.iloc[:, position].tolist()) for position in range(frame.shape[1])]
    writer.writerows(zip(*columns, strict=True))
    return buffer.getvalue()


def plan_excel(plan: Plan, more: Mapping[str, pd.DataFrame] | None = None, *, made_at: datetime | None = None) -> bytes:
    """The plan as an Excel workbook, with a sheet for each further table: see :mod:`hybridplan.io.plan_workbook`.

    ``made_at`` (aware) stands on its first sheet; the same plan and time give the same bytes.
    """
    # XlsxWriter takes a while to import, and most exports are not workbooks.
    from hybridplan.io.plan_workbook import write

    return write(plan, more or {}, made_at)


def _tables(tables: PlanTables | None) -> dict[str, Any]:
    names = [table.name for table in fields(PlanTables)]
    return {name: rows(getattr(tables, name)) if tables else [] for name in names}


def _baseline(baseline: Baseline) -> dict[str, Any]:
    return {
        "objective_usd": _number(baseline.objective_usd),
        "cost_usd": _numbers(baseline.cost_usd),
        "penalty_usd": _numbers(baseline.penalty_usd),
        "unserved": _unserved(baseline.unserved),
        "breaks": list(baseline.breaks),
    }


def _unserved(unserved: dict[str, Unserved]) -> dict[str, Any]:
    return {name: _plain(asdict(amount)) for name, amount in unserved.items()}


def _whole_nodes(nodes: WholeNodes | None) -> dict[str, Any] | None:
    if nodes is None:
        return None
    return {
        "objective_usd": _number(nodes.objective_usd),
        "extra_usd": _number(nodes.extra_usd),
        "extra_tonnes": _number(nodes.extra_tonnes),
        "distance_to_bound": _number(nodes.distance_to_bound),
        "short_periods": nodes.short_periods,
        "provisioned": rows(nodes.provisioned),
    }


def _diagnosis(diagnosis: Diagnosis | None) -> dict[str, Any] | None:
    if diagnosis is None:
        return None
    return {
        "message": diagnosis.message,
        "alternatives": [_plain(asdict(step)) for step in diagnosis.alternatives],
        "sufficient_set": [_plain(asdict(step)) for step in diagnosis.sufficient_set],
        "withheld": [{"rule": rule, "record": record} for rule, record in diagnosis.withheld],
    }


def _issue(issue: Issue) -> dict[str, str]:
    return {key: str(value) for key, value in asdict(issue).items()}


def rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows of a table as plain JSON values by column."""
    columns = [str(column) for column in frame.columns]
    return [
        {column: _plain(value) for column, value in zip(columns, row, strict=True)}
        for row in frame.itertuples(index=False, name=None)
    ]


def _numbers(amounts: dict[str, float]) -> dict[str, float | None]:
    return {name: _number(amount) for name, amount in amounts.items()}


def _number(value: float | None) -> float | None:
    return None if value is None or math.isnan(value) or value in _NOT_IN_JSON else float(value)


def _plain(value: Any) -> Any:
    """JSON values only: times as ISO text, NumPy numbers as Python's, NaN and infinity as null."""
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if value is None or isinstance(value, str | bool) or value is pd.NaT:
        return None if value is pd.NaT else value
    if isinstance(value, pd.Timestamp):
        return value.isoformat()
    item = value.item() if hasattr(value, "item") else value
    return _number(item) if isinstance(item, float) else item


def _cells(values: list[Any]) -> list[str]:
    """The cells of a column. Bills have few texts, many times over: each is guarded once."""
    known: dict[str, str] = {}
    cells = []
    for value in values:
        kind = type(value)
        if kind is str:
            cell = known.get(value)
            if cell is None:
                cell = known[value] = guard(value)
        elif kind is float:
            cell = repr(value) if math.isfinite(value) else ""
        else:
            cell = "" if value is None else _cell(value)
        cells.append(cell)
    return cells


def _cell(value: Any) -> str:
    plain = _plain(value)
    if plain is None:
        return ""
    if isinstance(plain, bool):
        return "true" if plain else "false"
    return repr(plain) if isinstance(plain, int | float) else guard(str(plain))
