"""The form of failures to survive, and the new columns of the others: exact, recognised, applied to the policy."""

from __future__ import annotations

from typing import Any

import pytest
from full_resilience import FAILURES, full_resilience
from test_forms import through_forms

from hybridplan.domain import Contingency, parse, require
from hybridplan.io import forms
from hybridplan.io.importing import ImportOptions, import_file

NEW = {
    "sites": {"zone"},
    "pools": {"zone"},
    "links": {"attributes"},
    "datasets": {"required_link_attributes"},
    "workloads": {
        "promised_share",
        "promise_form",
        "recovery_minutes",
        "latency_after_failure_ms",
        "availability_objective_share",
        "required_link_attributes",
    },
}


def read(text: str, **options: Any) -> Any:
    return import_file(text.encode(), "upload.csv", "contingencies", ImportOptions(**options))


def test_the_document_is_sound_and_leaves_no_new_field_at_its_default() -> None:
    """Else the round trips would prove little. Fields of a failure: each is set in one of them."""
    scenario, issues = parse(full_resilience())
    assert scenario is not None
    assert issues == []
    said = {name for one in scenario.policy.contingencies.values() for name in one.model_dump(exclude_defaults=True)}
    assert said == set(Contingency.model_fields)
    for section, fields in NEW.items():
        records = getattr(scenario, section).values()
        assert fields <= {name for record in records for name in record.model_dump(exclude_defaults=True)}


def test_failures_and_promises_pass_through_their_forms_unchanged() -> None:
    scenario = require(full_resilience())
    assert through_forms(scenario).content_hash == scenario.content_hash


def test_the_form_is_recognised_and_read_without_a_warning() -> None:
    result = read(forms.to_csv(full_resilience(), "contingencies"))
    assert (result.format, result.rejected, result.warnings) == ("own form contingencies", [], [])
    assert [row["contingency_id"] for row in result.rows] == list(FAILURES)


def test_rows_go_to_the_policy_and_keep_its_rules_and_the_failures_that_they_do_not_name() -> None:
    rows = read("id,kind,record,repair_hours\ncut,link,here>near,3\nnew,spot,,\n").rows
    after = forms.apply(full_resilience(), "contingencies", rows)
    policy, before = after["policy"], full_resilience()["policy"]
    assert policy["contingencies"]["cut"] == FAILURES["cut"] | {"record": "here>near", "repair_hours": 3.0}
    assert policy["contingencies"]["new"] == {"kind": "spot"}
    assert policy["contingencies"]["feed"] == FAILURES["feed"]
    assert {key: value for key, value in policy.items() if key != "contingencies"} == {
        key: value for key, value in before.items() if key != "contingencies"
    }


def test_a_document_without_a_policy_gets_one() -> None:
    after = forms.apply({"name": "x"}, "contingencies", read("contingency_id,kind\nall,spot\n").rows)
    assert after == {"name": "x", "policy": {"contingencies": {"all": {"kind": "spot"}}}}


@pytest.mark.parametrize(
    ("line", "column", "reason"),
    [
        ("f,meteor,,", "kind", "input should be"),
        ("f,site,here,-1", "repair_hours", "greater than 0"),
        ("f,,here,", "kind", "is empty"),
    ],
)
def test_what_is_no_failure_is_refused_with_its_column(line: str, column: str, reason: str) -> None:
    result = read(f"contingency_id,kind,record,repair_hours\n{line}\n")
    (fault,) = result.rejected
    assert (result.rows, fault.line, fault.column) == ([], 2, column)
    assert reason in fault.reason


def test_a_rate_that_looks_like_another_unit_is_warned_about() -> None:
    """Failures per hour for failures per year: one a year is 0.000114 an hour; seconds of repair for hours."""
    result = read("contingency_id,kind,failures_per_year,repair_hours\nf,spot,0.00001,14400\n")
    assert [warning.split(":")[0] for warning in result.warnings] == ["failures_per_year", "repair_hours"]


def test_a_table_of_another_tool_is_read_by_a_mapping() -> None:
    text = "what,of,fails per year\nsite,fra,0.5\n"
    mapping = {"contingency_id": "of", "kind": "what", "failures_per_year": "fails per year"}
    (row,) = read(text, mapping=mapping).rows
    assert (row["contingency_id"], row["kind"], row["failures_per_year"]) == ("fra", "site", 0.5)
