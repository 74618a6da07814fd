"""Promises in words: what stands by, and what goes on after a failure."""

from __future__ import annotations

from hybridplan.analysis import format as fmt
from hybridplan.analysis import labels, promises
from hybridplan.analysis.wording import plural, say
from hybridplan.plan import Plan


def standby(plan: Plan) -> list[str]:
    """One sentence for each pool and workload with standby; or that none is needed. Empty where nothing is promised."""
    if plan.tables is None or not promises.promised(plan.scenario):
        return []
    scenario, rows = plan.scenario, promises.standby(plan.scenario, plan.tables)
    works, pools, span = labels.workloads(scenario), labels.pools(scenario), fmt.span(scenario.horizon.plan_hours)
    lines = []
    for row in rows.sort_values("accelerator_hours", ascending=False, kind="stable").to_dict("records"):
        usd = fmt.money(row["rent_usd"], scenario.display_currency)
        lines.append(
            say(
                "promise.standby",
                workload=works[row["workload"]],
                pool=pools[row["pool"]],
                sku=labels.accelerator(scenario, row["pool"]),
                count=fmt.count(row["most"]),
                rent=say("promise.rent", usd=usd, span=span) if row["rent_usd"] > 0 else "",
            )
        )
    return lines or [say("promise.no_standby")]


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
        worst = mine.sort_values("left_share", kind="stable").iloc[0]
        count = plural(len(mine), "failure")
        lines.append(
            say(
                "promise.kept",
                workload=names[key],
                share=fmt.share(share),
                left=fmt.share(float(worst["left_share"])),
                failure=failures[str(worst["contingency"])],
                worst=say("promise.worst", count=count) if len(mine) > 1 else "",
            )
        )
    return lines
