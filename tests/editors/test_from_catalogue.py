"""Pools and throughputs from the catalogue: everything that is known comes along, the rest is said."""

from __future__ import annotations

from typing import Any

import pytest
from documents import SCENARIOS, bundled, small

from hybridplan.domain import parse
from hybridplan.io import catalogue
from hybridplan.ui.editors.catalogue_pools import add_pool
from hybridplan.ui.editors.catalogue_throughput import guess_unit, operating_points, throughputs, with_throughputs


def offer(**wanted: str) -> dict[str, Any]:
    found = catalogue.prices(**wanted)  # type: ignore[arg-type]
    return {str(key): value for key, value in found.iloc[0].to_dict().items()}


def demo() -> dict[str, Any]:
    return bundled(next(path for path in SCENARIOS if path.stem == "demo"))


def test_a_pool_brings_its_site_links_price_power_and_node_size() -> None:
    row = offer(provider="gcp", region="europe-west3", sku="H100", purchase_option="on_demand")
    added = add_pool(demo(), row, 16)
    pool = added.document["pools"][added.pool]
    assert pool["price_usd_per_accelerator_hour"] == row["price_usd_per_accelerator_hour"]
    assert (pool["price_source"], pool["price_date"]) == (row["source"], row["as_of"])
    assert pool["capacity_accelerators"] == 16
    assert pool["busy_kw"] > pool["idle_kw"] > 0
    site = added.document["sites"][pool["site"]]
    assert (site["provider"], site["region"], site["jurisdiction"]) == ("gcp", "europe-west3", "DE")
    assert site["pue"] > 1
    assert site["grid_carbon_g_per_kwh"] > 0
    new_links = set(added.document["links"]) - set(demo()["links"])
    assert any(name.endswith(f">{pool['site']}") for name in new_links)
    assert any("fra-private" in note for note in added.notes), "the catalogue knows no line to one's own site"
    scenario, issues = parse(added.document)
    assert scenario is not None, issues


def test_a_known_site_is_used_again_and_ids_stay_apart() -> None:
    row = offer(provider="aws", region="eu-central-1", sku="L40S", purchase_option="on_demand")
    once = add_pool(demo(), row, 4)
    twice = add_pool(once.document, row, 4)
    assert once.document["pools"][once.pool]["site"] == "aws-fra"
    assert twice.pool == f"{once.pool}-2"
    assert twice.document["sites"] == demo()["sites"]


def test_a_reserved_offer_is_a_pool_without_capacity_and_a_commitment() -> None:
    row = offer(provider="aws", region="eu-central-1", purchase_option="reserved")
    added = add_pool(demo(), row, 8)
    pool = added.document["pools"][added.pool]
    assert (pool["capacity_accelerators"], pool["price_usd_per_accelerator_hour"]) == (0, 0)
    (name,) = set(added.document["commitments"]) - set(demo()["commitments"])
    commitment = added.document["commitments"][name]
    assert commitment["pool"] == added.pool
    assert commitment["accelerators"] == 8
    assert commitment["fee_usd_per_accelerator_hour"] == row["price_usd_per_accelerator_hour"]
    assert parse(added.document)[0] is not None


def test_what_the_catalogue_does_not_know_is_left_open_and_said() -> None:
    """A provider with one price for all regions has no jurisdiction, and no line to anyone: nothing is made up."""
    added = add_pool(small(), offer(provider="lambda"), 8)
    site = added.document["sites"][added.document["pools"][added.pool]["site"]]
    assert "jurisdiction" not in site
    assert any("jurisdiction" in note for note in added.notes)
    assert added.document["links"] == small()["links"]


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("thousand requests", "thousand requests"),
        ("requests", "request"),
        ("Million tokens", "million tokens"),
        ("tokens", "thousand tokens"),
        ("accelerator-hours", "request"),
    ],
)
def test_the_work_unit_is_guessed_from_its_name(text: str, unit: str) -> None:
    assert guess_unit(text) == unit


