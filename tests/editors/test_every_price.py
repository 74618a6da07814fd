"""The list of every price on Assumptions: what is rented in tiers or covered at a rate is in it, with its source."""

from __future__ import annotations

from datetime import date
from typing import Any

from hybridplan.ui.editors.overviews import prices

SOURCE = {"price_source": "offer", "price_date": "2027-01-01"}
DOCUMENT: dict[str, Any] = {
    "pools": {
        "cloud": {
            "purchase_option": "on_demand",
            "price_usd_per_accelerator_hour": 4,
            "price_tiers": {"t1": {"from_quantity": 100, "usd_per_accelerator_hour": 3}},
            **SOURCE,
        }
    },
    "spend_commitments": {"plan": {"rates_usd_per_accelerator_hour": {"cloud": 2.5}, **SOURCE}},
    "links": {"a>b": {"private_usd_per_gbps_hour": 0.5, "private_usd_per_hour": 2, "private_usd_per_gb": 0.01}},
}


def test_tiers_rates_and_private_lines_are_prices() -> None:
    found = prices(DOCUMENT, None, date(2027, 1, 31))
    assert found[["what", "record", "unit", "list_price"]].to_numpy().tolist() == [
        ["pool", "cloud", "USD per accelerator-hour", 4],
        ["price tier", "cloud: t1", "USD per accelerator-hour", 3],
        ["spend rate", "plan: cloud", "USD per accelerator-hour", 2.5],
        ["private line", "a>b", "USD per Gbit/s and hour", 0.5],
        ["private line", "a>b", "USD per hour", 2],
        ["private line", "a>b", "USD per GB", 0.01],
    ]
    assert found["check"].tolist() == ["ok"] * 3 + ["⚠ no source, no date"] * 3


def test_what_is_half_typed_is_left_out() -> None:
    half: dict[str, Any] = {
        "pools": {"p": {"price_tiers": {"t": 3}}, "q": 1},
        "spend_commitments": {"s": {}, "r": None},
    }
    assert prices(half, None, date(2027, 1, 31))["what"].tolist() == ["pool"]


def test_a_link_that_is_free_has_no_price_whether_that_is_written_or_not() -> None:
    free: dict[str, Any] = {"links": {"a>b": {"usd_per_gb": 0, "usd_per_hour": 0.0}, "b>a": {"usd_per_gb": 0.01}}}
    assert prices(free, None, date(2027, 1, 31))["record"].tolist() == ["b>a"]


def test_rates_that_are_written_as_none_are_no_prices() -> None:
    assert prices({"sites": {"a": {"electricity_usd_per_kwh": None}}}, None, date(2027, 1, 31)).empty
