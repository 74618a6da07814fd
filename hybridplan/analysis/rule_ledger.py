"""What a ledger of rules says: the price of each, and how they add up. Read without the solver."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

import pandas as pd

from hybridplan.analysis.rule_kinds import Section
from hybridplan.plan import SolveStatus
from hybridplan.units import per_year

Served = Literal["same", "less", "more", "mixed"]
LATE: Final = "late"
"""Status of a re-solve that was not tried, since the time was up."""


@dataclass(frozen=True)
class RulePrice:
    """What one rule costs over the horizon: the plan's objective less that without the rule; None where not known.

    It is below 0 only where a search for whole numbers was stopped early: the price itself never is.

    ``usd``: without this rule alone. ``step_usd``: without it, when all rules above it in the ledger are gone already.
    """

    kind: str
    section: Section
    records: tuple[str, ...]
    """Workloads or pools; more than one where they are priced together; ``policy`` for a rule of the whole."""
    status: str = LATE
    """How the re-solve without it ended: a SolveStatus, or ``late``."""
    usd: float | None = None
    least_usd: float | None = None
    """The price lies between these two for certain, whatever the gaps of both plans hide."""
    most_usd: float | None = None
    bills_usd: float | None = None
    """The part of ``usd`` that is no penalty."""
    charge_usd: float = 0.0
    """What the rule itself charges in the plan (price on carbon, on latency, on uneven use); part of ``usd``."""
    served: Served | None = None
    """Work served without it, against the plan: a price is a saving only where no work is served less."""
    unserved_share: float | None = None
    """Largest share of a workload's demand that is not served without it."""
    step_status: str = LATE
    step_usd: float | None = None
    step_served: Served | None = None
    """Against the step before it."""
    after_usd: float | None = None
    """Objective without this rule and all above it."""


@dataclass(frozen=True)
class Ledger:
    """Prices of all rules of a scenario, in the order in which the steps remove them."""

    status: SolveStatus
    """How the plan with all rules ended."""
    plan_hours: float
    rules: tuple[RulePrice, ...] = ()
    objective_usd: float | None = None
    cost_usd: float | None = None
    """Without penalties."""
    constant_usd: float = 0.0
    """Part of the objective that no decision changes."""
    unserved_share: float | None = None
    most_solves: int = 0
    solves: int = 0
    complete: bool = False
    """False where the time was up before everything was solved."""

    @property
    def without_usd(self) -> float | None:
        """Objective without any rule; the objective itself where there is none."""
        return self.rules[-1].after_usd if self.rules else self.objective_usd

    @property
    def total_usd(self) -> float | None:
        """Price of all rules together."""
        if self.objective_usd is None or self.without_usd is None:
            return None
        return self.objective_usd - self.without_usd

    @property
    def own_usd(self) -> float | None:
        """Sum of the rules' own prices; None where one of them is not known."""
        known = [rule.usd for rule in self.rules if rule.usd is not None]
        return sum(known) if len(known) == len(self.rules) and self.objective_usd is not None else None

    @property
    def interaction_usd(self) -> float | None:
        """Sum of the own prices less the price of all together: positive where rules stand in for each other, negative
        where only their removal together saves."""
        return None if self.own_usd is None or self.total_usd is None else self.own_usd - self.total_usd

    @property
    def is_grouped(self) -> bool:
        """True where some records of a kind are priced together, so that no more than ``most_solves`` are needed."""
        return any(len(rule.records) > 1 for rule in self.rules)

    def table(self) -> pd.DataFrame:
        """One row per rule, with the fields of :class:`RulePrice` and both prices per year."""
        rows = []
        for rule in self.rules:
            yearly = {
                f"{name}_per_year": None if usd is None else per_year(usd, self.plan_hours)
                for name, usd in (("usd", rule.usd), ("step_usd", rule.step_usd))
            }
            rows.append({**vars(rule), "records": ", ".join(rule.records), **yearly})
        columns = [*RulePrice.__dataclass_fields__, "usd_per_year", "step_usd_per_year"]
        return pd.DataFrame(rows, columns=columns)


@dataclass(frozen=True)
class Bar:
    """One bar on the way from the plan with all rules to that without any."""

    code: str
    """``with``, ``without``, ``interaction``, or a kind of rule; ``other``: the smallest kinds together."""
    measure: Literal["absolute", "relative", "total"]
    usd: float


def waterfall(found: Ledger, how: Literal["steps", "alone"], most: int = 12) -> list[Bar]:
    """Bars that add up exactly, one for each kind of rule; empty where something is not known.

    ``steps``: each kind with all before it gone already. ``alone``: the own prices of each kind's rules, and then the
    interaction, which takes back what several of them claim.
    """
    start, end, interaction = found.objective_usd, found.without_usd, found.interaction_usd
    if start is None or end is None or interaction is None or not found.rules:
        return []
    prices: dict[str, float] = {}
    for row in found.rules:
        usd = row.step_usd if how == "steps" else row.usd
        if usd is None:
            return []
        prices[row.kind] = prices.get(row.kind, 0.0) + usd
    too_many = len(prices) - most + 1 if len(prices) > most else 0
    small = sorted(prices, key=lambda kind: abs(prices[kind]))[:too_many]
    bars = [Bar(kind, "relative", -usd) for kind, usd in prices.items() if kind not in small]
    if small:
        bars.append(Bar("other", "relative", -sum(prices[kind] for kind in small)))
    if how == "alone":
        bars.append(Bar("interaction", "relative", interaction))
    return [Bar("with", "absolute", start), *bars, Bar("without", "total", end)]
