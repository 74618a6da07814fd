"""Random estates: the oracle, the audit and every dollar; see estate_checks.py for what must hold."""

from __future__ import annotations

from collections import Counter

import pytest
from estate_checks import agree, terms_agree
from estate_rules import RulesOracle
from estate_scenarios import random_estate

from hybridplan.domain import Scenario, require

TOGETHER = 25
SEEDS = range(0, 300, TOGETHER)
MORE = range(300, 3300, 150)


def estate(seed: int) -> Scenario:
    """Every third has no whole numbers."""
    return require(random_estate(seed, whole=seed % 3 != 0))


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
    """300 scenarios here, 3,000 more in a soak: status, cost to 1e-6, each term as the audit has it, lines sum."""
    ended = all_agree(range(start, start + TOGETHER))
    assert ended["mixed_integer optimal"] > 0
    assert ended["linear optimal"] > 0


@pytest.mark.soak
@pytest.mark.parametrize("start", MORE)
def test_many_more_agree(start: int) -> None:
    all_agree(range(start, start + MORE.step))


def test_the_scenarios_use_what_they_offer() -> None:
    """In the first 150 each choice is taken at least twice, so that agreement says something about it."""
    taken: Counter[str] = Counter()
    for seed in range(150):
        oracle = RulesOracle(estate(seed))
        oracle.build()
        if oracle.least() is not None:
            kinds = {name[0] for name, value in oracle.found.items() if value > 1e-6}
            taken.update(kinds)
    offered = ("new", "new_spend", "covered", "bought", "keep", "part", "tier", "line", "private", "has_line", "copy")
    assert all(taken[kind] >= 2 for kind in (*offered, "sync", "nodes", "n")), taken
