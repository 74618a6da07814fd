"""The tables of latency, jobs, scaling points, and of pools that grow and shrink."""

from __future__ import annotations

import json

import pytest
from documents import TABLES, Typing, rich, small

from hybridplan.domain import parse
from hybridplan.ui.editors.columns import Table
from hybridplan.ui.editors.demand_tables import THROUGHPUT, WINDOWS, WORKLOADS
from hybridplan.ui.editors.frames import view
from hybridplan.ui.editors.inventory_tables import GROWTH, POOLS
from hybridplan.ui.editors.problems import issues_in
from hybridplan.ui.editors.references import broken as broken_references
from hybridplan.ui.editors.references import renamed
from hybridplan.ui.editors.rows import rows
from hybridplan.ui.editors.workload_views import JOBS, LATENCY, SCALING


def names(table: Table, document: dict[str, object]) -> list[str]:
    return [row.key[-1] for row in rows(document, table)]


def test_the_rich_document_is_valid() -> None:
    scenario, issues = parse(rich())
    assert scenario is not None, issues


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_nothing_typed_changes_nothing_of_the_new_fields(table: Table) -> None:
    assert json.dumps(Typing(rich(), table).mirror().document) == json.dumps(rich())


@pytest.mark.parametrize("table", [GROWTH, LATENCY, JOBS, SCALING, POOLS, THROUGHPUT], ids=lambda table: table.name)
def test_every_cell_can_be_cleared_and_typed_again(table: Table) -> None:
    """Clear all cells of the first row that has them, then type what stood there: the same values are back."""
    document = rich()
    typing = Typing(document, table)
    cells = [
        (number, column)
        for number, row in enumerate(typing.shown.rows)
        for column in table.columns
        if column.kind not in ("key", "flag")
        and not column.locked
        and typing.frame.at[number, column.field] is not None
    ]
    before = {cell: typing.frame.at[cell[0], cell[1].field] for cell in cells}
    for number, column in cells:
        typing.set(number, column.field, None)
    cleared = typing.mirror().document
    assert cleared != rich()
    again = Typing(cleared, table)
    label = {row.key: number for number, row in enumerate(again.shown.rows)}
    for (number, column), text in before.items():
        key = typing.shown.rows[number].key
        if key in label:
            again.set(label[key], column.field, text)
    restored, old = again.mirror().document, rich()
    for row in rows(restored, table):
        was = next(one for one in rows(old, table) if one.key == row.key)
        for column in table.columns:
            if column.field in was.record:
                assert row.get(column) == was.get(column), (row.key, column.field)


def test_latency_is_asked_of_rigid_work_and_of_what_has_an_objective() -> None:
    document = rich()
    assert names(LATENCY, document) == ["chat"]
    document["workloads"]["train"]["latency_objective_ms"] = 5000
    assert names(LATENCY, document) == ["chat", "train"]


def test_jobs_are_deferrable_work_and_what_has_a_value_of_a_job() -> None:
    """A rigid workload with one_site is an error that must be within reach; a rigid gang is none."""
    document = rich()
    assert names(JOBS, document) == ["train", "prepare"]
    document["workloads"]["chat"]["whole_replicas"] = True
    assert names(JOBS, document) == ["train", "prepare"]
    document["workloads"]["chat"]["one_site"] = True
    assert names(JOBS, document) == ["chat", "train", "prepare"]


def test_a_table_of_some_records_leaves_the_others_alone() -> None:
    said = Typing(rich(), LATENCY).set(0, "latency_statistic", "mean").mirror()
    expected = rich()
    expected["workloads"]["chat"]["latency_statistic"] = "mean"
    assert json.dumps(said.document) == json.dumps(expected)


