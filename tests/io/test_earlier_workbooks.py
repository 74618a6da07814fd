"""Workbooks that were written before there were purchases and data still open; what was deleted is still missed."""

from __future__ import annotations

import io
from typing import Any

import openpyxl
import pytest
from builders import random_document
from full_estate import full_estate
from test_plan_workbook import again, edited, workbook

from hybridplan.domain import Scenario, require
from hybridplan.io import forms, scenario_file
from hybridplan.io.workbook_inputs import title_of
from hybridplan.io.workbook_versions import LATER_COLUMNS, LATER_FORMS


def without(book: Any, sheet: str, *names: str) -> None:
    for name in names:
        header = [cell.value for cell in book[sheet][1]]
        book[sheet].delete_cols(header.index(name) + 1)


def earlier(scenario: Scenario) -> bytes:
    """The workbook as an earlier version wrote it: without what came later."""

    def change(book: Any) -> None:
        for form in forms.FORMS:
            if form.name in LATER_FORMS:
                del book[title_of(form)]
            else:
                without(book, title_of(form), *LATER_COLUMNS.get(form.name, ()))

    return edited(workbook(scenario), change)


def test_an_estate_comes_back_from_its_workbook() -> None:
    scenario = require(full_estate())
    assert again(workbook(scenario)).content_hash == scenario.content_hash


@pytest.mark.parametrize("seed", range(3))
def test_a_workbook_of_an_earlier_version_opens_with_the_defaults(seed: int) -> None:
    scenario = require(random_document(seed))
    data = earlier(scenario)
    assert "Input datasets" not in openpyxl.load_workbook(io.BytesIO(data)).sheetnames
    assert again(data).content_hash == scenario.content_hash


@pytest.mark.parametrize("name", sorted(LATER_COLUMNS))
def test_a_later_column_that_was_deleted_is_reported(name: str) -> None:
    sheet = f"Input {name}"
    gone = sorted(LATER_COLUMNS[name])
    data = edited(workbook(require(full_estate())), lambda book: without(book, sheet, *gone))
    scenario, issues = scenario_file.read(data)
    assert scenario is None
    assert [issue.path for issue in issues if "column is missing" in issue.message] == [
        f"{sheet}, row 1, {column}" for column in forms.form_named(name).header if column in gone
    ]


@pytest.mark.parametrize("name", sorted(LATER_FORMS))
def test_a_later_sheet_that_was_deleted_is_reported(name: str) -> None:
    data = edited(workbook(require(full_estate())), lambda book: book.remove(book[f"Input {name}"]))
    scenario, issues = scenario_file.read(data)
    assert scenario is None
    assert f"Input {name}" in issues[0].message


def test_what_came_later_are_forms_and_columns_that_there_are() -> None:
    names = {form.name for form in forms.FORMS}
    assert names > LATER_FORMS
    for name, columns in LATER_COLUMNS.items():
        form = forms.form_named(name)
        assert not columns - {column.name for column in form.columns}
        assert not columns & form.signature
