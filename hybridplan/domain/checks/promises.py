"""Promises and the failures that they must survive: what cannot be promised, and what promises nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from hybridplan.domain.contingency import Contingency, lost
from hybridplan.errors import Issue

if TYPE_CHECKING:
    from hybridplan.domain.scenario import Scenario
    from hybridplan.domain.workload import Workload

_SHARE = "share from 0 to 1"


def check_promises(scenario: Scenario) -> Iterator[Issue]:
    """Errors of contingencies and of promises that cannot be planned; warnings of those without effect."""
    for key, contingency in scenario.policy.contingencies.items():
        yield from _contingency(f"policy.contingencies.{key}", contingency, scenario)
    yield from _twice(scenario.policy.contingencies)
    promised = {key: work for key, work in scenario.workloads.items() if work.promised_share > 0}
    if scenario.policy.contingencies and not promised:
        yield Issue(
            "policy.contingencies",
            "has no effect: no workload promises a share after a failure",
            mend="Give workloads a promised_share, or remove it.",
            severity="warning",
        )
    for key, work in promised.items():
        yield from _promise(f"workloads.{key}.promised_share", work, scenario)


def _contingency(here: str, contingency: Contingency, scenario: Scenario) -> Iterator[Issue]:
    record, kind = contingency.record, contingency.kind
    if kind == "spot":
        if record is not None:
            yield Issue(
                f"{here}.record", "spot means everything interruptible: it names no record", record, mend="Remove it."
            )
        return
    known = set(scenario.sites) if kind == "site" else {site.provider for site in scenario.sites.values()}
    if record is None:
        yield Issue(f"{here}.record", f"must name the {kind} that fails", mend=f"Name a {kind}.")
    elif record not in known:
        mend = f"Add the {kind}, or correct the id."
        yield Issue(f"{here}.record", f"there is no {kind} with this id", record, mend=mend)


def _twice(contingencies: dict[str, Contingency]) -> Iterator[Issue]:
    seen: dict[tuple[str, str | None], str] = {}
    for key, contingency in contingencies.items():
        first = seen.setdefault((contingency.kind, contingency.record), key)
        if first != key:
            path = f"policy.contingencies.{key}"
            yield Issue(path, f"is the same failure as {first}", mend="Remove one of the two.", severity="warning")


def _promise(path: str, work: Workload, scenario: Scenario) -> Iterator[Issue]:
    value = f"{work.promised_share:g}"
    if work.flexibility == "deferrable":
        mend = "Set flexibility to rigid, or remove the promise: work with windows can wait for repair."
        yield Issue(path, "is for rigid work only", value, _SHARE, mend)
        return
    if work.whole_replicas:
        mend = "Set whole_replicas to false, or remove the promise."
        yield Issue(path, "cannot be planned together with whole_replicas", value, _SHARE, mend)
    if not scenario.policy.contingencies:
        mend = "Name the failures to survive in policy.contingencies."
        yield Issue(path, "promises nothing: there is no contingency", value, _SHARE, mend, "warning")
    able = [p for p, pool in scenario.pools.items() if pool.sku in work.throughput and pool.site in scenario.sites]
    for key, contingency in scenario.policy.contingencies.items():
        if able and lost(contingency, scenario).pools.issuperset(able):
            message = (
                f"cannot be kept in {key}: all pools that can do this work are lost, so none of it would be served"
            )
            mend = "Add a pool that survives, or remove the promise or the contingency."
            yield Issue(path, message, value, _SHARE, mend, "warning")
