"""Every component of the model has a name and a place on the Plan page."""

from __future__ import annotations

import pytest

from hybridplan.analysis import registry
from hybridplan.analysis.wording import ENGLISH
from hybridplan.model import catalogue
from hybridplan.model.shadow import REPORTED

COSTS = [cost.name for cost in catalogue.COSTS]
LIMITS = [limit.name for limit in catalogue.LIMITS]
DEMAND = {"rigid_demand", "window_demand"}
"""Their values are what demand costs, and stand in a table of their own."""


@pytest.mark.parametrize("name", [*COSTS, *LIMITS])
def test_a_component_has_a_name_and_a_tab(name: str) -> None:
    assert registry.name(name)
    assert registry.SEEN_IN[name] in registry.TABS
    assert registry.seen_in(name) == registry.TABS[registry.SEEN_IN[name]]


@pytest.mark.parametrize("name", [name for name in LIMITS if name not in DEMAND])
def test_a_limit_has_a_sentence(name: str) -> None:
    assert f"limit.{REPORTED.get(name, name)}" in ENGLISH


def test_the_registry_names_nothing_else() -> None:
    sums = {"one_more_accelerator", "one_more_gbps"}
    assert set(registry.SEEN_IN) == {*COSTS, *LIMITS} | sums


def test_what_is_not_known_is_sent_to_the_limits() -> None:
    assert registry.seen_in("some_new_limit") == "Limits"
