"""What is paid: one plain function per term, from the ledger to lines in USD, and one to what is paid by period."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from hybridplan.audit.axes import Axes
from hybridplan.audit.charges import Charge
from hybridplan.audit.costs.balance import balance
from hybridplan.audit.costs.carbon import carbon, carbon_charges
from hybridplan.audit.costs.commitment import commitment, commitment_charges, committed_usd
from hybridplan.audit.costs.congestion import congestion
from hybridplan.audit.costs.energy import energy, energy_charges
from hybridplan.audit.costs.expansion import expansion, expansion_charges
from hybridplan.audit.costs.link_fixed import link_fixed, link_fixed_charges, links_usd
from hybridplan.audit.costs.owned_fixed import owned_fixed, owned_fixed_charges, sunk_usd
from hybridplan.audit.costs.provider_fixed import provider_fixed, provider_fixed_charges
from hybridplan.audit.costs.route import route, route_charges
from hybridplan.audit.costs.start import start, start_charges
from hybridplan.audit.costs.storage import storage, storage_charges
from hybridplan.audit.costs.transfer import transfer, transfer_charges
from hybridplan.audit.costs.unserved import unserved
from hybridplan.audit.costs.usage import usage, usage_charges
from hybridplan.audit.ledger import Ledger
from hybridplan.audit.lines import CostLine
from hybridplan.domain import Scenario

COSTS: Final[Mapping[str, Callable[[Ledger], list[CostLine]]]] = MappingProxyType(
    {
        "usage": usage,
        "owned_fixed": owned_fixed,
        "commitment": commitment,
        "expansion": expansion,
        "link_fixed": link_fixed,
        "provider_fixed": provider_fixed,
        "energy": energy,
        "carbon": carbon,
        "transfer": transfer,
        "storage": storage,
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

CHARGES: Final[Mapping[str, Callable[[Ledger], list[Charge]]]] = MappingProxyType(
    {
        "usage": usage_charges,
        "owned_fixed": owned_fixed_charges,
        "commitment": commitment_charges,
        "expansion": expansion_charges,
        "link_fixed": link_fixed_charges,
        "provider_fixed": provider_fixed_charges,
        "energy": energy_charges,
        "carbon": carbon_charges,
        "transfer": transfer_charges,
        "storage": storage_charges,
        "route": route_charges,
        "start": start_charges,
    }
)
"""Every term that is a cost, by period."""

UNITS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "usage": "accelerator-hours",
        "owned_fixed": "accelerator-hours",
        "commitment": "accelerator-hours",
        "expansion": "accelerator-hours",
        "link_fixed": "hours",
        "provider_fixed": "hours",
        "energy": "kWh",
        "carbon": "t",
        "transfer": "GB",
        "storage": "GB-months",
        "route": "work units",
        "start": "nodes",
    }
)
"""What the quantities of a term's charges count; what is left of a commitment for spend counts USD."""


def constant_usd(scenario: Scenario) -> float:
    """The part of the objective that no decision changes: see :func:`constants`."""
    return constants(Axes(scenario))


def constants(axes: Axes) -> float:
    """Sunk owned capacity until it retires, commitments that exist, and links as they are (USD)."""
    return sunk_usd(axes) + committed_usd(axes) + links_usd(axes)
