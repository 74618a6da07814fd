"""Promises in words: what stands by, and what goes on after a failure."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from typing import Any

from hybridplan.analysis import format as fmt
from hybridplan.analysis import labels, promises
from hybridplan.analysis.wording import plural, say
from hybridplan.domain import Scenario
from hybridplan.plan import Plan

_ALL = 1e-9
"""Share of what is served below which a loss is rounding."""
_SLACK = 1e-6
"""Share of what is served by which a promise may be missed: the audit's tolerance on it."""


def standby(plan: Plan) -> list[str]:
    """One sentence for each workload with standby, or that none is needed; empty where no dedicated promise is made."""
    if plan.tables is None or not promises.promised(plan.scenario):
        return []
    scenario, names = plan.scenario, labels.workloads(plan.scenario)
    rows = promises.standby(scenario, plan.tables).sort_values("accelerator_hours", ascending=False, kind="stable")
    span, currency, lines = fmt.span(scenario.horizon.plan_hours), scenario.display_currency, list[str]()
    for key in dict.fromkeys(rows["workload"].astype(str)):
        mine = rows.loc[rows["workload"] == key]
        usd = float(mine["rent_usd"].sum())
        rent = say("promise.rent", usd=fmt.money(usd, currency), span=span) if usd > 0 else ""
        parts = fmt.listed([_part(scenario, row) for row in mine.to_dict("records")])
        lines.append(say("promise.standby", workload=names[key], parts=parts, rent=rent))
    return lines or _no_standby(scenario)


def in_short(plan: Plan) -> list[str]:
    """One sentence: which work goes on after every failure as promised, and one on work that does not; empty where no
    work is promised or nothing can fail.
    """
    shares = promises.promised(plan.scenario)
    if plan.tables is None or not shares:
        return []
    names, failures = labels.workloads(plan.scenario), labels.contingencies(plan.scenario)
    worst = promises.survival(plan.scenario, plan.tables).groupby("workload")["left_share"].min()
    kept_by = {key: float(worst[key]) >= share - _SLACK for key, share in shares.items()}
    good, broken = (
        labels.named([key for key, is_kept in kept_by.items() if is_kept is one], names) for one in (True, False)
    )
    if len(failures) == 1:
        when = say("promise.short.only", failure=next(iter(failures.values())))
    else:
        when = say("promise.short.any", count=plural(len(failures), "failure"))
    lines = []
    if good:
        count = f"{plural(len(good), 'workload')} {'goes' if len(good) == 1 else 'go'}"
        lines.append(say("promise.short", when=when, count=count, workloads=fmt.shortened(good)))
    return [*lines, *([say("promise.short_broken", workloads=fmt.shortened(broken))] if broken else [])]


def _no_standby(scenario: Scenario) -> list[str]:
    """That none is needed, where a promise asks for standby of its own."""
    works, names = scenario.workloads, labels.workloads(scenario)
    all_of_them = list(promises.promised(scenario))
    own = [key for key in all_of_them if works[key].promise_form == "dedicated"]
    if len(own) == len(all_of_them):
        return [say("promise.no_standby")]
    return [say("promise.no_standby_for", workloads=fmt.listed(labels.named(own, names)))] if own else []


def _part(scenario: Scenario, row: dict[Hashable, Any]) -> str:
    pool = str(row["pool"])
    sku, name = labels.accelerator(scenario, pool), labels.pools(scenario)[pool]
    return say("promise.part", count=fmt.count(float(row["most"])), sku=sku, pool=name)


def growing(scenario: Scenario, works: Iterable[str]) -> str:
    """On-demand pools that can grow after a failure within the recovery time of one of these workloads; empty: none."""
    names = labels.pools(scenario)
    hours = max((scenario.workloads[key].recovery_minutes / 60.0 for key in works), default=0.0)
    found = [
        names[key]
        for key, pool in scenario.pools.items()
        if pool.purchase_option == "on_demand" and pool.ramp_up_accelerators_per_hour and hours > pool.lead_time_hours
    ]
    return fmt.shortened(found)


def recovery(scenario: Scenario, works: Iterable[str]) -> str:
    """The recovery times of these workloads, as far as they are above 0: ``15 minutes``, ``15 to 60 minutes``."""
    minutes = {scenario.workloads[key].recovery_minutes for key in works}
    found = sorted(minutes - {0.0}) or [0.0]
    if len(found) == 1:
        return f"{fmt.count(found[0])} {'minute' if found[0] == 1 else 'minutes'}"
    return f"{fmt.count(found[0])} to {fmt.count(found[-1])} minutes"


def forms(plan: Plan) -> list[str]:
    """How shared and cold promises are kept, and what a cold one assumes; empty where all are dedicated."""
    scenario, names, lines = plan.scenario, labels.workloads(plan.scenario), list[str]()
    by_form: dict[str, list[str]] = {"shared": [], "cold": []}
    for key in promises.promised(scenario):
        by_form.get(scenario.workloads[key].promise_form, []).append(key)
    if by_form["shared"]:
        lines.append(say("promise.shared", workloads=fmt.listed(labels.named(by_form["shared"], names))))
    if cold := by_form["cold"]:
        pools, words = growing(scenario, cold), fmt.listed(labels.named(cold, names))
        code = "promise.cold" if pools else "promise.cold_nothing"
        lines.append(say(code, workloads=words, minutes=recovery(scenario, cold), pools=pools))
    return lines


def kept(plan: Plan) -> list[str]:
    """For each promised workload what goes on after the worst failure; that nothing can fail, where that is so."""
    if plan.tables is None:
        return []
    scenario, names = plan.scenario, labels.workloads(plan.scenario)
    failures, lines = labels.contingencies(scenario), list[str]()
    if not failures:
        works = {key: work.promised_share for key, work in scenario.workloads.items() if work.promised_share > 0}
        return [say("promise.nothing", workload=names[key], share=fmt.share(share)) for key, share in works.items()]
    rows = promises.survival(scenario, plan.tables)
    for key, share in promises.promised(scenario).items():
        mine = rows.loc[rows["workload"] == key]
        worst, count = mine.sort_values("left_share", kind="stable").iloc[0], plural(len(mine), "failure")
        words, left = {"workload": names[key], "share": fmt.share(share)}, float(worst["left_share"])
        if len(mine) > 1 and left >= 1.0 - _ALL:
            lines.append(f"{say('promise.kept_all', count=count, **words)} {say('promise.change.all')}")
            continue
        words["worst"] = say("promise.worst", count=count) if len(mine) > 1 else ""
        failure = failures[str(worst["contingency"])]
        line = say("promise.kept", left=fmt.share(left), failure=failure, **words)
        code = "promise.change.all" if left >= 1.0 - _ALL else "promise.change.kept"
        lines.append(f"{line} {say(code, left=fmt.share(left))}")
    return lines
