"""What each failure takes, where work goes on, and what takes over: the audit's own answer, kind by kind."""

from __future__ import annotations

from typing import Any

import pytest
from failover_cases import after, failing, unchecked
from hypothesis import given
from hypothesis import strategies as st

from hybridplan.audit.axes import Axes
from hybridplan.audit.failures import Failures, taken
from hybridplan.audit.routes import eligibility, load_limit
from hybridplan.domain import Contingency, Scenario
from hybridplan.domain.contingency import lost

ZONES = {
    "sites": {"east": {"zone": "z1"}, "west": {"zone": "z2"}, "home": {"zone": "z2"}},
    "pools": {"west": {"zone": "z1"}, "spot": {"zone": "z3"}},
}


def kept(scenario: Scenario) -> Failures:
    return Axes(scenario).failures


def going_on(scenario: Scenario, work: str = "web") -> set[str]:
    """Pools on which the work goes on after the only failure."""
    found, w = kept(scenario), list(scenario.workloads).index(work)
    return {pool for p, pool in enumerate(scenario.pools) if found.left[0, w, p]}


@pytest.mark.parametrize(
    ("failure", "sites", "pools", "ways"),
    [
        ({"kind": "site", "record": "west"}, {"west"}, {"west", "spot"}, set()),
        ({"kind": "provider", "record": "bolt"}, {"west", "far"}, {"west", "spot", "far"}, set()),
        ({"kind": "spot"}, set(), {"spot"}, set()),
        ({"kind": "link", "record": "back-e"}, set(), set(), {("home", "east"), ("east", "home")}),
        ({"kind": "link", "record": "out-f"}, set(), set(), {("home", "far"), ("far", "home")}),
        (
            {"kind": "group", "sites": ["far"], "pools": ["east"], "links": ["out-w"]},
            {"far"},
            {"far", "east"},
            {("home", "west"), ("west", "home")},
        ),
        ({"kind": "group"}, set(), set(), set()),
    ],
)
def test_what_a_failure_takes(failure: dict[str, Any], sites: set[str], pools: set[str], ways: set[Any]) -> None:
    assert taken(failing(), Contingency(**failure)) == (sites, pools, ways)


@pytest.mark.parametrize(
    ("zone", "sites", "pools"),
    [
        ("z1", {"east"}, {"east", "west"}),
        ("z2", {"home", "west"}, {"own", "west", "spot"}),
        ("z3", set(), {"spot"}),
        ("z4", set(), set()),
    ],
)
def test_a_zone_takes_its_sites_with_all_that_stands_there_and_its_pools(
    zone: str, sites: set[str], pools: set[str]
) -> None:
    """west lies in z2, of its pools west in z1 and spot in z3: both go with the site, each with its own zone too."""
    assert taken(failing(ZONES), Contingency(kind="zone", record=zone))[:2] == (sites, pools)


def test_nothing_is_in_no_zone() -> None:
    assert taken(failing(ZONES), Contingency(kind="zone")) == (set(), set(), set())


@pytest.mark.parametrize(
    ("failure", "egress", "expected"),
    [
        ({"kind": "site", "record": "east"}, 0.0, {"own", "west", "spot", "far"}),
        ({"kind": "link", "record": "out-e"}, 0.0, {"own", "west", "spot", "far"}),
        ({"kind": "link", "record": "back-e"}, 0.0, {"own", "west", "spot", "far"}),
        ({"kind": "site", "record": "home"}, 0.0, {"east", "west", "spot", "far"}),
        ({"kind": "spot"}, 1.0, {"own", "east", "west", "far"}),
    ],
)
def test_where_work_goes_on(failure: dict[str, Any], egress: float, expected: set[str]) -> None:
    """A link fails both ways; a site that is lost leaves the links of its users."""
    back = {"links": {"back-f": {"from_site": "far", "to_site": "home", "round_trip_ms": 80.0}}}
    scenario = failing(after(**failure), back, {"workloads": {"web": {"egress_gb_per_unit": egress}}})
    assert going_on(scenario) == expected


def test_only_the_way_back_is_cut_where_two_links_are_no_pair() -> None:
    """A link from east to home that fails takes the way there too, whether data is sent back or not."""
    for egress in (0.0, 0.1):
        scenario = failing(after(kind="link", record="back-e"), {"workloads": {"web": {"egress_gb_per_unit": egress}}})
        assert "east" not in going_on(scenario)


