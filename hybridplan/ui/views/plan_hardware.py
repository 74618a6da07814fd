"""Section of the Plan page about hardware: what to buy, what stands when, space and power, private lines."""

from __future__ import annotations

import math

import pandas as pd
import streamlit as st

from hybridplan.analysis import format as fmt
from hybridplan.analysis import labels
from hybridplan.analysis.hardware import expansions, lines, sites, timeline
from hybridplan.analysis.hardware.expansions import Bought
from hybridplan.analysis.sentences import hardware as sentences
from hybridplan.analysis.wording import say
from hybridplan.plan import Plan, PlanTables
from hybridplan.ui.messages import safe
from hybridplan.ui.views import parts, purchase_figures
from hybridplan.ui.views.kept import kept
from hybridplan.ui.views.parts import Column


def show(plan: Plan, tables: PlanTables) -> None:
    """What occurs of it."""
    scenario = plan.scenario
    if not expansions.occur(scenario):
        return
    st.header("Hardware", anchor=False)
    advice(plan)
    if scenario.expansions:
        _ownership(plan)
    if timeline.changes(scenario):
        _standing(plan, tables)
    if any(site.rack_units_limit or site.it_power_limit_kw for site in scenario.sites.values()):
        _room(plan, tables)
    if lines.occur(scenario):
        _lines(plan, tables)


def advice(plan: Plan) -> None:
    """What to buy, with payback, break-even and what would overturn it, one box for each."""
    found = _advice(plan)
    for one in found:
        with st.container(border=True):
            parts.bullets(one)
    if plan.scenario.expansions:
        st.caption(safe(say("hardware.how")))


@kept
def _advice(plan: Plan) -> list[list[str]]:
    return [*sentences.advice(plan), *sentences.line_advice(plan)]


@kept
def _bought(plan: Plan) -> tuple[Bought, ...]:
    return expansions.expansions(plan)


def _ownership(plan: Plan) -> None:
    known = {one.record: one for one in _bought(plan)}
    names = {key: one.name for key, one in known.items()}
    chosen = next(iter(known))
    if len(known) > 1:
        chosen = st.selectbox("Hardware", list(known), format_func=names.__getitem__, key="ownership-of") or chosen
    figure = purchase_figures.cost_per_hour(plan, known.get(chosen, next(iter(known.values()))), parts.look())
    parts.chart(figure, "ownership", "Cost of an hour of use against renting, by how much it is used")
    _table(plan)


def _table(plan: Plan) -> None:
    code = plan.scenario.display_currency.code
    year = f"({code} per year)"
    columns = {
        "name": Column("Hardware"),
        "whole": Column("Buy (accelerators)", "%d", "In whole nodes"),
        "use": Column("Used (%)", "%.1f", "The new ones alone, what stood there before filled first"),
        "even": Column("Break-even (% used)", "%.1f"),
        "payback": Column("Payback (years)", "%.2f"),
        "hourly": Column(f"Per hour of use ({code})", "money"),
        "on_demand": Column(f"On demand ({code} per hour)", "money"),
        "annuity": Column(f"Annuity {year}", "money", "Of one accelerator, as what follows"),
        "staff": Column(f"Staff {year}", "money"),
        "space": Column(f"Space {year}", "money"),
        "energy": Column(f"Energy {year}", "money", "At the planned use"),
        "pool": Column("Pool"),
        "planned": Column("Planned (accelerators)", "%.4g"),
        "arrives": Column("From"),
    }
    parts.table(_ownership_rows(plan), columns, "hardware")


