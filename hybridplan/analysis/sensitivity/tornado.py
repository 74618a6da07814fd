"""Tornado: each main assumption alone a little lower and a little higher, with the plan solved anew each time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import pandas as pd

from hybridplan.analysis.sensitivity.assumptions import Assumption, main_assumptions
from hybridplan.analysis.sensitivity.points import Point, PointSolver
from hybridplan.analysis.wording import say
from hybridplan.domain import Scenario
from hybridplan.errors import InvalidInput, Issue

COLUMNS: Final = (
    "assumption",
    "unit",
    "now",
    "low_value",
    "low_status",
    "low_objective_usd",
    "low_change_usd",
    "low_unserved_share",
    "high_value",
    "high_status",
    "high_objective_usd",
    "high_change_usd",
    "high_unserved_share",
    "span_usd",
)


@dataclass(frozen=True)
class Bar:
    """One assumption with both its ends. Figures of an end without a plan are None; its status says why."""

    code: str
    label: str
    unit: str
    now: float
    low: Point
    high: Point
    base_usd: float

    def change_usd(self, end: Point) -> float | None:
        """What an end costs more than the plan as it is; None where there is no plan."""
        return None if end.objective_usd is None else end.objective_usd - self.base_usd

    @property
    def span_usd(self) -> float:
        """From the lowest to the highest objective of both ends and the plan as it is, as far as there are plans."""
        known = [self.base_usd, *(end.objective_usd for end in (self.low, self.high) if end.objective_usd is not None)]
        return max(known) - min(known)

    @property
    def is_broken(self) -> bool:
        """Whether an end has no plan."""
        return not (self.low.has_plan and self.high.has_plan)


@dataclass(frozen=True)
class Tornado:
    """Bars: those with an end without a plan first, since that outweighs any amount, then by their span."""

    low: float
    high: float
    """Shares by which each assumption was moved: -0.2 is a fifth less."""
    base: Point | None
    """The plan as it is; None where there was no time for it."""
    bars: tuple[Bar, ...]
    assumptions: int
    """How many there are."""
    solves: int
    complete: bool
    """False: the time was up before all were solved."""

    def table(self) -> pd.DataFrame:
        """One row per assumption (COLUMNS); empty cells where there is no plan."""
        return pd.DataFrame([_row(bar) for bar in self.bars], columns=list(COLUMNS))


def tornado(
    scenario: Scenario,
    *,
    low: float = -0.2,
    high: float = 0.2,
    time_limit_seconds: float | None = None,
    progress: Callable[[str], None] | None = None,
    partial: Callable[[Tornado], None] | None = None,
) -> Tornado:
    """What the plan would cost if one main assumption were ``low`` or ``high`` (shares of it), the others as they are.

    Each end is the cheapest plan for that value, proven like any other; ends without a plan are marked, never left out.
    Stops with what it has after ``time_limit_seconds`` (HYBRIDPLAN_SOLVE_SECONDS). Raises :class:`InvalidInput` where
    the shares are not -1 < low <= 0 <= high, low < high.
    """
    if not (-1.0 < low <= 0.0 <= high <= 10.0 and low < high):
        mend = "Write e.g. -0.2 and 0.2."
        raise InvalidInput([Issue("low", "must lie above -1 and not above 0, high from 0 to 10", f"{low}", mend=mend)])
    solver, tell = PointSolver(scenario, time_limit_seconds), progress or (lambda text: None)
    tell(say("sensitivity.base"))
    base, asked = solver.base(), main_assumptions(scenario)
    bars: list[Bar] = []
    if base is None or base.objective_usd is None:
        return Tornado(low, high, base, (), len(asked), solver.solves, base is not None)
    for number, assumption in enumerate(asked, start=1):
        tell(say("sensitivity.assumption", number=str(number), all=str(len(asked)), label=assumption.label))
        bar = _bar(solver, assumption, low, high, base.objective_usd)
        if bar is None:
            break
        bars.append(bar)
        if partial is not None:
            partial(Tornado(low, high, base, _sorted(bars), len(asked), solver.solves, False))
    return Tornado(low, high, base, _sorted(bars), len(asked), solver.solves, len(bars) == len(asked))


def _bar(solver: PointSolver, assumption: Assumption, low: float, high: float, base_usd: float) -> Bar | None:
    """Both ends; None where no time is left."""
    ends = [solver.at(*assumption.moved(share)) for share in (low, high)]
    if ends[0] is None or ends[1] is None:
        return None
    return Bar(assumption.code, assumption.label, assumption.unit, assumption.base, ends[0], ends[1], base_usd)


def _sorted(bars: list[Bar]) -> tuple[Bar, ...]:
    return tuple(sorted(bars, key=lambda bar: (not bar.is_broken, -bar.span_usd)))


def _row(bar: Bar) -> list[object]:
    ends: list[object] = []
    for end in (bar.low, bar.high):
        ends += [end.value, end.status, end.objective_usd, bar.change_usd(end), end.unserved_share]
    return [bar.label, bar.unit, bar.now, *ends, bar.span_usd]
