"""Workbooks of before (purchases and data, failures of all kinds) still open; what was deleted is still missed."""

from __future__ import annotations

import io
from typing import Any

import openpyxl
import pytest
from builders import random_document
from full_estate import full_estate
from full_resilience import full_resilience
from test_plan_workbook import again, edited, workbook

from hybridplan.domain import Scenario, require
from hybridplan.io import forms, scenario_file
from hybridplan.io.workbook_inputs import title_of
from hybridplan.io.workbook_versions import GENERATIONS


def without(book: Any, sheet: str, *names: str) -> None:
    for name in names:
        header = [cell.value for cell in book[sheet][1]]
        book[sheet].delete_cols(header.index(name) + 1)


LATER_COLUMNS = [(name, sorted(gone)) for one in GENERATIONS for name, gone in one.columns.items()]
LATER_FORMS = sorted(name for one in GENERATIONS for name in one.forms)


def earlier(scenario: Scenario, known: int, *others: tuple[str, Any]) -> bytes:
    """The workbook as a version wrote it that knew so many generations: without what came later. ``others``: rows of
    the sheet of other fields."""

    def change(book: Any) -> None:
        later = GENERATIONS[known:]
        for form in forms.FORMS:
            if any(form.name in one.forms for one in later):
                del book[title_of(form)]
            else:
                for one in later:
                    without(book, title_of(form), *one.columns.get(form.name, ()))
        for row in others:
            book["Input other"].append(row)

    return edited(workbook(scenario), change)


@pytest.mark.parametrize("document", [full_estate(), full_resilience()], ids=["estate", "resilience"])
def test_an_estate_comes_back_from_its_workbook(document: dict[str, Any]) -> None:
    scenario = require(document)
    assert again(workbook(scenario)).content_hash == scenario.content_hash


@pytest.mark.parametrize("seed", range(3))
def test_a_workbook_of_the_first_version_opens_with_the_defaults(seed: int) -> None:
    scenario = require(random_document(seed))
    data = earlier(scenario, 0)
    assert "Input datasets" not in openpyxl.load_workbook(io.BytesIO(data)).sheetnames
    assert again(data).content_hash == scenario.content_hash


def test_a_workbook_of_before_failures_had_their_own_sheet_opens_with_them() -> None:
    """They stood among the other fields, one row for each field."""
    estate = full_estate()
    estate["workloads"]["w"]["promised_share"] = 0.5
    rows = [("policy.contingencies.dark.kind", "site"), ("policy.contingencies.dark.record", "near")]
    data = earlier(require(estate), 1, *rows)
    assert "Input contingencies" not in openpyxl.load_workbook(io.BytesIO(data)).sheetnames
    wanted = {**estate, "policy": {"contingencies": {"dark": {"kind": "site", "record": "near"}}}}
    assert again(data).content_hash == require(wanted).content_hash


def test_what_a_version_of_before_had_and_was_deleted_is_missed() -> None:
    data = edited(earlier(require(full_estate()), 1), lambda book: without(book, "Input sites", "rack_units_limit"))
    scenario, issues = scenario_file.read(data)
    assert scenario is None
    assert [issue.path for issue in issues if "column is missing" in issue.message] == [
        "Input sites, row 1, rack_units_limit"
    ]


@pytest.mark.parametrize(("name", "gone"), LATER_COLUMNS)
def test_a_later_column_that_was_deleted_is_reported(name: str, gone: list[str]) -> None:
    sheet = f"Input {name}"
    data = edited(workbook(require(full_resilience())), lambda book: without(book, sheet, *gone))
    scenario, issues = scenario_file.read(data)
    assert scenario is None
    assert [issue.path for issue in issues if "column is missing" in issue.message] == [
        f"{sheet}, row 1, {column}" for column in forms.form_named(name).header if column in gone
    ]


@pytest.mark.parametrize("name", LATER_FORMS)
def test_a_later_sheet_that_was_deleted_is_reported(name: str) -> None:
    data = edited(workbook(require(full_resilience())), lambda book: book.remove(book[f"Input {name}"]))
    scenario, issues = scenario_file.read(data)
    assert scenario is None
    assert f"Input {name}" in issues[0].message


def test_what_came_later_are_forms_and_columns_that_there_are() -> None:
    names = {form.name for form in forms.FORMS}
    assert names > set(LATER_FORMS)
    assert len(set(LATER_FORMS)) == len(LATER_FORMS)
    for name, columns in LATER_COLUMNS:
        form = forms.form_named(name)
        assert not set(columns) - {column.name for column in form.columns}
        assert not set(columns) & form.signature
