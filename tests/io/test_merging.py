"""Accepted rows into a scenario document, and files whose columns a person had to name."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from hybridplan.errors import InvalidInput
from hybridplan.io.forms import apply
from hybridplan.io.importing import ImportOptions, ImportResult, Kind, import_file

DOCUMENT: dict[str, Any] = {
    "name": "x",
    "horizon": {"blocks": {"b": {"start": "2026-06-01T00:00:00+00:00", "periods": 3}}},
    "sites": {
        "here": {"kind": "private", "provider": "own", "jurisdiction": "DE"},
        "fra": {"kind": "public", "provider": "aws", "region": "eu-central-1", "jurisdiction": "DE"},
        "ams": {"kind": "public", "provider": "gcp", "region": "europe-west4", "jurisdiction": "NL"},
    },
    "pools": {
        "od": {"site": "fra", "sku": "H100", "purchase_option": "on_demand", "accelerators_per_node": 8},
        "spot": {"site": "fra", "sku": "H100", "purchase_option": "interruptible"},
        "one-year": {"site": "fra", "sku": "H100", "purchase_option": "reserved"},
        "other": {"site": "ams", "sku": "L4", "purchase_option": "on_demand", "price_usd_per_accelerator_hour": 0.7},
    },
    "commitments": {"c": {"pool": "one-year", "accelerators": 8, "fee_usd_per_accelerator_hour": 9}},
    "workloads": {"chat": {"unit": "requests"}},
    "links": {},
}


def read(text: str, kind: Kind, name: str = "upload.csv", **options: Any) -> ImportResult:
    return import_file(text.encode(), name, kind, ImportOptions(**options))


PRICES = (
    "provider,region,sku,purchase_option,accelerators_per_node,price_usd_per_accelerator_hour\n"
    "aws,eu-central-1,H100,on_demand,8,5.5\n"
    "aws,eu-central-1,H100,on_demand,1,6.9\n"
    "aws,eu-central-1,H100,interruptible,8,2.2\n"
    "aws,eu-central-1,H100,reserved,8,3.3\n"
    "aws,us-east-1,L4,on_demand,1,0.8\n"
)


def test_prices_go_to_pools_of_the_same_provider_region_sku_and_option() -> None:
    before = copy.deepcopy(DOCUMENT)
    result = read(PRICES, "prices", "prices_2026-05-01.csv")
    assert len(result.rows) == 5
    done = apply(DOCUMENT, "prices", result.rows)
    assert before == DOCUMENT
    pools = done["pools"]
    assert pools["od"]["price_usd_per_accelerator_hour"] == 5.5
    assert pools["od"]["price_source"] == "file prices_2026-05-01.csv"
    assert pools["od"]["price_date"] == "2026-05-01"
    assert pools["spot"]["price_usd_per_accelerator_hour"] == 2.2
    assert "price_usd_per_accelerator_hour" not in pools["one-year"]
    assert done["commitments"]["c"]["fee_usd_per_accelerator_hour"] == 3.3
    assert pools["other"] == DOCUMENT["pools"]["other"]


def test_prices_that_fit_no_pool_are_refused() -> None:
    with pytest.raises(InvalidInput, match="no pool has the provider"):
        apply(DOCUMENT, "prices", read(PRICES.replace("aws,", "azure,"), "prices").rows)


def test_one_price_for_all_regions_fits_every_region() -> None:
    rows = read(PRICES.replace("eu-central-1", "global"), "prices").rows
    assert apply(DOCUMENT, "prices", rows)["pools"]["od"]["price_usd_per_accelerator_hour"] == 5.5


def test_round_trips_make_links_and_transfer_prices_fill_them() -> None:
    trips = read("src_zone,dst_zone,average_latency_ms\naws:eu-central-1,gcp:europe-west4-a,8.5\nhere,fra,3\n", "links")
    done = apply(DOCUMENT, "links", trips.rows)
    assert done["links"]["fra>ams"]["round_trip_ms"] == 8.5
    assert done["links"]["here>fra"]["round_trip_ms"] == 3
    prices = read("src,dest,src_tier,dest_tier,cost\naws:eu-central-1,gcp:europe-west4,PREMIUM,PREMIUM,0.09\n", "links")
    assert apply(done, "links", prices.rows)["links"]["fra>ams"]["usd_per_gb"] == 0.09
    with pytest.raises(InvalidInput, match="Import round trips first"):
        apply(DOCUMENT, "links", prices.rows)
    with pytest.raises(InvalidInput, match="no row joins two sites"):
        apply(DOCUMENT, "links", read("src_zone,dst_zone,average_latency_ms\nx,y,1\n", "links").rows)


def test_rates_go_to_sites_of_the_same_provider_and_region() -> None:
    text = "Google Cloud Region,Location,Google CFE,Grid carbon intensity (gCO2eq / kWh)\neurope-west4,x,0.8,209\n"
    done = apply(DOCUMENT, "sites", read(text, "sites", "carbon_2024.csv", as_of="2024-12-31").rows)
    assert done["sites"]["ams"]["grid_carbon_g_per_kwh"] == 209
    assert done["sites"]["ams"]["rates_date"] == "2024-12-31"
    assert "grid_carbon_g_per_kwh" not in done["sites"]["fra"]


def test_a_node_list_becomes_owned_pools_that_still_want_a_price() -> None:
    result = read("sn,gpu,model\nn1,8,H100\nn2,8,H100\nn3,4,T4\nn4,2,X9\n", "pools", site="here")
    assert [(row["sku"], row["capacity_accelerators"]) for row in result.rows] == [("H100", 16), ("T4", 4), ("X9", 2)]
    assert result.unknown_skus == {"X9": 1}
    assert all("price_usd_per_accelerator_hour" not in row for row in result.rows)
    assert any("price" in warning for warning in result.warnings)
    done = apply(DOCUMENT, "pools", result.rows)
    assert done["pools"]["here-h100-8x"]["purchase_option"] == "owned"


TRACE = "TIMESTAMP,ContextTokens,GeneratedTokens\n" + "".join(
    f"2023-11-16 {hour:02d}:{minute:02d}:00.0000000,10,5\n" for hour in (10, 11) for minute in range(60)
)


def test_a_trace_fills_the_horizon_from_its_first_hour() -> None:
    """60 requests an hour for two hours (the last second of each is not covered, so a little more), three periods."""
    result = read(TRACE, "trace", workload="chat")
    values = [row["value"] for row in result.rows]
    assert values == [60, pytest.approx(60, rel=0.02)]
    with pytest.raises(InvalidInput, match="1 of 3 periods are missing"):
        apply(DOCUMENT, "trace", result.rows)
    done = apply(DOCUMENT, "trace", result.rows, short_trace="repeat")
    assert done["workloads"]["chat"]["demand_units_per_hour"]["b"] == [*values, values[0]]


def test_columns_that_nobody_knows_ask_for_a_mapping_and_then_are_read() -> None:
    text = "Cloud Provider,Card,Cards,Where,Hourly\naws,H100,8,eu-central-1,$44.00\naws,H100,8,eu-central-1,\n"
    asked = read(text, "prices")
    assert asked.needs_mapping
    assert asked.rows == []
    assert asked.suggested_mapping["price_usd_per_hour"] == "Hourly"
    mapping = {
        "sku": "Card",
        "accelerators_per_node": "Cards",
        "region": "Where",
        "price_usd_per_hour": "Hourly",
        "provider": "Cloud Provider",
    }
    done = read(text, "prices", mapping=mapping)
    assert [row["price_usd_per_accelerator_hour"] for row in done.rows] == [5.5]
    assert [(reject.line, reject.column, reject.reason) for reject in done.rejected] == [(3, "Hourly", "is empty")]


def test_a_mapping_that_names_no_column_or_field_is_a_fault() -> None:
    assert "the file has none" in read("a,b\n1,2\n", "prices", mapping={"sku": "c"}).rejected[0].reason
    assert "is no field" in read("a,b\n1,2\n", "prices", mapping={"colour": "a"}).rejected[0].reason


@pytest.mark.parametrize(
    ("kind", "text", "mapping", "expected"),
    [
        (
            "links",
            "A,B,Ping\nx,y,5\n",
            {"from_site": "A", "to_site": "B", "round_trip_ms": "Ping"},
            {"from_site": "x", "to_site": "y", "round_trip_ms": 5.0},
        ),
        (
            "demand",
            "Service,Hour,Load\nchat,2026-06-01T00:00:00Z,7\n",
            {"workload_id": "Service", "period_start": "Hour", "value": "Load"},
            {"workload_id": "chat", "value": 7.0},
        ),
        (
            "trace",
            "When,Prompt\n2026-06-01 00:00:10,5\n2026-06-01 01:00:00,6\n",
            {"timestamp": "When", "input_tokens": "Prompt"},
            {"unit": "requests per hour"},
        ),
        (
            "sites",
            "Place,Type,Owner,Law\nfra,public,aws,DE\n",
            {"site_id": "Place", "kind": "Type", "provider": "Owner", "jurisdiction": "Law"},
            {"site_id": "fra", "kind": "public"},
        ),
    ],
)
def test_every_kind_can_be_mapped(kind: Kind, text: str, mapping: dict[str, str], expected: dict[str, Any]) -> None:
    result = read(text, kind, mapping=mapping)
    assert result.rejected == []
    assert expected.items() <= result.rows[0].items()


def test_impossible_options_are_faults_not_exceptions() -> None:
    for options in ({"time_zone": "Mars/Base"}, {"decimal": ";"}, {"throughput": -1.0}, {"hours": 0}, {"as_of": "May"}):
        result = read(TRACE, "trace", **options)
        assert result.rows == []
        assert result.rejected[0].column in options


def test_a_table_of_another_kind_is_named() -> None:
    result = read(TRACE, "prices")
    assert "request trace" in result.rejected[0].reason
    assert result.lines_rejected == result.lines_read == 120
    assert (
        "own form demand"
        in read("workload_id,period_start,value\nw,2026-06-01T00:00:00Z,1\n", "prices").rejected[0].reason
    )


def test_the_time_zone_of_a_trace_is_an_assumption_that_can_be_changed() -> None:
    assert any(known.name == "time_zone" and known.value == "UTC" for known in read(TRACE, "trace").assumptions)
    shifted = read(TRACE, "trace", time_zone="Asia/Shanghai")
    assert shifted.rows[0]["period_start"] == "2023-11-16T02:00:00+00:00"
    assert not any(known.name == "time_zone" for known in shifted.assumptions)


def test_things_in_use_become_work_by_a_stated_throughput() -> None:
    text = "time,active,total\n2017-10-03 00:00:00,10,20\n2017-10-03 00:30:00,20,20\n"
    assert read(text, "trace").rows[0]["value"] == 15
    rows = read(text, "trace", throughput=100.0, unit="tokens").rows
    assert (rows[0]["value"], rows[0]["unit"]) == (1500, "tokens per hour")
