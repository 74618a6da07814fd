"""An id that changes is followed wherever it is named; one that is gone is listed."""

from __future__ import annotations

from documents import SCENARIOS, Typing, broken, bundled, small

from hybridplan.domain import parse
from hybridplan.ui.editors.demand_tables import BLOCKS
from hybridplan.ui.editors.inventory_tables import POOLS, SITES
from hybridplan.ui.editors.problems import all_issues, issues_in
from hybridplan.ui.editors.references import broken as broken_references
from hybridplan.ui.editors.references import renamed


def test_a_site_is_followed() -> None:
    after = renamed(small(), "sites", {"own": "fra"})
    assert after["pools"]["own-h100"]["site"] == "fra"
    assert after["workloads"]["chat"]["origin_site"] == "fra"
    assert after["workloads"]["chat"]["allowed_sites"] == ["fra", "cloud"]
    assert after["links"]["fra>cloud"]["from_site"] == "fra"
    assert after["links"]["cloud>fra"]["to_site"] == "fra"


def test_a_site_that_may_fail_is_followed_and_a_provider_of_that_name_is_not() -> None:
    failures = {
        "a": {"kind": "site", "record": "own"},
        "b": {"kind": "provider", "record": "own"},
        "c": {"kind": "spot"},
    }
    document = {**small(), "policy": {"contingencies": failures}}
    after = renamed(document, "sites", {"own": "fra"})["policy"]["contingencies"]
    assert after == {**failures, "a": {"kind": "site", "record": "fra"}}


def test_a_pool_is_followed() -> None:
    after = renamed(small(), "pools", {"cloud-h100": "acme-h100"})
    assert after["commitments"]["c1"]["pool"] == "acme-h100"
    assert after["workloads"]["chat"]["route_cost_usd_per_unit"] == {"acme-h100": 0.01}


def test_a_block_is_followed() -> None:
    after = renamed(small(), "horizon.blocks", {"day": "monday"})
    assert after["pools"]["own-h100"]["up_share"] == {"monday": [1, 0.5, 1]}
    assert after["workloads"]["chat"]["demand_units_per_hour"] == {"monday": [10, 20.5, 30]}
    assert after["workloads"]["train"]["windows"]["w1"]["block"] == "monday"


def test_two_ids_change_places_in_one_step() -> None:
    after = renamed(small(), "sites", {"own": "cloud", "cloud": "own"})
    assert [pool["site"] for pool in after["pools"].values()] == ["cloud", "own"]


def test_every_id_of_the_demo_can_be_renamed_and_the_scenario_stays_valid() -> None:
    demo = bundled(next(path for path in SCENARIOS if path.stem == "demo"))
    for table, target in ((SITES, "sites"), (POOLS, "pools"), (BLOCKS, "horizon.blocks")):
        typing = Typing(demo, table)
        for row, record in enumerate(typing.shown.rows):
            typing.set(row, "id", f"{record.key[-1]}-x")
        said = typing.mirror()
        scenario, issues = parse(renamed(said.document, target, said.renamed))
        assert scenario is not None, issues


def test_a_removed_site_leaves_listed_references() -> None:
    document = Typing(small(), SITES).remove(1).mirror().document
    assert {issue.path for issue in broken_references(document)} == {
        "pools.cloud-h100.site",
        "links.own>cloud.to_site",
        "links.cloud>own.from_site",
        "workloads.chat.allowed_sites",
    }


def test_broken_references_are_listed_beside_invalid_fields_and_never_twice() -> None:
    """The checks of the whole stop at invalid fields; the person should still see both."""
    document = broken()
    issues = all_issues(document, parse(document)[1])
    assert any(issue.path == "pools.own-h100.site" and issue.value == "nowhere" for issue in issues)
    gone = Typing(small(), SITES).remove(1).mirror().document
    listed = all_issues(gone, parse(gone)[1])
    assert len({(issue.path, issue.message, issue.value) for issue in listed}) == len(listed)


def test_issues_name_row_and_column() -> None:
    document = broken()
    found = issues_in(POOLS, document, all_issues(document, parse(document)[1]))
    price = next(one for one in found if one.column.startswith("List price"))
    assert (price.row, price.name, price.issue.value) == (1, "own-h100", "'1,5'")
    assert price.issue.unit == "USD per accelerator-hour"
    assert price.issue.mend == "Write a plain number with '.' as the decimal sign."
    twice = next(one for one in found if one.column == "Id")
    assert (twice.row, twice.issue.message) == (3, "the id own-h100 is given twice")
    empty = next(one for one in found if one.row == 3 and one.column == "Purchase option")
    assert empty.issue.message == "is empty"


def test_a_row_without_an_id_is_named_by_its_number() -> None:
    found = issues_in(SITES, broken(), all_issues(broken(), parse(broken())[1]))
    assert any(one.row == 3 and one.issue.message == "has no id" for one in found)
