"""What to buy: more owned or committed accelerators against what they cost, and what serves base and peak."""

from __future__ import annotations

from typing import Final

import pandas as pd
import streamlit as st

from hybridplan.analysis import format as fmt
from hybridplan.analysis import labels
from hybridplan.analysis.buying import Advice, Buying, Terms
from hybridplan.analysis.buying.mix import summary
from hybridplan.analysis.sentences import buying as sentences
from hybridplan.analysis.sentences import purchasing
from hybridplan.analysis.wording import say
from hybridplan.charts import buying as charts
from hybridplan.domain import Scenario
from hybridplan.domain.prices import contracted_price_usd
from hybridplan.plan import Plan
from hybridplan.ui import studying
from hybridplan.ui.messages import safe
from hybridplan.ui.views import parts, plan_commitments, plan_hardware, tradeoffs_overturn
from hybridplan.ui.views.parts import Column
from hybridplan.ui.workspace import Workspace
from hybridplan.units import HOURS_PER_YEAR

_AS_IS, _ADVISED = "As it is", "With the advice"
_OPTIONS: Final = {
    "owned": "Owned",
    "reserved": "Committed",
    "on_demand": "On demand",
    "interruptible": "Interruptible",
}


def show(ws: Workspace, plan: Plan) -> None:
    """Draw the section: terms of purchase, the advice, and the load-duration curve."""
    scenario = plan.scenario
    _of_the_plan(plan)
    pools = [key for key, pool in scenario.pools.items() if pool.purchase_option in ("owned", "reserved")]
    if not pools:
        st.info(
            "There is no owned or committed pool. Add one on Inventory, with 0 accelerators if you own none yet, "
            "and solve again.",
            icon=":material/info:",
        )
        parts.link_to("inventory")
        return
    parts.paragraph("How many more accelerators would pay, at the price that you can get?")
    names = labels.pools(scenario)
    pool = st.selectbox("Pool", pools, pools.index(_worth_most(plan, pools)), names.__getitem__, key="buy:pool")
    terms = _terms(scenario, pool)
    if terms is None:
        return
    found = studying.run("buying", scenario, {"pools": {pool: terms}}, key="buying", label="Work out what to buy")
    if found is not None:
        _draw(scenario, found)


def _of_the_plan(plan: Plan) -> None:
    """What the plan itself buys and commits to, where the scenario offers something."""
    if not purchasing.on_offer(plan.scenario):
        return
    st.header("What the plan buys of what is on offer", anchor=False)
    parts.bullets(purchasing.decided(plan))
    plan_commitments.advice(plan)
    plan_hardware.advice(plan)
    with st.container(horizontal=True):
        parts.link_to("plan", "See use, bills and dates on Plan")
    tradeoffs_overturn.show(plan.scenario)
    st.header("One pool at a time, at a price of your own", anchor=False)


def _worth_most(plan: Plan, pools: list[str]) -> str:
    """The pool of which one more saves most, as the plan knows it; else the first."""
    saved = plan.shadow_ranges.set_index("pool")["usd_saved_by_one"].astype(float)
    return max(pools, key=lambda pool: float(saved.get(pool, 0.0)))


def _terms(scenario: Scenario, pool: str) -> dict[str, float] | None:
    """What the visitor gives; None where something is missing."""
    if scenario.pools[pool].purchase_option == "reserved":
        return _fee(scenario, pool)
    given = _finance(scenario, pool)
    implied = _implied_capex(scenario, pool)
    capex = st.number_input(
        "Purchase price (USD per accelerator, with its share of node and network)",
        min_value=0.0,
        value=implied,
        format="%g",
        key=_key("capex", pool, implied),
        placeholder="Yours to enter",
    )
    _say_where_from(scenario, pool, implied)
    if capex is None:
        st.info("Enter the purchase price to begin.", icon=":material/edit:")
        return None
    given = {"capex_usd": capex, **given}
    _say_price(scenario, Terms(**given))
    return given


