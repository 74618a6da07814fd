"""The tables of what may be committed, bought or kept: exact, within reach, followed by name, with their issues."""

from __future__ import annotations

import json
from typing import Any, get_args

import pytest
from documents import TABLES, Typing
from full_estate import full_estate
from test_more_table_pages import edit, opened, workspace

from hybridplan.domain import Apart, parse, require
from hybridplan.ui.editors.columns import SCALAR, Table
from hybridplan.ui.editors.data_tables import COPIES, DATASETS, LINES, WORK_DATA
from hybridplan.ui.editors.inventory_tables import LINKS, POOLS, SITES
from hybridplan.ui.editors.problems import all_issues, issues_in
from hybridplan.ui.editors.purchase_tables import (
    COMMITMENTS,
    EXPANSIONS,
    HARDWARE,
    SPEND,
    SPEND_RATES,
    TIER_TERMS,
    TIERS,
)
from hybridplan.ui.editors.references import broken, renamed
from hybridplan.ui.editors.rows import rows

NEW = (COMMITMENTS, SPEND, SPEND_RATES, EXPANSIONS, HARDWARE, TIER_TERMS, TIERS, DATASETS, COPIES, LINES, WORK_DATA)


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_nothing_typed_changes_nothing(table: Table) -> None:
    assert json.dumps(Typing(full_estate(), table).mirror().document) == json.dumps(full_estate())


@pytest.mark.parametrize("table", NEW, ids=lambda table: table.name)
def test_every_cell_that_is_typed_again_says_the_same(table: Table) -> None:
    """Each cell of the first row set to nothing and back, field by field."""
    for column in table.columns:
        if column.kind == "key" or column.locked:
            continue
        typing = Typing(full_estate(), table)
        shown = typing.frame.at[0, column.field]
        typing.set(0, column.field, None)
        again = Typing(typing.mirror().document, table)
        label = next(n for n, row in enumerate(again.shown.rows) if row.key == typing.shown.rows[0].key)
        restored = again.set(label, column.field, shown).mirror().document
        before = next(row for row in rows(full_estate(), table) if row.key == typing.shown.rows[0].key)
        after = next(row for row in rows(restored, table) if row.key == before.key)
        assert column.field == SCALAR or column.field not in before.record or after.get(column) == before.get(column)


def test_an_estate_typed_cell_by_cell_is_the_one_that_was_meant() -> None:
    """A commitment that may grow, a savings plan with a rate, a purchase, a tier, a dataset with a copy."""
    document = full_estate()
    for section in ("commitments", "spend_commitments", "expansions", "datasets"):
        document[section] = {}
    document["workloads"]["w"]["datasets"] = []
    del document["pools"]["tiered"]["price_tiers"]
    typed: tuple[tuple[Table, dict[str, Any]], ...] = (
        (
            COMMITMENTS,
            {"id": "c", "pool": "res", "fee_usd_per_accelerator_hour": "1.9", "max_new_accelerators": "8"},
        ),
        (SPEND, {"id": "s", "max_new_usd_per_hour": "20", "upfront_share": "25%", "ends": "2027-01-01T00:00"}),
        (SPEND_RATES, {"commitment": "s", "pool": "od", SCALAR: "2.5"}),
        (EXPANSIONS, {"id": "e", "pool": "own", "max_accelerators": "16", "capex_usd_per_accelerator": "30,000.00"}),
        (TIERS, {"pool": "tiered", "from_quantity": "20", "usd_per_accelerator_hour": "3"}),
        (DATASETS, {"id": "d", "home_site": "here", "size_gb": "900", "allowed_jurisdictions": "DE, NL"}),
        (COPIES, {"dataset": "d", "site": "far", "state": "planned"}),
        (COPIES, {"dataset": "d", "site": "near"}),
    )
    for table, cells in typed:
        document = Typing(document, table).add(cells).mirror().document
    document = Typing(document, WORK_DATA).set(0, "datasets", "d").mirror().document
    scenario = require(document)
    assert scenario.commitments["c"].max_new_accelerators == 8
    spend = scenario.spend_commitments["s"]
    assert (spend.rates_usd_per_accelerator_hour, spend.upfront_share) == ({"od": 2.5}, 0.25)
    assert spend.ends is not None
    assert spend.ends.isoformat() == "2027-01-01T00:00:00+01:00"
    assert scenario.expansions["e"].capex_usd_per_accelerator == 30000
    assert [tier.from_quantity for tier in scenario.pools["tiered"].price_tiers.values()] == [20]
    assert {site: copy.state for site, copy in scenario.datasets["d"].copies.items()} == {
        "far": "planned",
        "near": "choosable",
    }
    assert scenario.workloads["w"].datasets == ("d",)


