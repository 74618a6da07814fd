"""The bundled catalogue: complete, positive, sourced, without outliers or duplicates."""

from __future__ import annotations

import csv
import re
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from hybridplan.errors import InvalidInput
from hybridplan.io import catalogue

EUROPE = {"AT", "BE", "CH", "DE", "DK", "ES", "FI", "FR", "GB", "IE", "IT", "NL", "NO", "PL", "SE"}
TABLES = ("prices", "regions", "accelerators", "links", "throughput", "llm_service_week", "sku_aliases")
MUST_COVER = ("llama-2-70b", "llama-3.1-8b", "mixtral-8x7b", "stable-diffusion-xl", "bert-large")


def is_iso_date(text: str) -> bool:
    return bool(date.fromisoformat(text))


def test_there_are_at_least_300_prices_in_many_places() -> None:
    prices = catalogue.prices()
    assert len(prices) >= 300
    places = prices.merge(catalogue.regions(), on=["provider", "region"], how="left")
    european = places[places["jurisdiction"].isin(EUROPE)]
    assert european["region"].nunique() >= 5
    assert {"aws", "azure", "gcp"} <= set(prices["provider"])
    assert len(set(prices["provider"]) - {"aws", "azure", "gcp"}) >= 2
    for option in ("on_demand", "interruptible", "reserved"):
        assert len(catalogue.prices(purchase_option=option)) > 0  # type: ignore[arg-type]


def test_every_price_is_positive_with_source_date_and_licence() -> None:
    prices = catalogue.prices()
    assert (prices["price_usd_per_accelerator_hour"] > 0).all()
    assert (prices["accelerators_per_node"] >= 1).all()
    for column in ("source", "as_of", "licence", "instance_type"):
        assert (prices[column] != "").all()
    assert all(is_iso_date(text) for text in prices["as_of"])
    assert (prices["term_years"].notna() == (prices["purchase_option"] == "reserved")).all()


def test_no_price_is_an_outlier_or_a_placeholder() -> None:
    prices = catalogue.prices()
    median = prices.groupby("sku")["price_usd_per_accelerator_hour"].transform("median")
    ratio = prices["price_usd_per_accelerator_hour"] / median
    assert ratio.max() <= 10
    assert ratio.min() >= 0.05
    assert not (prices["price_usd_per_accelerator_hour"] == 700.0).any()


def test_no_price_stands_twice() -> None:
    key = ["provider", "region", "sku", "purchase_option", "term_years", "instance_type"]
    assert not catalogue.prices().duplicated(key).any()


@pytest.mark.parametrize(
    ("table", "key"),
    [
        ("regions", ["provider", "region"]),
        ("accelerators", ["sku"]),
        ("links", ["from_provider", "from_region", "to_provider", "to_region"]),
        ("throughput", ["model", "precision", "sku", "tensor_parallel", "operating_point"]),
    ],
)
def test_keys_are_unique(table: str, key: list[str]) -> None:
    frame = getattr(catalogue, table)()
    assert not frame.duplicated(key).any()


def test_every_priced_sku_and_region_is_described() -> None:
    prices = catalogue.prices()
    assert set(prices["sku"]) <= set(catalogue.accelerators()["sku"])
    described = set(zip(catalogue.regions()["provider"], catalogue.regions()["region"], strict=True))
    assert set(zip(prices["provider"], prices["region"], strict=True)) <= described


def test_regions_have_plausible_rates() -> None:
    regions = catalogue.regions()
    known = regions[regions["region"] != "global"]
    assert known["jurisdiction"].str.fullmatch("[A-Z]{2}").all()
    carbon = known["grid_carbon_g_per_kwh"].dropna()
    assert carbon.between(1, 1000).all()
    assert len(carbon) >= 0.95 * len(known)
    assert known["pue"].dropna().between(1.0, 2.0).all()
    for value, source, as_of in (
        ("grid_carbon_g_per_kwh", "carbon_source", "carbon_as_of"),
        ("pue", "pue_source", "pue_as_of"),
    ):
        stated = regions[regions[value].notna()]
        assert (stated[source] != "").all()
        assert all(is_iso_date(text) for text in stated[as_of])
        assert (stated["licence"] != "").all()


def test_power_at_the_wall_follows_the_stated_rule() -> None:
    for row in catalogue.accelerators().itertuples():
        host = float(re.search(r"\+ (\d+) W host", str(row.method)).group(1))  # type: ignore[union-attr]
        assert row.busy_kw == pytest.approx((0.85 * row.tdp_w + host) / 0.94 / 1000, abs=6e-4)  # type: ignore[operator]
        assert row.idle_kw == pytest.approx((0.15 * row.tdp_w + host / 2) / 0.94 / 1000, abs=6e-4)  # type: ignore[operator]
        assert 0 < float(str(row.idle_kw)) < float(str(row.busy_kw))