def _key(field: str, pool: str, offered: float | None) -> str:
    """Holds what the field begins at: where that changes, by an edit or another scenario, it begins anew."""
    return f"buy:{field}:{pool}:{offered}"


def _finance(scenario: Scenario, pool: str) -> dict[str, float]:
    """All terms but the purchase price; they begin at those of the scenario."""
    finance = scenario.finance
    columns = st.columns(2)
    yearly = columns[1].number_input(
        "Yearly cost (USD per accelerator: staff, space, support)",
        min_value=0.0,
        value=0.0,
        format="%g",
        key=f"buy:yearly:{pool}",
        help="Yours to enter: 0 until you do.",
    )
    years, interest = finance.life_years, finance.interest_rate
    life = columns[0].number_input("Life (years)", 0.1, 100.0, years, format="%g", key=_key("life", pool, years))
    rate = columns[1].number_input(
        "Discount rate (share per year)", 0.0, 1.0, interest, format="%g", key=_key("rate", pool, interest)
    )
    salvage = columns[0].number_input(
        "Left at the end of life (share of the purchase price)",
        0.0,
        1.0,
        finance.salvage_share,
        format="%g",
        key=_key("salvage", pool, finance.salvage_share),
    )
    return {"life_years": life, "interest_rate": rate, "salvage_share": salvage, "yearly_usd": yearly}


def _implied_capex(scenario: Scenario, pool: str) -> float | None:
    """The purchase price at which one more costs what the scenario says of this pool, at the scenario's finance and
    without yearly cost; None where it says nothing. What is typed in other fields must not change it again.
    """
    finance, price = scenario.finance, contracted_price_usd(scenario, scenario.pools[pool])
    terms = Terms(0.0, finance.life_years, finance.interest_rate, finance.salvage_share)
    capex = terms.price_at(price * HOURS_PER_YEAR) if price > 0 else None
    return None if capex is None else fmt.round_significant(capex, 4)


def _say_where_from(scenario: Scenario, pool: str, implied: float | None) -> None:
    found, source = scenario.pools[pool], scenario.finance.source or "no source given"
    lines = [f"Life, rate and what is left begin at those of Assumptions ({source})."]
    if implied is not None:
        price = fmt.money(contracted_price_usd(scenario, found), scenario.display_currency)
        origin = found.price_source or "no source given"
        lines.append(
            f"The purchase price begins where one costs what this pool costs in the scenario, {price} per "
            f"accelerator-hour ({origin}), if yearly cost is part of that. Put in what you are offered."
        )
    st.caption(safe(" ".join(lines)))


def _say_price(scenario: Scenario, terms: Terms) -> None:
    currency = scenario.display_currency
    year, hour = fmt.money(terms.usd_per_year, currency), fmt.money(terms.usd_per_hour, currency)
    parts.paragraph(f"So one more costs {year} a year, or {hour} per hour, used or not; energy is paid by use.")


def _fee(scenario: Scenario, pool: str) -> dict[str, float] | None:
    mine = [one for one in scenario.commitments.values() if one.pool == pool]
    known = mine[0].fee_usd_per_accelerator_hour if mine else None
    fee = st.number_input(
        "Fee (USD per accelerator-hour, paid in every hour)",
        min_value=0.0,
        value=known,
        format="%g",
        key=_key("fee", pool, known),
        placeholder="Yours to enter",
    )
    if known is not None:
        source = mine[0].price_source or "no source given"
        st.caption(safe(f"Begins at the fee of the commitment that you have ({source})."))
    if fee is None:
        st.info("Enter the fee to begin.", icon=":material/edit:")
        return None
    return {"fee_usd_per_accelerator_hour": fee}


def _draw(scenario: Scenario, found: Buying) -> None:
    if not found.advice:
        st.warning(safe(say("buying.no_plan" if found.complete else "buying.no_time")), icon=":material/warning:")
        return
    (advice,) = found.advice
    parts.bullets(sentences.advice(scenario, advice))
    st.caption(safe(" ".join(sentences.assumptions(scenario))))
    _gain(scenario, advice)
    _mix(scenario, found, advice)


