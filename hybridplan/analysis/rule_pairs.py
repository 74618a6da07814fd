"""What pairs of plans with and without rules say, side by side. Read without the solver."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite
from typing import Final

import pandas as pd

from hybridplan.analysis.rule_ledger import LATE
from hybridplan.plan import SolveStatus

MAIN: Final[dict[str, tuple[str, ...]]] = {
    "residency": ("residency", "data_residency"),
    "latency": ("latency", "mean_latency"),
    "promise": ("promise",),
}
"""The pairs that are always asked for, each with the kinds of rules that go together."""


@dataclass(frozen=True)
class Side:
    """One plan of a pair, in figures of the audit; None where there is no plan."""

    status: str = LATE
    """A SolveStatus, or ``late``: not tried, since the time was up."""
    objective_usd: float | None = None
    bound_usd: float | None = None
    """No plan can cost less."""
    cost_usd: float | None = None
    """Without penalties."""
    unserved_share: float | None = None
    """Largest share of a workload's demand that is not served."""
    mean_ms: float | None = None
    """Round trip + service time without queues of the affected rigid workloads, in the mean over what is served of each
    and then over them; None where none of it is known."""
    carbon_tonnes: float | None = None


@dataclass(frozen=True)
class Pair:
    """The plan without some rules, against the plan as it is."""

    code: str
    """residency, latency, promise, or a kind of rule."""
    records: tuple[str, ...]
    """What these rules are on: workloads, pools, ...; ``policy`` for the whole."""
    with_rules: Side
    without: Side = Side()

    @property
    def usd(self) -> float | None:
        """What the rules cost: the objective with less that without; None where one of the two is not known."""
        if self.with_rules.objective_usd is None or self.without.objective_usd is None:
            return None
        return self.with_rules.objective_usd - self.without.objective_usd

    @property
    def range_usd(self) -> tuple[float, float] | None:
        """What they cost lies between these two for certain, whatever the gaps of both plans hide."""
        usd, sides = self.usd, (self.with_rules, self.without)
        if usd is None:
            return None
        hidden = [_hidden_usd(side) for side in sides]
        return usd - hidden[0], usd + hidden[1]


@dataclass(frozen=True)
class Pairs:
    """Pairs of one scenario, the main ones first."""

    status: SolveStatus
    """How the plan with all rules ended."""
    plan_hours: float
    rows: tuple[Pair, ...] = ()
    constant_usd: float = 0.0
    """Part of the objective that no decision changes."""
    complete: bool = False
    """False where the time was up before everything was solved."""

    def table(self) -> pd.DataFrame:
        """Two rows per pair: pair, records, rules (``with`` or ``without``), and the fields of :class:`Side`."""
        sides = [(row, name, getattr(row, name)) for row in self.rows for name in ("with_rules", "without")]
        rows = [
            {
                "pair": row.code,
                "records": ", ".join(row.records),
                "rules": "with" if name == "with_rules" else "without",
                **vars(side),
            }
            for row, name, side in sides
        ]
        return pd.DataFrame(rows, columns=["pair", "records", "rules", *Side.__dataclass_fields__])


def _hidden_usd(side: Side) -> float:
    """By how much a plan may be dearer than the cheapest one."""
    hidden = (side.objective_usd or 0.0) - (side.bound_usd or 0.0)
    return max(hidden, 0.0) if isfinite(hidden) else float("inf")
