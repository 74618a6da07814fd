"""Break-even: the value of a number at which a stated outcome changes, by exact re-solves."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final, Literal

from hybridplan.analysis.sensitivity.bracket import Sample, narrowed
from hybridplan.analysis.sensitivity.field_sweep import check_range, spread
from hybridplan.analysis.sensitivity.outcomes import Outcome, outcome_of
from hybridplan.analysis.sensitivity.paths import NumericPath, describe
from hybridplan.analysis.sensitivity.points import Point, PointSolver
from hybridplan.analysis.wording import say
from hybridplan.domain import Scenario
from hybridplan.errors import InvalidInput, Issue

Verdict = Literal["found", "no_change", "no_plan", "out_of_time"]

PARTS: Final = 8
"""Equal parts into which the range is cut first, so that a change back and forth inside it is seen."""
CLOSE: Final = 1e-6
"""Default tolerance, as a share of the largest value of the range."""


@dataclass(frozen=True)
class Look:
    """A solved value: whether the statement holds there (None: no plan), and the plan's figures."""

    point: Point
    other: Point | None
    """Of the other scenario, where the objective of one is asked for."""
    excess: float | None

    @property
    def holds(self) -> bool | None:
        """Whether the statement is true; None where there is no plan."""
        return None if self.excess is None else self.excess > 0.0


@dataclass(frozen=True)
class BreakEven:
    """Where the outcome changes. Between ``below`` and ``above`` it does, and they are the solved plans on both sides.

    - found: ``value`` lies in the middle of them; they are ``tolerance`` or less apart where ``complete``.
    - no_change: the statement is true, or false, at every value that was looked at.
    - no_plan: at no two neighbouring values with a plan does it differ, and some values have no plan.
    - out_of_time: too little was solved to say.
    """

    field: NumericPath
    outcome: Outcome
    start: float
    stop: float
    tolerance: float
    verdict: Verdict
    value: float | None
    below: Look | None
    above: Look | None
    looks: tuple[Look, ...]
    """What was looked at first, in the order of the values."""
    changes: int
    """How often the outcome changes between them; the first is the one that was narrowed down."""
    solves: int
    complete: bool

    @property
    def bracket(self) -> tuple[float, float] | None:
        """The values between which the outcome changes."""
        return None if self.below is None or self.above is None else (self.below.point.value, self.above.point.value)


def break_even(
    scenario: Scenario,
    path: str,
    start: float,
    stop: float,
    outcome: Mapping[str, Any],
    *,
    tolerance: float | None = None,
    time_limit_seconds: float | None = None,
    progress: Callable[[str], None] | None = None,
) -> BreakEven:
    """The first value of a number from ``start`` to ``stop`` at which ``outcome`` turns from true to false or back.

    ``outcome``: plain values, see :func:`outcome_of`; e.g. ``{"kind": "pool_used", "record": "own-h100"}``. With
    ``other``, a scenario document, the objective is compared with that of the other scenario, in which the same number
    is changed where it exists. ``tolerance``: width of the last bracket, in the unit of the number (a millionth of the
    largest value). A change that goes back within one of eight equal parts of the range is not seen. Every look is a
    proven plan. Stops after ``time_limit_seconds`` (HYBRIDPLAN_SOLVE_SECONDS). Raises :class:`InvalidInput`.
    """
    field, wanted = describe(scenario, path), outcome_of(scenario, outcome)
    check_range(path, start, stop, field.unit)
    close = CLOSE * max(abs(start), abs(stop)) if tolerance is None else tolerance
    if not 0.0 < close < stop - start:
        mend = "Give a number above 0 and below the width of the range."
        raise InvalidInput([Issue("tolerance", "does not fit the range", f"{close:g}", field.unit, mend)])
    study = _Study(scenario, path, wanted, time_limit_seconds, progress or (lambda text: None))
    looks = study.first(start, stop)
    pairs = [(a, b) for a, b in pairwise(looks) if a.holds is not None and b.holds is not None and a.holds != b.holds]
    found: tuple[Look, Look] | None = study.narrowed(*pairs[0], close) if pairs else None
    is_close = found is not None and found[1].point.value - found[0].point.value <= close
    return BreakEven(
        field,
        wanted,
        start,
        stop,
        close,
        _verdict(looks, found),
        None if found is None else (found[0].point.value + found[1].point.value) / 2.0,
        found[0] if found else None,
        found[1] if found else None,
        tuple(looks),
        len(pairs),
        study.solver.solves + study.other_solves,
        is_close if found else len(looks) == PARTS + 1,
    )


def _verdict(looks: list[Look], found: tuple[Look, Look] | None) -> Verdict:
    if found is not None:
        return "found"
    if len(looks) <= PARTS:
        return "out_of_time"
    return "no_plan" if any(look.holds is None for look in looks) else "no_change"


class _Study:
    """Looks at one value after another: each scenario has a solver of its own, which keeps its basis."""

    def __init__(
        self, scenario: Scenario, path: str, outcome: Outcome, seconds: float | None, tell: Callable[[str], None]
    ) -> None:
        self._path, self._outcome, self._tell = path, outcome, tell
        self.solver = PointSolver(scenario, seconds)
        self._other = None if outcome.other is None else PointSolver(outcome.other, seconds)
        self._known: dict[float, Look] = {}
        self._fixed: Point | None = None
        """The other scenario's only point, where the number does not exist in it."""

    @property
    def other_solves(self) -> int:
        """Solves of the other scenario."""
        return 0 if self._other is None else self._other.solves

    def look(self, value: float) -> Look | None:
        """The outcome at a value; None where no time is left."""
        if value in self._known:
            return self._known[value]
        self._tell(say("sensitivity.look", number=str(len(self._known) + 1)))
        point = self.solver.at({self._path: value}, value)
        other = self._beside(value) if point is not None and point.has_plan else None
        if point is None or (self._other is not None and point.has_plan and other is None):
            return None
        self._known[value] = Look(point, other, self._outcome.excess(point, other))
        return self._known[value]

    def _beside(self, value: float) -> Point | None:
        """The other scenario's point: with the same number, or as it is where it has none."""
        if self._other is None or self._outcome.other is None:
            return None
        if self._fixed is not None:
            return self._fixed
        try:
            describe(self._outcome.other, self._path)
        except InvalidInput:
            self._fixed = self._other.at({}, value)
            return self._fixed
        return self._other.at({self._path: value}, value)

    def first(self, start: float, stop: float) -> list[Look]:
        """Looks at the ends and between equal parts, as far as the time goes."""
        looks = []
        for value in spread(start, stop, PARTS + 1):
            found = self.look(value)
            if found is None:
                break
            looks.append(found)
        return looks

    def narrowed(self, low: Look, high: Look, tolerance: float) -> tuple[Look, Look]:
        """Both sides of the change, as close as the tolerance or the time allows."""

        def sample(value: float) -> Sample | None:
            found = self.look(value)
            return None if found is None else _sample(found)

        ends = [_sample(one) for one in (low, high)]
        assert ends[0] is not None
        assert ends[1] is not None
        is_continuous = self._outcome.is_continuous
        one, other = narrowed(ends[0], ends[1], sample, tolerance=tolerance, is_continuous=is_continuous)
        return self._known[one.at], self._known[other.at]


def _sample(look: Look) -> Sample | None:
    """None where nothing can be said; without a plan there is no height."""
    if look.excess is None:
        return None
    height = math.nan if look.point.objective_usd is None else look.point.objective_usd
    return Sample(look.point.value, look.excess, height)