def _gain(scenario: Scenario, advice: Advice) -> None:
    currency = scenario.display_currency
    rows = pd.DataFrame(
        {
            "count": [one.count for one in advice.tried],
            "value": [one.value_usd_per_year * currency.units_per_usd for one in advice.tried],
            "price": [one.price_usd_per_year * currency.units_per_usd for one in advice.tried],
        }
    )
    rows["net"] = rows["value"] - rows["price"]
    unit = f"{currency.code} per year"
    if len(rows) > 1:
        figure = charts.gain(rows, advice.best, parts.look(), unit=unit)
        parts.chart(figure, "buying-gain", "What more accelerators save and cost a year")
    columns = {
        "count": Column("More accelerators", "%d"),
        "value": Column(f"They save ({unit})", "money"),
        "price": Column(f"They cost ({unit})", "money"),
        "net": Column(f"Gained ({unit})", "money"),
    }
    parts.table(rows, columns, "what-to-buy")


def _mix(scenario: Scenario, found: Buying, advice: Advice) -> None:
    st.header("Base and peak", anchor=False)
    shown = _AS_IS
    if advice.best:
        choices = [_AS_IS, _ADVISED]
        shown = st.segmented_control(
            "Show", choices, default=_ADVISED, required=True, key="buy:mix", label_visibility="collapsed"
        )
    table = advice.mix if shown == _ADVISED else found.mix
    parts.bullets(sentences.mix(table))
    skus = [str(sku) for sku in table["sku"].unique()]
    own = scenario.pools[advice.pool].sku
    if skus:
        sku = st.selectbox("Accelerator", skus, index=skus.index(own) if own in skus else 0, key=f"buy:sku:{own}")
        levels = _levels(scenario, sku, advice if shown == _ADVISED else None)
        hours = advice.busy_share_to_pay if sku == own else None
        figure = charts.load_duration(
            table.loc[table["sku"] == sku],
            _OPTIONS,
            levels,
            parts.look(),
            sku=sku,
            pays_from_hours=None if hours is None else hours * scenario.horizon.plan_hours,
        )
        parts.chart(figure, f"buying-mix-{sku}", f"Busy {sku} by hours of the plan, most work first")
        st.caption("What waits so that queues stay short, and what is held back, is not busy and comes on top.")
    parts.table(_summary_rows(table), _SUMMARY, "base-and-peak")


_SUMMARY: Final = {
    "sku": Column("Accelerator"),
    "option": Column("Purchase option"),
    "accelerator_hours": Column("Accelerator-hours", "amount"),
    "percent": Column("Share (%)", "%.1f"),
    "peak_accelerators": Column("Most at once", "%.1f"),
    "used_percent": Column("In use (% of the time)", "%.1f"),
}


def _summary_rows(table: pd.DataFrame) -> pd.DataFrame:
    rows = summary(table)
    return rows.assign(
        option=[_OPTIONS[str(code)] for code in rows["purchase_option"]],
        percent=rows["share"] * 100,
        used_percent=rows["hours_used_share"] * 100,
    )


def _levels(scenario: Scenario, sku: str, advice: Advice | None) -> dict[str, float]:
    """What is owned and committed of a SKU, as lines on its chart."""
    owned = sum(
        pool.capacity_accelerators
        for pool in scenario.pools.values()
        if pool.sku == sku and pool.purchase_option == "owned"
    )
    committed = sum(one.accelerators for one in scenario.commitments.values() if scenario.pools[one.pool].sku == sku)
    levels = {}
    if owned + committed > 0:
        levels["Owned and committed now"] = owned + committed
    if advice is not None and scenario.pools[advice.pool].sku == sku and advice.best:
        levels["Owned and committed with the advice"] = owned + committed + advice.best
    return levels
