"""The same scenario with capacity that comes and goes at once: what slow scaling costs is the difference."""

from __future__ import annotations

from typing import Any, Final

from hybridplan.domain import Scenario, require
from hybridplan.domain.features import is_always_on

SLOW: Final = ("ramp_up_accelerators_per_hour", "ramp_down_accelerators_per_hour", "lead_time_hours")
"""Fields of a pool that make it slow."""


def instant_scaling(scenario: Scenario) -> Scenario | None:
    """The scenario without ramps and lead times; None where no pool that comes and goes has any."""
    document: dict[str, Any] = scenario.to_dict()
    changing = [key for key, pool in scenario.pools.items() if not is_always_on(pool)]
    slow = [(document["pools"][key], field) for key in changing for field in SLOW if field in document["pools"][key]]
    for pool, field in slow:
        del pool[field]
    return require(document) if slow else None
