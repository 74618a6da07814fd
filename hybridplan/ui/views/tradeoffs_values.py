"""Other values of any number of the scenario, and the value at which an outcome changes."""

from __future__ import annotations

from typing import Any, Final

import streamlit as st

from hybridplan.analysis import labels
from hybridplan.analysis.sensitivity.paths import NumericPath, numeric_paths, with_value
from hybridplan.analysis.sentences import break_even as turning
from hybridplan.analysis.sentences import sensitivity as say
from hybridplan.domain import Scenario
from hybridplan.errors import InvalidInput
from hybridplan.io.workbook_inputs import join, split
from hybridplan.plan import Plan
from hybridplan.ui import studying
from hybridplan.ui.messages import safe, show_issues
from hybridplan.ui.views import parts, sensitivity_figures

_MOST_CHOICES: Final = 3000
"""More numbers than this are no list that a browser should be sent."""
_RANGE: Final = (0.5, 1.5)
"""Range that is offered, as factors on the value as it is."""
_SHARES: Final = (0.0, 1.0)


def sweep(scenario: Scenario, plan: Plan) -> None:
    """One number over a range."""
    parts.paragraph("Pick any number of the scenario and a range: the plan is solved anew at each value.")
    field = _pick(scenario, plan, "sweep")
    start, stop = _range(field, plan, "sweep")
    count = st.slider("How many values", 5, 41, 11, key="sweep_count", persist_state="session")
    if not _is_range(start, stop):
        return
    options = {"path": field.path, "start": start, "stop": stop, "count": count}
    found = studying.run("field_sweep", scenario, options, key="field_sweep", label="Solve these values")
    if found is None:
        return
    parts.bullets(say.sweep(found, scenario))
    for key, fig in sensitivity_figures.sweep_charts(found, scenario, parts.look()):
        parts.chart(fig, key, f"{field.label}: {key}")
    parts.table(*sensitivity_figures.sweep_table(found, scenario), "other-values")


def break_even(scenario: Scenario, plan: Plan) -> None:
    """The value of a number at which an outcome changes."""
    parts.paragraph(
        "At which value does it change? The plan is solved at values of the range until both sides of the change lie "
        "next to each other."
    )
    field = _pick(scenario, plan, "break_even")
    start, stop = _range(field, plan, "break_even")
    outcome = _outcome(scenario, plan, field)
    if outcome is None or not _is_range(start, stop):
        return
    options = {"path": field.path, "start": start, "stop": stop, "outcome": outcome}
    found = studying.run("break_even", scenario, options, key="break_even", label="Look for the break-even")
    if found is None:
        return
    first, *rest = turning.summary(found, scenario)
    (st.success if found.value is not None else st.info)(safe(first), icon=":material/swap_vert:")
    parts.bullets(rest)
    if any(look.point.has_plan for look in found.looks):
        fig = sensitivity_figures.break_even_chart(found, scenario, parts.look())
        parts.chart(fig, "break-even", turning.question())
        parts.table(*sensitivity_figures.break_even_table(found, scenario), "break-even")


def _pick(scenario: Scenario, plan: Plan, key: str) -> NumericPath:
    """The number to change, by words; fields at their default on request."""
    every = st.toggle(
        "Fields that are at their default too", key=f"{key}_every", persist_state="session", help="Many more numbers"
    )
    found = {one.path: one for one in numeric_paths(scenario, given_only=not every)[:_MOST_CHOICES]}
    first = _likely(scenario, plan)
    paths = list(found)
    chosen = st.selectbox(
        "Number to change (type to search)",
        paths,
        index=paths.index(first) if first in found else 0,
        format_func=lambda path: say.choice(found[path]) if path in found else path,
        key=f"{key}_path",
        persist_state="session",
    )
    return found.get(chosen) or found[paths[0]]


def _likely(scenario: Scenario, plan: Plan) -> str:
    """The price of the rented pool that works most."""
    hours = plan.quantities.set_index("pool")["busy_accelerator_hours"].astype(float)
    rented = [key for key, pool in scenario.pools.items() if pool.purchase_option in ("on_demand", "interruptible")]
    most = max(rented, key=lambda key: float(hours.get(key, 0.0)), default="")
    return join(("pools", most, "price_usd_per_accelerator_hour"))


