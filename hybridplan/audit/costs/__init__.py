"""What is paid: one plain function per term, from the ledger to lines in USD."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from hybridplan.audit.costs.balance import balance
from hybridplan.audit.costs.carbon import carbon
from hybridplan.audit.costs.commitment import commitment, committed_usd
from hybridplan.audit.costs.congestion import congestion
from hybridplan.audit.costs.energy import energy
from hybridplan.audit.costs.owned_fixed import owned_fixed, sunk_usd
from hybridplan.audit.costs.route import route
from hybridplan.audit.costs.start import start
from hybridplan.audit.costs.transfer import transfer
from hybridplan.audit.costs.unserved import unserved
from hybridplan.audit.costs.usage import usage
from hybridplan.audit.ledger import Ledger
from hybridplan.audit.lines import CostLine
from hybridplan.domain import Scenario

COSTS: Final[Mapping[str, Callable[[Ledger], list[CostLine]]]] = MappingProxyType(
    {
        "usage": usage,
        "owned_fixed": owned_fixed,
        "commitment": commitment,
        "energy": energy,
        "carbon": carbon,
        "transfer": transfer,
        "route": route,
        "start": start,
        "unserved": unserved,
        "congestion": congestion,
        "balance": balance,
    }
)
"""Every term of the objective."""

PENALTIES: Final = frozenset({"unserved", "congestion", "balance"})
"""The terms that are no costs: budgets leave them out."""


def constant_usd(scenario: Scenario) -> float:
    """The part of the objective that no decision changes: sunk owned capacity and existing commitments."""
    return sunk_usd(scenario) + committed_usd(scenario)
