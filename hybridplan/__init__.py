"""Capacity and cost planner for hybrid-cloud AI data centres.

>>> import hybridplan as hp
>>> plan = hp.solve(hp.load("scenario.json"))  # doctest: +SKIP
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hybridplan.analysis.alternatives import alternatives
    from hybridplan.analysis.compare import compare
    from hybridplan.analysis.frontier import frontier
    from hybridplan.analysis.planner import solve
    from hybridplan.analysis.rule_prices import ledger
    from hybridplan.domain import Scenario
    from hybridplan.errors import HybridplanError, InvalidInput, Issue
    from hybridplan.io.scenario_file import load
    from hybridplan.io.scenario_json import dump
    from hybridplan.plan import Plan, SolveStatus

_HOMES = {
    "HybridplanError": "hybridplan.errors",
    "InvalidInput": "hybridplan.errors",
    "Issue": "hybridplan.errors",
    "Plan": "hybridplan.plan",
    "Scenario": "hybridplan.domain",
    "SolveStatus": "hybridplan.plan",
    "alternatives": "hybridplan.analysis.alternatives",
    "compare": "hybridplan.analysis.compare",
    "dump": "hybridplan.io.scenario_json",
    "frontier": "hybridplan.analysis.frontier",
    "ledger": "hybridplan.analysis.rule_prices",
    "load": "hybridplan.io.scenario_file",
    "solve": "hybridplan.analysis.planner",
}

__all__ = [
    "HybridplanError",
    "InvalidInput",
    "Issue",
    "Plan",
    "Scenario",
    "SolveStatus",
    "alternatives",
    "compare",
    "dump",
    "frontier",
    "ledger",
    "load",
    "solve",
]


def __getattr__(name: str) -> Any:
    """Import public names when first used: the optimiser takes most of a second to load."""
    if name not in _HOMES:
        raise AttributeError(f"module 'hybridplan' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
