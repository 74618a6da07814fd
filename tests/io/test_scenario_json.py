"""Scenario files: exact round trip, and one clear issue for each kind of broken file."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hybridplan.domain import Scenario
from hybridplan.errors import InvalidInput
from hybridplan.io import catalogue, scenario_json

SHIPPED = sorted(catalogue.scenario_paths())


@pytest.mark.parametrize("name", SHIPPED)
def test_dump_and_read_keep_the_content(name: str) -> None:
    scenario = scenario_json.load(catalogue.scenario_paths()[name])
    again, issues = scenario_json.read(scenario_json.dump(scenario))
    assert again is not None, issues
    assert again.content_hash == scenario.content_hash
    assert scenario_json.dump(again) == scenario_json.dump(scenario)


def text_of(name: str) -> str:
    return catalogue.scenario_paths()[name].read_text(encoding="utf-8")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_encodings_with_their_mark_are_read(encoding: str) -> None:
    scenario, issues = scenario_json.read(text_of("reference_sunk").encode(encoding))
    assert scenario is not None, issues


FAULTS: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "empty"),
    "blank": (b" \n ", "empty"),
    "not json": (b"{not json", "not JSON"),
    "html": (b"<!doctype html><html></html>", "not JSON"),
    "truncated": (b'{"name": "x"', "not JSON"),
    "trailing": (b'{"name": "x"} {}', "not JSON"),
    "list": (b"[1, 2]", "no scenario record"),
    "number": (b"3", "no scenario record"),
    "duplicate key": (b'{"name": "a", "name": "b"}', "twice"),
    "duplicate key deep": (b'{"sites": {"a": {"pue": 1, "pue": 2}}}', "twice"),
    "NaN": (b'{"name": NaN}', "not a number"),
    "Infinity": (b'{"name": -Infinity}', "not a number"),
    "too large number": (b'{"name": 1e999}', "too large"),
    "many digits": (b'{"name": ' + b"9" * 5000 + b"}", "digits"),
    "deep": (b'{"a":' * 1000 + b"1" + b"}" * 1000, "levels deep"),
    "deep lists": (b"[" * 100_000, "levels deep"),
    "not UTF-8": (b'{"name": "\xff\xfe"}', "UTF-8"),
    "half UTF-16": (b"\xff\xfe{", "UTF-16"),
    "lone surrogate escape": (b'{"name": "\\ud800"}', "surrogate"),
    "gzip": (b"\x1f\x8b\x08\x00", "UTF-8"),
}


@pytest.mark.parametrize("case", FAULTS)
def test_a_broken_file_gives_one_issue_that_names_the_fault(case: str) -> None:
    data, expected = FAULTS[case]
    scenario, issues = scenario_json.read(data)
    assert scenario is None
    assert len(issues) == 1
    assert expected in issues[0].message


def test_a_file_above_the_limit_is_refused_with_its_size() -> None:
    scenario, issues = scenario_json.read(b" " * 25_000_001)
    assert scenario is None
    assert [(i.message, i.unit) for i in issues] == [("is too large", "MB")]


def test_a_newer_version_is_named() -> None:
    _, issues = scenario_json.read(json.dumps(json.loads(text_of("reference_sunk")) | {"schema_version": 99}))
    assert "newer version" in issues[0].message


def test_every_field_error_comes_with_its_path() -> None:
    document = json.loads(text_of("reference_sunk"))
    pool = next(iter(document["pools"].values()))
    pool["price_usd_per_accelerator_hour"], pool["colour"] = "0.5", "red"
    _, issues = scenario_json.read(json.dumps(document))
    found = {issue.path.rsplit(".", 1)[-1] for issue in issues if issue.severity == "error"}
    assert found == {"price_usd_per_accelerator_hour", "colour"}


def test_load_raises_invalid_input_for_a_missing_file_and_a_broken_one(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match=r"none\.json"):
        scenario_json.load(tmp_path / "none.json")
    (tmp_path / "x.json").write_bytes(b"{")
    with pytest.raises(InvalidInput, match="not JSON"):
        scenario_json.load(tmp_path / "x.json")


def test_the_schema_names_every_field_of_a_scenario() -> None:
    schema = scenario_json.json_schema()
    assert set(schema["properties"]) == set(Scenario.model_fields)
    assert json.loads(json.dumps(schema)) == schema
    assert schema["additionalProperties"] is False


@given(st.binary(max_size=400))
def test_random_bytes_never_raise(data: bytes) -> None:
    scenario, issues = scenario_json.read(data)
    assert scenario is None
    assert issues


@given(st.text(max_size=400))
def test_random_text_never_raises(text: str) -> None:
    scenario, issues = scenario_json.read(text)
    assert scenario is None
    assert issues
