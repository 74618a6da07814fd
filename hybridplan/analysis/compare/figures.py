"""Key figures of every entrant beside the first one's, and what each cost term adds to the difference."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any, Final, NamedTuple

import pandas as pd

from hybridplan.analysis import caps, cost, utilisation
from hybridplan.analysis.compare.result import FIGURE_COLUMNS, WATERFALL_COLUMNS, Entrant, Span, per_span
from hybridplan.plan import Plan

_LEAST_USD: Final = 1e-9
"""Below this an amount is rounding."""


class _Figure(NamedTuple):
    code: str
    unit: str
    grows: bool
    """Whether it grows with the length of the horizon."""
    of: Callable[[Plan], float]


_BEFORE: Final = (
    _Figure("unserved_share", "share", False, cost.unserved_share),
    _Figure("objective", "USD", True, lambda plan: _total(plan.cost_usd) + _total(plan.penalty_usd)),
    _Figure("cost", "USD", True, lambda plan: _total(plan.cost_usd)),
)
_AFTER: Final = (
    _Figure("carbon", "t CO2e", True, caps.emitted_tonnes),
    _Figure("busy", "accelerator-hours", True, lambda plan: float(plan.quantities["busy_accelerator_hours"].sum())),
    _Figure("utilisation", "share", False, lambda plan: _utilisation(plan)),
    _Figure("provider_share", "share", False, lambda plan: _provider_share(plan)),
    _Figure("gap", "share", False, lambda plan: plan.certificate.gap if plan.certificate else math.nan),
)


def table(entrants: Sequence[Entrant], span: Span) -> pd.DataFrame:
    """FIGURE_COLUMNS: unserved work first, then money by term, carbon, use, and how well each plan is proven.

    ``figure`` of a cost term is ``term:`` and its code. change_share is relative to the first; NaN for shares.
    """
    wanted = [*_BEFORE, *_terms(entrants), *_AFTER]
    first = entrants[0]
    rows = []
    for entrant in entrants:
        for figure in wanted:
            value, base = _value(figure, entrant, span), _value(figure, first, span)
            change = math.nan if entrant is first else value - base
            share = change / abs(base) if figure.grows and base else math.nan
            unit = f"{figure.unit} per year" if figure.grows and span == "year" else figure.unit
            rows.append([entrant.name, figure.code, unit, value, change, share])
    return pd.DataFrame(rows, columns=list(FIGURE_COLUMNS))


def waterfall(entrants: Sequence[Entrant], span: Span) -> pd.DataFrame:
    """WATERFALL_COLUMNS: by entrant after the first what each term adds, costs first, largest change first.

    The bars of an entrant add up to its objective less that of the first.
    """
    first, rows = entrants[0], list[dict[str, Any]]()
    for other in entrants[1:]:
        if not (first.plan.status.has_plan and other.plan.status.has_plan):
            continue
        found = []
        for is_penalty in (False, True):
            before, after = (_amounts(one, span, is_penalty) for one in (first, other))
            for term in dict.fromkeys([*before, *after]):
                usd = after.get(term, 0.0) - before.get(term, 0.0)
                if usd:
                    found.append({"name": other.name, "term": term, "is_penalty": is_penalty, "usd": usd})
        rows += sorted(found, key=lambda row: (row["is_penalty"], -abs(row["usd"]), row["term"]))
    return pd.DataFrame(rows, columns=list(WATERFALL_COLUMNS))


def _amounts(entrant: Entrant, span: Span, is_penalty: bool) -> dict[str, float]:
    by_term = entrant.plan.penalty_usd if is_penalty else entrant.plan.cost_usd
    factor = per_span(entrant.plan, span)
    return {term: factor * usd for term, usd in by_term.items()}


def _terms(entrants: Sequence[Entrant]) -> list[_Figure]:
    """A figure for each term that anyone pays, costs first."""
    found = []
    for is_penalty in (False, True):
        amounts = [_amounts(entrant, "horizon", is_penalty) for entrant in entrants]
        for term in dict.fromkeys(term for one in amounts for term in one):
            if any(abs(one.get(term, 0.0)) > _LEAST_USD for one in amounts):
                found.append(_Figure(f"term:{term}", "USD", True, _of_term(term, is_penalty)))
    return found


def _of_term(term: str, is_penalty: bool) -> Callable[[Plan], float]:
    return lambda plan: float((plan.penalty_usd if is_penalty else plan.cost_usd).get(term, 0.0))


def _value(figure: _Figure, entrant: Entrant, span: Span) -> float:
    if not entrant.plan.status.has_plan:
        return math.nan
    return figure.of(entrant.plan) * (per_span(entrant.plan, span) if figure.grows else 1.0)


def _total(amounts: dict[str, float]) -> float:
    return math.fsum(amounts.values())


def _utilisation(plan: Plan) -> float:
    """Busy share of what is paid for anyway: owned and committed pools; NaN where there are none."""
    if plan.tables is None:
        return math.nan
    rows = utilisation.by_pool(plan.scenario, plan.tables, plan.routes)
    paid = rows.loc[rows["basis"] == "available"]
    base = float(paid["base_accelerator_hours"].sum())
    return float(paid["busy_accelerator_hours"].sum()) / base if base > 0 else math.nan


def _provider_share(plan: Plan) -> float:
    """Share of busy accelerator-hours of the public provider that carries most; 0 where none does."""
    rows = caps.by_provider(plan)
    return float(rows["share"].iloc[0]) if len(rows) else 0.0
