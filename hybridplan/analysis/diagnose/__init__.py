"""Diagnosis of a scenario without a plan: which single rule, changed by how much, would make it possible."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
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

_FOR_SETS: Final = 0.2
"""Share of the time that single rules leave."""
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
    found, mix, amounts, late = list[Relaxation](), tuple[Relaxation, ...](), None, False
    try:
        model = ElasticModel(scenario, seconds)
        amounts = by_amount.all_together(search, model)
    except SolveFailed:
        model = None
    # Some time is left for one set, and to prove it.
    first = replace(search, deadline=search.deadline - _FOR_SETS * search.left)
    try:
        for change in _changes(first, model if amounts is not None else None, offer_residency):
            found.append(change)
    except SolveFailed:
        late = True
    late = late or not first.left
    if not any(change.proven for change in found):
        mix = by_amount.mix(search, model, amounts) if model is not None and amounts is not None else ()
        mix = mix or together(search) or (joint(search) if offer_residency else ())
    hidden = () if offer_residency else withheld(search)
    message = ""
    if late or not search.left:
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
        found = list[Relaxation]()
        for change in by_amount.single_rules(search, model):
            found.append(change)
            yield change
        search = replace(search, hopeless=_hopeless(search, found))
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


def _hopeless(search: Search, found: list[Relaxation]) -> frozenset[str]:
    """Workloads that may stay undone, or for which that was tried, and no plan was there.

    None where some rule is better kept with more work: then less of it proves nothing.
    """
    scenario, policy = search.scenario, search.scenario.policy
    rewards = policy.min_providers or (policy.provider_share_cap or 1.0) < 1.0 or not search.left
    if rewards or any(pool.min_busy_share for pool in scenario.pools.values()):
        return frozenset()
    followed = {work.after for work in scenario.workloads.values() if work.after}
    undone = {change.record for change in found if change.rule in ("must_serve", "unserved_cap")}
    return frozenset(scenario.workloads) - undone - followed


def _order(change: Relaxation) -> tuple[bool, int, str]:
    """Proven first, then rules that cost least to give way, then by record."""
    return (not change.proven, RANKS.index(change.rule), change.record)
