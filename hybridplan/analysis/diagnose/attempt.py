"""Changes to an impossible scenario, each tried by a solve with the change made."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from time import monotonic
from typing import Any, Final, TypeGuard

from hybridplan.analysis.objectives import after_failure_ms
from hybridplan.domain import Scenario, require
from hybridplan.errors import InvalidInput
from hybridplan.model.periods import Array
from hybridplan.model.possible import likely, possible
from hybridplan.plan import Relaxation

SLACK: Final = 1e-7
"""Relative margin on an offered change, so that its re-solve does not fail on rounding."""


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
    untried: list[str] = field(default_factory=list)
    """Rules for which time did not last, by all searches that were made from one another."""

    @property
    def left(self) -> float:
        """Seconds that are left; at least 0."""
        return max(self.deadline - monotonic(), 0.0)

    def within(self, share: float) -> Search:
        """The same with this share of the time that is left."""
        return replace(self, deadline=self.deadline - (1.0 - share) * self.left)

    def tried(
        self, change: Relaxation, *others: Relaxation, hint: Mapping[str, Array] | None = None
    ) -> Relaxation | None:
        """The change, proven where a re-solve finds a plan in time; None where it shows that there is none.

        ``hint``: see :func:`hybridplan.model.possible.possible`.
        """
        if not self.left:
            return change
        try:
            found = possible(apply(self.scenario, change, *others), self.left, hint)
        except InvalidInput:
            return change
        return None if found is False else replace(change, proven=found is True)

    def likely(self, *changes: Relaxation) -> bool:
        """Whether a solve finds a plan with these changes, which is not audited yet; not where they are no valid input,
        as a number too small to be one."""
        try:
            return bool(self.left) and likely(apply(self.scenario, *changes), self.left) is True
        except InvalidInput:
            return False

    def proven(self, change: Relaxation, *others: Relaxation) -> Relaxation | None:
        """The change where it is proven, else None."""
        found = self.tried(change, *others)
        return found if holds(found) else None


def holds(change: Relaxation | None) -> TypeGuard[Relaxation]:
    """Whether it was proven to suffice."""
    return change is not None and change.proven
