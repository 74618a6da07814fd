"""Inputs that differ between entrants, and which of them a plan can depend on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

import pandas as pd

from hybridplan.analysis.compare.result import Entrant
from hybridplan.analysis.differences import Difference, differences
from hybridplan.domain import Scenario

_WORDS: Final = (
    "name",
    "description",
    "lesson",
    "label",
    "notes",
    "source",
    "as_of",
    "price_source",
    "price_date",
    "demand_source",
    "demand_date",
    "rates_source",
    "rates_date",
    "region",
    "model",
    "unit",
    "is_estimate",
    "term_years",
    "upfront_share",
    "failures_per_year",
    "repair_hours",
    "availability_objective_share",
)
"""Fields that no plan depends on."""
_FOR_DISPLAY: Final = ("display_currency", "finance", "horizon.time_zone")
"""Records that no plan depends on."""


_CAPS: Final = {"policy.budget": ("usd", "USD"), "policy.carbon_cap": ("tonnes", "t CO2e")}
"""Records of one amount, told as such: the amount's field, and its unit."""


def of_pair(first: Entrant, other: Entrant) -> list[Difference]:
    """Every input in which two scenarios differ."""
    documents = _document(first), _document(other)
    return [_with_amounts(found, documents) for found in differences(*documents)]


def _with_amounts(found: Difference, documents: tuple[dict[str, Any], dict[str, Any]]) -> Difference:
    """A whole budget or cap as its amount, in place of how many fields it has."""
    if found.path not in _CAPS:
        return found
    field, unit = _CAPS[found.path]
    name = found.path.removeprefix("policy.")
    caps = [document.get("policy", {}).get(name) for document in documents]
    before, after = (
        "none" if cap is None else f"{cap[field]:,.6g} {unit} per {cap.get('per', 'horizon')}" for cap in caps
    )
    return Difference(found.path, before, after)


def matters(path: str, scenarios: Iterable[Scenario] = ()) -> bool:
    """True where a plan may depend on the input at this path: on terms of finance only where some expansion of these
    scenarios has none of its own, on failures only where some work of them is promised."""
    scenarios = tuple(scenarios)
    if path.startswith("finance.") and any(_uses(one, path.removeprefix("finance.")) for one in scenarios):
        return True
    if path.startswith("policy.contingencies") and scenarios and not any(_promises(one) for one in scenarios):
        return False
    is_display = any(path == record or path.startswith(f"{record}.") for record in _FOR_DISPLAY)
    return not is_display and path.rsplit(".", 1)[-1] not in _WORDS


def _promises(scenario: Scenario) -> bool:
    return any(work.promised_share > 0 for work in scenario.workloads.values())


def _uses(scenario: Scenario, term: str) -> bool:
    return any(getattr(one, term, 0.0) is None for one in scenario.expansions.values())


def table(entrants: Sequence[Entrant]) -> pd.DataFrame:
    """Every input that differs from the first entrant's: path, matters, unit, and a column of text per entrant."""
    first, *others = entrants
    rows: dict[str, dict[str, Any]] = {}
    for other in others:
        for found in of_pair(first, other):
            row = rows.setdefault(found.path, _as_in_first(found, entrants))
            row[other.name] = found.after
            row["unit"] = row["unit"] or found.unit
    columns = ["path", "matters", "unit", *(entrant.name for entrant in entrants)]
    ordered = sorted(rows.values(), key=lambda row: not row["matters"])
    return pd.DataFrame(ordered, columns=columns)


def _as_in_first(found: Difference, entrants: Sequence[Entrant]) -> dict[str, Any]:
    values, scenarios = {one.name: found.before for one in entrants}, [one.plan.scenario for one in entrants]
    return {"path": found.path, "matters": matters(found.path, scenarios), "unit": found.unit, **values}


def _document(entrant: Entrant) -> dict[str, Any]:
    return entrant.plan.scenario.to_dict()
