"""The audit of a plan: its dollars and its residuals, from scenario and tables alone."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pandas as pd

from hybridplan.audit.charges import Charge
from hybridplan.audit.costs import CHARGES, COSTS, PENALTIES, constants
from hybridplan.audit.costs.carbon import tonnes_by_pool
from hybridplan.audit.costs.unserved import unserved_by_workload
from hybridplan.audit.ledger import Ledger, open_ledger
from hybridplan.audit.lines import CostLine, total
from hybridplan.audit.power import energy
from hybridplan.audit.residuals import TOLERANCE, Residual, frame, in_words, ranked, worst
from hybridplan.audit.rows import Rows
from hybridplan.audit.rules import RULES
from hybridplan.domain import Scenario
from hybridplan.plan import COST_LINE_COLUMNS, PlanTables, Unserved


@dataclass(frozen=True)
class AuditReport:
    """What a plan costs and which rules it keeps."""

    ledger: Ledger
    """Scenario and plan, aligned: what was audited."""
    lines: dict[str, list[CostLine]]
    """Money by term."""
    groups: dict[str, list[Rows]]
    """Violations of every condition, by rule."""
    cost_usd: dict[str, float]
    penalty_usd: dict[str, float]
    objective_usd: float
    constant_usd: float
    """Part of the objective that no decision changes: sunk owned capacity, existing commitments, links."""
    unserved: dict[str, Unserved]
    max_residual: float
    """Largest relative violation; NaN where one cannot be computed."""
    worst_rule: str
    rules_checked: int
    """Number of single conditions checked, over all rules, records and periods."""
    failures: tuple[str, ...]
    """What is broken, worst first; empty where everything holds."""
    ok: bool

    @cached_property
    def cost_lines(self) -> pd.DataFrame:
        """COST_LINE_COLUMNS; lines of 0 USD are left out; "" where a line has no workload or pool."""
        return _cost_lines(self.lines)

    @cached_property
    def quantities(self) -> pd.DataFrame:
        """QUANTITY_COLUMNS, one row per pool; carbon is NaN where the grid's is not known."""
        with np.errstate(all="ignore"):
            return _quantities(self.ledger)

    @cached_property
    def conditions(self) -> tuple[Residual, ...]:
        """The worst condition of each rule and record, worst first."""
        return _conditions(self.groups)

    @cached_property
    def residuals(self) -> pd.DataFrame:
        """``conditions`` as a table: RESIDUAL_COLUMNS."""
        return frame(self.ledger.axes, list(self.conditions))


def audit(scenario: Scenario, tables: PlanTables) -> AuditReport:
    """Recompute every dollar and check every rule of a plan.

    ``scenario`` must have passed :func:`hybridplan.domain.parse`; ``tables`` may hold anything: what is wrong with them
    becomes failures in words, never an exception. A condition holds when its violation is at most 1e-6 of its scale.
    """
    with np.errstate(all="ignore"):
        return audit_ledger(open_ledger(scenario, tables))


def audit_ledger(ledger: Ledger) -> AuditReport:
    """The audit of a plan that is already aligned with its scenario: see :func:`audit`."""
    with np.errstate(all="ignore"):
        lines = {term: find(ledger) for term, find in COSTS.items()}
        usd = {term: total(found) for term, found in lines.items()}
        groups = {rule: find(ledger) for rule, find in RULES.items()}
        objective = float(sum(usd.values()))
        worst_rule, largest = _largest(groups)
        report = AuditReport(
            ledger=ledger,
            lines=lines,
            groups=groups,
            cost_usd={term: money for term, money in usd.items() if term not in PENALTIES},
            penalty_usd={term: money for term, money in usd.items() if term in PENALTIES},
            objective_usd=objective,
            constant_usd=constants(ledger.axes),
            unserved=unserved_by_workload(ledger),
            max_residual=largest,
            worst_rule=worst_rule,
            rules_checked=sum(group.violation.size for found in groups.values() for group in found),
            failures=(),
            ok=largest <= TOLERANCE and bool(np.isfinite(objective)),
        )
        return report if report.ok else replace(report, failures=_failures(report))


def _failures(report: AuditReport) -> tuple[str, ...]:
    broken = [in_words(report.ledger.axes, one) for one in report.conditions if not one.holds]
    if not np.isfinite(report.objective_usd):
        broken.append("objective: the cost is not a finite number")
    return tuple(broken)


def charges(scenario: Scenario, tables: PlanTables) -> dict[str, list[Charge]]:
    """What is paid in every period, by term; penalties are no costs and are left out.

    For a plan whose audit is ok: then every number is finite. The periods are those of ``horizon.ordered()``.
    """
    with np.errstate(all="ignore"):
        ledger = open_ledger(scenario, tables)
        return {term: find(ledger) for term, find in CHARGES.items()}


def _largest(groups: dict[str, list[Rows]]) -> tuple[str, float]:
    """The rule with the largest relative violation (NaN is worse than anything), and that; "" and 0 without rules."""
    found = {rule: max((ranked(group) for group in parts), default=-np.inf) for rule, parts in groups.items()}
    rule = max(found, key=lambda name: found[name], default="")
    if not rule or found[rule] == -np.inf:
        return "", 0.0
    return rule, float("nan") if found[rule] == np.inf else found[rule]


def _conditions(groups: dict[str, list[Rows]]) -> tuple[Residual, ...]:
    """The worst condition of each rule and record, worst first."""
    with np.errstate(all="ignore"):
        found = [one for rule, parts in groups.items() for one in worst(rule, parts)]
    return tuple(sorted(found, key=lambda residual: -residual.rank))


def _cost_lines(lines: dict[str, list[CostLine]]) -> pd.DataFrame:
    rows = [(term, term in PENALTIES, *line) for term, found in lines.items() for line in found if line.usd != 0]
    table = pd.DataFrame(rows, columns=list(COST_LINE_COLUMNS))
    text = dict.fromkeys(("term", "workload", "pool", "record", "detail"), "str")
    return table.astype({**text, "is_penalty": "bool", "usd": "float64"})


def _quantities(ledger: Ledger) -> pd.DataFrame:
    hours, kwh = ledger.axes.weight_hours, energy(ledger)
    energy_kwh = kwh.idle_kwh.copy()
    np.add.at(energy_kwh, ledger.pair_pool, kwh.busy_kwh)
    return pd.DataFrame(
        {
            "pool": list(ledger.axes.pools),
            "busy_accelerator_hours": ledger.per_pool(ledger.busy) @ hours,
            "provisioned_accelerator_hours": ledger.provisioned @ hours,
            "available_accelerator_hours": ledger.available @ hours,
            "energy_kwh": energy_kwh,
            "carbon_tonnes": tonnes_by_pool(ledger),
        }
    )
