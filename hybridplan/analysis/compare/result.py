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
HOURLY_COLUMNS: Final = ("name", "block", "period_start", "workload", "pool", "change_accelerators")


@dataclass(frozen=True)
class Entrant:
    """One scenario with its plan."""

    name: str
    """Unlike that of any other entrant."""
    plan: Plan
    plainly: Plainly = ""
    """Empty: of all its cheapest plans the one closest to the first entrant's; else why it is as it was solved."""


@dataclass(frozen=True)
class Comparison:
    """Up to four scenarios; the first is what all others are held against.

    ``span``: amounts are those of the horizon, or per year where the horizons differ in length.

    - inputs: ``what`` (in words), ``path``, ``matters`` (whether a plan may depend on it), ``unit`` and one column of
      text per entrant (its name): every input that differs.
    - figures: FIGURE_COLUMNS; NaN where there is no plan or no such figure; changes are against the first.
    - waterfall: WATERFALL_COLUMNS; what each term adds to the objective of the first; adds up to the difference.
    - moves: MOVE_COLUMNS; accelerator-hours by workload and pool that differ from the first.
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
    sentences: tuple[tuple[str, ...], ...]
    complete: bool
    """False: time was up before every plan was found and held against the first."""

    @property
    def names(self) -> tuple[str, ...]:
        """The entrants' names, in their order."""
        return tuple(entrant.name for entrant in self.entrants)


def per_span(plan: Plan, span: Span) -> float:
    """Factor from amounts over a plan's horizon to those of ``span``."""
    return 1.0 if span == "horizon" else HOURS_PER_YEAR / plan.scenario.horizon.plan_hours


def span_of(plans: list[Plan]) -> Span:
    """The horizon where all plans cover as many hours, else a year."""
    return "horizon" if len({plan.scenario.horizon.plan_hours for plan in plans}) == 1 else "year"
