"""Budget: all costs of the horizon, sunk included, penalties excluded."""

from __future__ import annotations

import numpy as np

from hybridplan.audit.costs import COSTS, PENALTIES
from hybridplan.audit.ledger import Ledger
from hybridplan.audit.lines import total
from hybridplan.audit.rows import Rows, once, scale_of
from hybridplan.units import per_year


def budget(ledger: Ledger) -> list[Rows]:
    """Sum of the cost terms <= budget (USD); a yearly budget is held against costs x 8760 / plan hours."""
    limit = ledger.scenario.policy.budget
    if limit is None:
        return []
    spent = sum(total(term(ledger)) for name, term in COSTS.items() if name not in PENALTIES)
    is_yearly = limit.per == "year"
    paid = np.array([per_year(spent, ledger.axes.plan_hours) if is_yearly else spent])
    most = np.array([limit.usd])
    unit = "USD per year" if is_yearly else "USD"
    return [once("the costs exceed the budget", ["budget"], [unit], paid - most, scale_of(paid, most))]
