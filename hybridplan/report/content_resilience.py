"""Evidence about failures: what can fail, what goes on after it, who takes over, and what is kept ready for that."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from hybridplan.analysis import drills, labels, promises
from hybridplan.analysis import format as fmt
from hybridplan.analysis.left_after import left_after
from hybridplan.analysis.sentences import promises as sentences
from hybridplan.analysis.wording import say
from hybridplan.domain import Scenario
from hybridplan.domain.contingency import lost
from hybridplan.plan import Plan
from hybridplan.report.content_parts import Section, Table
from hybridplan.report.content_tables import Show, capped, count, number, share, shortened, table, text


def sections(plan: Plan) -> tuple[Section, ...]:
    """One section; nothing where nothing can fail and no work is promised."""
    lines = [*sentences.kept(plan), *sentences.standby(plan), *sentences.forms(plan)]
    if not plan.scenario.policy.contingencies:
        return (Section("failures", "After a failure", bullets=capped(lines)),) if lines else ()
    is_promised = bool(promises.promised(plan.scenario))
    left, taken = _left(plan, keep_unpromised=not is_promised), _taken_over(plan)
    how = (say("promise.how"),) if is_promised else (say("report.no_promise"),)
    return (
        Section(
            "failures",
            "After a failure",
            paragraphs=(*how, *shortened(left), *(shortened(taken) if is_promised else ())),
            bullets=capped(lines),
            tables=(_failures(plan.scenario), *_goes_on(left), *_takes_over(taken)),
        ),
    )


def _failures(scenario: Scenario) -> Table:
    """What can fail, and what each failure takes."""
    names, rows = labels.contingencies(scenario), []
    for key, one in scenario.policy.contingencies.items():
        gone = lost(one, scenario)
        taken = [
            *labels.named(_in_order(scenario.pools, gone.pools), labels.pools(scenario)),
            *labels.named(_in_order(scenario.links, gone.links), labels.links(scenario)),
        ]
        rate = one.failures_per_year
        repair = one.repair_hours if rate > 0 else float("nan")
        rows.append({"failure": names[key], "takes": fmt.shortened(taken), "rate": rate or float("nan"), "h": repair})
    columns = {
        "failure": text("Failure"),
        "takes": text("Takes"),
        "rate": number("Failures per year (assumed)"),
        "h": number("Repair (hours, assumed)"),
    }
    return table("failures", "What can fail, one at a time", pd.DataFrame(rows), columns)


def _in_order(ids: Iterable[str], chosen: frozenset[str]) -> list[str]:
    return [key for key in ids if key in chosen]


def _left(plan: Plan, *, keep_unpromised: bool) -> pd.DataFrame:
    rows, works = left_after(plan, keep_unpromised=keep_unpromised), plan.scenario.workloads
    rows = rows.loc[[works[str(key)].flexibility == "rigid" for key in rows["workload"]]].reset_index(drop=True)
    return rows.assign(
        name=labels.named(rows["workload"], labels.workloads(plan.scenario)),
        failure=labels.named(rows["contingency"], labels.contingencies(plan.scenario)),
        promised=rows["promised_share"].where(rows["promised_share"] > 0),
    )


def _goes_on(rows: pd.DataFrame) -> tuple[Table, ...]:
    if rows.empty:
        return ()
    columns = {
        "name": text("Workload"),
        "failure": text("After the"),
        "promised": share("Promised (of what is served)"),
        "worst_share": share("Goes on (in the worst period)"),
        "horizon_share": share("Goes on (if it lasted all the time)"),
    }
    return (table("survival", "What goes on after a failure", rows, columns),)


def _taken_over(plan: Plan) -> pd.DataFrame:
    scenario, rows = plan.scenario, drills.failover_table(plan)
    return rows.assign(
        name=labels.named(rows["workload"], labels.workloads(scenario)),
        failure=labels.named(rows["contingency"], labels.contingencies(scenario)),
        pool_name=labels.named(rows["pool"], labels.pools(scenario)),
        unit=[scenario.workloads[str(key)].unit for key in rows["workload"]],
    )


def _takes_over(rows: pd.DataFrame) -> tuple[Table, ...]:
    if rows.empty:
        return ()
    columns: dict[str, Show] = {
        "name": text("Workload"),
        "failure": text("After the"),
        "order": count("Order"),
        "pool_name": text("Takes over"),
        "most_units_per_hour": number("At most (units per hour)"),
        "unit": text("Unit"),
        "most_accelerators": count("At most (accelerators)"),
        "round_trip_ms": number("Round trip (ms)"),
    }
    return (table("failover", "Who takes over, nearest first", rows, columns),)