def test_throughput_is_in_the_workloads_unit_and_says_where_it_is_an_estimate() -> None:
    """Thousand requests: requests per hour / 1,000. Million tokens: tokens per second x 3,600 / 1,000,000."""
    table = catalogue.throughput("llama-3.1-8b", "H100")
    row = table[(table["precision"] == "bf16") & (table["operating_point"] == "batch 64")].iloc[0]
    by_request = throughputs("llama-3.1-8b", "bf16", "batch 64", "thousand requests", "time to first token")
    by_token = throughputs("llama-3.1-8b", "bf16", "batch 64", "million tokens", "leave at 0")
    requests, tokens = row["requests_per_hour_per_accelerator"], row["output_tokens_per_s_per_accelerator"]
    assert by_request["H100"]["units_per_accelerator_hour"] == pytest.approx(requests / 1000, rel=1e-5)
    assert by_token["H100"]["units_per_accelerator_hour"] == pytest.approx(tokens * 0.0036, rel=1e-5)
    assert by_request["H100"]["service_ms"] == row["time_to_first_token_ms"]
    assert "service_ms" not in by_token["H100"]
    assert "is_estimate" not in by_request["H100"]
    assert by_request["L4"]["is_estimate"] is True


def test_a_whole_answer_is_the_first_token_and_all_others() -> None:
    """TTFT + (output tokens - 1) x time per token."""
    table = catalogue.throughput("llama-3.1-8b", "H100")
    row = table[(table["precision"] == "bf16") & (table["operating_point"] == "batch 64")].iloc[0]
    found = throughputs("llama-3.1-8b", "bf16", "batch 64", "request", "whole answer")
    whole = row["time_to_first_token_ms"] + (row["output_tokens"] - 1) * row["time_per_output_token_ms"]
    assert found["H100"]["service_ms"] == pytest.approx(whole, rel=1e-5)


def test_token_rates_are_measured_or_scaled_by_the_throughput() -> None:
    """Prompt tokens / time to the first token; 1,000 / ms per token. A100: those of the H100 x ratio of throughputs."""
    model, point = "llama-3.1-8b", ("bf16", "batch 64")
    found = throughputs(model, *point, "thousand requests", "token rates")
    table = catalogue.throughput(model)
    table = table[(table["precision"] == point[0]) & (table["operating_point"] == point[1])].set_index("sku")
    row = table.loc["H100"]
    prefill = row["input_tokens"] / (row["time_to_first_token_ms"] / 1000)
    assert found["H100"]["prefill_tokens_per_second"] == pytest.approx(prefill, rel=1e-5)
    assert found["H100"]["decode_tokens_per_second"] == pytest.approx(1000 / row["time_per_output_token_ms"], rel=1e-5)
    ratio = table.at["A100-80GB", "output_tokens_per_s_per_accelerator"] / row["output_tokens_per_s_per_accelerator"]
    assert found["A100-80GB"]["prefill_tokens_per_second"] == pytest.approx(prefill * ratio, rel=1e-5)
    assert found["A100-80GB"]["is_estimate"]
    assert not [record for record in found.values() if "service_ms" in record]


def test_without_a_measured_time_there_are_no_token_rates() -> None:
    """Some point of some model has no measured times at all."""
    for model in catalogue.models():
        for point in operating_points(model):
            table = catalogue.throughput(model)
            table = table[(table["precision"] == point[0]) & (table["operating_point"] == point[1])]
            found = throughputs(model, *point, "thousand requests", "token rates")
            has_times = bool(
                (table["time_to_first_token_ms"].notna() & table["time_per_output_token_ms"].notna()).any()
            )
            assert all(("decode_tokens_per_second" in record) is has_times for record in found.values()), (model, point)


def test_every_offered_point_of_every_model_fills_a_valid_workload() -> None:
    for model in catalogue.models():
        for precision, point in operating_points(model):
            found = throughputs(model, precision, point, "thousand requests", "time to first token")
            scenario, issues = parse(with_throughputs(small(), "chat", model, found))
            assert scenario is not None, issues
