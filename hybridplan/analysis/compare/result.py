"""What a comparison found: tables and sentences, each against the first scenario."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

import pandas as pd

from hybridplan.model.closeness import Plainly
from hybridplan.plan import Plan
from hybridplan.units import HOURS_PER_YEAR

Span = Literal["horizon", "year"]

FIGURE_COLUMNS: Final = ("name", "figure", "unit", "value", "change", "change_share")
WATERFALL_COLUMNS: Final = ("name", "term", "is_penalty", "usd")
RESERVED: Final = ("what", "path", "matters", "unit", "figure")
"""Headings of tables that have a column per entrant: no entrant is called so."""
CHANGE: Final = "change: "
"""Before the name of an entrant: the heading of its changes against the first."""
MOVE_COLUMNS: Final = ("name", "workload", "pool", "accelerator_hours_before", "accelerator_hours", "change")
PROMISE_COLUMNS: Final = (
    "name",
    "workload",
    "promise_form",
    "promised_share",
    "left_share",
    "contingency",
    "is_kept",
)
HOURLY_COLUMNS: Final = ("name", "block", "period_start", "workload", "pool", "change_accelerators")


_SAME: Final = 1e-6
"""Relative difference below which two amounts are the same."""


@dataclass(frozen=True)
class Entrant:
    """One scenario with its plan."""

    name: str
    """Unlike that of any other entrant."""
    plan: Plan
    plainly: Plainly = ""
    """Empty: of all its cheapest plans the one closest to the first entrant's; else why it is as it was solved."""
    rules: tuple[str, ...] = ()
    """Paths of rules on the number of providers that are a cause of its difference in cost: see
    :func:`hybridplan.analysis.compare.provider_rules.that_cost`."""


@dataclass(frozen=True)
class Comparison:
    """Up to four scenarios; the first is what all others are held against.

    ``span``: amounts are those of the horizon, or per year where the horizons differ in length.

    - inputs: ``what`` (in words), ``path``, ``matters`` (whether a plan may depend on it), ``unit`` and one column of
      text per entrant (its name): every input that differs.
    - figures: FIGURE_COLUMNS; NaN where there is no plan or no such figure; changes are against the first.
    - waterfall: WATERFALL_COLUMNS; what each term adds to the objective of the first; adds up to the difference.
    - moves: MOVE_COLUMNS; accelerator-hours by workload and pool that differ from the first.
    - promises: PROMISE_COLUMNS; what each promises, and the share of what is served that its worst failure leaves.
    - hourly: HOURLY_COLUMNS (sparse); the same over time, ``period_start`` on the clock of the entrant.
    - sentences: by entrant, the first one's being what holds for all.
    """

    entrants: tuple[Entrant, ...]
    span: Span
    inputs: pd.DataFrame
    figures: pd.DataFrame
    waterfall: pd.DataFrame
    moves: pd.DataFrame
    hourly: pd.DataFrame
    promises: pd.DataFrame
    sentences: tuple[tuple[str, ...], ...]
    complete: bool
    """False: time was up before every plan was found and held against the first."""

    @property
    def names(self) -> tuple[str, ...]:
        """The entrants' names, in their order."""
        return tuple(entrant.name for entrant in self.entrants)


def proven_apart(first: Plan, other: Plan) -> int:
    """1 where ``other`` is proven to cost more than ``first``, -1 where less; 0 where their gaps leave that open.

    The cheapest plan of each scenario costs between its bound and its objective.
    """
    one, two = _between(first), _between(other)
    if one is None or two is None:
        return 0
    (low, high), (other_low, other_high) = one, two
    slack = _SAME * max(abs(high), abs(other_high))
    return int(other_low > high + slack) - int(low > other_high + slack)


def _between(plan: Plan) -> tuple[float, float] | None:
    """Bound and objective; None where there is none, or the one is above the other, which proves nothing."""
    if plan.certificate is None or plan.objective_usd is None or plan.certificate.bound_source == "none":
        return None
    low, high = plan.certificate.bound_usd, plan.objective_usd
    return (low, high) if low <= high + _SAME * abs(high) else None


def per_span(plan: Plan, span: Span) -> float:
    """Factor from amounts over a plan's horizon to those of ``span``."""
    return 1.0 if span == "horizon" else HOURS_PER_YEAR / plan.scenario.horizon.plan_hours


def span_of(plans: list[Plan]) -> Span:
    """The horizon where all plans cover as many hours, else a year."""
    return "horizon" if len({plan.scenario.horizon.plan_hours for plan in plans}) == 1 else "year"
