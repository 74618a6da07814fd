"""What holds for any plan: the audit never raises, scales with prices, and does not look at the order of rows."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from audit_cases import BUSY, ESTATE, PROVISIONED, changed, estate, tables
from hypothesis import given, settings
from hypothesis import strategies as st

from hybridplan.audit import AuditReport, audit, certify
from hybridplan.domain import Scenario
from hybridplan.plan import PlanTables

TABLES = ("allocation", "provisioned", "unserved_hourly", "unserved_windows", "kept")
ODD: tuple[Any, ...] = (
    None,
    float("nan"),
    float("inf"),
    -1,
    0,
    10**30,
    1e308,
    True,
    "",
    "web",
    "own",
    "b",
    "w",
    "2026-01-05",
    b"x",
    [],
    {},
    (1, 2),
    1j,
    pd.NaT,
    pd.Timestamp("2026-01-05"),
    pd.Timestamp("2026-01-05", tz="UTC"),
    pd.Timedelta("1h"),
)
amounts = st.floats(0.0, 100.0, allow_subnormal=False)


@st.composite
def odd_column(draw: st.DrawFn, rows: int) -> pd.Series[Any]:
    values = draw(st.lists(st.sampled_from(ODD), min_size=rows, max_size=rows))
    kind = draw(st.sampled_from(["object", "float", "text", "category", "moment"]))
    if kind == "float":
        return pd.Series(draw(st.lists(st.floats(), min_size=rows, max_size=rows)), dtype="float64")
    if kind == "text":
        return pd.Series([str(value) for value in values], dtype="str")
    if kind == "category":
        return pd.Series([str(value) for value in values], dtype="category")
    if kind == "moment":
        unit = draw(st.sampled_from(["s", "us", "ns"]))
        return pd.Series(pd.DatetimeIndex(["2026-01-05", "NaT", "1700-01-01"] * rows, tz="UTC").as_unit(unit)[:rows])
    return pd.Series(values, dtype="object")


@st.composite
def odd_table(draw: st.DrawFn, name: str) -> Any:
    frame = getattr(tables(), name)
    kind = draw(st.sampled_from(["as it is", "none", "text", "column", "sample", "no rows", "twice", "odd column"]))
    columns = list(frame.columns)
    if kind == "none":
        return None
    if kind == "text":
        return "table"
    if kind == "column":
        return frame.drop(columns=draw(st.sampled_from(columns)))
    if kind == "sample":
        rows = draw(st.lists(st.integers(0, len(frame) - 1), max_size=30))
        return frame.iloc[rows]
    if kind == "no rows":
        return pd.DataFrame(columns=columns)
    if kind == "twice":
        return pd.concat([frame, frame[[draw(st.sampled_from(columns))]]], axis=1)
    if kind == "odd column":
        for column in draw(st.lists(st.sampled_from(columns), min_size=1, unique=True)):
            frame[column] = draw(odd_column(len(frame))).array
    return frame


@settings(max_examples=150)
@given(st.tuples(*(odd_table(name) for name in TABLES)))
def test_the_audit_never_raises(found: tuple[Any, ...]) -> None:
    plan = PlanTables(*found)
    report = audit(estate(policy={"budget": {"usd": 1000.0}}), plan)
    assert isinstance(report, AuditReport)
    assert isinstance(report.ok, bool)
    assert report.ok is not bool(report.failures)
    assert isinstance(certify(report, 395.9295, 395.9295, "weak duality").passed, bool)
    if not all(isinstance(frame, pd.DataFrame) for frame in found):
        assert not report.ok


@st.composite
def random_plan(draw: st.DrawFn) -> PlanTables:
    """Any decisions, sound or not: costs are defined for all of them."""
    pair = st.tuples(amounts, amounts).map(list)
    return tables(
        busy={key: draw(pair) for key in BUSY},
        n={key: draw(pair) for key in PROVISIONED},
        unserved=draw(amounts),
        window_unserved=draw(amounts),
    )


def with_prices_doubled() -> Scenario:
    doubled = {
        "price_usd_per_accelerator_hour",
        "electricity_usd_per_kwh",
        "fee_usd_per_accelerator_hour",
        "usd_per_gb",
        "unserved_usd_per_unit",
        "carbon_usd_per_tonne",
    }

    def walk(value: Any, inside: str) -> Any:
        if isinstance(value, dict):
            return {
                key: walk(item, inside if inside == "route_cost_usd_per_unit" else key) for key, item in value.items()
            }
        return 2 * value if inside in doubled | {"route_cost_usd_per_unit"} else value

    return estate(**walk(ESTATE, ""))


@given(random_plan())
def test_doubling_every_price_doubles_every_cost(plan: PlanTables) -> None:
    once, twice = audit(estate(), plan), audit(with_prices_doubled(), plan)
    for term, money in (once.cost_usd | once.penalty_usd).items():
        assert (twice.cost_usd | twice.penalty_usd)[term] == 2 * money, term
    assert twice.constant_usd == 2 * once.constant_usd
    assert twice.quantities.equals(once.quantities)


@given(random_plan())
def test_the_lines_of_any_plan_add_up(plan: PlanTables) -> None:
    report = audit(estate(), plan)
    assert report.cost_lines["usd"].sum() == pytest.approx(report.objective_usd, rel=1e-12)
    total = sum(report.cost_usd.values()) + sum(report.penalty_usd.values())
    assert total == pytest.approx(report.objective_usd, rel=1e-12)


@given(random_plan(), st.integers(0, 2**32 - 1))
def test_the_order_of_rows_does_not_matter(plan: PlanTables, seed: int) -> None:
    random = np.random.default_rng(seed)
    other = plan
    for name in TABLES:
        frame = getattr(plan, name)
        other = changed(other, name, frame.iloc[random.permutation(len(frame))])
    one, two = audit(estate(), plan), audit(estate(), other)
    assert one.cost_usd == two.cost_usd
    assert one.objective_usd == two.objective_usd
    assert one.residuals.equals(two.residuals)
    assert one.cost_lines.equals(two.cost_lines)


@given(st.floats(1e-3, 1e3))
def test_a_plan_scales_with_demand_and_capacity(factor: float) -> None:
    """Everything that is an amount times the same factor: still sound, and every dollar times the factor."""
    plan = tables()
    for name in TABLES:
        frame = getattr(plan, name)
        numbers = frame.select_dtypes("number").columns
        plan = changed(plan, name, frame.assign(**{column: frame[column] * factor for column in numbers}))
    scenario = estate(
        pools={
            pool: {"capacity_accelerators": c * factor} for pool, c in (("own", 10.0), ("od", 20.0), ("spot", 20.0))
        },
        commitments={"c": {"accelerators": 4.0 * factor}},
        workloads={
            "web": {"demand_units_per_hour": {"b": [20.0 * factor, 30.0 * factor]}},
            "nightly": {"windows": {"w": {"volume_units": 24.0 * factor}}},
        },
        links={"out": {"gbps": 1.0 * factor}, "back": {"gbps": 1.0 * factor}},
    )
    report = audit(scenario, plan)
    assert report.failures == ()
    assert report.objective_usd == pytest.approx(395.9295 * factor, rel=1e-12)
