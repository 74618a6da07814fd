"""Section of the Plan page about commitments: what is used, what to commit to, and when it is billed."""

from __future__ import annotations

import streamlit as st

from hybridplan.analysis import format as fmt
from hybridplan.analysis import labels
from hybridplan.analysis.commitments import billing
from hybridplan.analysis.commitments.holdings import holdings
from hybridplan.analysis.sentences import commitments as sentences
from hybridplan.analysis.wording import say
from hybridplan.plan import Plan, PlanTables
from hybridplan.ui.messages import safe
from hybridplan.ui.views import parts, plan_hardware, purchase_figures
from hybridplan.ui.views.kept import kept
from hybridplan.ui.views.parts import Column


def show(plan: Plan, tables: PlanTables) -> None:
    """Commitments, then hardware and private lines; each where it occurs."""
    if holdings(plan):
        st.header("Commitments", anchor=False)
        parts.bullets(_summary(plan))
        advice(plan)
        _duration(plan, tables)
        _table(plan)
        _bills(plan)
    plan_hardware.show(plan, tables)


def advice(plan: Plan) -> None:
    """What to commit to, with payback, break-even and what would overturn it, one box for each."""
    found = _advice(plan)
    for lines in found:
        with st.container(border=True):
            parts.bullets(lines)
    if found:
        st.caption(safe(say("commit.how")))


@kept
def _summary(plan: Plan) -> list[str]:
    return sentences.summary(plan)


@kept
def _advice(plan: Plan) -> list[list[str]]:
    return sentences.advice(plan)


def _duration(plan: Plan, tables: PlanTables) -> None:
    rows = purchase_figures.by_commitment(plan).to_dict("records")
    known = {f"{one.kind}:{one.record}": (one, row) for one, row in zip(holdings(plan), rows, strict=True)}
    known = {key: pair for key, pair in known.items() if pair[0].service_hours > 0}
    if not known:
        return
    keys = list(known)
    chosen = keys[0]
    if len(keys) > 1:
        names = {key: one.name for key, (one, _) in known.items()}
        chosen = st.selectbox("Commitment", keys, format_func=names.__getitem__, key="duration-of") or chosen
    one, row = known[chosen] if chosen in known else known[keys[0]]
    figure = purchase_figures.demand_duration(plan, tables, one, row, parts.look())
    parts.chart(figure, "duration", "Accelerators that a commitment can pay for, by hours")
    if one.kind == "commitment":
        words = (
            "All commitments of the pool together, and the same accelerator on demand at its site: busy or standing by."
        )
    else:
        words = "All pools with a rate of this commitment; what it pays for takes its rate of each hour's amount."
    st.caption(safe(words))


def _table(plan: Plan) -> None:
    rows = sentences.table(plan)
    code, span = plan.scenario.display_currency.code, fmt.span(plan.scenario.horizon.plan_hours)
    columns = {
        "name": Column("Commitment"),
        "size": Column("Size"),
        "utilisation_percent": Column("Used (%)", "%.1f", "Of what is paid; standing by counts"),
        "coverage_percent": Column("Covers (%)", "%.1f", "Of accelerator-hours of the pools that it can pay for"),
        "usd": Column(f"Cost ({code} for {span})", "money"),
        "unused_usd": Column(f"Not used ({code} for {span})", "money"),
        "usd_per_used_hour": Column(f"Per hour of use ({code})", "money", "Cost / accelerator-hours it paid for"),
        "on_demand_usd": Column(f"On demand ({code} per hour)", "money", "Cheapest price of the same"),
        "break_even_utilisation_percent": Column(
            "Break-even (% used)", "%.1f", "Used so much it costs what renting does"
        ),
        "service_hours": Column("In service (hours)", "localized"),
    }
    parts.table(rows, columns, "commitments")


def _bills(plan: Plan) -> None:
    scenario = plan.scenario
    rows = billing.schedule(plan)
    st.header("Bills", anchor=False)
    parts.bullets(sentences.bills(plan))
    if rows.empty:
        return
    if len(scenario.horizon.blocks) > 1:
        parts.chart(purchase_figures.bills(plan, parts.look()), "bills", "What is billed and counted by block")
    names, code = labels.blocks(scenario), scenario.display_currency.code
    phases = {billing.BEFORE: "Before the plan", billing.AFTER: "After the plan"}
    rows = rows.assign(
        when=[phases.get(str(phase), names.get(str(phase), str(phase))) for phase in rows["phase"]],
        of=["new" if part == "new" else "held" for part in rows["part"]],
        billed=parts.money_column(rows, "billed_usd", scenario.display_currency),
        upfront=parts.money_column(rows, "upfront_usd", scenario.display_currency),
        effective=parts.money_column(rows, "effective_usd", scenario.display_currency),
    )
    columns = {
        "name": Column("Commitment"),
        "of": Column("Part"),
        "when": Column("When"),
        "hours": Column("Hours", "localized"),
        "billed": Column(f"Billed ({code})", "money"),
        "upfront": Column(f"Of it upfront ({code})", "money"),
        "effective": Column(f"Counted ({code})", "money"),
    }
    parts.table(rows, columns, "bills-of-commitments")
