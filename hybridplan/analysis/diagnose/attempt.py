"""Changes to an impossible scenario, each tried by a solve with the change made."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from time import monotonic
from typing import Any, Final, TypeGuard

from hybridplan.analysis.objectives import after_failure_ms
from hybridplan.domain import Scenario, require
from hybridplan.errors import InvalidInput
from hybridplan.model.solve import optimise
from hybridplan.plan import Relaxation, SolveStatus

SLACK: Final = 1e-7
"""Relative margin on an offered change, so that its re-solve does not fail on rounding."""
_DIGITS: Final = 1e-12
"""Relative difference below which two values are taken as one."""


def apply(scenario: Scenario, *changes: Relaxation) -> Scenario:
    """The scenario with these changes made (each a little larger than the least, by 1e-7).

    Where a latency objective becomes longer than the one after a failure, that one becomes as long.
    Raises :class:`hybridplan.errors.InvalidInput` where what comes out is no valid scenario.
    """
    document = scenario.to_dict()
    for change in changes:
        if change.path:
            _set(document, change.path.split("/"), change.new_value)
    for work in document["workloads"].values():
        after, objective = work.get("latency_after_failure_ms"), work.get("latency_objective_ms")
        if after is not None and objective is not None:
            work["latency_after_failure_ms"] = after_failure_ms(after, objective)
    return require(document)


def _set(document: dict[str, Any], path: list[str], value: object) -> None:
    """Set the field; one that is dropped (None) is left out, and its default is off."""
    *parents, field = path
    target = document
    for key in parents:
        target = target.setdefault(key, {})
    if value is None:
        target.pop(field, None)
    else:
        target[field] = value


@dataclass(frozen=True)
class Search:
    """An impossible scenario, the moment at which the search ends, and who hears of its progress."""

    scenario: Scenario
    deadline: float
    progress: Callable[[str], None]
    hopeless: frozenset[str] = frozenset()
    """Workloads of which no rule alone can be the cause: even without any of their work there is no plan."""

    @property
    def left(self) -> float:
        """Seconds that are left; at least 0."""
        return max(self.deadline - monotonic(), 0.0)

    def tried(self, change: Relaxation, *others: Relaxation) -> Relaxation | None:
        """The change, proven where a re-solve finds a plan in time; None where it shows that there is none."""
        if not self.left:
            return change
        try:
            plan = optimise(apply(self.scenario, change, *others), time_limit_seconds=self.left)
        except InvalidInput:
            return change
        return None if plan.status is SolveStatus.INFEASIBLE else replace(change, proven=plan.status.has_plan)

    def proven(self, change: Relaxation, *others: Relaxation) -> Relaxation | None:
        """The change where it is proven, else None."""
        found = self.tried(change, *others)
        return found if holds(found) else None


def holds(change: Relaxation | None) -> TypeGuard[Relaxation]:
    """Whether it was proven to suffice."""
    return change is not None and change.proven


def closest(search: Search, offer: Callable[[float], Relaxation], *, enough: float, short: float) -> Relaxation | None:
    """Bisection between a value that should suffice and one that does not, for the proven offer next to ``short``.

    Its amount is the least one to SLACK of itself. What ``offer(enough)`` gave where that is not proven.
    """
    best, least = search.tried(offer(enough)), _DIGITS * max(abs(enough), abs(short))
    if not holds(best):
        return best
    while abs(enough - short) > max(SLACK * best.amount, least) and search.left:
        middle = (enough + short) / 2.0
        found = search.proven(offer(middle))
        if found is not None:
            best, enough = found, middle
        else:
            short = middle
    return best


def fewest(search: Search, offers: list[Relaxation]) -> Relaxation | None:
    """The first that suffices, of offers of which each allows what those before it allow; None where none does."""
    best = search.proven(offers[-1]) if offers else None
    if best is None:
        return None
    low, high = 0, len(offers) - 1
    while low < high and search.left:
        middle = (low + high) // 2
        found = search.proven(offers[middle])
        if found is not None:
            best, high = found, middle
        else:
            low = middle + 1
    return best
