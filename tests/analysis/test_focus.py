"""The FOCUS table against arithmetic by hand, and its sums against the audit's money."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from builders import deferrable, hour, one_site, pool, random_document, rigid
from feature_documents import random_feature_document
from hypothesis import given, settings
from hypothesis import strategies as st

from hybridplan.analysis import focus
from hybridplan.audit.costs import CHARGES, COSTS, PENALTIES, UNITS
from hybridplan.domain import require
from hybridplan.io.exports import table_csv
from hybridplan.io.importing import ImportOptions, import_file
from hybridplan.model.solve import optimise
from hybridplan.plan import Plan

EVIL = '=HYPERLINK("http://example.invalid","x")'


def planned(
    pools: dict[str, Any], workloads: dict[str, Any], horizon: dict[str, Any] | None = None, **fields: Any
) -> Plan:
    document = {
        "schema_version": 1,
        "name": "test",
        "horizon": horizon or hour(),
        "sites": one_site(),
        "pools": pools,
        "workloads": workloads,
        **fields,
    }
    plan = optimise(require(document))
    assert plan.status.has_plan
    return plan


def rows(*args: Any, **fields: Any) -> list[dict[str, Any]]:
    """The table as records; what is missing is None."""
    frame = focus.rows(planned(*args, **fields))
    return frame.astype(object).where(frame.notna(), None).to_dict("records")


def money(row: dict[str, Any]) -> tuple[float, float, float, float]:
    """Billed, effective, list, contracted."""
    return row["BilledCost"], row["EffectiveCost"], row["ListCost"], row["ContractedCost"]


def test_on_demand_with_a_discount() -> None:
    """10 accelerators x 4 USD = 40 at list; a quarter off: 30. Hour 1 has no demand, so nothing is provisioned."""
    found = rows({"od": pool("on_demand", 20, 4.0, discount_share=0.25)}, {"w": rigid([10.0, 0.0])}, hour(2))
    assert len(found) == 1
    row = found[0]
    assert money(row) == pytest.approx((30, 30, 40, 30))
    assert (row["PricingQuantity"], row["ListUnitPrice"], row["ContractedUnitPrice"]) == pytest.approx((10, 4, 3))
    assert (row["ConsumedQuantity"], row["ConsumedUnit"], row["PricingUnit"]) == (
        10,
        "Accelerator-Hours",
        "Accelerator-Hours",
    )
    assert (row["ChargeCategory"], row["ChargeFrequency"], row["PricingCategory"]) == (
        "Usage",
        "Usage-Based",
        "Standard",
    )
    assert (row["ChargePeriodStart"], row["ChargePeriodEnd"]) == ("2026-06-01T00:00:00Z", "2026-06-01T01:00:00Z")
    assert (row["BillingPeriodStart"], row["BillingPeriodEnd"]) == ("2026-06-01T00:00:00Z", "2026-07-01T00:00:00Z")
    assert (row["x_Workload"], row["x_Pool"], row["x_Term"], row["SkuId"]) == ("w", "od", "usage", "gpu")
    assert row["CommitmentDiscountId"] is None


def test_the_price_factor_of_a_block_changes_list_and_contract_alike() -> None:
    """2 accelerators x 4 USD x 1.5 = 12 at list, x 0.75 = 9."""
    horizon = hour(price_factor=1.5)
    row = rows({"od": pool("on_demand", 20, 4.0, discount_share=0.25)}, {"w": rigid([2.0])}, horizon)[0]
    assert money(row) == pytest.approx((9, 9, 12, 9))


def test_interruptible_capacity_has_a_price_that_changes() -> None:
    """3 accelerators x 1 USD."""
    work = rigid([3.0], interruptible=True)
    row = rows({"spot": pool("interruptible", 20, 1.0)}, {"w": work})[0]
    assert money(row) == pytest.approx((3, 3, 3, 3))
    assert row["PricingCategory"] == "Dynamic"


def test_a_commitment_half_used() -> None:
    """8 x 2 USD = 16 an hour. Hour 0: 4 of 8 used, 8 USD each way; hour 1: none. Cash 32, cost 8 + 8 + 16 = 32."""
    plan = planned(
        {"res": pool("reserved", 0, 0.0, name="Reserved")},
        {"w": rigid([4.0, 0.0])},
        hour(2),
        commitments={"c1": {"name": "One year", "pool": "res", "accelerators": 8, "fee_usd_per_accelerator_hour": 2.0}},
    )
    frame = focus.rows(plan)
    bought = frame[frame["ChargeCategory"] == "Purchase"]
    used = frame[frame["CommitmentDiscountStatus"] == "Used"]
    unused = frame[frame["CommitmentDiscountStatus"] == "Unused"]
    assert (len(bought), len(used), len(unused), len(frame)) == (2, 1, 2, 5)
    assert bought["BilledCost"].tolist() == pytest.approx([16, 16])
    assert bought["EffectiveCost"].tolist() == [0, 0]
    assert used["EffectiveCost"].tolist() == pytest.approx([8])
    assert unused["EffectiveCost"].tolist() == pytest.approx([8, 16])
    assert used["BilledCost"].sum() + unused["BilledCost"].sum() == 0
    assert unused["CommitmentDiscountQuantity"].tolist() == pytest.approx([4, 8])
    assert unused[["ConsumedQuantity", "ConsumedUnit"]].isna().all(axis=None)
    assert (used["ResourceId"].item(), set(unused["ResourceId"]), set(bought["ResourceId"])) == ("res", {"c1"}, {"c1"})
    assert set(bought["ChargeFrequency"]) == {"Recurring"}
    assert (set(bought["PricingCategory"]), set(used["PricingCategory"])) == ({"Standard"}, {"Committed"})
    assert set(frame["CommitmentDiscountName"]) == {"One year"}
    assert set(frame["CommitmentDiscountCategory"]) == {"Usage"}
    assert frame["BilledCost"].sum() == pytest.approx(32) == frame["EffectiveCost"].sum()
    assert plan.cost_usd["commitment"] == pytest.approx(32)


def test_two_commitments_behind_one_pool_are_used_in_proportion() -> None:
    """6 and 2 accelerators, 4 assigned: a half of each, so 3 x 1 USD and 1 x 5 USD are used."""
    frame = focus.rows(
        planned(
            {"res": pool("reserved", 0, 0.0)},
            {"w": rigid([4.0])},
            commitments={
                "a": {"pool": "res", "accelerators": 6, "fee_usd_per_accelerator_hour": 1.0},
                "b": {"pool": "res", "accelerators": 2, "fee_usd_per_accelerator_hour": 5.0},
            },
        )
    )
    used = frame[frame["CommitmentDiscountStatus"] == "Used"].set_index("CommitmentDiscountId")["EffectiveCost"]
    assert used.to_dict() == pytest.approx({"a": 3, "b": 5})


def test_owned_capacity_is_cost_but_no_cash_and_its_electricity_is_both() -> None:
    """5 of 10 are kept: 5 x 0.5 = 2.5 USD. 5 x 1 kW x 1.2 PUE = 6 kWh x 0.2 USD = 1.2."""
    found = rows(
        {"own": pool("owned", 10, 0.5, owned_cost="avoidable", price_includes_energy=False, busy_kw=1.0)},
        {"w": rigid([5.0])},
        sites=one_site(pue=1.2, electricity_usd_per_kwh=0.2, region="fra"),
    )
    by_term = {row["x_Term"]: row for row in found}
    assert set(by_term) == {"owned_fixed", "energy"}
    assert money(by_term["owned_fixed"]) == pytest.approx((0, 2.5, 2.5, 2.5))
    assert (by_term["owned_fixed"]["PricingCategory"], by_term["owned_fixed"]["x_Workload"]) == ("Other", None)
    assert money(by_term["energy"]) == pytest.approx((1.2, 1.2, 1.2, 1.2))
    assert (by_term["energy"]["PricingQuantity"], by_term["energy"]["PricingUnit"]) == (pytest.approx(6), "kWh")
    assert (by_term["energy"]["RegionId"], by_term["energy"]["RegionName"]) == ("fra", "fra")


def test_the_price_of_carbon_is_a_cost_that_nobody_bills() -> None:
    """4 accelerators x 0.5 kW = 2 kWh x 500 g = 1 kg x 100 USD per tonne = 0.1 USD."""
    found = rows(
        {"od": pool("on_demand", 10, 1.0, busy_kw=0.5)},
        {"w": rigid([4.0])},
        sites=one_site(grid_carbon_g_per_kwh=500),
        policy={"carbon_usd_per_tonne": 100.0},
    )
    row = next(row for row in found if row["x_Term"] == "carbon")
    assert money(row) == pytest.approx((0, 0.1, 0.1, 0.1))
    assert (row["PricingQuantity"], row["PricingUnit"], row["x_Workload"]) == (pytest.approx(0.001), "Tonnes", "w")


def test_data_is_charged_by_direction_and_by_whom_it_leaves() -> None:
    """10 units: 0.2 GB in = 2 GB x 0.01 = 0.02 USD from here; 0.5 GB back = 5 GB x 0.1 = 0.5 USD from the cloud."""
    sites = one_site() | {"far": {"kind": "public", "provider": "cloud", "jurisdiction": "DE", "region": "r1"}}
    link = {"round_trip_ms": 5.0}
    found = rows(
        {"od": pool("on_demand", 20, 1.0, site="far")},
        {"w": rigid([10.0], ingress_gb_per_unit=0.2, egress_gb_per_unit=0.5)},
        sites=sites,
        links={
            "out": {"from_site": "here", "to_site": "far", "usd_per_gb": 0.01, **link},
            "back": {"from_site": "far", "to_site": "here", "usd_per_gb": 0.1, **link},
        },
    )
    sent = {row["ProviderName"]: row for row in found if row["x_Term"] == "transfer"}
    assert money(sent["own"]) == pytest.approx((0.02,) * 4)
    assert money(sent["cloud"]) == pytest.approx((0.5,) * 4)
    assert (sent["cloud"]["PricingQuantity"], sent["cloud"]["PricingUnit"]) == (pytest.approx(5), "GB")
    assert (sent["cloud"]["RegionId"], sent["own"]["RegionId"], sent["cloud"]["ResourceId"]) == ("r1", None, None)
    assert sent["cloud"]["ServiceCategory"] == "Networking"


def test_routes_and_starts_are_paid_in_their_own_units() -> None:
    """10 requests x 0.25 USD = 2.5. Two nodes of 5, none before: 2 x 3 USD = 6."""
    found = rows(
        {
            "od": pool(
                "on_demand",
                20,
                1.0,
                accelerators_per_node=5,
                start_usd_per_node=3.0,
                initial_provisioned_accelerators=0,
            )
        },
        {"w": rigid([10.0], unit="requests", route_cost_usd_per_unit={"od": 0.25})},
    )
    by_term = {row["x_Term"]: row for row in found}
    assert money(by_term["route"]) == pytest.approx((2.5,) * 4)
    assert (by_term["route"]["PricingQuantity"], by_term["route"]["PricingUnit"]) == (pytest.approx(10), "Requests")
    assert money(by_term["start"]) == pytest.approx((6,) * 4)
    assert (by_term["start"]["PricingQuantity"], by_term["start"]["PricingUnit"]) == (pytest.approx(2), "Nodes")


def test_a_block_that_occurs_five_times_is_multiplied_by_five() -> None:
    """Workday: 4 x 2 USD x 5 = 40; weekend: 1 x 2 USD x 2 = 4. Plain sums give the week."""
    blocks = {
        "day": {"label": "A workday", "start": "2026-06-01T00:00:00Z", "periods": 1, "weight": 5.0},
        "end": {"start": "2026-06-06T00:00:00Z", "periods": 1, "weight": 2.0},
    }
    work = rigid([], demand_units_per_hour={"day": [4.0], "end": [1.0]})
    found = rows({"od": pool("on_demand", 20, 2.0)}, {"w": work}, {"blocks": blocks})
    assert [row["EffectiveCost"] for row in found] == pytest.approx([40, 4])
    assert [row["PricingQuantity"] for row in found] == pytest.approx([20, 2])
    assert [row["ContractedUnitPrice"] for row in found] == pytest.approx([2, 2])
    assert [(row["x_BlockLabel"], row["x_Weight"]) for row in found] == [("A workday", 5), ("end", 2)]


def test_half_hours_cost_a_half() -> None:
    """4 accelerators x 0.5 h x 2 USD = 4."""
    row = rows({"od": pool("on_demand", 20, 2.0)}, {"w": rigid([4.0])}, hour(period_hours=0.5))[0]
    assert (row["EffectiveCost"], row["PricingQuantity"]) == pytest.approx((4, 2))
    assert row["ChargePeriodEnd"] == "2026-06-01T00:30:00Z"


def test_the_day_on_which_clocks_change_has_23_hours_in_a_row() -> None:
    """29 March 2026 in Berlin: from 23:00Z of the day before to 22:00Z."""
    horizon = {"blocks": {"b": {"start": "2026-03-29T00:00:00+01:00", "periods": 23}}, "time_zone": "Europe/Berlin"}
    frame = focus.rows(planned({"od": pool("on_demand", 20, 2.0)}, {"w": rigid([1.0] * 23)}, horizon))
    starts, ends = frame["ChargePeriodStart"].tolist(), frame["ChargePeriodEnd"].tolist()
    assert (len(frame), starts[0], ends[-1]) == (23, "2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z")
    assert starts[1:] == ends[:-1]
    assert frame["EffectiveCost"].sum() == pytest.approx(46)


def test_the_bill_of_the_last_hour_of_a_year_ends_with_it() -> None:
    horizon = {"blocks": {"b": {"start": "2026-12-31T23:00:00Z", "periods": 2}}}
    frame = focus.rows(planned({"od": pool("on_demand", 20, 2.0)}, {"w": rigid([1.0, 1.0])}, horizon))
    assert frame["BillingPeriodStart"].tolist() == ["2026-12-01T00:00:00Z", "2027-01-01T00:00:00Z"]
    assert frame["BillingPeriodEnd"].tolist() == ["2027-01-01T00:00:00Z", "2027-02-01T00:00:00Z"]


def test_penalties_are_no_costs() -> None:
    """5 of 10 cannot be served, at 100 USD: 500 USD of the objective, and no row."""
    plan = planned({"od": pool("on_demand", 5, 1.0)}, {"w": rigid([10.0])})
    assert plan.penalty_usd["unserved"] == pytest.approx(500)
    assert focus.rows(plan)["EffectiveCost"].sum() == pytest.approx(5)


def test_what_a_solver_leaves_by_rounding_gives_no_row() -> None:
    """10 accelerators in hour 0; 1e-16 in hour 1, where there is no demand: one row."""
    plan = planned({"od": pool("on_demand", 20, 4.0)}, {"w": rigid([10.0, 0.0])}, hour(2))
    assert plan.tables is not None
    left = plan.tables.provisioned.copy()
    left.loc[left.index[-1], "accelerators_provisioned"] = 1e-16
    assert len(focus.rows(replace(plan, tables=replace(plan.tables, provisioned=left)))) == 1


def test_without_a_plan_there_are_columns_and_no_rows() -> None:
    document = {
        "schema_version": 1,
        "name": "impossible",
        "horizon": hour(),
        "sites": one_site(),
        "pools": {"od": pool("on_demand", 1, 1.0)},
        "workloads": {"w": rigid([5.0], must_serve=True)},
    }
    frame = focus.rows(optimise(require(document)))
    assert (len(frame), tuple(frame.columns)) == (0, focus.COLUMNS)


def test_every_cost_term_has_charges_and_a_unit() -> None:
    assert set(CHARGES) == set(UNITS) == set(COSTS) - PENALTIES


seeds = st.integers(0, 100_000)


@settings(max_examples=15)
@given(seeds, st.booleans())
def test_sums_are_the_audits_money_by_term_and_pool_and_workload(seed: int, with_features: bool) -> None:
    document = random_feature_document(seed) if with_features else random_document(seed)
    plan = optimise(require(document))
    assert plan.status.has_plan
    frame = focus.rows(plan)
    scale = max(sum(plan.cost_usd.values()), 1e-6)
    assert frame["EffectiveCost"].sum() == pytest.approx(sum(plan.cost_usd.values()), rel=1e-9)
    lines = plan.cost_lines[~plan.cost_lines["is_penalty"]]
    for keys, ours in ((["term"], ["x_Term"]), (["term", "pool", "workload"], ["x_Term", "x_Pool", "x_Workload"])):
        audited = lines.groupby(keys)["usd"].sum().to_dict()
        found = frame.fillna({"x_Workload": "", "x_Pool": ""}).groupby(ours)["EffectiveCost"].sum().to_dict()
        for key in audited.keys() | found.keys():
            assert found.get(key, 0.0) == pytest.approx(audited.get(key, 0.0), rel=1e-9, abs=1e-12 * scale), (seed, key)


@settings(max_examples=15)
@given(seeds)
def test_every_row_keeps_the_rules_of_the_specification(seed: int) -> None:
    """Costs are numbers and products of quantity and price; list is at least contract; a commitment's cash is cost."""
    frame = focus.rows(optimise(require(random_feature_document(seed))))
    numbers = frame[["BilledCost", "EffectiveCost", "ListCost", "ContractedCost", "PricingQuantity"]].to_numpy()
    assert np.isfinite(numbers).all()
    assert np.allclose(frame["ListCost"], frame["ListUnitPrice"] * frame["PricingQuantity"], rtol=1e-12)
    assert np.allclose(frame["ContractedCost"], frame["ContractedUnitPrice"] * frame["PricingQuantity"], rtol=1e-12)
    assert (frame["ListUnitPrice"] >= frame["ContractedUnitPrice"] * (1 - 1e-12)).all()
    assert (frame[["ListCost", "EffectiveCost", "BilledCost"]] != 0).any(axis=1).all()
    is_purchase = frame["ChargeCategory"] == "Purchase"
    assert (frame.loc[is_purchase, "EffectiveCost"] == 0).all()
    cash = frame[is_purchase].groupby("CommitmentDiscountId")["BilledCost"].sum()
    cost = frame[~is_purchase].groupby("CommitmentDiscountId")["EffectiveCost"].sum()
    assert cost.to_dict() == pytest.approx(cash.to_dict(), rel=1e-9)
    not_null = ["BillingCurrency", "ChargeDescription", "ProviderName", "ServiceName", "ServiceCategory", "PricingUnit"]
    assert frame[not_null].notna().all(axis=None)
    is_unused = frame["CommitmentDiscountStatus"] == "Unused"
    assert (frame["ConsumedQuantity"].isna() == (is_purchase | is_unused)).all()
    assert (frame["ConsumedQuantity"].isna() == frame["ConsumedUnit"].isna()).all()


