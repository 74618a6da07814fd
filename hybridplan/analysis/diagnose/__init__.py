"""Diagnosis of a scenario without a plan: which single rule, changed by how much, would make it possible."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from time import monotonic
from typing import Final

from hybridplan.analysis.diagnose import by_amount
from hybridplan.analysis.diagnose.attempt import Search, apply
from hybridplan.analysis.diagnose.dropped import dropped, more_copies
from hybridplan.analysis.diagnose.ladders import Ladder, sufficient
from hybridplan.analysis.diagnose.latency import latency
from hybridplan.analysis.diagnose.providers import providers
from hybridplan.analysis.diagnose.purchases import purchases
from hybridplan.analysis.diagnose.residency import UNITS, joint, residency, withheld
from hybridplan.analysis.diagnose.together import together
from hybridplan.analysis.diagnose.windows import deadlines, starts
from hybridplan.domain import Scenario
from hybridplan.errors import SolveFailed
from hybridplan.model.elastic import ElasticModel
from hybridplan.model.possible import essential, rewards_work
from hybridplan.plan import Diagnosis, Relaxation
from hybridplan.settings import SOLVE_SECONDS

_FOR_SETS: Final = 0.2
"""Share of the time that single rules leave."""
_FOR_AMOUNTS: Final = 0.6
"""Share of the time of single rules for those that give way by an amount in one model."""
_ALONE: Final = ("starts", "copies")
"""Kinds that are no part of a set: two windows may not meet, and a copy for every site is no small change."""
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
    model = _model(search)
    positions = by_amount.hopeful(search, model) if model is not None else None
    # Some time is left for one set, and to prove it.
    first, singles = search.within(1.0 - _FOR_SETS), list[Relaxation]()
    if model is not None and positions is not None:
        singles = list(by_amount.single_rules(first.within(_FOR_AMOUNTS), model, positions))
        search = replace(search, hopeless=_hopeless(search, singles))
    ladders = _ladders(search)
    first = replace(search, deadline=first.deadline)
    found, mix = [*singles, *_others(first, ladders, offer_residency)], tuple[Relaxation, ...]()
    if not any(change.proven for change in found):
        mix = by_amount.mix(search, model) if model is not None and positions is not None else ()
        jointly = [ladder for kind, some in ladders.items() if kind not in _ALONE for ladder in some]
        mix = mix or together(search, jointly)
        mix = mix or (joint(search) if offer_residency else ())
    hidden = () if offer_residency else withheld(search)
    message = ""
    if search.untried or not search.left:
        is_known = found or mix
        message = "Not every rule was tried: the time limit was reached." if is_known else "No cause was found in time."
    return Diagnosis(tuple(sorted(found, key=_order)), mix, message, hidden)


def _model(search: Search) -> ElasticModel | None:
    """None where no rule gives way by an amount."""
    try:
        return ElasticModel(essential(search.scenario), search.left)
    except SolveFailed:
        return None


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


def _ladders(search: Search) -> dict[str, list[Ladder]]:
    """How all rules give way that do not do so by an amount in one model, by kind."""
    return {
        "latency": list(latency(search)),
        "deadlines": list(deadlines(search)),
        "starts": list(starts(search)),
        "purchases": list(purchases(search)),
        "providers": list(providers(search)),
        "whole things and least numbers": list(dropped(search)),
        "copies": list(more_copies(search)),
    }


def _others(search: Search, ladders: dict[str, list[Ladder]], offer_residency: bool) -> Iterator[Relaxation]:
    """Every change of them that suffices alone: which do first, then how little is enough of each."""
    chosen = list[Ladder]()
    for number, (kind, found) in enumerate(ladders.items()):
        search.progress(f"Looking for the cause: {kind}")
        mine = search.within(1.0 / (len(ladders) - number))
        chosen += sufficient(mine, [ladder for ladder in found if _has_hope(search, ladder.furthest)])
    if offer_residency:
        search.progress("Looking for the cause: residency and security rules")
        yield from residency(search)
    for number, ladder in enumerate(chosen):
        search.progress(f"Looking for the least change: {number + 1} of {len(chosen)}")
        yield ladder.least(search.within(1.0 / (len(chosen) - number)))


def _has_hope(search: Search, change: Relaxation) -> bool:
    section, record, *_ = *change.path.split("/"), ""
    return section != "workloads" or record not in search.hopeless


def _hopeless(search: Search, found: list[Relaxation]) -> frozenset[str]:
    """Workloads that may stay undone, or for which that was tried, and no plan was there.

    None where some rule is better kept with more work: then less of it proves nothing.
    """
    scenario = search.scenario
    if rewards_work(scenario) or search.untried or not search.left:
        return frozenset()
    followed = {work.after for work in scenario.workloads.values() if work.after}
    undone = {change.record for change in found if change.rule in ("must_serve", "unserved_cap")}
    return frozenset(scenario.workloads) - undone - followed


def _order(change: Relaxation) -> tuple[bool, int, str]:
    """Proven first, then rules that cost least to give way, then by record."""
    return (not change.proven, RANKS.index(change.rule), change.record)
