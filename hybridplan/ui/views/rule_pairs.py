"""What residency, latency and promises cost: two plans side by side for each."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from hybridplan.analysis import key_figures
from hybridplan.analysis.rule_pairs import Pairs, Side
from hybridplan.analysis.sentences import pairs as words
from hybridplan.charts import bars
from hybridplan.plan import Plan
from hybridplan.ui import studying
from hybridplan.ui.messages import safe
from hybridplan.ui.views import parts
from hybridplan.ui.views.parts import Column


def draw(plan: Plan, key: str = "pairs") -> None:
    """Button, progress and result; ``key`` names the place on its page."""
    st.header("What residency, latency and surviving a failure (N-1) cost", anchor=False)
    found = studying.run(
        "with_without",
        plan.scenario,
        key=key,
        label="Compare with and without",
        draw_partial=lambda so_far: _table(plan, so_far, f"{key}-so-far"),
        help="Solves the plan again without residency, without latency objectives, and without promises.",
    )
    if not isinstance(found, Pairs):
        return
    parts.bullets(words.summary(found, plan.scenario))
    if found.rows:
        _bars(plan, found, key)
        _table(plan, found, key)
        st.caption(safe(words.how()))


def _bars(plan: Plan, found: Pairs, key: str) -> None:
    rate = plan.scenario.display_currency.units_per_usd
    known = [(words.name(row), row.usd * rate) for row in found.rows if row.usd is not None]
    if not any(usd > 0 for _, usd in known):
        return
    figure = bars.ranked(
        [name for name, _ in known],
        [usd for _, usd in known],
        parts.look(),
        question="What does the plan cost more with each of these?",
        unit=key_figures.money_unit(plan, "plan"),
    )
    parts.chart(figure, f"{key}-prices", "Cost with less cost without, by pair")


def _table(plan: Plan, found: Pairs, name: str) -> None:
    """Two rows for each pair."""
    rate = plan.scenario.display_currency.units_per_usd
    rows = pd.DataFrame(
        [
            {"pair": words.name(row), "rules": label, **_figures(side, rate)}
            for row in found.rows
            for label, side in (("with", row.with_rules), ("without", row.without))
        ]
    )
    if rows.empty:
        return
    unit = key_figures.money_unit(plan, "plan")
    columns = {
        "pair": Column("Rules"),
        "rules": Column("Plan"),
        "total": Column(f"Cost and penalties ({unit})", "amount"),
        "cost": Column(f"Cost ({unit})", "amount"),
        "unserved": Column("Not served (%)", "%.2f", "Largest share over the workloads"),
        "latency": Column("Latency of this work (ms)", "%.1f", "Round trip and service time, without queues"),
        "carbon": Column("Carbon (t CO₂e)", "%.3f"),
        "status": Column("Solve"),
    }
    parts.table(rows, columns, name)


def _figures(side: Side, rate: float) -> dict[str, object]:
    def scaled(value: float | None, factor: float) -> float | None:
        return None if value is None else value * factor

    return {
        "total": scaled(side.objective_usd, rate),
        "cost": scaled(side.cost_usd, rate),
        "unserved": scaled(side.unserved_share, 100.0),
        "latency": side.mean_ms,
        "carbon": side.carbon_tonnes,
        "status": side.status.replace("_", " "),
    }