def _ownership_rows(plan: Plan) -> pd.DataFrame:
    scenario, rate = plan.scenario, plan.scenario.display_currency.units_per_usd
    pools, blocks = labels.pools(scenario), labels.blocks(scenario)
    money = {
        "annuity": "annuity_usd",
        "staff": "staff_usd",
        "space": "space_usd",
        "energy": "energy_usd",
        "hourly": "usd_per_used_hour",
        "on_demand": "on_demand_usd",
    }
    rows = [
        {
            "name": one.name,
            "pool": pools[one.pool],
            "planned": one.accelerators,
            "whole": one.whole,
            "arrives": blocks[one.arrives] if one.arrives else fmt.NO_VALUE,
            "use": one.utilisation * 100,
            "even": one.break_even_utilisation * 100,
            "payback": one.payback_years if one.payback_years is not None else math.nan,
            **{name: float(getattr(one, field)) * rate for name, field in money.items()},
        }
        for one in _bought(plan)
    ]
    return pd.DataFrame(rows)


def _standing(plan: Plan, tables: PlanTables) -> None:
    st.header("What comes and goes", anchor=False)
    parts.bullets(sentences.dates(plan) or ["Nothing comes or goes."])
    scenario, rows = plan.scenario, timeline.by_block(plan, tables)
    names = labels.pools(scenario)
    moving = [
        key
        for key, pool in scenario.pools.items()
        if pool.purchase_option == "owned"
        and (pool.retires or any(one.pool == key for one in scenario.expansions.values()))
    ]
    if not moving:
        return
    chosen = moving[0]
    if len(moving) > 1:
        chosen = st.selectbox("Pool", moving, format_func=names.__getitem__, key="standing-pool") or chosen
    if len(scenario.horizon.blocks) > 1:
        figure = purchase_figures.standing(plan, tables, chosen, parts.look())
        parts.chart(figure, "standing", "Accelerators that stand in one pool, by block")
    rows = rows.loc[rows["pool"].isin(moving)]
    rows = rows.assign(
        name=labels.named(rows["pool"], names), block_name=labels.named(rows["block"], labels.blocks(scenario))
    )
    columns = {
        "name": Column("Pool"),
        "block_name": Column("Block"),
        "kept": Column("There before (accelerators)", "%.4g"),
        "bought": Column("Bought (accelerators)", "%.4g"),
        "retired": Column("Gone by then (accelerators)", "%.4g"),
    }
    parts.table(rows, columns, "what-stands")


def _room(plan: Plan, tables: PlanTables) -> None:
    st.header("Space and power", anchor=False)
    parts.bullets(sentences.room(plan))
    rows = sites.by_site(plan, tables)
    rows = rows.assign(
        name=labels.named(rows["site"], labels.sites(plan.scenario)),
        space_percent=rows["space_share"] * 100,
        power_percent=rows["power_share"] * 100,
    )
    columns = {
        "name": Column("Site"),
        "space_used": Column("Rack units at most", "%.1f"),
        "space_limit": Column("Rack units there are", "%.1f"),
        "space_percent": Column("Of it (%)", "%.1f"),
        "power_kw": Column("IT power at most (kW)", "%.1f", "Before PUE"),
        "power_limit_kw": Column("IT power there is (kW)", "%.1f"),
        "power_percent": Column("Of it, power (%)", "%.1f"),
    }
    parts.table(rows, columns, "space-and-power")


def _lines(plan: Plan, tables: PlanTables) -> None:
    st.header("Private lines", anchor=False)
    money, span = plan.scenario.display_currency, fmt.span(plan.scenario.horizon.plan_hours)
    rows = lines.by_link(plan, tables)
    rows = rows.assign(
        peak_percent=rows["peak_share"].astype(float) * 100,
        cost=parts.money_column(rows, "usd", money),
        saved=parts.money_column(rows, "saved_usd", money),
    )
    columns = {
        "name": Column("Link"),
        "gbps": Column("Taken (Gbit/s)", "%.2f"),
        "most_gbps": Column("On offer (Gbit/s)", "%.2f"),
        "gb": Column("Data on it (GB)", "%.4g"),
        "peak_percent": Column("Full at most (%)", "%.1f"),
        "cost": Column(f"Cost ({money.code} for {span})", "money"),
        "saved": Column(f"Saved on data ({money.code} for {span})", "money"),
        "break_even_gb_per_hour": Column("Pays from (GB per hour)", "%.1f"),
    }
    parts.table(rows, columns, "private-lines")