def test_links_cover_both_directions_between_priced_regions() -> None:
    links = catalogue.links()
    forth = set(
        zip(links["from_provider"], links["from_region"], links["to_provider"], links["to_region"], strict=True)
    )
    assert all((c, d, a, b) in forth for a, b, c, d in forth)
    assert all((a, b) != (c, d) for a, b, c, d in forth)
    assert (links["round_trip_ms"] > 0).all()
    assert links["round_trip_ms"].max() < 400
    assert (links["usd_per_gb"] >= 0).all()
    prices = catalogue.prices()
    priced = set(zip(prices["provider"], prices["region"], strict=True))
    assert {(a, b) for a, b, _, _ in forth} <= priced
    assert (links["rtt_source"] != "").all()
    assert (links["egress_source"] != "").all()


def test_throughput_covers_every_priced_sku_and_flags_estimates() -> None:
    table = catalogue.throughput()
    skus = set(catalogue.prices()["sku"])
    for model in MUST_COVER:
        assert skus <= set(catalogue.throughput(model)["sku"]), model
    assert set(catalogue.models()) >= set(MUST_COVER)
    assert (table["requests_per_hour_per_accelerator"] > 0).all()
    assert (table["tensor_parallel"] >= 1).all()
    assert table.loc[table["is_estimate"], "method"].str.startswith("estimate: ").all()
    assert table.loc[~table["is_estimate"], "method"].str.startswith("measured: ").all()
    assert (table["source"] != "").all()
    assert all(is_iso_date(text) for text in table["as_of"])
    measured = catalogue.throughput(measured_only=True)
    assert 0 < len(measured) < len(table)
    assert not measured["is_estimate"].any()


def test_the_service_week_has_168_hours() -> None:
    week = catalogue.service_week()
    assert week["hour_index"].tolist() == list(range(168))
    assert (week[["requests_per_second", "input_tokens_per_second", "output_tokens_per_second"]] > 0).all().all()


@pytest.mark.parametrize(
    ("alias", "sku"),
    [
        ("A100 (80 GB)", "A100-80GB"),
        ("NVIDIA H100 80GB HBM3", "H100"),
        ("nvidia h100 80gb hbm3", "H100"),
        ("V100M16", "V100"),
        ("Standard_ND96isr_H100_v5", "H100"),
        ("  Tesla  T4 ", "T4"),
        ("L40S", "L40S"),
        ("a10g", "A10G"),
        ("A10", "A10"),
        ("AMD Instinct MI300X", "MI300X"),
        ("G2", None),
        ("G3", None),
        ("A100", None),
        ("", None),
    ],
)
def test_aliases(alias: str, sku: str | None) -> None:
    assert catalogue.sku_for(alias) == sku


def test_aliases_point_at_known_skus_once() -> None:
    folder = catalogue.data_dir() / "catalogue"
    with (folder / "sku_aliases.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["sku"] for row in rows} <= set(catalogue.accelerators()["sku"])
    assert len({row["alias"].casefold() for row in rows}) == len(rows)
    for instance, sku in catalogue.prices("aws")[["instance_type", "sku"]].drop_duplicates().to_numpy():
        assert catalogue.sku_for(instance) == sku


@pytest.mark.parametrize("name", TABLES)
def test_files_are_tidy(name: str) -> None:
    path = catalogue.data_dir() / "catalogue" / f"{name}.csv"
    assert path.stat().st_size < 400_000
    text = path.read_bytes().decode("utf-8")
    assert "\r" not in text
    assert not text.startswith("\ufeff")
    assert not re.search(r"/(work|home|tmp)/", text)
    rows = list(csv.reader(text.splitlines()))
    assert {len(row) for row in rows} == {len(rows[0])}


def test_frames_are_copies_and_filters_combine() -> None:
    frame = catalogue.prices("gcp", "europe-west3", "H100", "on_demand")
    assert len(frame) >= 1
    frame["price_usd_per_accelerator_hour"] = 0.0
    assert (catalogue.prices("gcp", "europe-west3", "H100", "on_demand")["price_usd_per_accelerator_hour"] > 0).all()
    assert isinstance(catalogue.prices(sku="no such thing"), pd.DataFrame)
    assert catalogue.prices(sku="no such thing").empty


def test_a_wrong_data_folder_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HYBRIDPLAN_DATA_DIR", str(tmp_path))
    with pytest.raises(InvalidInput, match="HYBRIDPLAN_DATA_DIR"):
        catalogue.data_dir()
