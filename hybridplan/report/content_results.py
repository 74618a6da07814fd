"""Evidence about the answer: what runs where and when, what it costs, how full it is, how fast, and what limits it."""

from __future__ import annotations

from typing import Final

import pandas as pd

from hybridplan.analysis import allocation, cost, energy, key_figures, labels, limits, utilisation
from hybridplan.analysis import format as fmt
from hybridplan.analysis.sentences import caps, decision, handover
from hybridplan.analysis.sentences import limits as limit_sentences
from hybridplan.analysis.wording import say
from hybridplan.charts.series import pace
from hybridplan.plan import Plan, PlanTables
from hybridplan.report.content_decision import binding_limits
from hybridplan.report.content_parts import Chart, ChartKey, Section, Table
from hybridplan.report.content_tables import Show, capped, count, number, share, shortened, table, text
from hybridplan.report.figures import PENALTIES_HIDDEN, hides_penalties

MOST_BLOCKS: Final = 4
"""Blocks with charts of their own; the workbook has all of them."""
_MOST_LIMITS: Final = 6
_ROUNDING: Final = 1e-6
"""Share of a workload's demand below which what is not served is rounding."""
_QUESTIONS: Final[dict[ChartKey, str]] = {
    "allocation": "Where does the work run, {pace}?",
    "utilisation": "How full is each pool, {pace}?",
}


def sections(plan: Plan, tables: PlanTables) -> tuple[Section, ...]:
    """Where it runs, what it costs, how full it is, what limits it, energy and carbon where they are known."""
    return (_where(plan, tables), _money(plan), _full(plan, tables))


def after_latency(plan: Plan) -> tuple[Section, ...]:
    """What limits it, and energy and carbon where they are known."""
    return (_limits(plan), *_energy(plan))


def _where(plan: Plan, tables: PlanTables) -> Section:
    scenario, works = plan.scenario, key_figures.by_workload(plan, tables)
    works["unserved"] = works["unserved"].where(works["served_share"] < 1 - _ROUNDING, 0.0)
    totals = allocation.totals(scenario, tables)
    totals["name"] = labels.named(totals["workload"], labels.workloads(scenario))
    totals["pool_name"] = labels.named(totals["pool"], labels.pools(scenario))
    totals["unit"] = [scenario.workloads[key].unit for key in totals["workload"]]
    workloads = {
        "name": text("Workload"),
        "served_share": share("Served"),
        "runs_on": text("Runs on (share of what is served)"),
        "demanded": number("Demand (units)"),
        "unserved": number("Not served (units)"),
        "unit": text("Unit"),
    }
    routes = {
        "name": text("Workload"),
        "pool_name": text("Pool"),
        "share_of_served": share("Share of the workload"),
        "accelerator_hours": count("Accelerator-hours"),
        "units": number("Work (units)"),
        "unit": text("Unit"),
    }
    return Section(
        "where",
        "What runs where, and when",
        paragraphs=(say("note.hatching"), *shortened(totals)),
        bullets=(
            *capped(decision.unserved(plan)),
            *capped(caps.unserved(plan)),
            *_said(caps.providers(plan)),
            *caps.number_of_providers(plan),
        ),
        charts=_over_blocks(plan, tables, "allocation"),
        tables=(
            table("by-workload", "Workload by workload", works, workloads),
            table("by-route", f"Workload and pool over {_span(plan)}", totals, routes),
        ),
    )


def _over_blocks(plan: Plan, tables: PlanTables, key: ChartKey) -> tuple[Chart, ...]:
    """One chart per block, at most :data:`MOST_BLOCKS` of them."""
    names = labels.blocks(plan.scenario)
    seen = handover.allocation_seen if key == "allocation" else handover.utilisation_seen
    charts = []
    for block in list(names)[:MOST_BLOCKS]:
        words = _QUESTIONS[key].format(pace=pace(plan.scenario.horizon.blocks[block].period_hours))
        title = words if len(names) == 1 else f"{names[block]}: {words[0].lower()}{words[1:]}"
        charts.append(Chart(key, title, seen(plan, tables, block), block))
    return tuple(charts)


def _money(plan: Plan) -> Section:
    hidden = (PENALTIES_HIDDEN,) if hides_penalties(plan) else ()
    bills = (say("note.bills"),) if any(usd > 0 for usd in plan.penalty_usd.values()) else ()
    title = "What does the plan cost, and what would simple rules cost?"
    return Section(
        "money",
        "Cost by term and by pool",
        paragraphs=(*hidden, *bills, say("note.rules")),
        charts=(Chart("cost", title, handover.cost_seen(plan), ""),),
        tables=(_by_term(plan), _by_pool(plan)),
    )


def _by_term(plan: Plan) -> Table:
    names = key_figures.plan_names(plan)
    rows = key_figures.in_currency(plan, cost.by_term(plan), list(names), "plan")
    rows["name"] = [labels.term(str(code)) for code in rows["term"]]
    bills = rows.loc[~rows["is_penalty"].astype(bool), list(names)].sum()
    rows = pd.concat([rows, pd.DataFrame([{"name": "All costs, without penalties", **bills.to_dict()}])])
    unit = key_figures.money_unit(plan, "plan")
    columns = {"name": text("Term")} | {key: number(f"{name} ({unit})") for key, name in names.items()}
    return table("cost-by-term", "Cost by term", rows, columns)


