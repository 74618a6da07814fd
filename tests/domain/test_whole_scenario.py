"""A scenario is checked as a whole: every issue at once, each with place, value, unit and mend."""

from __future__ import annotations

import json
from copy import deepcopy
from typing import Any

import pytest
from builders import deferrable, hour, one_site, pool, rigid
from hypothesis import given
from hypothesis import strategies as st
from pydantic import Field

from hybridplan.domain import Policy, Scenario, parse, require
from hybridplan.errors import InvalidInput, Issue


def document(**fields: Any) -> dict[str, Any]:
    base = {
        "schema_version": 1,
        "name": "test",
        "horizon": hour(3),
        "sites": {**one_site(), "far": {"kind": "public", "provider": "x", "jurisdiction": "US"}},
        "pools": {"o": pool("owned", 10, 1.0)},
        "workloads": {"r": rigid([1, 2, 3]), "d": deferrable(5, 0, 3)},
        "links": {"l": {"from_site": "here", "to_site": "far", "round_trip_ms": 5}},
    }
    return {**base, **fields}


def found(data: dict[str, Any]) -> dict[str, Issue]:
    return {issue.path: issue for issue in parse(data)[1]}


def test_a_sound_scenario_has_no_issue() -> None:
    scenario, issues = parse(document())
    assert scenario is not None
    assert issues == []


def test_all_field_errors_are_reported_at_once() -> None:
    data = document()
    data["pools"]["o"] |= {"capacity_accelerators": -5, "price_usd_per_accelerator_hour": "2,5", "colour": "red"}
    data["sites"]["here"]["pue"] = 0.9
    del data["workloads"]["r"]["unserved_usd_per_unit"]
    issues = found(data)
    assert set(issues) == {
        "pools.o.capacity_accelerators",
        "pools.o.price_usd_per_accelerator_hour",
        "pools.o.colour",
        "sites.here.pue",
        "workloads.r.unserved_usd_per_unit",
    }
    price = issues["pools.o.price_usd_per_accelerator_hour"]
    assert price.unit == "USD per accelerator-hour"
    assert price.value == "'2,5'"
    assert price.mend
    with pytest.raises(InvalidInput) as error:
        require(data)
    assert len(error.value.issues) == 5


@pytest.mark.parametrize(
    ("place", "field", "value", "path"),
    [
        (("pools", "o"), "site", "moon", "pools.o.site"),
        (("workloads", "r"), "origin_site", "moon", "workloads.r.origin_site"),
        (("workloads", "r"), "denied_sites", ["moon"], "workloads.r.denied_sites"),
        (("workloads", "r"), "route_cost_usd_per_unit", {"x": 1}, "workloads.r.route_cost_usd_per_unit"),
        (("workloads", "r"), "demand_units_per_hour", {"b": [1, 2]}, "workloads.r.demand_units_per_hour.b"),
        (("workloads", "r"), "parallel_limit_accelerators", 4, "workloads.r.parallel_limit_accelerators"),
        (("workloads", "d"), "windows", {}, "workloads.d.windows"),
        (("pools", "o"), "up_share", {"b": [1, 1]}, "pools.o.up_share.b"),
        (("pools", "o"), "up_share", {"b": [1, 1, 1.4]}, "pools.o.up_share.b"),
        (("pools", "o"), "electricity_usd_per_kwh", 0.2, "pools.o.electricity_usd_per_kwh"),
        (("pools", "o"), "price_includes_energy", False, "sites.here.electricity_usd_per_kwh"),
        (("pools", "o"), "idle_kw", 0.5, "pools.o.idle_kw"),
        (("pools", "o"), "purchase_option", "reserved", "pools.o.price_usd_per_accelerator_hour"),
        (("pools", "o"), "capacity_accelerators", 1e12, "pools.o.capacity_accelerators"),
        (("links", "l"), "to_site", "here", "links.l.to_site"),
    ],
)
def test_each_fault_names_its_place(place: tuple[str, str], field: str, value: object, path: str) -> None:
    data = document()
    data[place[0]][place[1]][field] = value
    scenario, issues = parse(data)
    assert scenario is None
    errors = [issue for issue in issues if issue.severity == "error"]
    assert path in {issue.path for issue in errors}
    assert all(issue.mend for issue in errors if "input should" not in issue.message)