def test_a_site_a_pool_and_a_dataset_are_followed_when_their_ids_change() -> None:
    document = renamed(full_estate(), "sites", {"far": "ams"})
    document = {**document, "sites": {{"far": "ams"}.get(k, k): v for k, v in document["sites"].items()}}
    assert set(document["datasets"]["corpus"]["copies"]) == {"near", "ams", "relay"}
    assert document["workloads"]["w"]["backup_sites"] == ["ams", "near"]
    document = renamed(document, "sites", {"relay": "hub", "here": "home"})
    assert document["datasets"]["corpus"]["relay_sites"] == ["hub"]
    assert document["datasets"]["corpus"]["home_site"] == "home"
    pools = renamed(full_estate(), "pools", {"od": "rented", "own": "mine"})
    assert pools["spend_commitments"]["plan"]["rates_usd_per_accelerator_hour"] == {"rented": 2.5, "od-near": 2.75}
    assert pools["expansions"]["grow"]["pool"] == "mine"
    assert renamed(full_estate(), "datasets", {"corpus": "text"})["workloads"]["w"]["datasets"] == ["text"]


def test_every_id_of_an_estate_can_be_renamed_and_it_stays_valid() -> None:
    document = full_estate()
    for table, target in ((SITES, "sites"), (POOLS, "pools"), (DATASETS, "datasets")):
        typing = Typing(document, table)
        for row, record in enumerate(typing.shown.rows):
            typing.set(row, "id", f"{record.key[-1]}-x")
        said = typing.mirror()
        document = renamed(said.document, target, said.renamed)
    scenario, issues = parse(document)
    assert scenario is not None
    assert issues == []


def test_what_is_gone_is_listed_wherever_it_is_named() -> None:
    document = full_estate()
    del document["sites"]["relay"], document["pools"]["od"], document["datasets"]["corpus"]
    assert {issue.path for issue in broken(document)} == {
        "links.here>relay.to_site",
        "links.relay>here.from_site",
        "links.relay>far.from_site",
        "spend_commitments.plan.rates_usd_per_accelerator_hour",
        "workloads.w.datasets",
    }


ISSUES = [
    (COMMITMENTS, "commitments/c1/ends", "2020-01-01T00:00:00Z", 1, "Until"),
    (SPEND, "spend_commitments/plan/min_new_usd_per_hour", 99, 1, "New at least (USD per hour)"),
    (SPEND_RATES, "spend_commitments/plan/rates_usd_per_accelerator_hour/od-near", 99, 2, "Rate"),
    (EXPANSIONS, "expansions/grow/lead_time_blocks", 7, 1, "Arrives after (blocks)"),
    (HARDWARE, "pools/od/retires", "2027-01-01T00:00:00Z", 2, "Retires"),
    (TIERS, "pools/tiered/price_tiers/t1/from_quantity", 40, 2, "From (accelerators or"),
    (TIER_TERMS, "pools/od/tier_form", "volume", 1, "Price of a tier holds for"),
    (DATASETS, "datasets/corpus/min_copies", 9, 1, "Copies at least"),
    (COPIES, "datasets/corpus/copies/here", {}, 4, "Site"),
    (LINES, "links/here>far/max_private_gbps", 0, 3, "Price (USD per Gbit/s and hour)"),
    (WORK_DATA, "workloads/w/datasets", ["nothing"], 1, "Needs datasets"),
    (WORK_DATA, "workloads/w/required_attributes", ["iso"], 1, "Backup at sites"),
    (SITES, "datasets/corpus/copies_apart", "zone", 1, "Zone"),
    (SITES, "sites/here/rack_units_limit", 3, 1, "Space at most (rack units)"),
    (LINKS, "links/here>far/usd_per_hour", -1, 3, "Fixed price (USD per hour)"),
]


