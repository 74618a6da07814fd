"""Random estates: the oracle, the audit and every dollar; see estate_checks.py for what must hold."""

from __future__ import annotations

from collections import Counter

import pytest
from estate_checks import agree, terms_agree
from estate_failures import resilient_estate
from estate_providers import ProvidersOracle
from estate_used import features

from hybridplan.domain import Scenario, require

TOGETHER = 25
SEEDS = range(0, 300, TOGETHER)
MORE = range(300, 3300, 150)


OFTEN = (
    *("new", "new_spend", "covered", "bought", "keep", "part", "tier", "line", "private", "copy", "sync", "nodes", "n"),
    *("failure site", "failure zone", "failure provider", "failure link", "failure spot", "failure group"),
    *("promise dedicated", "promise shared", "promise cold", "promise of what must be served", "zone of a pool"),
    *(f"{form} in {option}" for form in ("shared", "cold") for option in ("owned", "reserved", "on_demand")),
    *("dedicated in owned", "dedicated in on_demand", "reserve in a least pool", "grown after a failure"),
    *("lead time of what takes over", "full link after a failure", "later latency no_queue", "later latency mean"),
    *("later latency p50", "later latency p95", "link attributes of work", "link attributes of data"),
    *("attributes of places", "backup of sealed work", "backup apart by zone", "copies apart by zone"),
    *("use", "max_providers", "min_providers 1", "share of accelerator_hours", "share of rented_usd"),
)
SELDOM = (
    *("has_line", "share of accelerator_hours is reached", "share of rented_usd is reached", "min_providers 2"),
    *(f"failover to a copy, {state}" for state in ("present", "planned", "choosable")),
    *(f"failover where there is no route, {form}" for form in ("dedicated", "shared", "cold")),
    "a copy in the zone of home",
    *(f"{form} in interruptible" for form in ("dedicated", "shared", "cold")),
)


def estate(seed: int) -> Scenario:
    """Every third has no whole numbers."""
    return require(resilient_estate(seed, whole=seed % 3 != 0))


def all_agree(seeds: range) -> Counter[str]:
    """How many of these seeds ended how; the first that does not agree is named."""
    ended: Counter[str] = Counter()
    for seed in seeds:
        scenario = estate(seed)
        try:
            plan = agree(scenario)
            if plan.kind == "linear" and plan.status.has_plan and not scenario.policy.owned_first:
                terms_agree(scenario, plan)
        except AssertionError as error:
            raise AssertionError(f"seed {seed}: {error}") from error
        ended[f"{plan.kind} {plan.status}"] += 1
    return ended


@pytest.mark.parametrize("start", SEEDS)
def test_the_oracle_agrees_and_each_dollar_is_there_once(start: int) -> None:
    """300 scenarios here, 3,000 more in a soak: status, cost to 1e-6, each term as the audit has it, lines sum; after
    each failure survivors carry the promise; nothing is outside its residency, or where what it requires is not
    offered; copies and backups are far enough apart."""
    ended = all_agree(range(start, start + TOGETHER))
    assert ended["mixed_integer optimal"] > 0
    assert ended["linear optimal"] > 0
    assert ended["mixed_integer optimal"] + ended["linear optimal"] >= TOGETHER / 2, ended


@pytest.mark.soak
@pytest.mark.parametrize("start", MORE)
def test_many_more_agree(start: int) -> None:
    all_agree(range(start, start + MORE.step))


def test_the_scenarios_use_what_they_offer() -> None:
    """Of the 300, in scenarios with a plan: each choice is taken, and each rule matters, so often that agreement says
    something about it."""
    taken: Counter[str] = Counter()
    for seed in range(300):
        oracle = ProvidersOracle(estate(seed))
        oracle.build()
        if oracle.least() is not None:
            taken.update(features(oracle))
    assert {name: taken[name] for name in OFTEN if taken[name] < 5} == {}
    assert {name: taken[name] for name in SELDOM if taken[name] < 1} == {}
    assert taken["bound by residency"] >= 100