def test_data_at_a_lost_site_is_lost() -> None:
    """Of two pools at home, in a group that takes the site both are lost; spot alone takes no data."""
    data = {"datasets": {"d": {"home_site": "home", "size_gb": 1.0, "copies": {"east": {"state": "present"}}}}}
    data["sites"] = {key: {"storage_usd_per_gb_month": 0.0} for key in ("home", "east")}
    data["workloads"] = {"web": {"datasets": ["d"]}}
    assert "own" not in going_on(failing(data, after(kind="group", sites=["home"])))
    assert "own" in going_on(failing(data, after(kind="spot")))


def hit(scenario: Scenario) -> set[str]:
    """Workloads that the only failure hits."""
    found = kept(scenario)
    return {work for w, work in enumerate(scenario.workloads) if found.hits[0, w]}


@pytest.mark.parametrize(
    ("failure", "expected"),
    [
        ({"kind": "site", "record": "east"}, {"web", "core", "side"}),
        ({"kind": "link", "record": "out-w"}, {"web", "core", "side"}),
        ({"kind": "site", "record": "far"}, set()),
        ({"kind": "spot"}, set()),
        ({"kind": "group", "pools": ["far", "spot"]}, set()),
    ],
)
def test_a_failure_hits_work_of_which_it_takes_a_route_used_or_not(failure: Any, expected: set[str]) -> None:
    """Nothing may run in the US, nor on spot; west is a route that nothing uses."""
    scenario = failing(after(**failure))
    assert hit(scenario) == expected
    assert kept(scenario).moves.tolist() == [bool(expected)]


def test_work_that_a_failure_does_not_hit_moves_with_the_rest() -> None:
    """core is shared too, but bound to home; only web is hit by the loss of east."""
    scenario = failing({"workloads": {"core": {"promise_form": "cold", "allowed_sites": ["home"]}}})
    assert hit(scenario) == {"web", "side"}
    assert kept(scenario).moves.tolist() == [True]
    assert kept(scenario).is_shared.tolist() == [True, True, False]


def test_an_objective_after_a_failure_opens_pairs_that_are_no_routes() -> None:
    """West is 30 ms and 10 ms of work away: too far for 25, near enough for 40; it is hit by nothing there."""
    near = {"workloads": {"web": {"latency_objective_ms": 25.0}}}
    later = {"workloads": {"web": {"latency_after_failure_ms": 40.0}}}
    west = list(failing().pools).index("west")
    for scenario, expected in ((failing(near), False), (failing(near, later), True)):
        assert not kept(scenario).is_route[0, west]
        assert bool(kept(scenario).may_take_over[0, west]) is expected
    lost = failing(near, later, after(kind="group", pools=["west"]))
    assert "web" not in hit(lost)
    too_far = failing(near, {"workloads": {"web": {"latency_after_failure_ms": 39.0}}})
    assert not kept(too_far).may_take_over[0, west]


def test_an_objective_after_a_failure_opens_nothing_else() -> None:
    """far is in the US, spot is spot, whatever the objective."""
    scenario = failing({"workloads": {"web": {"latency_objective_ms": 25.0, "latency_after_failure_ms": 900.0}}})
    assert kept(scenario).may_take_over[0].tolist() == [True, True, True, False, False]


def test_how_busy_accelerators_may_be_after_a_failure() -> None:
    """Mean of 10 ms of work behind 30 ms: in 50 ms at most 1 - 10/20 = 1/2 busy, after a failure in 70 ms 3/4."""
    queue = {"latency_statistic": "mean", "latency_objective_ms": 50.0, "latency_after_failure_ms": 70.0}
    scenario = failing({"workloads": {"web": queue}})
    assert load_limit(scenario, "web", "west") == pytest.approx(0.5)
    assert load_limit(scenario, "web", "west", after_failure=True) == pytest.approx(0.75)
    plain = failing({"workloads": {"web": {**queue, "latency_after_failure_ms": None}}})
    assert load_limit(plain, "web", "west", after_failure=True) == pytest.approx(0.5)


def test_no_objective_stays_none() -> None:
    """An objective after a failure alone is refused as an input, and the audit makes nothing of it."""
    scenario = unchecked({"workloads": {"web": {"latency_after_failure_ms": 1.0}}})
    assert eligibility(scenario, "web", "west", after_failure=True) == (True, "")


