"""Diagnosis of a scenario without a plan: which single rule, changed by how much, would make it possible."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from time import monotonic
from typing import Final

from hybridplan.analysis.diagnose import by_amount
from hybridplan.analysis.diagnose.attempt import Search, apply
from hybridplan.analysis.diagnose.dropped import dropped
from hybridplan.analysis.diagnose.latency import latency
from hybridplan.analysis.diagnose.providers import providers
from hybridplan.analysis.diagnose.purchases import purchases
from hybridplan.analysis.diagnose.residency import UNITS, joint, residency, withheld
from hybridplan.analysis.diagnose.together import together
from hybridplan.analysis.diagnose.windows import windows
from hybridplan.domain import Scenario
from hybridplan.errors import SolveFailed
from hybridplan.model.elastic import ElasticModel
from hybridplan.plan import Diagnosis, Relaxation
from hybridplan.settings import SOLVE_SECONDS

__all__ = ["RANKS", "apply", "diagnose", "diagnosis"]

RANKS: Final = (
    "latency",
    "mean_latency",
    "latency_after_failure",
    "deadline",
    "window_start",
    "min_provisioned",
    "min_busy_share",
    "min_on_hours",
    "ramp_up",
    "ramp_down",
    "whole_nodes",
    "whole_replicas",
    "one_site",
    "after",
    "link_bandwidth",
    "max_private_gbps",
    "site_power",
    "site_space",
    "parallel_limit",
    "interruptible_share",
    "capacity",
    "max_accelerators",
    "max_new_accelerators",
    "max_new_usd_per_hour",
    "min_accelerators",
    "min_new_accelerators",
    "min_new_usd_per_hour",
    "copies",
    "min_copies",
    "budget",
    "carbon_cap",
    "provider_share",
    "max_providers",
    "min_providers",
    "promise",
    "unserved_cap",
    "must_serve",
    *UNITS,
)
"""Every rule that may be offered, the ones that cost least to give way first."""


def diagnose(
    scenario: Scenario,
    *,
    seconds: float = 30.0,
    progress: Callable[[str], None] | None = None,
    offer_residency: bool = False,
) -> Diagnosis:
    """For each hard rule alone its least relaxation in its own unit; where none suffices, one set that does.

    Every offer is proven by a re-solve with the change applied. Residency, required attributes, and allowed and denied
    sites are offered only with ``offer_residency``; else the diagnosis names those that stand in the way. Stops with
    what it has after ``seconds``, and says so.
    """
    search = Search(scenario, monotonic() + seconds, progress or (lambda text: None))
    found, mix = list[Relaxation](), tuple[Relaxation, ...]()
    try:
        model = ElasticModel(scenario, seconds)
    except SolveFailed:
        model = None
    try:
        for change in _changes(search, model, offer_residency):
            found.append(change)
    except SolveFailed:
        search = Search(scenario, monotonic(), search.progress)
    if not any(change.proven for change in found):
        mix = by_amount.mix(search, model) if model is not None else ()
        mix = mix or together(search) or (joint(search) if offer_residency else ())
    hidden = () if offer_residency else withheld(search)
    message = ""
    if not search.left:
        is_known = found or mix
        message = "Not every rule was tried: the time limit was reached." if is_known else "No cause was found in time."
    return Diagnosis(tuple(sorted(found, key=_order)), mix, message, hidden)


def diagnosis(
    scenario: Scenario,
    *,
    offer_residency: bool = False,
    time_limit_seconds: float | None = None,
    progress: Callable[[str], None] | None = None,
) -> Diagnosis:
    """As :func:`diagnose`, as a study: ``time_limit_seconds`` defaults to HYBRIDPLAN_SOLVE_SECONDS."""
    seconds = SOLVE_SECONDS.read() if time_limit_seconds is None else time_limit_seconds
    return diagnose(scenario, seconds=seconds, progress=progress, offer_residency=offer_residency)


def _changes(search: Search, model: ElasticModel | None, offer_residency: bool) -> Iterator[Relaxation]:
    """Every change that suffices alone."""
    if model is not None:
        yield from by_amount.single_rules(search, model)
    for text, kind in (
        ("latency", latency),
        ("deadlines", windows),
        ("purchases", purchases),
        ("providers", providers),
        ("whole things and least numbers", dropped),
    ):
        search.progress(f"Looking for the cause: {text}")
        yield from kind(search) if search.left else ()
    if offer_residency:
        search.progress("Looking for the cause: residency and security rules")
        yield from residency(search)


def _order(change: Relaxation) -> tuple[bool, int, str]:
    """Proven first, then rules that cost least to give way, then by record."""
    return (not change.proven, RANKS.index(change.rule), change.record)
