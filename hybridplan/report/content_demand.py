"""Evidence about the demand: every workload with its promises, and the throughputs that the plan rests on."""

from __future__ import annotations

import pandas as pd

from hybridplan.analysis import format as fmt
from hybridplan.analysis import frames, labels
from hybridplan.analysis.sentences import latency as latency_sentences
from hybridplan.analysis.wording import plural, say
from hybridplan.domain import Scenario, Workload
from hybridplan.domain.attributes import attribute_labels
from hybridplan.plan import Plan
from hybridplan.report.content_parts import Section, Table
from hybridplan.report.content_tables import number, shortened, table, text

_KEPT_BY = {
    "dedicated": "by standby of its own",
    "shared": "by what survives",
    "cold": "by what survives or starts in time",
}


def demand(plan: Plan) -> Section:
    """Workloads: how much, when, under which promises; and what an accelerator does for them."""
    speeds = _throughput(plan)
    return Section(
        "demand",
        "Workloads and promises",
        paragraphs=shortened(speeds),
        tables=(_demand(plan.scenario), _promises(plan.scenario), *_speed_table(speeds)),
    )


def _demand(scenario: Scenario) -> Table:
    units, names = frames.demanded_units(scenario), labels.workloads(scenario)
    rigid = frames.demand(scenario)
    peaks = rigid.groupby("workload")["units_per_hour"].max() if len(rigid) else pd.Series(dtype=float)
    rows = [
        {
            "name": names[key],
            "kind": f"{work.kind}{f', {work.model}' if work.model else ''}",
            "units": units[key],
            "peak": float(peaks.get(key, float("nan"))),
            "unit": work.unit,
            "source": work.demand_source,
            "day": fmt.NO_VALUE if work.demand_date is None else fmt.day(work.demand_date),
        }
        for key, work in scenario.workloads.items()
    ]
    columns = {
        "name": text("Workload"),
        "kind": text("Kind"),
        "units": number(f"Demand (units in {fmt.span(scenario.horizon.plan_hours)})"),
        "peak": number("Peak (units per hour)"),
        "unit": text("Unit"),
        "source": text("Source"),
        "day": text("Date"),
    }
    frame = pd.DataFrame(rows, columns=list(columns))
    return table("demand", f"Demand over {fmt.span(scenario.horizon.plan_hours)}", frame, columns)


def _promises(scenario: Scenario) -> Table:
    names, money = labels.workloads(scenario), scenario.display_currency
    rows = [
        {
            "name": names[key],
            "origin": labels.sites(scenario).get(work.origin_site, work.origin_site),
            "when": _when(work),
            "latency": _latency(work),
            "where": _where(scenario, work),
            "cut": _cut(work),
            "after": _promised(work),
            "backup": _backup(scenario, work),
            "penalty": _unserved(scenario, work),
        }
        for key, work in scenario.workloads.items()
    ]
    columns = {
        "name": text("Workload"),
        "origin": text("Users at"),
        "when": text("Served"),
        "latency": text("Latency objective"),
        "where": text("May run"),
        "cut": text("May be interrupted"),
        "penalty": text(f"Penalty if not served ({money.code} per unit)"),
    }
    if any(row["after"] != "none" for row in rows):
        columns["after"] = text("Promised")
    if any(row["backup"] != "none" for row in rows):
        columns["backup"] = text("Results backed up")
    return table("promises", "Promises and rules", pd.DataFrame(rows, columns=list(columns)), columns)


def _unserved(scenario: Scenario, work: Workload) -> str:
    if work.must_serve:
        return "must be served"
    penalty = fmt.number(work.unserved_usd_per_unit * scenario.display_currency.units_per_usd)
    cap = work.unserved_share_cap
    return penalty if cap is None else f"{penalty}, for at most {fmt.share(cap)}"