def test_as_csv_it_holds_no_formula_and_our_own_reader_knows_it() -> None:
    plan = planned({"od": pool("on_demand", 20, 4.0, name=EVIL)}, {"w": rigid([10.0], name="@SUM(A1)")})
    text = table_csv(focus.rows(plan))
    header, row = list(csv.reader(io.StringIO(text)))
    cells = dict(zip(header, row, strict=True))
    assert not [cell for cell in row if cell[:1] in ("=", "+", "-", "@")]
    assert cells["ResourceName"] == "'" + EVIL
    assert (cells["EffectiveCost"], cells["CommitmentDiscountId"], cells["x_IsPlanned"]) == ("40.0", "", "true")
    assert import_file(text.encode(), "focus.csv", "prices", ImportOptions()).format == "FOCUS cost and usage"


def test_deferrable_work_is_charged_in_the_hours_in_which_it_runs() -> None:
    """6 accelerator-hours within 3 hours on at most 2 accelerators: 2 x 1 USD in each."""
    frame = focus.rows(planned({"od": pool("on_demand", 2, 1.0)}, {"t": deferrable(6.0, 0, 3)}, hour(3)))
    assert frame["EffectiveCost"].tolist() == pytest.approx([2, 2, 2])
    assert pd.to_datetime(frame["ChargePeriodStart"]).is_monotonic_increasing
