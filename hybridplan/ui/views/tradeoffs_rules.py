"""Rules: what each costs alone, and what the way down to no rules costs step by step."""

from __future__ import annotations

from typing import Final, Literal

import pandas as pd
import streamlit as st

from hybridplan.analysis import format as fmt
from hybridplan.analysis import key_figures
from hybridplan.analysis.rule_ledger import Ledger, waterfall
from hybridplan.analysis.sentences import rules as words
from hybridplan.charts import bars
from hybridplan.charts import rules as chart
from hybridplan.plan import Plan
from hybridplan.ui import studying
from hybridplan.ui.messages import safe
from hybridplan.ui.views import parts, rule_pairs
from hybridplan.ui.views.parts import Column
from hybridplan.ui.workspace import Workspace

How = Literal["steps", "alone"]
_WAYS: Final[dict[How, str]] = {"steps": "One after another", "alone": "Each alone"}
_SERVED: Final = {"same": "the same", "less": "less: no saving", "more": "more", "mixed": "some less, some more"}
_ENDS: Final = {"with": "With all rules", "without": "Without rules", "interaction": "Counted more than once"}


def show(ws: Workspace, plan: Plan) -> None:
    """Draw the section."""
    rule_pairs.draw(plan)
    st.header("What every rule costs", anchor=False)
    parts.paragraph("What would the plan cost without each rule that people set on top of demand and capacity?")
    found = studying.run(
        "ledger",
        plan.scenario,
        key="ledger",
        label="Price the rules",
        draw_partial=lambda so_far: _table(plan, so_far, "plan", "rules-so-far"),
        help="Solves the plan again without each rule alone, and without one after another.",
    )
    if isinstance(found, Ledger):
        _draw(plan, found)


def _draw(plan: Plan, found: Ledger) -> None:
    parts.bullets(words.summary(found, plan.scenario))
    if not found.rules:
        return
    period = parts.period_choice("rules")
    _own_prices(plan, found, period)
    _way_down(plan, found, period)
    _table(plan, found, period, "rules")
    st.caption(safe(words.physics()))


def _factor(plan: Plan, period: fmt.Period) -> float:
    rate = plan.scenario.display_currency.units_per_usd
    return fmt.per_period(rate, plan.scenario.horizon.plan_hours, period)


def _own_prices(plan: Plan, found: Ledger, period: fmt.Period) -> None:
    """Rules that cost something alone, the dearest first."""
    priced = [(row, row.usd) for row in found.rules if row.usd is not None and words.costs(found, row)]
    if not priced:
        return
    priced.sort(key=lambda pair: -pair[1])
    look, factor = parts.look(), _factor(plan, period)
    figure = bars.ranked(
        [words.name(plan.scenario, row) for row, _ in priced],
        [usd * factor for _, usd in priced],
        look,
        question="What does each rule cost, the others in place?",
        unit=key_figures.money_unit(plan, period),
        colours=[look.limit if row.served == "less" else look.palette[0] for row, _ in priced],
    )
    parts.chart(figure, "rules-prices", "Price of each rule alone")
    less = any(row.served == "less" for row, _ in priced)
    note = " Red: less would be served, so this is no saving." if less else ""
    st.caption(safe("They do not add up: rules stand in for each other." + note))


def _way_down(plan: Plan, found: Ledger, period: fmt.Period) -> None:
    """The waterfall, in steps or from the rules' own prices."""
    chosen: How = st.segmented_control(
        "How the rules go",
        list(_WAYS),
        default="steps",
        required=True,
        format_func=_WAYS.__getitem__,
        key="rules-way",
        label_visibility="collapsed",
    )
    way = waterfall(found, chosen or "steps")
    if not way:
        return
    factor = _factor(plan, period)
    figure = chart.waterfall(
        [_ENDS.get(bar.code) or ("Other rules" if bar.code == "other" else words.kind_name(bar.code)) for bar in way],
        [bar.usd * factor for bar in way],
        [bar.measure for bar in way],
        parts.look(),
        question="What is left of the cost when the rules go?",
        unit=key_figures.money_unit(plan, period),
    )
    parts.chart(figure, f"rules-way-{chosen}", "From the cost with all rules to the cost without any")
    st.caption(safe(words.order() if chosen == "steps" else words.alone()))


def _table(plan: Plan, found: Ledger, period: fmt.Period, name: str) -> None:
    """Every rule in the order of the steps."""
    factor, unit = _factor(plan, period), key_figures.money_unit(plan, period)
    rows = pd.DataFrame({"rule": [words.name(plan.scenario, row) for row in found.rules]})
    for column in ("usd", "step_usd", "bills_usd"):
        values = [getattr(row, column) for row in found.rules]
        rows[column] = [None if usd is None else _shown(found, usd) * factor for usd in values]
        rows[column] = rows[column].astype(float)
    rows["served"] = [_SERVED.get(row.served or "", fmt.NO_VALUE) for row in found.rules]
    rows["percent"] = [None if row.unserved_share is None else row.unserved_share * 100 for row in found.rules]
    rows["status"] = [row.status.replace("_", " ") for row in found.rules]
    columns = {
        "rule": Column("Rule, in the order of the steps"),
        "usd": Column(f"Alone ({unit})", "money"),
        "served": Column("Work served without it"),
        "step_usd": Column(f"As a step ({unit})", "money"),
        "bills_usd": Column(f"Alone, bills only ({unit})", "money", "Without penalties"),
        "percent": Column("Not served without it (%)", "%.2f", "Largest share over the workloads"),
        "status": Column("Solve without it"),
    }
    parts.table(rows, columns, name)


def _shown(found: Ledger, usd: float) -> float:
    """Rounding is 0."""
    return 0.0 if words.is_nothing(found, usd) else usd