def _range(field: NumericPath, plan: Plan, key: str) -> tuple[float | None, float | None]:
    """Both ends, in the unit of the number."""
    ends = _offered(field, plan)
    typed: list[float | None] = []
    for name, offered, place in zip(("From", "To"), ends, st.columns(2), strict=True):
        with place:
            # The key holds path and value: another number, and one that was changed, starts with a range of its own.
            typed.append(
                st.number_input(
                    safe(f"{name} ({field.unit})"),
                    value=offered,
                    format="%.6g",
                    key=f"{key}_{name}:{field.path}:{offered}",
                    step=None,
                )
            )
    return typed[0], typed[1]


def _offered(field: NumericPath, plan: Plan) -> tuple[float, float]:
    if field.value:
        low, high = (float(f"{field.value * factor:.3g}") for factor in _RANGE)
        return (low, min(high, 1.0)) if field.unit == say.SHARE else (low, high)
    if field.unit == say.SHARE:
        return _SHARES
    if field.path == "policy.carbon_cap.tonnes":
        return _part(float(plan.quantities["carbon_tonnes"].fillna(0.0).sum()))
    if field.path == "policy.budget.usd":
        return _part(sum(plan.cost_usd.values()))
    return (50.0, 500.0) if field.unit == "ms" else (0.0, 100.0)


def _part(total: float) -> tuple[float, float]:
    return float(f"{0.5 * total:.3g}"), float(f"{max(total, 1e-3):.3g}")


def _is_range(start: float | None, stop: float | None) -> bool:
    if start is not None and stop is not None and start < stop:
        return True
    st.info("Give two numbers, the smaller one first.", icon=":material/edit_note:")
    return False


def _outcome(scenario: Scenario, plan: Plan, field: NumericPath) -> dict[str, Any] | None:
    """What is to change, as the study takes it; None where it cannot be asked."""
    owned = [key for key, pool in scenario.pools.items() if pool.purchase_option == "owned"]
    kept = [key for key in owned if scenario.pools[key].owned_cost == "avoidable"]
    records = {"pool_used": list(scenario.pools), "bought": owned, "kept": kept, "unserved": list(scenario.workloads)}
    records["purchased"] = list(labels.offers(scenario))
    kinds = [kind for kind, keys in records.items() if keys] + ["objective", "possible"]
    kind = st.selectbox("Outcome that changes", kinds, format_func=turning.kind, key="outcome", persist_state="session")
    if kind == "possible":
        return {"kind": kind}
    if kind == "objective":
        unit = scenario.display_currency.units_per_usd
        now = float(f"{(plan.objective_usd or 0.0) * unit:.4g}")
        money = st.number_input(
            safe(f"Amount ({scenario.display_currency.code}, penalties included)"),
            value=now,
            format="%.6g",
            key=f"outcome_money:{now}",
        )
        return {"kind": kind, "level": money / unit}
    names = turning.records(scenario, kind)
    # The record whose number changes is the one that is asked about first.
    near = next((key for key in split(field.path) or () if key in records[kind]), "")
    first = records[kind].index(near) if near else 0
    label = "Workload" if kind == "unserved" else "Offer" if kind == "purchased" else "Pool"
    record = st.selectbox(label, records[kind], first, format_func=names.__getitem__, key=f"outcome_{kind}:{near}")
    return _bought(scenario, record) if kind == "bought" else {"kind": kind, "record": record}


def _bought(scenario: Scenario, pool: str) -> dict[str, Any] | None:
    """Whether more of an owned pool, at its price in every hour, makes the whole cheaper."""
    count = st.number_input("How many more accelerators", min_value=1, value=8, key="outcome_more")
    now = scenario.pools[pool].capacity_accelerators
    try:
        more = with_value(scenario, join(("pools", pool, "capacity_accelerators")), now + count)
    except InvalidInput as error:
        show_issues(error.issues)
        return None
    named = more.model_copy(update={"name": turning.bought(scenario, pool, count)})
    return {"kind": "objective", "other": named.to_dict()}
