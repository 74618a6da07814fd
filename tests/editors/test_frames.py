"""Frames and documents: exact both ways, whatever is typed."""

from __future__ import annotations

import copy
import json
from pathlib import Path

import pytest
from documents import SCENARIOS, TABLES, Typing, broken, bundled, rich, small

from hybridplan.domain import parse
from hybridplan.ui.editors.cells import MISSING, cell_of, value_of
from hybridplan.ui.editors.columns import SCALAR, Table
from hybridplan.ui.editors.demand_tables import BLOCKS, ROUTE_COSTS, THROUGHPUT, WINDOWS, WORKLOADS
from hybridplan.ui.editors.frames import view
from hybridplan.ui.editors.inventory_tables import DISCOUNTS, LINKS, POOLS, SITES
from hybridplan.ui.editors.purchase_tables import COMMITMENTS
from hybridplan.ui.editors.rows import rows

BLANK = {
    "price_includes_energy": True,
    "whole_nodes": False,
    "whole_replicas": False,
    "must_serve": False,
    "interruptible": False,
    "is_estimate": False,
}
"""What the browser sends for the flags of a row in which nothing was typed."""


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_nothing_typed_changes_nothing(path: Path, table: Table) -> None:
    document = bundled(path)
    assert json.dumps(Typing(document, table).mirror().document) == json.dumps(document)


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_what_is_invalid_comes_back_as_it_was(table: Table) -> None:
    document = broken()
    assert json.dumps(Typing(document, table).mirror().document) == json.dumps(broken())


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_an_empty_scenario_has_empty_tables_and_stays_empty(table: Table) -> None:
    """A section that was absent is not added by looking at it."""
    document = {"schema_version": 1, "name": "Empty", "sites": {}, "horizon": {"blocks": {}}}
    typing = Typing(copy.deepcopy(document), table)
    assert typing.frame.empty
    assert typing.mirror().document == document


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_every_cell_typed_again_means_the_same(table: Table) -> None:
    """Each shown text, read as if just typed, gives the value that it was made from."""
    for document in (rich(), *(bundled(path) for path in SCENARIOS)):
        for row in rows(document, table):
            for column in table.columns:
                value = MISSING if column.kind == "key" else row.get(column)
                if value is not MISSING:
                    assert value_of(column, cell_of(column, value)) == value


def test_a_number_is_read_and_what_is_none_stays_as_typed() -> None:
    """12k is no number; the browser's number cell would have made it 12."""
    typing = Typing(small(), POOLS).set(0, "price_usd_per_accelerator_hour", "12k")
    said = typing.mirror()
    assert said.document["pools"]["own-h100"]["price_usd_per_accelerator_hour"] == "12k"
    assert any(issue.path.startswith("pools.own-h100.price") for issue in parse(said.document)[1])
    typing.set(0, "price_usd_per_accelerator_hour", "$1,234.50")
    assert typing.mirror().document["pools"]["own-h100"]["price_usd_per_accelerator_hour"] == 1234.5


def test_typing_back_what_stood_there_brings_back_its_type() -> None:
    typing = Typing(small(), POOLS)
    typing.set(0, "capacity_accelerators", "96").mirror()
    assert typing.document["pools"]["own-h100"]["capacity_accelerators"] == 96
    typing.set(0, "capacity_accelerators", "64").mirror()
    assert json.dumps(typing.document) == json.dumps(small())


def test_clearing_a_cell_removes_the_field() -> None:
    said = Typing(small(), SITES).set(1, "pue", None).mirror()
    assert "pue" not in said.document["sites"]["cloud"]


def test_other_fields_of_a_record_that_changed_meanwhile_are_kept() -> None:
    """The profile editor and the throughput table write into the same workload while its grid is open."""
    typing = Typing(small(), WORKLOADS).set(0, "name", "Chat")
    typing.mirror()
    typing.document["workloads"]["chat"]["demand_units_per_hour"]["day"] = [7, 7, 7]
    typing.set(0, "unit", "thousand requests").mirror()
    chat = typing.document["workloads"]["chat"]
    assert chat["demand_units_per_hour"] == {"day": [7, 7, 7]}
    assert (chat["name"], chat["unit"]) == ("Chat", "thousand requests")


def test_blank_rows_are_no_rows() -> None:
    """A row that was added by a click on + holds flags only."""
    typing = Typing(small(), POOLS).add(BLANK).add({**BLANK, "name": "  "})
    assert typing.mirror().document == small()