def test_standby_helps_dedicated_work_that_is_hit() -> None:
    """After the loss of home or east west survives, and each of the two the other; web shares, side has no promise."""
    both = {"policy": {"contingencies": {"home-lost": {"kind": "site", "record": "home"}}}}
    for change, expected in (({}, ["own", "west"]), (both, ["own", "east", "west"])):
        scenario = failing(change)
        may = kept(scenario).may_stand_by
        assert [pool for p, pool in enumerate(scenario.pools) if may[1, p]] == expected
        assert not may[[0, 2]].any()


# -- attributes of links ------------------------------------------------------------------------------------------

NEEDS = {"workloads": {"web": {"required_link_attributes": ["encrypted", "private"]}}}


def offers(*links: str) -> dict[str, Any]:
    return {"links": {link: {"attributes": ["encrypted", "private", "fast"]} for link in links}}


def test_links_must_offer_what_data_of_work_needs() -> None:
    """Within home nothing is needed; there alone is enough while nothing is sent back."""
    assert eligibility(unchecked(NEEDS), "web", "own") == (True, "")
    words = "attribute encrypted is missing on the link from home to west"
    assert eligibility(unchecked(NEEDS), "web", "west") == (False, words)
    one = {"links": {"out-w": {"attributes": ["encrypted"]}}}
    words = "attribute private is missing on the link from home to west"
    assert eligibility(unchecked(NEEDS, one), "web", "west") == (False, words)
    assert eligibility(unchecked(NEEDS, offers("out-w")), "web", "west") == (True, "")


def test_the_way_back_and_to_the_backup_are_looked_at_where_data_takes_them() -> None:
    back = {"workloads": {"web": {"egress_gb_per_unit": 0.1}}}
    there = offers("out-w")
    words = "attribute encrypted is missing on the link from west to home"
    assert eligibility(unchecked(NEEDS, there, back), "web", "west") == (False, words)
    assert eligibility(unchecked(NEEDS, there, offers("back-w"), back), "web", "west") == (True, "")
    backup = {"workloads": {"web": {"result_gb_per_unit": 0.1, "backup_sites": ["home"]}}}
    assert eligibility(unchecked(NEEDS, there, backup), "web", "west") == (False, words)
    assert eligibility(unchecked(NEEDS, there, offers("back-w"), backup), "web", "west") == (True, "")


def test_links_that_lack_an_attribute_are_no_way_after_a_failure_either() -> None:
    slow = {"workloads": {"web": {"latency_objective_ms": 25.0, "latency_after_failure_ms": 900.0}}}
    west = list(failing().pools).index("west")
    assert not kept(unchecked(NEEDS, slow)).may_take_over[0, west]
    assert kept(unchecked(NEEDS, slow, offers("out-w"))).may_take_over[0, west]


# -- the two statements of what a failure takes -------------------------------------------------------------------

ZONED = st.sampled_from([None, "z1", "z2"])
SITES, POOLS, LINKS = list(failing().sites), list(failing().pools), list(failing().links)
FAILURE = st.one_of(
    st.builds(lambda key: Contingency(kind="site", record=key), st.sampled_from([*SITES, "none"])),
    st.builds(lambda key: Contingency(kind="zone", record=key), ZONED),
    st.builds(lambda key: Contingency(kind="provider", record=key), st.sampled_from(["own", "acme", "bolt", "none"])),
    st.builds(lambda key: Contingency(kind="link", record=key), st.sampled_from([*LINKS, "none"])),
    st.just(Contingency(kind="spot")),
    st.builds(
        lambda sites, pools, links: Contingency(kind="group", sites=sites, pools=pools, links=links),
        *(st.lists(st.sampled_from(ids), unique=True, max_size=2).map(tuple) for ids in (SITES, POOLS, LINKS)),
    ),
)


@given(
    zones=st.tuples(*(ZONED for _ in SITES)),
    own=st.tuples(*(ZONED for _ in POOLS)),
    failure=FAILURE,
)
def test_audit_and_inputs_say_the_same_of_what_a_failure_takes(
    zones: tuple[str | None, ...], own: tuple[str | None, ...], failure: Contingency
) -> None:
    scenario = unchecked(
        {
            "sites": {key: {"zone": zone} for key, zone in zip(SITES, zones, strict=True)},
            "pools": {key: {"zone": zone} for key, zone in zip(POOLS, own, strict=True)},
        }
    )
    found, said = taken(scenario, failure), lost(failure, scenario)
    assert (found.sites, found.pools) == (said.sites, said.pools)
    ways = {(link.from_site, link.to_site): key for key, link in scenario.links.items()}
    assert {ways[way] for way in found.ways if way in ways} == said.links