def _promised(work: Workload) -> str:
    found = []
    if work.promised_share > 0:
        found.append(say("promise.of_workload", share=fmt.share(work.promised_share)))
        found.append(_KEPT_BY[work.promise_form])
        if work.recovery_minutes > 0:
            found.append(f"within {fmt.number(work.recovery_minutes)} minutes")
        if work.latency_after_failure_ms is not None:
            found.append(f"then in {fmt.number(work.latency_after_failure_ms)} ms")
    if work.availability_objective_share is not None:
        found.append(f"{fmt.share(work.availability_objective_share)} to be served over time")
    return ", ".join(found) or "none"


def _when(work: Workload) -> str:
    if work.flexibility == "rigid":
        return "in its own hour"
    most = work.parallel_limit_accelerators
    limit = "" if most is None else f", at most {fmt.count(most)} accelerators at once"
    return f"within {plural(len(work.windows), 'window')}{limit}"


def _latency(work: Workload) -> str:
    found = []
    if work.latency_objective_ms is not None:
        what = latency_sentences.STATISTIC[work.latency_statistic]
        found.append(f"{fmt.number(work.latency_objective_ms)} ms ({what})")
    if work.mean_latency_cap_ms is not None:
        found.append(f"{fmt.number(work.mean_latency_cap_ms)} ms in the mean over all routes")
    return fmt.listed(found) or "none"


def _where(scenario: Scenario, work: Workload) -> str:
    names = labels.sites(scenario)
    rules = []
    if work.allowed_jurisdictions:
        rules.append(f"in {fmt.listed(work.allowed_jurisdictions, 'or')}")
    if work.allowed_sites:
        rules.append(f"at {fmt.shortened(labels.named(work.allowed_sites, names))}")
    if work.denied_sites:
        rules.append(f"not at {fmt.shortened(labels.named(work.denied_sites, names))}")
    if work.required_attributes:
        rules.append(f"with {fmt.listed(attribute_labels(work.required_attributes))}")
    if work.required_link_attributes:
        rules.append(f"over links with {fmt.listed(attribute_labels(work.required_link_attributes))}")
    return ", ".join(rules) or "anywhere"


def _backup(scenario: Scenario, work: Workload) -> str:
    if not work.result_gb_per_unit or not work.backup_sites:
        return "none"
    sites = fmt.listed(labels.named(work.backup_sites, labels.sites(scenario)), "or")
    return f"at {sites}, the first at another {work.backup_apart} than where they are made"


def _cut(work: Workload) -> str:
    if not work.interruptible:
        return "no"
    share = work.interruptible_share_cap
    return "yes" if share >= 1 else f"up to {fmt.share(share)}"


def _throughput(plan: Plan) -> pd.DataFrame:
    """One row per workload and SKU that an allowed route has: what an accelerator does, and where that comes from."""
    scenario, names = plan.scenario, labels.workloads(plan.scenario)
    allowed = plan.routes.loc[plan.routes["eligible"].astype(bool), ["workload", "pool"]]
    pairs = dict.fromkeys((str(w), scenario.pools[str(p)].sku) for w, p in allowed.itertuples(index=False, name=None))
    rows = []
    for key, sku in pairs:
        work, speed = scenario.workloads[key], scenario.workloads[key].throughput[sku]
        rows.append(
            {
                "name": names[key],
                "sku": sku,
                "rate": speed.units_per_accelerator_hour,
                "unit": work.unit,
                "basis": "estimate" if speed.is_estimate else "measured",
                "source": speed.source,
                "day": fmt.NO_VALUE if speed.as_of is None else fmt.day(speed.as_of),
            }
        )
    return pd.DataFrame(rows)


def _speed_table(rows: pd.DataFrame) -> tuple[Table, ...]:
    if rows.empty:
        return ()
    columns = {
        "name": text("Workload"),
        "sku": text("Accelerator"),
        "rate": number("Throughput (units per accelerator-hour)"),
        "unit": text("Unit"),
        "basis": text("It is"),
        "source": text("Source"),
        "day": text("Date"),
    }
    return (table("throughput", "What an accelerator does", rows, columns),)
