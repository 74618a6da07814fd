"""The numeric fields of a scenario that a planner may change: derived from the records, so that none is forgotten."""

from __future__ import annotations

import types
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Annotated, Any, Final, Literal, Union, get_args, get_origin

from hybridplan.domain import Scenario, Window
from hybridplan.domain.checks.fields import unit_of
from hybridplan.domain.record import Record

Pattern = tuple[str, ...]
"""Names from the scenario down to a field; ``*`` stands for any id."""

Kind = Literal["number", "whole", "profile"]
"""A profile (values by period, or the volumes of all windows) is changed as a whole, by a factor."""

FACTOR: Final = "factor, 1 is as it is now"

_ONLY_REPLAYED: Final = "only the replay of random failures reads it, and it changes no plan"

LEFT_OUT: Final[dict[Pattern, str]] = {
    ("horizon", "blocks", "*", "periods"): "profiles have one value for each period",
    ("horizon", "blocks", "*", "period_hours"): "demand and profiles are given for periods of this length",
    (
        "finance",
        "interest_rate",
    ): "it is used where a purchase has none of its own; change that, or the price of the pool",
    ("finance", "life_years"): "it is used where a purchase has none of its own; change that, or the price of the pool",
    (
        "finance",
        "salvage_share",
    ): "it is used where a purchase has none of its own; change that, or the price of the pool",
    ("commitments", "*", "term_years"): "it says when money is billed, and changes no plan",
    ("commitments", "*", "upfront_share"): "it says when money is billed, and changes no plan",
    ("spend_commitments", "*", "term_years"): "it says when money is billed, and changes no plan",
    ("spend_commitments", "*", "upfront_share"): "it says when money is billed, and changes no plan",
    ("workloads", "*", "availability_objective_share"): _ONLY_REPLAYED,
    ("policy", "contingencies", "*", "failures_per_year"): _ONLY_REPLAYED,
    ("policy", "contingencies", "*", "repair_hours"): _ONLY_REPLAYED,
    ("display_currency", "units_per_usd"): "it changes how money is shown, and no plan",
}
"""Numbers that are none to try other values of, with the reason."""

_UNITS: Final = {
    "efficiency": "share from 0 to 1",
    "weight": "occurrences",
    "demand_factor": "factor",
    "price_factor": "factor",
    "after_units_per_unit": "work units per work unit",
}


@dataclass(frozen=True)
class Numeric:
    """A kind of numeric field: where it stands, and how it may be changed."""

    pattern: Pattern
    kind: Kind

    @property
    def code(self) -> str:
        """Its code in the wording: the names without ids."""
        return "path." + ".".join(name for name in self.pattern if name != "*")

    @property
    def unit(self) -> str:
        """Unit in words."""
        if self.kind == "profile":
            return FACTOR
        name = next(name for name in reversed(self.pattern) if name != "*")
        # A budget in USD, a cap in tonnes: the field's own name says it.
        return _UNITS.get(name) or unit_of(name)


@lru_cache(maxsize=1)
def numeric_fields() -> tuple[Numeric, ...]:
    """Every numeric field below a scenario but those LEFT_OUT, in the order of the records' fields."""
    return tuple(found for found in _of_record(Scenario, ()) if found.pattern not in LEFT_OUT)


def _of_record(record: type[Record], path: Pattern) -> Iterator[Numeric]:
    for name, info in record.model_fields.items():
        yield from _of_type(_bare(info.annotation), (*path, name))


def _of_type(kind: Any, path: Pattern) -> Iterator[Numeric]:
    if kind is float:
        yield Numeric(path, "number")
    elif kind is int:
        yield Numeric(path, "whole")
    elif get_origin(kind) is dict:
        value = _bare(get_args(kind)[1])
        if value is Window or get_origin(value) is tuple:
            yield Numeric(path, "profile")
        if get_origin(value) is not tuple:
            yield from _of_type(value, (*path, "*"))
    elif isinstance(kind, type) and issubclass(kind, Record):
        yield from _of_record(kind, path)


def _bare(annotation: Any) -> Any:
    """A type without Annotated and without None."""
    while get_origin(annotation) in (Annotated, Union, types.UnionType):
        annotation = next(part for part in get_args(annotation) if part is not type(None))
    return annotation


def numeric_at(path: Pattern) -> Numeric | None:
    """The field at a path, None where there is none; its ids need not exist."""
    for field in numeric_fields():
        if _matches(field.pattern, path):
            return field
    return None


def left_out(path: Pattern) -> str:
    """Why the number at this path is none to try other values of; empty where it is no such number."""
    return next((reason for pattern, reason in LEFT_OUT.items() if _matches(pattern, path)), "")


def _matches(pattern: Pattern, path: Pattern) -> bool:
    return len(pattern) == len(path) and all(part in ("*", key) for part, key in zip(pattern, path, strict=True))
