"""Lists whose items are picked: shown one by one, kept as they are while nobody touches them, exact when changed."""

from __future__ import annotations

import json
from typing import Any

import pytest
from documents import TABLES, Typing, small
from full_resilience import full_resilience
from streamlit.testing.v1 import AppTest

from hybridplan.domain.attributes import LINK_ATTRIBUTES, PLACE_ATTRIBUTES, attribute_label
from hybridplan.ui.editors.columns import Table
from hybridplan.ui.editors.demand_tables import WORKLOADS
from hybridplan.ui.editors.failure_tables import CONTINGENCIES, failing
from hybridplan.ui.editors.inventory_tables import SITES


def offering(value: Any) -> dict[str, Any]:
    document = small()
    document["sites"]["own"]["attributes"] = value
    return document


def test_items_are_shown_one_by_one() -> None:
    frame = Typing(offering(["audit_c5", "green"]), SITES).frame
    assert list(frame["attributes"]) == [["audit_c5", "green"], None]


@pytest.mark.parametrize("value", [["b", "a", "b"], "a text", ["a,b"], [1, None], {"x": 1}, None])
def test_what_nobody_touches_stays_as_it_is(value: Any) -> None:
    document = offering(value)
    assert Typing(document, SITES).set(0, "name", "x").mirror().document["sites"]["own"]["attributes"] == value


@pytest.mark.parametrize("cell", [["b", "a"], "b, a", "b;a"])
def test_items_keep_the_order_in_which_they_were_picked_or_pasted(cell: Any) -> None:
    typing = Typing(offering(["x"]), SITES)
    typing.frame["attributes"] = [cell, None]
    assert typing.mirror().document["sites"]["own"]["attributes"] == ["b", "a"]


def test_what_is_emptied_is_removed() -> None:
    typing = Typing(offering(["x"]), SITES)
    typing.frame["attributes"] = [[], None]
    assert "attributes" not in typing.mirror().document["sites"]["own"]


def test_standard_names_and_what_is_offered_here_may_be_picked() -> None:
    required = next(column for column in WORKLOADS.columns if column.field == "required_attributes")
    assert required.offered is not None
    assert required.offered(offering(["audit_c5", "green"])) == (*PLACE_ATTRIBUTES, "green")
    links = next(column for column in WORKLOADS.columns if column.field == "required_link_attributes")
    assert links.offered is not None
    assert links.offered(small()) == tuple(LINK_ATTRIBUTES)


def test_a_failure_may_name_sites_zones_providers_and_links_each_once() -> None:
    """Own is a site and a provider; the zone stands at a pool."""
    document = small()
    document["pools"]["own-h100"]["zone"] = "grid"
    assert failing(document) == ("own", "cloud", "grid", "acme", "own>cloud", "cloud>own")
    assert failing({"sites": {"x": "broken"}, "pools": None}) == ("x",)
    which = next(column for column in CONTINGENCIES.columns if column.field == "record")
    assert which.offered is failing


def test_every_standard_name_reads_as_plain_words() -> None:
    for name in (*PLACE_ATTRIBUTES, *LINK_ATTRIBUTES):
        assert "_" not in attribute_label(name)
    assert attribute_label("green_power") == "green power"


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_every_table_gives_failures_and_promises_back_unchanged(table: Table) -> None:
    assert json.dumps(Typing(full_resilience(), table).mirror().document) == json.dumps(full_resilience())


def test_who_may_only_read_sees_the_items_too() -> None:
    def page() -> None:
        from full_resilience import full_resilience

        from hybridplan.ui.editors.failure_tables import CONTINGENCIES
        from hybridplan.ui.editors.frames import view
        from hybridplan.ui.editors.grid import plain_table

        plain_table(view(full_resilience(), CONTINGENCIES, CONTINGENCIES.columns), "Failures")

    app = AppTest.from_function(page).run()
    assert not app.exception
    shown = app.dataframe[0].value.set_index("id")
    assert list(shown.at["feed", "links"]) == ["relay>far"]
    assert shown.at["cut", "kind"] == "link"
