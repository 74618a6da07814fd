"""What a break-even is looked for in: a statement about a plan that is true or false at each value of a number."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from hybridplan.analysis import labels
from hybridplan.analysis.sensitivity.points import Point
from hybridplan.domain import Scenario, require
from hybridplan.errors import InvalidInput, Issue
from hybridplan.plan import SolveStatus

OutcomeKind = Literal["pool_used", "objective", "unserved", "kept", "purchased", "possible"]
KINDS: Final[tuple[OutcomeKind, ...]] = ("pool_used", "objective", "unserved", "kept", "purchased", "possible")

DUST: Final = 1e-8
"""Relative size below which a quantity counts as none."""
_UNITS: Final[dict[OutcomeKind, str]] = {
    "pool_used": "accelerator-hours",
    "objective": "USD",
    "unserved": "share from 0 to 1",
    "kept": "accelerators",
    "purchased": "in the unit of the offer",
    "possible": "",
}


@dataclass(frozen=True)
class Outcome:
    """A statement about a plan: some quantity is above ``level``, or that there is a plan at all.

    - pool_used: busy accelerator-hours of pool ``record`` over the horizon.
    - kept: accelerators kept of the owned pool ``record``, whose cost is avoidable.
    - unserved: share of the demand of workload ``record`` that is not served.
    - purchased: what is taken of the offer ``record``, ``kind/id``: accelerators, USD per hour or Gbit/s.
    - objective: costs and penalties in USD over the horizon; with ``other``, above those of that scenario.
    - possible: some plan keeps every rule.
    """

    kind: OutcomeKind
    record: str = ""
    level: float = 0.0
    other: Scenario | None = None

    @property
    def unit(self) -> str:
        """Unit of the level."""
        return _UNITS[self.kind]

    @property
    def is_continuous(self) -> bool:
        """Whether the quantity moves without jumps, so that its size tells how far the break-even is."""
        return self.kind == "objective"

    def quantity(self, point: Point) -> float:
        """What is compared with the level."""
        if self.kind == "pool_used":
            return point.busy_hours.get(self.record, 0.0)
        if self.kind == "kept":
            return point.kept.get(self.record, 0.0)
        if self.kind == "unserved":
            return point.unserved.get(self.record, 0.0)
        if self.kind == "purchased":
            return point.purchased.get(self.record, 0.0)
        assert point.objective_usd is not None
        return point.objective_usd

    def excess(self, point: Point, other: Point | None) -> float | None:
        """The quantity less its level, above 0 where the statement holds; None where there is no plan to speak of."""
        if self.kind == "possible":
            return 1.0 if point.has_plan else -1.0 if point.status == SolveStatus.INFEASIBLE.value else None
        if not point.has_plan or (self.other is not None and (other is None or other.objective_usd is None)):
            return None
        level = self.level if other is None or other.objective_usd is None else other.objective_usd
        dust = 0.0 if self.is_continuous else DUST * (max(abs(level), 1.0) if self.kind != "unserved" else 1.0)
        return self.quantity(point) - level - dust


def outcome_of(scenario: Scenario, options: Mapping[str, Any]) -> Outcome:
    """The outcome of plain values: ``kind``, ``record``, ``level``, and ``other``, a scenario document.

    Raises :class:`InvalidInput` where they name no pool, workload or offer of the scenario, or no kind of outcome.
    """
    kind, record, level = options.get("kind"), options.get("record", ""), options.get("level", 0.0)
    if kind not in KINDS:
        raise InvalidInput([Issue("outcome.kind", "is not known", str(kind), mend=f"Use one of {', '.join(KINDS)}.")])
    if isinstance(level, bool) or not isinstance(level, int | float) or not -1e15 < level < 1e15:
        raise InvalidInput([Issue("outcome.level", "must be a plain number", str(level), _UNITS[kind])])
    known = {
        "pool_used": list(scenario.pools),
        "kept": _avoidable(scenario),
        "unserved": list(scenario.workloads),
        "purchased": list(labels.offers(scenario)),
    }
    if kind in known and record not in known[kind]:
        mend = f"Use one of {', '.join(known[kind]) or 'none: there is no such record'}."
        raise InvalidInput([Issue("outcome.record", "is no record that this can be asked of", str(record), mend=mend)])
    document = options.get("other")
    return Outcome(kind, str(record), float(level), require(document) if document is not None else None)


def _avoidable(scenario: Scenario) -> list[str]:
    return [
        key
        for key, pool in scenario.pools.items()
        if pool.purchase_option == "owned" and pool.owned_cost == "avoidable"
    ]