def test_a_row_that_leaves_the_table_keeps_all_its_other_fields() -> None:
    """The last value of a job on rigid work is cleared: its row goes, its demand stays, also while typing goes on."""
    document = small()
    document["workloads"]["chat"]["after_units_per_unit"] = 2
    typing = Typing(document, JOBS).set(0, "after_units_per_unit", None)
    assert typing.mirror().document == small()
    assert (
        typing.set(1, "parallel_limit_accelerators", "8").mirror().document["workloads"]["chat"]
        == (small()["workloads"]["chat"])
    )
    assert typing.document["workloads"]["train"]["parallel_limit_accelerators"] == 8


def test_what_follows_a_workload_follows_its_new_name() -> None:
    said = Typing(rich(), WORKLOADS).set(2, "id", "clean").mirror()
    after = renamed(said.document, "workloads", said.renamed)
    assert after["workloads"]["train"]["after"] == "clean"
    gone = Typing(rich(), WORKLOADS).remove(2).mirror().document
    assert [issue.path for issue in broken_references(gone)] == ["workloads.train.after"]


def test_points_are_numbered_and_read_as_shares() -> None:
    typing = Typing(small(), SCALING).add({"workload": "train", "accelerators": "16", "efficiency_share": "95%"})
    assert typing.mirror().document["workloads"]["train"]["scaling"] == {
        "n1": {"accelerators": 16, "efficiency_share": 0.95}
    }
    typing.add({"interconnect": "nvlink", "accelerators": "32"})
    assert [row["accelerators"] for row in typing.mirror().pending] == ["32"]


def test_issues_about_all_points_of_a_workload_name_it() -> None:
    """Losses: 8 at 1 does 8, 16 at 0.4 does 6.4."""
    document = rich()
    document["workloads"]["train"]["scaling"] = {
        "a": {"accelerators": 8, "efficiency_share": 1},
        "b": {"accelerators": 16, "efficiency_share": 0.4},
    }
    found = issues_in(SCALING, document, parse(document)[1])
    assert [(one.row, one.name) for one in found] == [(0, "train")]
    assert "more accelerators would do less" in found[0].issue.message
    assert issues_in(WORKLOADS, document, parse(document)[1]) == []


def test_an_issue_stands_in_the_table_that_shows_its_field() -> None:
    document = rich()
    document["pools"]["burst"]["ramp_up_accelerators_per_hour"] = "fast"
    document["pools"]["burst"]["whole_nodes"] = "some"
    document["workloads"]["chat"]["max_load_share"] = 1.5
    document["workloads"]["train"]["after_units_per_unit"] = -1
    document["workloads"]["chat"]["throughput"]["H100"]["decode_tokens_per_second"] = 0
    issues = parse(document)[1]

    def columns(table: Table) -> list[tuple[int, str]]:
        return [(one.row, one.column) for one in issues_in(table, document, issues)]

    assert columns(GROWTH) == [(3, "Ramp up (accelerators per hour)")]
    assert columns(POOLS) == [(3, "Whole nodes only")]
    assert columns(LATENCY) == [(1, "Busy at most (share, to 0.95)")]
    assert columns(JOBS) == [(1, "Needs per unit (units of that workload)")]
    assert columns(THROUGHPUT) == [(1, "Writes (output tokens per second)")]
    assert columns(WORKLOADS) == []


def test_choices_read_in_words_and_are_kept_as_codes() -> None:
    statistic = next(column for column in LATENCY.columns if column.field == "latency_statistic")
    assert statistic.text("p95") == "95 of 100, with queue"
    assert statistic.text("p42") == "p42"
    assert set(dict(statistic.labels)) == set(statistic.options)
    shown = view(rich(), LATENCY, LATENCY.columns)
    assert shown.frame.at[0, "latency_statistic"] == "p95"


def test_a_window_called_like_a_workload_is_renamed_alone() -> None:
    """Only ids of workloads are followed, not those of their parts: see the grid."""
    document = rich()
    windows = document["workloads"]["train"]["windows"]
    windows["prepare"] = windows.pop("w1")
    said = Typing(document, WINDOWS).set(0, "window", "first").mirror()
    assert said.renamed == {"prepare": "first"}
    assert said.document["workloads"]["train"]["after"] == "prepare"
