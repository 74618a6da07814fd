"""Any number of a scenario by its path: all are listed in words, each can be changed, and nothing else is."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from builders import deferrable, pool, random_document, rigid, scenario
from hypothesis import given, settings
from hypothesis import strategies as st

from hybridplan.analysis.sensitivity import fields, paths
from hybridplan.analysis.wording import ENGLISH
from hybridplan.domain import Scenario, require
from hybridplan.errors import InvalidInput, Issue

SCENARIOS = sorted((Path(__file__).resolve().parents[2] / "data" / "scenarios").glob("*.json"))


def two_pools(**policy: Any) -> Scenario:
    return scenario(
        {"own": pool("owned", 10, 1.5, name="Our own"), "rent": pool("on_demand", 20, 3.0)},
        {"chat": rigid([4.0, 8.0], name="Chat"), "train": deferrable(6, 0, 2)},
        periods=2,
        policy=policy,
    )


def refused(of: Scenario, path: str, value: Any) -> Issue:
    with pytest.raises(InvalidInput) as error:
        paths.with_value(of, path, value)
    (issue,) = error.value.issues
    return issue


def test_every_numeric_field_has_words_and_a_unit() -> None:
    for field in fields.numeric_fields():
        assert field.code in ENGLISH, f"{field.code} has no words in wording_sensitivity.py"
        assert field.unit, f"{field.code} has no unit"


def test_a_field_is_left_out_only_for_a_reason_and_only_while_it_exists() -> None:
    known = {field.pattern for field in fields._of_record(Scenario, ())}
    assert set(fields.LEFT_OUT) <= known
    assert all(fields.LEFT_OUT.values())


def test_the_list_names_records_units_and_values() -> None:
    found = {one.path: one for one in paths.numeric_paths(two_pools())}
    assert found["pools.own.price_usd_per_accelerator_hour"] == (
        "pools.own.price_usd_per_accelerator_hour",
        "Price of Our own",
        "USD per accelerator-hour",
        1.5,
    )
    assert found["workloads.chat.demand_units_per_hour"].label == "Demand of Chat, factor"
    assert found["workloads.chat.demand_units_per_hour"].value == 1.0
    assert found["workloads.train.windows.v.volume_units"].value == 6.0
    assert found["workloads.chat.latency_objective_ms"].value is None
    assert found["policy.carbon_cap.tonnes"].value is None
    assert "workloads.train.demand_units_per_hour" not in found
    assert "horizon.blocks.b.periods" not in found
    assert "schema_version" not in found


@pytest.mark.parametrize("file", SCENARIOS, ids=lambda path: path.stem)
def test_labels_tell_all_numbers_of_a_shipped_scenario_apart(file: Path) -> None:
    found = paths.numeric_paths(require(json.loads(file.read_text(encoding="utf-8"))))
    assert len({one.path for one in found}) == len(found)
    assert len({one.label for one in found}) == len(found)


def test_a_large_scenario_is_listed_in_one_pass_over_its_names(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[int] = []
    names = paths.labels.pools
    monkeypatch.setattr(paths.labels, "pools", lambda of: calls.append(1) or names(of))
    of = scenario({f"p{i}": pool("on_demand", 10, 1.0) for i in range(50)}, {"w": rigid([1.0])})
    assert len(paths.numeric_paths(of)) > 500
    assert len(calls) == 1


def test_only_given_fields_on_request() -> None:
    found = {one.path for one in paths.numeric_paths(two_pools(), given_only=True)}
    assert "pools.own.capacity_accelerators" in found
    assert "pools.own.lead_time_hours" not in found
    assert "policy.carbon_usd_per_tonne" not in found


def test_a_factor_multiplies_the_whole_profile_and_all_volumes() -> None:
    """4 and 8 units per hour x 1.5 = 6 and 12; a volume of 6 x 0.5 = 3."""
    more = paths.with_value(two_pools(), "workloads.chat.demand_units_per_hour", 1.5)
    assert more.workloads["chat"].demand_units_per_hour["b"] == (6.0, 12.0)
    less = paths.with_value(more, "workloads.train.windows", 0.5)
    assert less.workloads["train"].windows["v"].volume_units == 3.0
    assert less.workloads["chat"].demand_units_per_hour["b"] == (6.0, 12.0)


def test_an_id_with_a_dot_stands_in_double_quotes() -> None:
    of = scenario({"a.1": pool("owned", 10, 1.0)}, {"w": rigid([1.0])})
    path = 'pools."a.1".capacity_accelerators'
    assert path in [one.path for one in paths.numeric_paths(of)]
    assert paths.with_value(of, path, 7).pools["a.1"].capacity_accelerators == 7.0


def test_a_rule_that_is_not_there_yet_is_added() -> None:
    changed = paths.with_value(two_pools(), "policy.carbon_cap.tonnes", 3.0)
    assert changed.policy.carbon_cap is not None
    assert changed.policy.carbon_cap.tonnes == 3.0


def test_whole_numbers_are_taken_as_such() -> None:
    changed = paths.with_value(two_pools(), "pools.own.accelerators_per_node", 4.0)
    assert changed.pools["own"].accelerators_per_node == 4
    issue = refused(two_pools(), "pools.own.accelerators_per_node", 2.5)
    assert (issue.path, issue.value, issue.unit) == ("pools.own.accelerators_per_node", "2.5", "accelerators")
    assert issue.mend


def test_a_wrong_value_is_refused_with_path_value_unit_and_mend() -> None:
    issue = refused(two_pools(), "pools.rent.price_usd_per_accelerator_hour", -1.0)
    assert issue.path == "pools.rent.price_usd_per_accelerator_hour"
    assert issue.value == "-1"
    assert issue.unit == "USD per accelerator-hour"
    assert issue.mend


@pytest.mark.parametrize("value", [float("nan"), float("inf"), True])
def test_what_is_no_number_is_refused(value: Any) -> None:
    assert refused(two_pools(), "pools.rent.price_usd_per_accelerator_hour", value).message == "must be a plain number"


def test_a_factor_that_spoils_the_profile_is_reported_at_the_factor() -> None:
    """4 x 1e-9 is below the least magnitude of 1e-6."""
    issue = refused(two_pools(), "workloads.chat.demand_units_per_hour", 1e-9)
    assert issue.path == "workloads.chat.demand_units_per_hour"
    assert issue.value == "1e-09"
    assert "demand_units_per_hour.b.0" in issue.message
    assert refused(two_pools(), "workloads.chat.demand_units_per_hour", -1.0).message == "must be a factor of 0 or more"


@pytest.mark.parametrize("path", ["", "x", "pools.own", "pools.own.name", "pools.gone.busy_kw", "policy.owned_first"])
def test_a_path_without_a_number_is_refused(path: str) -> None:
    issue = refused(two_pools(), path, 1.0)
    assert issue.path == path
    assert issue.mend


def test_near_paths_are_named() -> None:
    assert "pools.own.price_usd_per_accelerator_hour" in refused(two_pools(), "pools.own.price", 1.0).mend


def test_what_is_left_out_says_why() -> None:
    assert "one value for each period" in refused(two_pools(), "horizon.blocks.b.periods", 3.0).message


def test_many_windows_are_listed_as_one_factor() -> None:
    """13 windows are more than are listed one by one."""
    work = deferrable(6, 0, 1)
    work["windows"] = {f"v{i}": deferrable(6, i, i + 1)["windows"]["v"] for i in range(13)}
    of = scenario({"own": pool("owned", 10, 1.0)}, {"w": work}, periods=13)
    found = [one.path for one in paths.numeric_paths(of) if "windows" in one.path]
    assert found == ["workloads.w.windows"]
    assert paths.with_value(of, "workloads.w.windows.v3.volume_units", 2).workloads["w"].windows["v3"].volume_units == 2


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_every_listed_value_can_be_written_back(seed: int) -> None:
    """Writing what is there changes nothing: the scenario has the same content."""
    of = require(random_document(seed))
    for one in paths.numeric_paths(of):
        if one.value is not None:
            assert paths.with_value(of, one.path, one.value).content_hash == of.content_hash, one.path
