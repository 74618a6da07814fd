"""Frozen records of a scenario, with units in their names, and the checks of the whole."""

from hybridplan.domain.commitment import Commitment, SpendCommitment
from hybridplan.domain.contingency import Contingency
from hybridplan.domain.dataset import Copy, Dataset
from hybridplan.domain.expansion import Expansion
from hybridplan.domain.horizon import Block, Horizon
from hybridplan.domain.link import Link
from hybridplan.domain.policy import Balance, Budget, CarbonCap, DisplayCurrency, Finance, Policy
from hybridplan.domain.pool import Pool, PriceTier
from hybridplan.domain.scenario import SCHEMA_VERSION, Scenario, parse, require
from hybridplan.domain.site import Apart, Site, failure_domain
from hybridplan.domain.workload import ScalingPoint, Throughput, Window, Workload

__all__ = [
    "SCHEMA_VERSION",
    "Apart",
    "Balance",
    "Block",
    "Budget",
    "CarbonCap",
    "Commitment",
    "Contingency",
    "Copy",
    "Dataset",
    "DisplayCurrency",
    "Expansion",
    "Finance",
    "Horizon",
    "Link",
    "Policy",
    "Pool",
    "PriceTier",
    "ScalingPoint",
    "Scenario",
    "Site",
    "SpendCommitment",
    "Throughput",
    "Window",
    "Workload",
    "failure_domain",
    "parse",
    "require",
]
