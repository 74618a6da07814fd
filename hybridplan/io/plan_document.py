"""A plan as compressed JSON and back: what the library keeps of a solve. Never pickle: a file cannot run anything."""

from __future__ import annotations

import json
import zlib
from dataclasses import asdict, fields
from typing import Any, Final

import pandas as pd

from hybridplan.domain import Scenario
from hybridplan.errors import Issue
from hybridplan.plan import (
    Baseline,
    Certificate,
    Diagnosis,
    Plan,
    PlanTables,
    Relaxation,
    SolverRun,
    SolveStatus,
    Unserved,
    WholeNodes,
)

FORMAT: Final = 1
"""Version of this form; another one is not read, and the plan is solved again."""
MAX_BYTES: Final = 200_000_000
"""Most that a kept plan may unpack to."""
_FRAMES: Final = ("routes", "cost_lines", "quantities", "shadow_prices", "shadow_ranges")
_PLAIN: Final = ("objective_usd", "constant_usd", "cost_usd", "penalty_usd", "kind", "instant_objective_usd")


class UnreadablePlan(ValueError):
    """The document is damaged, of another form, or of another scenario."""


def pack(plan: Plan) -> bytes:
    """The plan without its scenario, which is kept beside it; the same plan comes back from :func:`unpack`."""
    whole = plan.whole_nodes
    document = {
        "format": FORMAT,
        "content_hash": plan.content_hash,
        "status": plan.status.value,
        "solver": asdict(plan.solver),
        "certificate": asdict(plan.certificate) if plan.certificate else None,
        "tables": _tables(plan.tables),
        "frames": {name: _frame(getattr(plan, name)) for name in _FRAMES},
        **{name: getattr(plan, name) for name in _PLAIN},
        "unserved": {name: asdict(row) for name, row in plan.unserved.items()},
        "baselines": {name: _baseline(row) for name, row in plan.baselines.items()},
        "whole_nodes": None if whole is None else {**_without(whole, "provisioned"), "rows": _frame(whole.provisioned)},
        "diagnosis": asdict(plan.diagnosis) if plan.diagnosis else None,
        "warnings": [asdict(issue) for issue in plan.warnings],
    }
    return zlib.compress(json.dumps(document, separators=(",", ":")).encode(), 6)


def unpack(data: bytes, scenario: Scenario) -> Plan:
    """The plan of ``scenario`` that was packed; raises :class:`UnreadablePlan` where it is not that.

    Nothing is checked here but the form: audit it before any number is shown.
    """
    try:
        document = json.loads(_inflated(data))
        if document["format"] != FORMAT or document["content_hash"] != scenario.content_hash:
            raise UnreadablePlan("the kept plan is of another form or scenario")
        return _plan(document, scenario)
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError, zlib.error) as error:
        raise UnreadablePlan(str(error)) from error


def _inflated(data: bytes) -> bytes:
    unpacker = zlib.decompressobj()
    text = unpacker.decompress(data, MAX_BYTES)
    if not unpacker.eof:
        raise UnreadablePlan("the kept plan is too large or cut off")
    return text


def _plan(document: dict[str, Any], scenario: Scenario) -> Plan:
    whole, proof, cause = document["whole_nodes"], document["certificate"], document["diagnosis"]
    frames = {name: _read_frame(document["frames"][name]) for name in _FRAMES}
    rest: dict[str, Any] = {**frames, **{name: document[name] for name in _PLAIN}}
    return Plan(
        scenario=scenario,
        status=SolveStatus(document["status"]),
        solver=SolverRun(**document["solver"]),
        tables=_read_tables(document["tables"]),
        certificate=Certificate(**{**proof, "failures": tuple(proof["failures"])}) if proof else None,
        unserved={name: Unserved(**row) for name, row in document["unserved"].items()},
        baselines={name: _read_baseline(row) for name, row in document["baselines"].items()},
        whole_nodes=None if whole is None else _read_whole(whole),
        diagnosis=None if cause is None else _read_diagnosis(cause),
        warnings=tuple(Issue(**issue) for issue in document["warnings"]),
        **rest,
    )


def _tables(tables: PlanTables | None) -> dict[str, Any] | None:
    return None if tables is None else {part.name: _frame(getattr(tables, part.name)) for part in fields(PlanTables)}


def _read_tables(found: dict[str, Any] | None) -> PlanTables | None:
    return None if found is None else PlanTables(**{name: _read_frame(frame) for name, frame in found.items()})


def _baseline(row: Baseline) -> dict[str, Any]:
    unserved = {name: asdict(one) for name, one in row.unserved.items()}
    return {**_without(row, "tables", "unserved"), "unserved": unserved, "tables": _tables(row.tables)}


def _read_baseline(found: dict[str, Any]) -> Baseline:
    tables = _read_tables(found["tables"])
    if tables is None:
        raise UnreadablePlan("a baseline has no tables")
    unserved = {name: Unserved(**row) for name, row in found["unserved"].items()}
    return Baseline(**{**found, "unserved": unserved, "tables": tables, "breaks": tuple(found["breaks"])})


def _read_whole(found: dict[str, Any]) -> WholeNodes:
    rows = _read_frame(found["rows"])
    return WholeNodes(provisioned=rows, **{name: value for name, value in found.items() if name != "rows"})


def _read_diagnosis(found: dict[str, Any]) -> Diagnosis:
    return Diagnosis(
        tuple(_read_relaxation(row) for row in found["alternatives"]),
        tuple(_read_relaxation(row) for row in found["sufficient_set"]),
        found["message"],
        tuple((str(rule), str(record)) for rule, record in found.get("withheld", ())),
    )


def _read_relaxation(row: dict[str, Any]) -> Relaxation:
    value = row["new_value"]
    return Relaxation(**{**row, "new_value": tuple(value) if isinstance(value, list) else value})


def _without(record: Any, *names: str) -> dict[str, Any]:
    return {part.name: getattr(record, part.name) for part in fields(record) if part.name not in names}


def _frame(frame: pd.DataFrame) -> list[list[Any]]:
    """[name, kind, values] of every column: times as whole microseconds in UTC, missing ones as null."""
    return [[str(name), *_column(frame[name])] for name in frame.columns]


def _column(values: pd.Series) -> tuple[str, list[Any]]:
    if isinstance(values.dtype, pd.DatetimeTZDtype):
        whole = values.dt.tz_convert("UTC").dt.as_unit("us").astype("int64").tolist()
        return "time", [None if gone else number for gone, number in zip(values.isna(), whole, strict=True)]
    if pd.api.types.is_bool_dtype(values.dtype):
        return "flag", values.tolist()
    if pd.api.types.is_integer_dtype(values.dtype):
        return "whole", values.tolist()
    if pd.api.types.is_float_dtype(values.dtype):
        return "number", values.tolist()
    kind = "object" if values.dtype == object else "text"
    return kind, [None if value is None else value for value in values.tolist()]


_READ: Final = {"flag": "bool", "whole": "int64", "number": "float64", "text": "str", "object": "object"}


def _read_frame(columns: list[list[Any]]) -> pd.DataFrame:
    found = {}
    for name, kind, values in columns:
        if kind == "time":
            found[name] = pd.Series(pd.to_datetime(values, unit="us", utc=True).as_unit("us"))
        else:
            found[name] = pd.Series(values, dtype=_READ[kind])
    return pd.DataFrame(found)
