"""Capacity and cost planner for hybrid-cloud AI data centres.

>>> import hybridplan as hp
>>> plan = hp.solve(hp.load("scenario.json"))  # doctest: +SKIP
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hybridplan.analysis.alternatives import alternatives
    from hybridplan.analysis.buying import buying
    from hybridplan.analysis.compare import compare
    from hybridplan.analysis.drills.drilling import drill
    from hybridplan.analysis.drills.replaying import replay
    from hybridplan.analysis.frontier import frontier
    from hybridplan.analysis.planner import solve
    from hybridplan.analysis.rule_prices import ledger
    from hybridplan.analysis.sensitivity.break_even import break_even
    from hybridplan.analysis.sensitivity.field_sweep import field_sweep
    from hybridplan.analysis.sensitivity.price_ranges import price_ranges
    from hybridplan.analysis.sensitivity.tornado import tornado
    from hybridplan.analysis.typical_weeks import typical_weeks
    from hybridplan.analysis.with_without import with_without
    from hybridplan.domain import Scenario
    from hybridplan.errors import HybridplanError, InvalidInput, Issue
    from hybridplan.io.scenario_file import load
    from hybridplan.io.scenario_json import dump
    from hybridplan.jobs.sweeping import sweep
    from hybridplan.plan import Plan, SolveStatus

_HOMES = {
    "HybridplanError": "hybridplan.errors",
    "InvalidInput": "hybridplan.errors",
    "Issue": "hybridplan.errors",
    "Plan": "hybridplan.plan",
    "Scenario": "hybridplan.domain",
    "SolveStatus": "hybridplan.plan",
    "alternatives": "hybridplan.analysis.alternatives",
    "break_even": "hybridplan.analysis.sensitivity.break_even",
    "buying": "hybridplan.analysis.buying",
    "compare": "hybridplan.analysis.compare",
    "drill": "hybridplan.analysis.drills.drilling",
    "dump": "hybridplan.io.scenario_json",
    "field_sweep": "hybridplan.analysis.sensitivity.field_sweep",
    "frontier": "hybridplan.analysis.frontier",
    "ledger": "hybridplan.analysis.rule_prices",
    "load": "hybridplan.io.scenario_file",
    "price_ranges": "hybridplan.analysis.sensitivity.price_ranges",
    "replay": "hybridplan.analysis.drills.replaying",
    "solve": "hybridplan.analysis.planner",
    "sweep": "hybridplan.jobs.sweeping",
    "tornado": "hybridplan.analysis.sensitivity.tornado",
    "typical_weeks": "hybridplan.analysis.typical_weeks",
    "with_without": "hybridplan.analysis.with_without",
}

__all__ = [
    "HybridplanError",
    "InvalidInput",
    "Issue",
    "Plan",
    "Scenario",
    "SolveStatus",
    "alternatives",
    "break_even",
    "buying",
    "compare",
    "drill",
    "dump",
    "field_sweep",
    "frontier",
    "ledger",
    "load",
    "price_ranges",
    "replay",
    "solve",
    "sweep",
    "tornado",
    "typical_weeks",
    "with_without",
]


def __getattr__(name: str) -> Any:
    """Import public names when first used: the optimiser takes most of a second to load."""
    if name not in _HOMES:
        raise AttributeError(f"module 'hybridplan' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
