"""Sections of the Plan page about money: cost by term and pool, what limits are worth, energy and carbon."""

from __future__ import annotations

import streamlit as st

from hybridplan.analysis import cost, energy, key_figures, labels, registry
from hybridplan.analysis import format as fmt
from hybridplan.analysis import limits as limit_tables
from hybridplan.analysis.sentences import caps, decision, evidence, limits, savings
from hybridplan.plan import Plan, PlanTables
from hybridplan.ui.messages import safe
from hybridplan.ui.views import figures, overview, parts
from hybridplan.ui.views.parts import Column


def what_it_costs(plan: Plan, tables: PlanTables) -> None:
    """Cost by term and by pool, beside the baselines."""
    parts.bullets([*decision.unserved(plan), *decision.cost(plan), *savings.savings(plan)])
    st.caption(safe(evidence.estimates(plan)))
    period = parts.period_choice("costs")
    look, unit = parts.look(), key_figures.money_unit(plan, period)
    parts.chart(figures.cost_by_term(plan, period, look), "cost-term", "Cost by term, plan and simple rules")
    names = key_figures.plan_names(plan)
    by_term = cost.by_term(plan)
    figures.say_if_penalties_hide(plan)
    rows = key_figures.in_currency(plan, by_term, list(names), period)
    rows["name"] = [labels.term(str(code)) for code in rows["term"]]
    rows["see"] = [registry.seen_in(str(code)) for code in rows["term"]]
    columns = {"name": Column("Term")} | {key: Column(f"{name} ({unit})", "money") for key, name in names.items()}
    parts.table(rows, columns | {"see": Column("Seen under")}, "cost-by-term")
    parts.see([str(code) for code in rows["term"] if registry.SEEN_IN.get(str(code)) != "cost"], "cost")
    overview_rows = key_figures.against_rules(plan, period)
    parts.table(overview_rows, overview.baseline_columns(plan, period), "plan-and-baselines")
    parts.chart(figures.cost_by_pool(plan, period, look), "cost-pool", "Cost by pool, plan and simple rules")
    if any(usd > 0 for usd in plan.penalty_usd.values()):
        st.caption("Penalties are left out here: they are no bills.")
    rows = key_figures.in_currency(plan, cost.by_pool(figures.cost_lines(plan)), list(names), period)
    pools = labels.pools(plan.scenario)
    rows["name"] = [pools.get(str(key), labels.NO_POOL) for key in rows["pool"]]
    columns = {"name": Column("Pool")} | {key: Column(f"{name} ({unit})", "money") for key, name in names.items()}
    parts.table(rows, columns, "cost-by-pool")
    _detail(plan, period)


def _detail(plan: Plan, period: fmt.Period) -> None:
    with st.expander("The plan's cost by pool and term", icon=":material/table_chart:"):
        rows = cost.by_pool_and_term(key_figures.bills(plan, plan.cost_lines))
        terms = [str(column) for column in rows.columns if column != "pool"]
        rows = key_figures.in_currency(plan, rows, terms, period)
        pools, unit = labels.pools(plan.scenario), key_figures.money_unit(plan, period)
        rows["name"] = [pools.get(str(key), labels.NO_POOL) for key in rows["pool"]]
        columns = {"name": Column("Pool")}
        columns |= {term: Column(f"{labels.term(term)} ({unit})", "money") for term in terms}
        parts.table(rows, columns, "cost-by-pool-and-term")


def what_limits(plan: Plan, tables: PlanTables) -> None:
    """Limits worth money, in sentences, as a chart and as a table; what one more unit of demand costs."""
    scenario = plan.scenario
    parts.bullets(limits.binding(plan, most=6))
    if len(plan.shadow_prices):
        st.caption(safe(limits.validity(plan)))
    figure = figures.limit_values(plan, parts.look())
    if figure is not None:
        parts.chart(figure, "limit-values", "What one more accelerator is worth")
    rows = limit_tables.binding(plan)
    if len(rows):
        code, span = scenario.display_currency.code, fmt.span(scenario.horizon.plan_hours)
        rows["what"] = [limits.name(plan, str(k), str(r)) for k, r in zip(rows["limit"], rows["record"], strict=True)]
        rows["worth"] = parts.money_column(rows, "usd", scenario.display_currency)
        rows["rate"] = parts.money_column(rows, "usd_per_hour", scenario.display_currency)
        rows["basis"] = [limits.basis(plan, bool(proven)) for proven in rows["is_proven"]]
        rows["see"] = [registry.seen_in(str(code)) for code in rows["limit"]]
        columns = {
            "what": Column("One more of"),
            "unit": Column("Unit"),
            "worth": Column(f"Saves ({code} for {span})", "money"),
            "hours": Column("Binds in (hours)", "%.1f"),
            "rate": Column(f"Saves then ({code} per hour)", "money"),
            "valid_to": Column("Holds up to (accelerators)", "%.1f"),
            "basis": Column("From"),
            "see": Column("Seen under"),
        }
        parts.table(rows, columns, "binding-limits")
        parts.see([str(code) for code in rows["limit"]], "limits")
    _marginal_cost(plan)


def _marginal_cost(plan: Plan) -> None:
    rows = limit_tables.marginal_cost(plan)
    if rows.empty:
        return
    st.header("What one more unit of demand costs", anchor=False)
    scenario, code = plan.scenario, plan.scenario.display_currency.code
    names = labels.workloads(scenario)
    rows["name"] = labels.named(rows["workload"], names)
    rows["unit"] = [scenario.workloads[str(key)].unit if key in names else "" for key in rows["workload"]]
    for column in ("usd_per_unit_mean", "usd_per_unit_most"):
        rows[column] = rows[column].astype(float) * scenario.display_currency.units_per_usd
    columns = {
        "name": Column("Workload"),
        "usd_per_unit_mean": Column(f"Mean over periods ({code} per unit)", "%.3g"),
        "usd_per_unit_most": Column(f"Dearest period ({code} per unit)", "%.3g"),
        "unit": Column("Unit"),
    }
    parts.table(rows, columns, "marginal-cost-of-demand")


def energy_and_carbon(plan: Plan, tables: PlanTables) -> None:
    """Energy and carbon by pool."""
    look, scenario = parts.look(), plan.scenario
    missing = energy.pools_without_rates(plan)
    if missing:
        named = fmt.shortened(labels.named(missing, labels.pools(scenario)))
        st.warning(
            safe(f"Power or grid carbon is not given for {named}: their part is missing."), icon=":material/warning:"
        )
    if words := caps.carbon(plan):
        parts.paragraph(words)
    carbon = figures.by_quantity(plan, "carbon_tonnes", "Which pools emit how much?", "tonnes of CO₂ equivalent", look)
    parts.chart(carbon, "carbon", "Carbon by pool")
    power = figures.by_quantity(plan, "energy_kwh", "Which pools use how much energy?", "kWh, facility included", look)
    parts.chart(power, "energy", "Energy by pool")
    rows = energy.by_pool(plan)
    rows["pool_name"] = labels.named(rows["pool"], labels.pools(scenario))
    rows["site_name"] = labels.named(rows["site"], labels.sites(scenario))
    columns = {
        "pool_name": Column("Pool"),
        "site_name": Column("Site"),
        "energy_kwh": Column("Energy (kWh)", "%.1f"),
        "carbon_tonnes": Column("Carbon (t CO₂e)", "%.3f"),
    }
    parts.table(rows, columns, "energy-and-carbon")
