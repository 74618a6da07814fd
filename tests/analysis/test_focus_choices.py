"""The FOCUS table of what is bought, committed, covered, copied and kept; cash against cost, by hand."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd
import pytest
from builders import hour, one_site, pool, rigid
from test_focus import planned

from hybridplan.analysis import focus
from hybridplan.plan import Plan

HOURS_PER_YEAR = 8760


def reserved(fee: dict[str, Any], horizon: dict[str, Any] | None = None) -> pd.DataFrame:
    """8 accelerators at 2 USD, 4 of them used in hour 0."""
    blocks = horizon or hour(2)
    name = next(iter(blocks["blocks"]))
    return focus.rows(
        planned(
            {"res": pool("reserved", 0, 0.0)},
            {"w": rigid([], demand_units_per_hour={name: [4.0, 0.0]})},
            blocks,
            commitments={"c": {"pool": "res", "accelerators": 8, "fee_usd_per_accelerator_hour": 2.0, **fee}},
        )
    )


def purchases(frame: pd.DataFrame) -> list[tuple[str, str, float]]:
    """Frequency, start and cash of each purchase."""
    bought = frame[frame["ChargeCategory"] == "Purchase"]
    return list(zip(bought["ChargeFrequency"], bought["ChargePeriodStart"], bought["BilledCost"], strict=True))


def test_an_upfront_share_is_billed_in_the_first_period_of_service() -> None:
    """2 h x 16 USD = 32: a quarter, 8, at once, and 12 in each hour; the cost stays 16 in each."""
    frame = reserved({"upfront_share": 0.25})
    assert purchases(frame) == [
        ("One-Time", "2026-06-01T00:00:00Z", pytest.approx(8)),
        ("Recurring", "2026-06-01T00:00:00Z", pytest.approx(12)),
        ("Recurring", "2026-06-01T01:00:00Z", pytest.approx(12)),
    ]
    assert frame["BilledCost"].sum() == pytest.approx(32) == frame["EffectiveCost"].sum()


def test_all_upfront_leaves_nothing_by_the_hour() -> None:
    assert purchases(reserved({"upfront_share": 1.0})) == [("One-Time", "2026-06-01T00:00:00Z", pytest.approx(32))]


def test_a_known_term_is_paid_for_as_a_whole() -> None:
    """Half of 3 years x 8760 h x 16 USD at once, 8 USD by the hour; the cost is that of the hours planned."""
    frame = reserved({"upfront_share": 0.5, "term_years": 3.0})
    assert [usd for _, _, usd in purchases(frame)] == pytest.approx([0.5 * 3 * HOURS_PER_YEAR * 16, 8, 8])
    assert frame["EffectiveCost"].sum() == pytest.approx(32)


def test_over_its_term_what_is_billed_is_what_it_costs() -> None:
    """A block of two hours that stands for a year of 8,760: 4380 times."""
    frame = reserved({"upfront_share": 0.5, "term_years": 1.0}, hour(2, weight=HOURS_PER_YEAR / 2))
    assert frame["EffectiveCost"].sum() == pytest.approx(16 * HOURS_PER_YEAR)
    assert frame["BilledCost"].sum() == pytest.approx(16 * HOURS_PER_YEAR)
    assert purchases(frame)[0] == ("One-Time", "2026-06-01T00:00:00Z", pytest.approx(8 * HOURS_PER_YEAR))


def test_what_began_before_the_horizon_was_paid_upfront_before() -> None:
    frame = reserved({"upfront_share": 0.25, "starts": "2026-05-01T00:00:00Z"})
    assert [(frequency, usd) for frequency, _, usd in purchases(frame)] == [("Recurring", 12.0)] * 2


def spent(**fields: Any) -> Plan:
    """10 accelerators at 4 USD, half of that when covered; 30 USD per hour are committed, for which 20 would do."""
    return planned(
        {"od": pool("on_demand", 20, 4.0)},
        {"w": rigid([10.0])},
        spend_commitments={
            "s": {"name": "Plan", "usd_per_hour": 30.0, "rates_usd_per_accelerator_hour": {"od": 2.0}, **fields}
        },
    )


def test_a_spend_commitment_by_what_it_covers_and_what_it_does_not() -> None:
    """10 x 2 USD = 20 are spent, 10 are lost; nothing is paid on demand."""
    frame = focus.rows(spent())
    bought = frame[frame["ChargeCategory"] == "Purchase"].iloc[0]
    used, lost = (frame[frame["CommitmentDiscountStatus"] == status].iloc[0] for status in ("Used", "Unused"))
    assert (len(frame), bought["BilledCost"], bought["EffectiveCost"]) == (3, pytest.approx(30), 0)
    assert (used["EffectiveCost"], used["BilledCost"], used["ListCost"]) == (pytest.approx(20), 0, pytest.approx(40))
    assert (used["PricingQuantity"], used["PricingUnit"], used["x_Pool"]) == (
        pytest.approx(10),
        "Accelerator-Hours",
        "od",
    )
    assert (used["CommitmentDiscountQuantity"], used["CommitmentDiscountUnit"]) == (pytest.approx(20), "USD")
    assert (lost["EffectiveCost"], lost["PricingUnit"], lost["ResourceType"]) == (
        pytest.approx(10),
        "USD",
        "Commitment",
    )
    assert set(frame["CommitmentDiscountCategory"]) == {"Spend"}
    assert set(frame["CommitmentDiscountName"]) == {"Plan"}
    assert pd.isna(lost["ConsumedQuantity"])
    assert lost["ProviderName"] == used["ProviderName"]


def test_spend_paid_upfront() -> None:
    """30 USD over the one hour: all of it at once."""
    assert purchases(focus.rows(spent(upfront_share=1.0))) == [("One-Time", "2026-06-01T00:00:00Z", pytest.approx(30))]


def test_bought_accelerators_are_cost_and_no_cash() -> None:
    """8760 USD over one year without interest is 1 USD an hour: 5 x 1, beside nothing else."""
    plan = planned(
        {"own": pool("owned", 0, 0.0)},
        {"w": rigid([5.0])},
        expansions={
            "e": {
                "pool": "own",
                "max_accelerators": 9,
                "capex_usd_per_accelerator": 8760.0,
                "interest_rate": 0.0,
                "life_years": 1.0,
                "salvage_share": 0.0,
            }
        },
    )
    row = focus.rows(plan).iloc[0]
    assert (row["x_Term"], row["EffectiveCost"], row["BilledCost"]) == ("expansion", pytest.approx(5), 0)
    assert (row["PricingQuantity"], row["PricingCategory"], row["ChargeFrequency"]) == (
        pytest.approx(5),
        "Other",
        "Recurring",
    )


def test_links_datasets_and_results_have_rows() -> None:
    """Here to far: 1 Gbit/s of a private line at 2 USD, and 0.5 for the link; 73 GB at 1 USD a month: 0.1 an hour here
    and there, and 10 GB of changes at 0.3 USD."""
    site = one_site(storage_usd_per_gb_month=1.0)["here"]
    far = {"kind": "public", "provider": "cloud", "jurisdiction": "DE", "storage_usd_per_gb_month": 1.0}
    plan = planned(
        {"od": pool("on_demand", 20, 1.0)},
        {"w": rigid([1.0], result_gb_per_unit=1.0, result_kept_hours=730.0)},
        sites={"here": site, "far": far},
        links={
            "out": {
                "from_site": "here",
                "to_site": "far",
                "round_trip_ms": 5.0,
                "usd_per_gb": 0.3,
                "usd_per_hour": 0.5,
                "max_private_gbps": 1.0,
                "private_usd_per_hour": 2.0,
            }
        },
        datasets={
            "d": {
                "home_site": "here",
                "size_gb": 73.0,
                "change_gb_per_hour": 10.0,
                "copies": {"far": {"state": "present"}},
            }
        },
    )
    assert plan.tables is not None
    line = pd.DataFrame([("private_line", "out", 1.0)], columns=["kind", "record", "quantity"])
    frame = focus.rows(replace(plan, tables=replace(plan.tables, purchases=line)))
    found = frame.groupby(["x_Term", "x_Site"])["EffectiveCost"].sum().to_dict()
    assert found == pytest.approx(
        {
            ("usage", "here"): 1.0,
            ("link_fixed", "here"): 2.5,
            ("transfer", "here"): 3.0,
            ("storage", "here"): 0.1 + 1.0,
            ("storage", "far"): 0.1,
        }
    )
    assert frame["BilledCost"].sum() == pytest.approx(frame["EffectiveCost"].sum())
    kept = frame[(frame["x_Term"] == "storage") & (frame["x_Site"] == "far")].iloc[0]
    assert (kept["ResourceId"], kept["ResourceType"], kept["ProviderName"]) == ("d", "Dataset", "cloud")
    assert (kept["PricingUnit"], kept["ServiceCategory"]) == ("GB-Months", "Storage")
    assert (frame.loc[frame["x_Term"] == "link_fixed", "PricingUnit"] == "Hours").all()
