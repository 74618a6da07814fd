"""Frozen records of a scenario, with units in their names, and the checks of the whole."""

from hybridplan.domain.contingency import Contingency
from hybridplan.domain.horizon import Block, Horizon
from hybridplan.domain.link import Link
from hybridplan.domain.policy import Balance, Budget, CarbonCap, DisplayCurrency, Finance, Policy
from hybridplan.domain.pool import Commitment, Pool
from hybridplan.domain.scenario import SCHEMA_VERSION, Scenario, parse, require
from hybridplan.domain.site import Site
from hybridplan.domain.workload import ScalingPoint, Throughput, Window, Workload

__all__ = [
    "SCHEMA_VERSION",
    "Balance",
    "Block",
    "Budget",
    "CarbonCap",
    "Commitment",
    "Contingency",
    "DisplayCurrency",
    "Finance",
    "Horizon",
    "Link",
    "Policy",
    "Pool",
    "ScalingPoint",
    "Scenario",
    "Site",
    "Throughput",
    "Window",
    "Workload",
    "parse",
    "require",
]
