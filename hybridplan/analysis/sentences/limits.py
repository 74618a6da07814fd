"""What limits the plan, and what moving each limit is worth."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from hybridplan.analysis import format as fmt
from hybridplan.analysis import jobs, labels, limits
from hybridplan.analysis.wording import ENGLISH, say
from hybridplan.domain import Scenario
from hybridplan.plan import Plan

AFTER_FAILURE = ("promise", "promise_bandwidth", *limits.ROOM_AFTER)
"""Limits whose record is ``workload/contingency``, ``link/contingency`` or ``contingency/pool``."""
_OF_COMMITMENTS = ("new_commitment", "spend_commitment")
_OF_RECORDS: Final[dict[str, Callable[[Scenario], dict[str, str]]]] = {
    "bought": labels.expansions,
    "site_space": labels.sites,
    "site_power": labels.sites,
    "copies": labels.datasets,
    "sync": labels.datasets,
}
_OF_ACCELERATORS = (limits.ONE_MORE_ACCELERATOR, "capacity", "kept")


def binding(plan: Plan, most: int = 3) -> list[str]:
    """The dearest limits as sentences; or that none is worth money, or that no values are known."""
    if plan.shadow_prices.empty:
        return [say("limit.no_prices")]
    rows = limits.binding(plan).head(most)
    if rows.empty:
        return [say("limit.none")]
    return [sentence(plan, *row) for row in rows.itertuples(index=False, name=None)]


def subject(plan: Plan, pool_id: str) -> str:
    """What one more of is meant: ``H100 in fra-private``."""
    scenario = plan.scenario
    return f"{labels.accelerator(scenario, pool_id)} in {labels.pools(scenario).get(pool_id, pool_id)}"


def name(plan: Plan, limit: str, record: str) -> str:
    """A limit in a few words: ``H100 in fra-private``, ``Parallel limit: train``, ``Growth per hour: cloud``."""
    scenario = plan.scenario
    if record in scenario.pools and limit in _OF_ACCELERATORS:
        return subject(plan, record)
    names = _names(scenario, limit)
    if limit in ("provider_share", "min_providers"):
        names = {record: record}
    kind = say(f"limit_name.{limit}") if f"limit_name.{limit}" in ENGLISH else limit.replace("_", " ")
    if limit in AFTER_FAILURE:
        first, failure = _of_failure(plan, limit, record)
        return say("limit_name.of_failure", kind=kind, name=names.get(first, first), failure=failure)
    return f"{kind}: {names[record]}" if record in names else kind


def validity(plan: Plan) -> str:
    """How far the values hold."""
    words = say("limit.validity")
    return f"{words} {say('limit.conditional')}" if plan.kind == "mixed_integer" else words


def basis(plan: Plan, is_proven: bool) -> str:
    """Where a value comes from, in a few words."""
    if is_proven:
        return "solved again"
    return "at the margin, whole numbers held fixed" if plan.kind == "mixed_integer" else "at the margin"


def sentence(
    plan: Plan,
    limit: str,
    record: str,
    usd: float,
    hours: float,
    usd_per_hour: float,
    unit: str,
    valid_to: float = float("nan"),
    is_proven: bool = False,
) -> str:
    """One row of :func:`hybridplan.analysis.limits.binding` in words."""
    scenario = plan.scenario
    record, failure = _of_failure(plan, limit, record)
    workload = labels.window_owners(scenario).get(record, record)
    first = jobs.followers(scenario).get(workload, "")
    of_unit = first if limit == "after" else workload
    holds = "" if valid_to != valid_to else " " + say("limit.holds", count=fmt.count(valid_to))
    return say(
        _code(scenario, limit),
        usd=fmt.money(usd, scenario.display_currency),
        ratio=fmt.number(usd),
        rate_usd=fmt.money(usd_per_hour, scenario.display_currency),
        save=say("limit.saves" if is_proven else "limit.saves_at_most"),
        holds=holds,
        span=fmt.span(scenario.horizon.plan_hours),
        whole=fmt.whole_span(scenario.horizon.plan_hours),
        code=scenario.display_currency.code,
        accelerator=_accelerator(scenario, limit, record),
        pool=labels.pools(scenario).get(record, record),
        workload=labels.workloads(scenario).get(workload, workload),
        link=labels.links(scenario).get(record, record),
        provider=record,
        failure=failure,
        limit=limit.replace("_", " "),
        record=record,
        name=_names(scenario, limit).get(record, record),
        first=labels.workloads(scenario).get(first, first),
        unit=scenario.workloads[of_unit].unit if of_unit in scenario.workloads else unit,
        **{name: _rate(plan, name, hours, usd_per_hour) for name in ("rate", "rate_link", "rate_limit")},
    )


def _code(scenario: Scenario, limit: str) -> str:
    """The sentence of a limit."""
    if limit == "provider_share" and scenario.policy.provider_share_of == "rented_usd":
        return "limit.provider_share_usd"
    return f"limit.{limit}" if f"limit.{limit}" in ENGLISH else "limit.other"


def _names(scenario: Scenario, limit: str) -> dict[str, str]:
    """Names of what a limit is a limit of."""
    if limit in _OF_COMMITMENTS:
        return {**labels.spend_commitments(scenario), **labels.commitments(scenario)}
    if limit in _OF_RECORDS:
        return _OF_RECORDS[limit](scenario)
    return {**labels.pools(scenario), **labels.workloads(scenario), **labels.links(scenario)}


def _accelerator(scenario: Scenario, limit: str, record: str) -> str:
    """What one more of is counted, where the limit is one of accelerators."""
    pool = scenario.expansions[record].pool if limit == "bought" and record in scenario.expansions else record
    return labels.accelerator(scenario, pool) if pool in scenario.pools else ""


def _of_failure(plan: Plan, limit: str, record: str) -> tuple[str, str]:
    """Workload, link or pool of a limit that holds after a failure, and the failure in words; empty for others."""
    if limit not in AFTER_FAILURE:
        return record, ""
    first, failure, *_ = record.split("/")
    if limit in limits.ROOM_AFTER:
        first, failure = failure, first
    return first, labels.contingencies(plan.scenario).get(failure, failure)


def _rate(plan: Plan, name: str, hours: float, usd_per_hour: float) -> str:
    """``(3.10 USD/h in the 41 hours when the limit binds)``, a space before it; empty where no hour is known."""
    if not usd_per_hour > 0 or plan.scenario.horizon.plan_hours <= 1:
        return ""
    rate = fmt.money(usd_per_hour, plan.scenario.display_currency)
    if hours >= plan.scenario.horizon.plan_hours * (1 - 1e-9):
        return " " + say(f"limit.{name}_always", rate=rate)
    return " " + say(f"limit.{name}", rate=rate, hours=fmt.hours(hours))
