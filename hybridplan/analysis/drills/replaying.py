"""Random failures replayed over a plan: how available work is, over many runs."""

from __future__ import annotations

from typing import Any

from hybridplan.analysis.drills.records import Replay
from hybridplan.plan import Plan

STUDY = "replay"
"""Study that replays in a worker, with the options of :func:`replay_options`; the scenario is that of the plan."""


def replay(plan: Plan, *, years: float = 1.0, runs: int = 1000, seed: int = 1, keep_unpromised: bool = False) -> Replay:
    """Fail and repair everything at random, ``runs`` times over ``years``, and count what is served.

    Each contingency with failures_per_year > 0 is up for an exponential time with mean 8,760 / failures_per_year hours
    and then down for one with mean repair_hours, independent of the others. The plan's blocks follow each other, each
    as often as its weight says, again and again. Equal arguments give an equal result. Raises :class:`InvalidInput`
    for a plan without tables and for years, runs or a seed out of range.
    """
    raise NotImplementedError


def replay_options(
    plan: Plan, *, years: float = 1.0, runs: int = 1000, seed: int = 1, keep_unpromised: bool = False
) -> dict[str, Any]:
    """Options of the study ``replay`` for this plan: plain JSON values, the packed plan among them."""
    raise NotImplementedError
