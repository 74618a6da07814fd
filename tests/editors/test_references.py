"""An id that changes is followed wherever it is named; one that is gone is listed."""

from __future__ import annotations

import json
from typing import Any

from documents import SCENARIOS, Typing, broken, bundled, small

from hybridplan.domain import parse
from hybridplan.ui.editors.demand_tables import BLOCKS
from hybridplan.ui.editors.inventory_tables import POOLS, SITES
from hybridplan.ui.editors.names import names_followed
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


FAILURES = {
    "zone": {"kind": "zone", "record": "grid"},
    "acme": {"kind": "provider", "record": "acme"},
    "cut": {"kind": "link", "record": "own>cloud"},
    "feed": {"kind": "group", "sites": ["cloud"], "pools": ["own-h100"], "links": ["cloud>own"]},
}


def with_failures() -> dict[str, Any]:
    document = small()
    document["sites"]["cloud"]["zone"] = "grid"
    document["pools"]["own-h100"]["zone"] = "grid"
    document["policy"] |= {"contingencies": FAILURES, "provider_fixed_usd_per_hour": {"acme": 2}}
    return document


def test_what_fails_is_followed_by_its_own_kind() -> None:
    """A site that gets another id renames the links that are called after it, and failures name both anew."""
    after = renamed(with_failures(), "sites", {"cloud": "fra"})["policy"]["contingencies"]
    assert after == FAILURES | {
        "cut": {"kind": "link", "record": "own>fra"},
        "feed": FAILURES["feed"] | {"sites": ["fra"], "links": ["fra>own"]},
    }
    after = renamed(with_failures(), "pools", {"own-h100": "mine", "acme": "x"})["policy"]["contingencies"]
    assert after == FAILURES | {"feed": FAILURES["feed"] | {"pools": ["mine"]}}
    after = renamed(with_failures(), "links", {"own>cloud": "line"})["policy"]["contingencies"]
    assert after == FAILURES | {"cut": {"kind": "link", "record": "line"}}


def test_a_member_of_a_group_that_is_gone_is_listed() -> None:
    document = Typing(with_failures(), POOLS).remove(0).mirror().document
    assert [issue.path for issue in broken_references(document)] == ["policy.contingencies.feed.pools"]


def followed(before: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """The policy after fields of sites and pools changed: ``cloud={"provider": "bolt"}``."""
    after = json.loads(json.dumps(before))
    for key, fields in changes.items():
        part = "sites" if key in after["sites"] else "pools"
        after[part][key] |= fields
    policy: dict[str, Any] = names_followed(before, after)["policy"]
    return policy


def test_a_provider_that_is_renamed_is_followed_by_failures_discounts_and_prices() -> None:
    policy = followed(with_failures(), cloud={"provider": "bolt"})
    assert policy["contingencies"] == FAILURES | {"acme": {"kind": "provider", "record": "bolt"}}
    assert policy["provider_discount_share"] == {"bolt": 0.1}
    assert policy["provider_fixed_usd_per_hour"] == {"bolt": 2}


def test_a_site_that_moves_to_another_provider_takes_no_discount_along() -> None:
    """Own had no discount before, and gets none because the last site of acme is its own now."""
    policy = followed(with_failures(), cloud={"provider": "own"})
    assert policy["provider_discount_share"] == {"acme": 0.1}
    assert policy["contingencies"]["acme"] == {"kind": "provider", "record": "own"}


def test_a_provider_that_still_has_a_site_is_not_followed() -> None:
    before = with_failures()
    before["sites"]["more"] = dict(before["sites"]["cloud"])
    assert followed(before, cloud={"provider": "bolt"}) == before["policy"]


def test_a_zone_is_followed_once_no_site_and_no_pool_has_it_any_longer() -> None:
    before = with_failures()
    half = followed(before, cloud={"zone": "grid-b"})
    assert half == before["policy"]
    whole = followed(before, **{"cloud": {"zone": "grid-b"}, "own-h100": {"zone": "grid-b"}})
    assert whole["contingencies"]["zone"] == {"kind": "zone", "record": "grid-b"}
    apart = followed(before, **{"cloud": {"zone": "a"}, "own-h100": {"zone": "b"}})
    assert apart == before["policy"], "it could be either"