def test_a_pasted_row_keeps_everything_and_flags_at_their_default_stay_absent() -> None:
    cells = {"id": "p", "site": "own", "sku": "L4", "purchase_option": "owned", "capacity_accelerators": "4", **BLANK}
    said = (
        Typing(small(), POOLS).add({**cells, "price_usd_per_accelerator_hour": "n/a", "held_back_share": "5%"}).mirror()
    )
    assert said.document["pools"]["p"] == {
        "site": "own",
        "sku": "L4",
        "purchase_option": "owned",
        "capacity_accelerators": 4,
        "price_usd_per_accelerator_hour": "n/a",
        "held_back_share": 0.05,
    }


def test_a_row_without_an_id_is_kept_until_it_gets_one() -> None:
    typing = Typing(small(), SITES).add({"provider": "new"})
    typing.mirror()
    assert typing.document["sites"]["(no id 3)"] == {"provider": "new"}
    again = Typing(typing.document, SITES)
    assert again.frame.at[2, "id"] != again.frame.at[2, "id"]  # shown as an empty cell (NaN)
    typing.set(2, "id", "edge").mirror()
    assert list(typing.document["sites"]) == ["own", "cloud", "edge"]


def test_an_id_given_twice_is_kept_and_the_older_row_stays_what_it_is() -> None:
    typing = Typing(small(), SITES).set(0, "id", "cloud")
    said = typing.mirror()
    assert list(said.document["sites"]) == ["cloud (2)", "cloud"]
    assert said.document["sites"]["cloud"]["provider"] == "acme"
    typing.set(1, "id", "public").mirror()
    assert list(typing.document["sites"]) == ["cloud", "public"]


def test_links_name_themselves() -> None:
    columns = LINKS.shown(False)
    assert "id" not in [column.field for column in columns]
    typing = Typing(small(), LINKS).add({"from_site": "own", "to_site": "edge", "round_trip_ms": "3"})
    assert typing.mirror().document["links"]["own>edge"] == {"from_site": "own", "to_site": "edge", "round_trip_ms": 3}


def test_windows_are_numbered_and_times_without_an_offset_are_local() -> None:
    """1 June 2026 in Berlin is summer time: +02:00."""
    cells = {"workload": "train", "block": "day", "start": "2026-06-01 01:00", "end": "soon", "volume_units": "3"}
    said = Typing(small(), WINDOWS).add(cells).mirror()
    assert said.document["workloads"]["train"]["windows"]["w2"] == {
        "block": "day",
        "start": "2026-06-01T01:00:00+02:00",
        "end": "soon",
        "volume_units": 3,
    }


def test_a_row_below_no_workload_waits_and_is_not_lost() -> None:
    typing = Typing(small(), THROUGHPUT).add({"sku": "L4", "units_per_accelerator_hour": "9", **BLANK})
    said = typing.mirror()
    assert said.document == small()
    assert [row["sku"] for row in said.pending] == ["L4"]
    rebuilt = view(said.document, THROUGHPUT, THROUGHPUT.columns, said.pending)
    assert rebuilt.frame["sku"].tolist() == ["H100", "H100", "L4"]
    typing.set(2, "workload", "chat").mirror()
    assert typing.document["workloads"]["chat"]["throughput"]["L4"] == {"units_per_accelerator_hour": 9}


def test_a_row_moves_to_another_workload_with_all_its_fields() -> None:
    typing = Typing(small(), THROUGHPUT).set(0, "workload", "train").set(0, "sku", "A100-80GB")
    work = typing.mirror().document["workloads"]
    assert work["chat"]["throughput"] == {}
    assert work["train"]["throughput"]["A100-80GB"] == {"units_per_accelerator_hour": 100, "service_ms": 20}


def test_plain_values_are_rows_too() -> None:
    typing = Typing(small(), DISCOUNTS).set(0, SCALAR, "12.5%").add({"provider": "zeta", SCALAR: "0.2"})
    assert typing.mirror().document["policy"]["provider_discount_share"] == {"acme": 0.125, "zeta": 0.2}
    typing = Typing(small(), ROUTE_COSTS).remove(0)
    assert typing.mirror().document["workloads"]["chat"]["route_cost_usd_per_unit"] == {}


def test_removing_a_row_removes_the_record_alone() -> None:
    said = Typing(small(), COMMITMENTS).remove(0).mirror()
    assert said.document == {**small(), "commitments": {}}


def test_the_number_of_periods_is_typed_like_any_number() -> None:
    said = Typing(small(), BLOCKS).set(0, "periods", "24").mirror()
    assert said.document["horizon"]["blocks"]["day"]["periods"] == 24