def test_windows_must_not_overlap_or_leave_their_block() -> None:
    data = document()
    first = data["workloads"]["d"]["windows"]["v"]
    data["workloads"]["d"]["windows"]["late"] = {**first, "start": "2026-06-01T02:00:00+00:00"}
    data["workloads"]["d"]["windows"]["out"] = {
        **first,
        "start": "2026-06-01T03:00:00+00:00",
        "end": "2026-06-01T09:00:00+00:00",
    }
    assert {"workloads.d.windows.late.start", "workloads.d.windows.out"} <= set(found(data))


def test_overlapping_blocks_and_unknown_zones() -> None:
    block = hour(3)["blocks"]["b"]
    data = document(horizon={"blocks": {"b": block, "c": block}, "time_zone": "Mars/Olympus"})
    assert {"horizon.blocks.c.start", "horizon.time_zone"} <= set(found(data))


def test_a_carbon_price_needs_the_grid_figure() -> None:
    data = document()
    data["pools"]["o"]["busy_kw"] = 1.0
    path = "sites.here.grid_carbon_g_per_kwh"
    assert found(data)[path].severity == "warning"
    data["policy"] = {"carbon_usd_per_tonne": 50}
    assert found(data)[path].severity == "error"


def test_a_price_of_zero_and_a_cheap_penalty_warn() -> None:
    data = document()
    data["pools"]["o"]["price_usd_per_accelerator_hour"] = 0
    assert found(data)["pools.o.price_usd_per_accelerator_hour"].severity == "warning"
    data["pools"]["o"]["price_usd_per_accelerator_hour"] = 7
    data["workloads"]["r"]["unserved_usd_per_unit"] = 6.9
    issue = found(data)["workloads.r.unserved_usd_per_unit"]
    assert issue.severity == "warning"
    assert "70" in issue.mend


def test_a_newer_version_is_named() -> None:
    scenario, issues = parse(document(schema_version=7))
    assert scenario is None
    assert "newer version" in issues[0].message


def test_the_hash_sees_content_only() -> None:
    """Order of records, defaults written out and 10 or 10.0 do not count; a changed price does."""
    data = document()
    turned = deepcopy(data)
    turned["workloads"] = dict(reversed(data["workloads"].items()))
    turned["pools"]["o"] |= {"held_back_share": 0.0, "capacity_accelerators": 10.0}
    assert require(turned).content_hash == require(data).content_hash
    turned["pools"]["o"]["price_usd_per_accelerator_hour"] = 1.01
    assert require(turned).content_hash != require(data).content_hash


def test_a_changed_copy_has_a_hash_of_its_own() -> None:
    """Results are kept by it: the plan of the one must not be taken for that of the other."""
    scenario = require(document())
    was = scenario.content_hash
    assert scenario.model_copy(update={"policy": Policy(carbon_usd_per_tonne=50.0)}).content_hash != was
    assert scenario.model_copy().content_hash == was


def test_a_field_that_a_later_version_adds_leaves_the_hash_alone() -> None:
    """Links and kept plans name a scenario by its hash; at its default a new field means what it meant before."""

    class LaterPolicy(Policy):
        a_new_cap: float | None = None

    class LaterScenario(Scenario):
        policy: LaterPolicy = Field(default_factory=LaterPolicy)
        a_new_rate: float = 0.0

    for data in (document(), {**document(), "policy": {"carbon_usd_per_tonne": 50.0}}):
        later = LaterScenario.model_validate(require(data).to_dict())
        assert later.content_hash == require(data).content_hash
        changed = LaterScenario.model_validate({**require(data).to_dict(), "a_new_rate": 1.0})
        assert changed.content_hash != later.content_hash


def test_a_scenario_survives_its_own_dictionary() -> None:
    scenario = require(document())
    again = require(json.loads(json.dumps(scenario.to_dict())))
    assert again == scenario
    assert again.content_hash == scenario.content_hash


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(max_size=5) | st.integers(),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
        max_leaves=12,
    ),
    st.sampled_from(["pools", "sites", "workloads", "links", "horizon", "policy", "name", "schema_version"]),
)
def test_nonsense_becomes_issues_never_an_exception(value: object, place: str) -> None:
    scenario, issues = parse({**document(), place: value})
    assert scenario is not None or issues
