"""What the promises cost: with and without, and in each form, by a solve for each."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from hybridplan.analysis import format as fmt
from hybridplan.analysis.promise_ladder import Forms
from hybridplan.analysis.sentences import promise_forms as sentences
from hybridplan.analysis.wording import say
from hybridplan.charts import bars
from hybridplan.domain import Scenario
from hybridplan.ui import studying
from hybridplan.ui.messages import safe
from hybridplan.ui.views import parts
from hybridplan.ui.views.parts import Column


def show(scenario: Scenario) -> None:
    """Draw the section: the button, and what each form costs."""
    st.header("What the promises cost", anchor=False)
    st.caption(safe(say("form.how")))
    found = studying.run(
        "promise_forms",
        scenario,
        key="promise_forms",
        label="Price the promises",
        draw_partial=lambda so_far: _table(scenario, so_far, "promise-forms-so-far"),
        help="Solves the plan again without promises, and with all of them in each form.",
    )
    if isinstance(found, Forms):
        _draw(scenario, found)


def _draw(scenario: Scenario, found: Forms) -> None:
    parts.bullets(sentences.summary(found, scenario))
    _chart(scenario, found)
    _table(scenario, found, "promise-forms")


def _chart(scenario: Scenario, found: Forms) -> None:
    """What each form adds, in the order of the ladder."""
    known = [
        (row, usd)
        for row in found.rows
        if row.form != "none" and (usd := sentences.shown_extra(found, row)) is not None
    ]
    if not known:
        return
    currency, look = scenario.display_currency, parts.look()
    figure = bars.ranked(
        [sentences.name(row) for row, _ in known],
        [usd * currency.units_per_usd for _, usd in known],
        look,
        question="What does each form of the promises add to the cost?",
        unit=f"{currency.code} for {fmt.span(found.plan_hours)}",
        colours=[look.palette[0] if row.is_given else look.other for row, _ in known],
    )
    parts.chart(figure, "promise-forms", "Cost of the promises in each form, above a plan without promises")
    if any(row.is_given for row, _ in known):
        st.caption("In colour: as the scenario states it.")


def _table(scenario: Scenario, found: Forms, name: str) -> None:
    currency = scenario.display_currency
    unit = f"{currency.code} for {fmt.span(found.plan_hours)}"
    rows = pd.DataFrame(
        {
            "form": [sentences.name(row) for row in found.rows],
            "usd": [row.objective_usd for row in found.rows],
            "extra": [sentences.shown_extra(found, row) for row in found.rows],
            "bills": [row.bills_usd for row in found.rows],
            "standby": [row.standby_accelerators for row in found.rows],
            "idle": [row.idle_accelerators for row in found.rows],
            "unserved": [row.unserved_share for row in found.rows],
            "left": [row.left_share for row in found.rows],
            "broken": [row.broken for row in found.rows],
            "status": [row.status.replace("_", " ") for row in found.rows],
        }
    )
    numbers = ["usd", "extra", "bills", "standby", "idle", "unserved", "left", "broken"]
    rows[numbers] = rows[numbers].astype(float)
    rows["extra"] = parts.money_column(rows, "extra", currency)
    rows[["usd", "bills"]] *= currency.units_per_usd
    for column in ("unserved", "left"):
        rows[column] *= 100
    columns = {
        "form": Column("All promises are"),
        "extra": Column(f"More than no promise ({unit})", "money"),
        "usd": Column(f"Cost and penalties ({unit})", "close"),
        "unserved": Column("Not served (%)", "%.2f", "Largest share of a workload's demand"),
        "broken": Column("Promises not kept", "%d", "Pairs of a promised workload and a failure"),
        "left": Column("Goes on at worst (%)", "%.1f", "Of promised work, after the worst failure, in its worst hour"),
        "standby": Column("Standby at most (accelerators)", "%.1f", "Set aside for one workload each, at one time"),
        "idle": Column("Ready and not busy (accelerators, mean)", "%.1f", "Provisioned less busy, all pools"),
        "bills": Column(f"Bills only ({unit})", "close", "Without penalties"),
        "status": Column("Solve"),
    }
    parts.table(rows, columns, name)
