"""Key figures of every entrant beside the first one's, and what each cost term adds to the difference."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any, Final, NamedTuple

import pandas as pd

from hybridplan.analysis import caps, cost, utilisation
from hybridplan.analysis.compare import promises
from hybridplan.analysis.compare.result import FIGURE_COLUMNS, WATERFALL_COLUMNS, Entrant, Span, per_span
from hybridplan.plan import Plan

_LEAST_USD: Final = 1e-9
"""Below this an amount is rounding."""


class _Figure(NamedTuple):
    code: str
    unit: str
    grows: bool
    """Whether it grows with the length of the horizon."""
    of: Callable[[Entrant], float]


_BEFORE: Final = (_Figure("unserved_share", "share", False, lambda one: cost.unserved_share(one.plan)),)
_MONEY: Final = (
    _Figure("objective", "USD", True, lambda one: _total(one.plan.cost_usd) + _total(one.plan.penalty_usd)),
    _Figure("cost", "USD", True, lambda one: _total(one.plan.cost_usd)),
)
_AFTER: Final = (
    _Figure("carbon", "t CO2e", True, lambda one: caps.emitted_tonnes(one.plan)),
    _Figure("busy", "accelerator-hours", True, lambda one: float(one.plan.quantities["busy_accelerator_hours"].sum())),
    _Figure("utilisation", "share", False, lambda one: _utilisation(one.plan)),
    _Figure("provider_share", "share", False, lambda one: _provider_share(one.plan)),
    _Figure("gap", "share", False, lambda one: one.plan.certificate.gap if one.plan.certificate else math.nan),
)


def table(entrants: Sequence[Entrant], span: Span, promised: pd.DataFrame) -> pd.DataFrame:
    """FIGURE_COLUMNS: unserved work first, then money by term, promises, carbon, use, and how well each is proven.

    ``figure`` of a cost term is ``term:`` and its code; of a promise (``promised``: PROMISE_COLUMNS) ``promised:`` or
    ``left:`` and the workload, NaN without one; promises_kept is 1 where all are kept, else 0. change_share is relative
    to the first; NaN for shares.
    """
    wanted = [*_BEFORE, *_kept(promised), *_MONEY, *_terms(entrants), *_ready(entrants, promised)]
    wanted += [*_promised(promised), *_AFTER]
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


def _of_term(term: str, is_penalty: bool) -> Callable[[Entrant], float]:
    return lambda one: float((one.plan.penalty_usd if is_penalty else one.plan.cost_usd).get(term, 0.0))


def _kept(promised: pd.DataFrame) -> list[_Figure]:
    """Whether all promises are kept, where anybody makes one."""
    kept = promised.groupby("name")["is_kept"].all()
    return [_Figure("promises_kept", "", False, _known(kept))] if len(kept) else []


def _promised(promised: pd.DataFrame) -> list[_Figure]:
    """By workload that anybody promises to go on with: the share, and what the worst failure leaves."""
    found = list[_Figure]()
    for key, mine in promised.groupby("workload", sort=False):
        rows = mine.set_index("name")
        found.append(_Figure(f"promised:{key}", "share", False, _known(rows["promised_share"])))
        found.append(_Figure(f"left:{key}", "share", False, _known(rows["left_share"])))
    return found


def _known(by_name: pd.Series[Any]) -> Callable[[Entrant], float]:
    """What was worked out by name of the entrant; NaN for others."""
    return lambda one: float(by_name.get(one.name, math.nan))


def _ready(entrants: Sequence[Entrant], promised: pd.DataFrame) -> list[_Figure]:
    """Rent of what is held ready, where anybody promises and pays any."""
    usd = {"standby_rent": promises.standby_usd, "beyond_rent": promises.beyond_usd}
    found = []
    for code, of in usd.items() if len(promised) else ():
        by_name = pd.Series({one.name: of(one.plan) for one in entrants})
        if (by_name > _LEAST_USD).any():
            found.append(_Figure(code, "USD", True, _known(by_name)))
    return found


def _value(figure: _Figure, entrant: Entrant, span: Span) -> float:
    if not entrant.plan.status.has_plan:
        return math.nan
    return figure.of(entrant) * (per_span(entrant.plan, span) if figure.grows else 1.0)


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
