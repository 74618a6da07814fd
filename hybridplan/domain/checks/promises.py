"""Promises that work makes for after a failure: what cannot be promised, and what promises nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Final

from hybridplan.domain.checks.contingencies import check_contingencies
from hybridplan.domain.checks.failover import Failover
from hybridplan.domain.contingency import Lost, lost
from hybridplan.errors import Issue

if TYPE_CHECKING:
    from hybridplan.domain.pool import Pool
    from hybridplan.domain.scenario import Scenario
    from hybridplan.domain.workload import Workload

_SHARE: Final = "share from 0 to 1"


def check_promises(scenario: Scenario) -> Iterator[Issue]:
    """Issues of contingencies, and of promises that cannot be planned or have no effect."""
    failures = scenario.policy.contingencies
    losses = {key: lost(contingency, scenario) for key, contingency in failures.items()}
    yield from check_contingencies(scenario, losses)
    promised = {key: work for key, work in scenario.workloads.items() if work.promised_share > 0}
    is_replayed = any(contingency.failures_per_year for contingency in failures.values())
    if failures and not promised and not is_replayed:
        yield Issue(
            "policy.contingencies",
            "changes no plan: no workload promises a share after a failure",
            mend="Give workloads a promised_share, or remove it.",
            severity="warning",
        )
    failover = Failover(scenario)
    for key, work in scenario.workloads.items():
        here = f"workloads.{key}"
        yield from _latency_after(here, work)
        yield from _availability(here, work, is_replayed=is_replayed)
        if key not in promised:
            yield from _no_effect(here, work)
        elif work.flexibility == "deferrable":
            mend = "Set flexibility to rigid, or remove the promise: work with windows can wait for repair."
            yield Issue(f"{here}.promised_share", "is for rigid work only", f"{work.promised_share:g}", _SHARE, mend)
        else:
            yield from _promise(f"{here}.promised_share", work, losses, failover)
            if work.promise_form == "cold":
                yield from _cold(here, work, [scenario.pools[pool] for pool in failover.able(work)])


def _promise(path: str, work: Workload, losses: Mapping[str, Lost], failover: Failover) -> Iterator[Issue]:
    value = f"{work.promised_share:g}"
    if work.whole_replicas:
        mend = "Set whole_replicas to false, or remove the promise."
        yield Issue(path, "cannot be planned together with whole_replicas", value, _SHARE, mend)
    if not losses:
        mend = "Name the failures to survive in policy.contingencies."
        yield Issue(path, "promises nothing: there is no contingency", value, _SHARE, mend, "warning")
    able = failover.able(work)
    for key, loss in losses.items():
        reason = failover.why_none(work, able, loss)
        if reason:
            message = f"cannot be kept in {key}: {reason}, so none of it would be served"
            mend = "Add a pool that survives, or remove the promise or the contingency."
            yield Issue(path, message, value, _SHARE, mend, "warning")


def _latency_after(here: str, work: Workload) -> Iterator[Issue]:
    after, objective = work.latency_after_failure_ms, work.latency_objective_ms
    if after is None:
        return
    path, value = f"{here}.latency_after_failure_ms", f"{after:g}"
    if objective is None:
        mend = "Set latency_objective_ms, or remove it: without an objective any latency is allowed."
        yield Issue(path, "needs an objective for when nothing has failed", value, "ms", mend)
    elif after < objective:
        message = f"is below the objective while nothing has failed ({objective:g} ms)"
        yield Issue(path, message, value, "ms", "Raise it to at least latency_objective_ms, or remove it.")


def _availability(here: str, work: Workload, *, is_replayed: bool) -> Iterator[Issue]:
    objective = work.availability_objective_share
    if objective is not None and not is_replayed:
        message = "has no effect: no contingency has failures_per_year, so no random failures can be replayed"
        mend = "Enter failures_per_year of contingencies, or remove it."
        yield Issue(f"{here}.availability_objective_share", message, f"{objective:g}", _SHARE, mend, "warning")


def _no_effect(here: str, work: Workload) -> Iterator[Issue]:
    set_here = {
        "promise_form": (work.promise_form if work.promise_form != "dedicated" else "", ""),
        "recovery_minutes": (f"{work.recovery_minutes:g}" if work.recovery_minutes else "", "minutes"),
    }
    after = work.latency_after_failure_ms
    if after is not None and work.latency_objective_ms is not None and after >= work.latency_objective_ms:
        set_here["latency_after_failure_ms"] = (f"{after:g}", "ms")
    for field, (value, unit) in set_here.items():
        if value:
            message = "has no effect: nothing is promised after a failure"
            mend = "Enter promised_share, or remove it."
            if work.flexibility == "deferrable":
                message, mend = "has no effect: only rigid work can promise a share after a failure", "Remove it."
            yield Issue(f"{here}.{field}", message, value, unit, mend, "warning")


def _cold(here: str, work: Workload, able: list[Pool]) -> Iterator[Issue]:
    """Warnings where none of the pools can grow after a failure, so that cold means the same as shared."""
    same = "so cold promises no more than shared"
    growing = [pool for pool in able if _grows(pool)]
    if not growing:
        message = f"no on-demand pool that can do this work has a ramp, {same}"
        mend = "Enter ramp_up_accelerators_per_hour of an on-demand pool, or set promise_form to shared."
        yield Issue(f"{here}.promise_form", message, work.promise_form, mend=mend, severity="warning")
    elif not work.recovery_minutes:
        message, mend = f"is 0, {same}", "Enter how long recovery may take, or set promise_form to shared."
        yield Issue(f"{here}.recovery_minutes", message, "0", "minutes", mend, "warning")
    else:
        least = 60 * min(pool.lead_time_hours for pool in growing)
        if work.recovery_minutes <= least:
            message = f"is not longer than any lead time (the shortest is {least:g} minutes), {same}"
            mend = "Allow more time, or shorten lead_time_hours of an on-demand pool with a ramp."
            value = f"{work.recovery_minutes:g}"
            yield Issue(f"{here}.recovery_minutes", message, value, "minutes", mend, "warning")


def _grows(pool: Pool) -> bool:
    return pool.purchase_option == "on_demand" and pool.ramp_up_accelerators_per_hour is not None
