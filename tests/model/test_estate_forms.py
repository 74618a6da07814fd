"""What a promise costs in each form: nothing is promised <= cold <= shared <= dedicated."""

from __future__ import annotations

from copy import deepcopy
from itertools import pairwise
from math import inf
from typing import Any

import pytest
from estate_costs import least_cost
from estate_failures import resilient_estate

FORMS = ("none", "cold", "shared", "dedicated")
TOGETHER = 50
"""Scenarios with a plan in each of four rounds."""


def estate(seed: int) -> dict[str, Any]:
    """Without whole numbers, and without rules under which there might be no plan, or more might be cheaper."""
    document = resilient_estate(
        seed, whole=False, parts=("commitments", "spend", "lines", "datasets", "results", "slow")
    )
    document["policy"].pop("provider_share_cap", None)
    document["policy"].pop("provider_share_of", None)
    for data in document.get("datasets", {}).values():
        data.pop("min_copies", None)
    for work in document["workloads"].values():
        work.pop("must_serve")
    return document


def in_form(document: dict[str, Any], form: str) -> dict[str, Any]:
    """The same with every promise kept in this form."""
    changed = deepcopy(document)
    for work in changed["workloads"].values():
        if form == "none":
            for field in ("promised_share", "promise_form", "recovery_minutes", "latency_after_failure_ms"):
                work.pop(field, None)
        elif "promised_share" in work:
            work["promise_form"] = form
    return changed


@pytest.mark.parametrize("start", range(0, 300, 75))
def test_a_form_that_asks_for_less_never_costs_more(start: int) -> None:
    """200 scenarios with a plan, to 1e-7; each step is a true one in some of them."""
    steps, compared = dict.fromkeys(FORMS[1:], 0), 0
    for seed in range(start, start + 75):
        document = estate(seed)
        costs = [least_cost(in_form(document, form)) for form in FORMS]
        for name, (less, more) in zip(FORMS[1:], pairwise(costs), strict=True):
            assert less <= more + 1e-7 * abs(more), (seed, name, costs)
            steps[name] += more > less * (1 + 1e-6)
        compared += costs[-1] < inf
        if compared == TOGETHER:
            break
    assert compared == TOGETHER
    assert min(steps.values()) >= 2, steps
