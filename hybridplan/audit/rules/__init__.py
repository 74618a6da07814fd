"""What must hold: one plain function per rule, from the ledger to rows of violations."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from hybridplan.audit.ledger import Ledger
from hybridplan.audit.rows import Rows
from hybridplan.audit.rules.after import after
from hybridplan.audit.rules.budget import budget
from hybridplan.audit.rules.capacity import capacity
from hybridplan.audit.rules.carbon_cap import carbon_cap
from hybridplan.audit.rules.copies import copies, copy_needed
from hybridplan.audit.rules.elasticity import min_busy, min_on, min_provisioned, provisioning, ramp_down, ramp_up
from hybridplan.audit.rules.failover import failover_capacity, failover_started
from hybridplan.audit.rules.interruptible_share import interruptible_share
from hybridplan.audit.rules.kept import kept
from hybridplan.audit.rules.latency import latency, mean_latency
from hybridplan.audit.rules.link_bandwidth import link_bandwidth, private_flow
from hybridplan.audit.rules.must_serve import must_serve
from hybridplan.audit.rules.one_site import one_site
from hybridplan.audit.rules.parallel_limit import parallel_limit
from hybridplan.audit.rules.promise import promise, promise_bandwidth
from hybridplan.audit.rules.provider_share import provider_share
from hybridplan.audit.rules.providers import max_providers, min_providers
from hybridplan.audit.rules.purchases import bought, new_commitment, private_line
from hybridplan.audit.rules.rigid_demand import rigid_demand
from hybridplan.audit.rules.routes import routes
from hybridplan.audit.rules.scaling import scaling
from hybridplan.audit.rules.site_limits import site_power, site_space
from hybridplan.audit.rules.spend_commitment import covered, spend_commitment
from hybridplan.audit.rules.sync import sync
from hybridplan.audit.rules.tables import tables
from hybridplan.audit.rules.unserved_cap import unserved_cap
from hybridplan.audit.rules.whole_nodes import whole_nodes
from hybridplan.audit.rules.whole_replicas import whole_replicas
from hybridplan.audit.rules.window_demand import window_demand

RULES: Final[Mapping[str, Callable[[Ledger], list[Rows]]]] = MappingProxyType(
    {
        "tables": tables,
        "routes": routes,
        "rigid_demand": rigid_demand,
        "window_demand": window_demand,
        "must_serve": must_serve,
        "unserved_cap": unserved_cap,
        "capacity": capacity,
        "parallel_limit": parallel_limit,
        "link_bandwidth": link_bandwidth,
        "budget": budget,
        "carbon_cap": carbon_cap,
        "provider_share": provider_share,
        "max_providers": max_providers,
        "min_providers": min_providers,
        "promise": promise,
        "promise_bandwidth": promise_bandwidth,
        "failover_capacity": failover_capacity,
        "failover_started": failover_started,
        "interruptible_share": interruptible_share,
        "kept": kept,
        "latency": latency,
        "mean_latency": mean_latency,
        "provisioning": provisioning,
        "ramp_up": ramp_up,
        "ramp_down": ramp_down,
        "min_provisioned": min_provisioned,
        "min_busy": min_busy,
        "min_on": min_on,
        "one_site": one_site,
        "after": after,
        "scaling": scaling,
        "new_commitment": new_commitment,
        "covered": covered,
        "spend_commitment": spend_commitment,
        "bought": bought,
        "site_space": site_space,
        "site_power": site_power,
        "private_line": private_line,
        "private_flow": private_flow,
        "copies": copies,
        "copy_needed": copy_needed,
        "sync": sync,
        "whole_nodes": whole_nodes,
        "whole_replicas": whole_replicas,
    }
)
"""Every rule that is checked."""