def _by_pool(plan: Plan) -> Table:
    rows = cost.by_pool_and_term(key_figures.bills(plan, plan.cost_lines))
    terms = [str(column) for column in rows.columns if column not in ("pool", "total")]
    rows = key_figures.in_currency(plan, rows, [*terms, "total"], "plan")
    pools, unit = labels.pools(plan.scenario), key_figures.money_unit(plan, "plan")
    rows["name"] = [pools.get(str(key), labels.NO_POOL) for key in rows["pool"]]
    columns = {"name": text("Pool"), "total": number(f"All ({unit})")}
    columns |= {term: number(f"{labels.term(term)} ({unit})") for term in terms}
    return table("cost-by-pool", "The plan's cost by pool", rows, columns)


def _full(plan: Plan, tables: PlanTables) -> Section:
    rows = utilisation.by_pool(plan.scenario, tables, plan.routes)
    rows["name"] = labels.named(rows["pool"], labels.pools(plan.scenario))
    base = rows["base_accelerator_hours"]
    rows["needed"] = rows["needed_accelerator_hours"] / base.where(base > 0)
    columns = {
        "name": text("Pool"),
        "utilisation": share("Busy"),
        "needed": share("Needed (busy, short queues and gangs)"),
        "basis": text("Out of what is"),
        "busy_accelerator_hours": count("Busy (accelerator-hours)"),
        "base_accelerator_hours": count("Out of (accelerator-hours)"),
        "peak_busy": count("Peak (accelerators)"),
        "full_hours": count("Full (hours)"),
    }
    uneven = decision.balance(plan)
    return Section(
        "full",
        "How full the pools are",
        paragraphs=(say("note.utilisation"), *([uneven] if uneven else []), *shortened(rows)),
        charts=_over_blocks(plan, tables, "utilisation"),
        tables=(table("utilisation", f"Utilisation over {_span(plan)}", rows, columns),),
    )


def _limits(plan: Plan) -> Section:
    return Section(
        "binding",
        "What limits the plan, and what more is worth",
        bullets=binding_limits(plan, _MOST_LIMITS),
        tables=(*_binding(plan), *_marginal(plan)),
    )


def _binding(plan: Plan) -> tuple[Table, ...]:
    if plan.shadow_prices.empty or (rows := limits.binding(plan)).empty:
        return ()
    rows = _in_currency(plan, rows, ["usd", "usd_per_hour"])
    names = zip(rows["limit"], rows["record"], strict=True)
    rows["what"] = [limit_sentences.name(plan, str(limit), str(record)) for limit, record in names]
    rows["basis"] = [limit_sentences.basis(plan, bool(proven)) for proven in rows["is_proven"]]
    columns = {
        "what": text("One more of"),
        "unit": text("Unit"),
        "usd": number(f"Saves ({key_figures.money_unit(plan, 'plan')})"),
        "hours": count("Limits in (hours)"),
        "usd_per_hour": number(f"Saves then ({_code(plan)} per hour)"),
        "valid_to": count("Holds up to (accelerators)"),
        "basis": text("From"),
    }
    return (table("binding-limits", "What one more is worth", rows, columns),)


def _marginal(plan: Plan) -> tuple[Table, ...]:
    if plan.shadow_prices.empty or (rows := limits.marginal_cost(plan)).empty:
        return ()
    rows, works = _in_currency(plan, rows, ["usd_per_unit_mean", "usd_per_unit_most"]), plan.scenario.workloads
    rows["name"] = labels.named(rows["workload"], labels.workloads(plan.scenario))
    rows["unit"] = [works[str(key)].unit if key in works else "" for key in rows["workload"]]
    columns = {
        "name": text("Workload"),
        "usd_per_unit_mean": number(f"Mean over periods ({_code(plan)} per unit)"),
        "usd_per_unit_most": number(f"Dearest period ({_code(plan)} per unit)"),
        "unit": text("Unit"),
    }
    return (table("marginal-cost", "What one more unit of demand costs", rows, columns),)


def _energy(plan: Plan) -> tuple[Section, ...]:
    rows = energy.by_pool(plan)
    rows = rows.loc[rows["energy_kwh"] > 0]
    if rows.empty:
        return ()
    scenario = plan.scenario
    rows = rows.assign(
        name=labels.named(rows["pool"], labels.pools(scenario)),
        place=labels.named(rows["site"], labels.sites(scenario)),
    )
    missing = labels.named(energy.pools_without_rates(plan), labels.pools(scenario))
    gap = (say("note.no_rates", pools=fmt.shortened(missing)),) if missing else ()
    columns: dict[str, Show] = {
        "name": text("Pool"),
        "place": text("Site"),
        "energy_kwh": number("Energy (kWh)"),
        "carbon_tonnes": number("Carbon (t CO₂e)"),
        "share_of_carbon": share("Share of carbon"),
    }
    found = table("energy-and-carbon", f"Energy and carbon over {_span(plan)}", rows, columns)
    paragraphs = (*_said(caps.carbon(plan)), say("note.energy"), *gap)
    return (Section("energy", "Energy and carbon", paragraphs=paragraphs, tables=(found,)),)


def _said(words: str) -> tuple[str, ...]:
    return (words,) if words else ()


def _in_currency(plan: Plan, rows: pd.DataFrame, columns: list[str]) -> pd.DataFrame:
    return key_figures.in_currency(plan, rows, columns, "plan")


def _code(plan: Plan) -> str:
    return plan.scenario.display_currency.code


def _span(plan: Plan) -> str:
    return fmt.span(plan.scenario.horizon.plan_hours)
