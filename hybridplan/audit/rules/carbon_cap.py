"""Cap on carbon: all tonnes that are known, of rented pools and of idle accelerators too."""

from __future__ import annotations

import numpy as np

from hybridplan.audit.costs.carbon import known_tonnes
from hybridplan.audit.ledger import Ledger
from hybridplan.audit.rows import Rows, once, scale_of
from hybridplan.units import per_year


def carbon_cap(ledger: Ledger) -> list[Rows]:
    """Tonnes <= cap; a yearly cap is held against tonnes x 8760 / plan hours."""
    limit = ledger.scenario.policy.carbon_cap
    if limit is None:
        return []
    emitted, is_yearly = known_tonnes(ledger), limit.per == "year"
    found = np.array([per_year(emitted, ledger.axes.plan_hours) if is_yearly else emitted])
    most, unit = np.array([limit.tonnes]), "t CO2e per year" if is_yearly else "t CO2e"
    return [once("the plan emits more than the cap on carbon", ["policy"], [unit], found - most, scale_of(found, most))]