@pytest.mark.parametrize(("table", "path", "value", "row", "column"), ISSUES)
def test_an_issue_stands_below_its_table_with_row_and_column(
    table: Table, path: str, value: Any, row: int, column: str
) -> None:
    document = full_estate()
    *parents, last = path.split("/")
    node = document
    for name in parents:
        node = node[name]
    node[last] = value
    found = issues_in(table, document, all_issues(document, parse(document)[1]))
    assert [one for one in found if one.row == row and one.column.startswith(column)], found


def test_only_owned_pools_retire_and_only_rented_ones_have_tiers() -> None:
    assert [row.key for row in rows(full_estate(), HARDWARE)] == [("own",)]
    assert [row.key for row in rows(full_estate(), TIER_TERMS)] == [("od",), ("od-near",), ("tiered",)]


def test_copies_and_backups_apart_by_zone_are_typed_and_every_way_to_be_apart_is_offered() -> None:
    document = full_estate()
    for number, site in enumerate(document["sites"].values()):
        site["zone"] = f"z{number}"
    document = Typing(document, DATASETS).set(0, "copies_apart", "zone").mirror().document
    document = Typing(document, WORK_DATA).set(0, "backup_apart", "zone").mirror().document
    scenario = require(document)
    assert scenario.datasets["corpus"].copies_apart == scenario.workloads["w"].backup_apart == "zone"
    for table, field in ((DATASETS, "copies_apart"), (WORK_DATA, "backup_apart")):
        (column,) = [one for one in table.columns if one.field == field]
        assert column.options == get_args(Apart)


HARDWARE_DRAWER = "Owned hardware: what may be bought, what retires, and space"
SPEND_DRAWER = "Spend commitments: USD per hour that cover on-demand pools at lower rates"
DATA_DRAWER = "Datasets: data that work needs where it runs, and its copies"
EDITS = [
    ("inventory", HARDWARE_DRAWER, "expansions", "max_accelerators", "24", ("expansions", "grow"), 24),
    ("inventory", HARDWARE_DRAWER, "hardware", "rack_units_per_accelerator", "1.5", ("pools", "own"), 1.5),
    ("inventory", "", "commitments", "max_new_accelerators", "6", ("commitments", "c1"), 6),
    ("inventory", SPEND_DRAWER, "spend_commitments", "usd_per_hour", "4", ("spend_commitments", "plan"), 4),
    ("inventory", DATA_DRAWER, "datasets", "size_gb", "800", ("datasets", "corpus"), 800),
    (
        "demand",
        "Data: datasets that work needs, results that are kept, and their backup",
        "work_data",
        "result_kept_hours",
        "100",
        ("workloads", "w"),
        100,
    ),
]


@pytest.mark.parametrize(("page", "drawer", "table", "field", "cell", "record", "value"), EDITS)
def test_what_is_typed_on_a_page_reaches_the_document_and_is_undone(
    page: str, drawer: str, table: str, field: str, cell: str, record: tuple[str, str], value: Any
) -> None:
    app = edit(opened(page, full_estate(), drawer), table, {"edited_rows": {0: {field: cell}}})
    expected = full_estate()
    expected[record[0]][record[1]][field] = value
    assert workspace(app).document == expected
    next(button for button in app.button if button.label == "Undo").click().run()
    assert workspace(app).document == full_estate()


def test_issues_of_a_closed_drawer_are_shown() -> None:
    document = full_estate()
    document["expansions"]["grow"]["min_accelerators"] = 99
    app = opened("inventory", document)
    assert any("Purchases\\: 1 to mend" in error.value for error in app.error)
