"""Shipped scenarios: valid without warnings, sourced, and in step with the bundled price list."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from hybridplan.domain import Scenario, parse
from hybridplan.domain.features import curved_fields, has_queue, whole_fields
from hybridplan.io import catalogue

STORIES = (
    *("demo", "demo_year", "smart_manufacturing", "smart_city", "financial_risk"),
    *("serving_congestion", "whole_nodes"),
)
REFERENCES = ("reference_avoidable", "reference_sunk", "reference_owned_first")
CASES = (
    *("p1_transport", "p2_one_zone", "p2_two_zones", "p2_three_zones", "p3_gpu_mix_linear", "p3_gpu_mix_whole"),
    *("p4_savings_none", "p4_savings_all", "p4_savings_small", "p4_savings_large", "p4_savings_two"),
    *("p5_storage_tiers", "p8_two_stage"),
    *("p6_parallel_queues", "p9_whole_second", "p9_whole_first"),
)


def load(path: Path) -> Scenario:
    scenario, issues = parse(json.loads(path.read_text(encoding="utf-8")))
    assert scenario is not None, [str(issue) for issue in issues]
    return scenario


def story(name: str) -> Scenario:
    return load(catalogue.scenario_paths()[name])


def test_all_promised_scenarios_are_there() -> None:
    assert list(catalogue.scenario_paths()) == [*STORIES, *sorted(REFERENCES)]
    assert {path.stem for path in (catalogue.data_dir() / "cases").glob("*.json")} >= set(CASES)


@pytest.mark.parametrize("name", [*STORIES, *REFERENCES])
def test_scenarios_are_valid_without_a_warning(name: str) -> None:
    text = catalogue.scenario_paths()[name].read_text(encoding="utf-8")
    scenario, issues = parse(json.loads(text))
    assert issues == []
    assert scenario is not None
    assert scenario.description
    assert scenario.lesson


@pytest.mark.parametrize("name", CASES)
def test_cases_are_valid_and_name_their_source(name: str) -> None:
    scenario = load(catalogue.data_dir() / "cases" / f"{name}.json")
    assert scenario.name.startswith("Published case P")
    assert len(scenario.description) > 80


@pytest.mark.parametrize("name", STORIES)
def test_every_figure_of_a_story_has_a_source(name: str) -> None:
    scenario = story(name)
    assert all(site.rates_source for site in scenario.sites.values())
    assert all(pool.price_source for pool in scenario.pools.values())
    assert all(link.source for link in scenario.links.values())
    for work in scenario.workloads.values():
        assert work.demand_source
        assert work.demand_date
        assert all(throughput.source for throughput in work.throughput.values())


@pytest.mark.parametrize("name", STORIES)
def test_rented_prices_are_those_of_the_catalogue(name: str) -> None:
    scenario = story(name)
    compared = 0
    for pool_id, pool in scenario.pools.items():
        site = scenario.sites[pool.site]
        if pool.purchase_option not in ("on_demand", "interruptible") or pool.unit != "accelerator":
            continue
        rows = catalogue.prices(site.provider, site.region, pool.sku, pool.purchase_option)
        same = rows[(rows["price_usd_per_accelerator_hour"] - pool.price_usd_per_accelerator_hour).abs() < 1e-9]
        assert len(same) >= 1, pool_id
        assert str(pool.price_date) in set(same["as_of"])
        compared += 1
    assert compared >= (1 if name == "whole_nodes" else 3)


@pytest.mark.parametrize("name", STORIES)
def test_a_queue_says_where_its_service_times_come_from(name: str) -> None:
    """Service times are those of the throughput's source; what is worth a second, or beats, is said in the notes."""
    for key, work in story(name).workloads.items():
        if not has_queue(work):
            continue
        for sku, throughput in work.throughput.items():
            timed = throughput.service_ms or throughput.prefill_tokens_per_second
            assert timed, f"{key} on {sku}"
            assert throughput.as_of, f"{key} on {sku}"
            if work.latency_point != "request":
                assert "prompts" in throughput.source, f"{key} on {sku}"


def test_prompt_rates_are_in_step_with_the_throughputs() -> None:
    """Both are measured on H100 and carried over to another SKU by one ratio; to 2 %, since figures are rounded."""
    compared = 0
    for name in STORIES:
        for work in story(name).workloads.values():
            rates = {s: t for s, t in work.throughput.items() if t.prefill_tokens_per_second}
            if "H100" not in rates:
                continue
            first = rates["H100"]
            for throughput in rates.values():
                prompts = (throughput.prefill_tokens_per_second or 0.0) / (first.prefill_tokens_per_second or 1.0)
                units = throughput.units_per_accelerator_hour / first.units_per_accelerator_hour
                assert prompts == pytest.approx(units, rel=0.02)
                compared += 1
    assert compared >= 10


def test_the_demo_is_as_rich_as_promised() -> None:
    demo = story("demo")
    assert demo.horizon.periods == 168
    kinds = [site.kind for site in demo.sites.values()]
    assert len(kinds) >= 5
    assert {"private", "edge", "public"} <= set(kinds)
    assert len({site.provider for site in demo.sites.values() if site.kind == "public"}) >= 3
    assert len(demo.pools) == 12
    assert {pool.purchase_option for pool in demo.pools.values()} == {"owned", "reserved", "on_demand", "interruptible"}
    works = demo.workloads.values()
    assert len(works) == 10
    assert {work.kind for work in works} == {"training", "inference", "batch", "data"}
    assert any(work.must_serve for work in works)
    assert any(work.latency_objective_ms for work in works)
    assert {work.latency_statistic for work in works} >= {"p95", "p90", "mean"}
    assert any(pool.lead_time_hours for pool in demo.pools.values())
    assert any(pool.ramp_up_accelerators_per_hour for pool in demo.pools.values())
    assert whole_fields(demo) == curved_fields(demo) == []
    assert any(work.allowed_jurisdictions for work in works)
    assert any(work.flexibility == "deferrable" and work.kind == "training" for work in works)
    assert any(work.interruptible and work.kind == "batch" for work in works)
    assert any("ServeGen" in work.demand_source for work in works)
