"""The files to hand over: each built when asked for, all of them in the archive, none that would be empty."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from report_cases import MADE_AT, impossible, short, two_hours

from hybridplan.analysis import planner
from hybridplan.domain import require
from hybridplan.io import scenario_json
from hybridplan.report import files as module
from hybridplan.report.files import KINDS, files, stem


def test_names_say_what_a_file_is() -> None:
    assert [file.name for file in files(short(), made_at=MADE_AT).values()] == [
        "two-hours-report.html",
        "two-hours-report.pdf",
        "two-hours-plan.xlsx",
        "two-hours-hourly-costs.csv",
        "two-hours-scenario.json",
        "two-hours-everything.zip",
    ]


def test_the_archive_holds_every_other_file_byte_by_byte() -> None:
    made = files(short(), made_at=MADE_AT)
    assert tuple(made) == KINDS
    archive = zipfile.ZipFile(io.BytesIO(made["zip"].build()))
    assert archive.testzip() is None
    single = {file.name: file.build() for kind, file in made.items() if kind != "zip"}
    assert {entry.filename: archive.read(entry) for entry in archive.infolist()} == single
    assert {entry.date_time for entry in archive.infolist()} == {(2026, 11, 26, 10, 15, 0)}
    assert all(single.values())


def test_the_same_plan_and_moment_give_the_same_archive() -> None:
    """Also asked for by a clock of another zone."""
    again = MADE_AT.astimezone(UTC) + timedelta(0)
    assert files(short(), made_at=MADE_AT)["zip"].build() == files(short(), made_at=again)["zip"].build()


def test_an_archive_of_a_clock_that_is_far_off_can_be_opened() -> None:
    data = files(impossible(), made_at=datetime(1970, 1, 1, tzinfo=UTC))["zip"].build()
    assert {entry.date_time[0] for entry in zipfile.ZipFile(io.BytesIO(data)).infolist()} == {1980}


@pytest.mark.parametrize("left_out", [("pools",), ("workloads",), ("pools", "workloads", "sites")])
def test_every_file_can_be_built_where_a_part_of_the_scenario_is_empty(left_out: tuple[str, ...]) -> None:
    """A new scenario has no pools and no work yet, and its report is asked for all the same."""
    plan = planner.solve(require({**two_hours(), **{key: {} for key in left_out}}))
    if "sites" in left_out:
        assert plan.objective_usd == 0
    archive = zipfile.ZipFile(io.BytesIO(files(plan, made_at=MADE_AT)["zip"].build()))
    assert len(archive.namelist()) == 5


def test_the_scenario_is_the_one_that_was_solved() -> None:
    scenario, _ = scenario_json.read(files(short(), made_at=MADE_AT)["json"].build())
    assert scenario is not None
    assert scenario.content_hash == short().content_hash


def test_without_a_plan_there_are_no_empty_files() -> None:
    made = files(impossible(), made_at=MADE_AT)
    assert tuple(made) == ("html", "pdf", "json", "zip")
    assert b"No plan can meet every rule" in made["html"].build()
    assert len(zipfile.ZipFile(io.BytesIO(made["zip"].build())).infolist()) == 3


def test_nothing_is_built_before_it_is_asked_for_and_then_once(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[str] = []
    monkeypatch.setattr(module, "_html", lambda plan, report: calls.append("html") or b"page")
    made = files(short(), made_at=MADE_AT)
    assert calls == []
    assert made["html"].build() == made["html"].build() == b"page"
    assert calls == ["html"]


@given(st.text(max_size=200))
def test_a_file_name_is_one_that_every_system_accepts(name: str) -> None:
    found = stem(name)
    assert 0 < len(found) <= 60
    assert set(found) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")
    assert not found.startswith("-")
    assert not found.endswith("-")
