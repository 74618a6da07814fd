"""A component is complete: model, audit, formulation and a test all know it. One that is missing fails here."""

from __future__ import annotations

import re
from functools import cache

import pytest
from source import ROOT

from hybridplan import audit
from hybridplan.model import catalogue
from hybridplan.model.shadow import REPORTED

FORMULATION = (ROOT / "docs" / "formulation.md").read_text(encoding="utf-8")
COSTS = {term.name: term for term in catalogue.COSTS}
LIMITS = {limit.name: limit for limit in catalogue.LIMITS}
TEST_FOLDERS = ("model", "audit")


def rows(heading: str) -> dict[str, list[str]]:
    """Rows of the table whose first column has this heading, by the name in their first cell."""
    table = re.search(rf"^\| {heading} \|.*\n\|[-|]+\n((?:\|.*\n)+)", FORMULATION, flags=re.MULTILINE)
    assert table, f"no table with the column {heading}"
    cells = [[cell.strip() for cell in line.strip("|").split(" | ")] for line in table[1].splitlines()]
    return {row[0].strip(" `"): row for row in cells}


def component_rows() -> dict[str, list[str]]:
    """Both tables of components, costs and limits."""
    found: dict[str, list[str]] = {}
    for table in re.finditer(r"^\| Component \|.*\n\|[-|]+\n((?:\|.*\n)+)", FORMULATION, flags=re.MULTILINE):
        for line in table[1].splitlines():
            cells = [cell.strip() for cell in line.strip("|").split(" | ")]
            found[cells[0].strip(" `")] = cells
    return found


@cache
def sources_of_tests() -> str:
    """All tests of the model and the audit."""
    files = [path for folder in TEST_FOLDERS for path in sorted((ROOT / "tests" / folder).glob("*.py"))]
    return "\n".join(path.read_text(encoding="utf-8") for path in files)


def test_names_are_unique() -> None:
    assert len(COSTS) == len(catalogue.COSTS)
    assert len(LIMITS) == len(catalogue.LIMITS)
    assert not set(COSTS) & set(LIMITS)


def test_the_audit_charges_exactly_the_terms_of_the_model() -> None:
    assert set(audit.COSTS) == set(COSTS)
    assert set(audit.PENALTIES) == {name for name, term in COSTS.items() if term.is_penalty}


def test_the_audit_checks_every_limit_and_what_the_model_keeps_by_construction() -> None:
    assert set(audit.RULES) == {REPORTED.get(name, name) for name in LIMITS} | set(rows("Audit only"))


def test_the_formulation_has_one_row_for_each_component() -> None:
    assert set(component_rows()) == set(COSTS) | set(LIMITS)


@pytest.mark.parametrize("name", sorted({**COSTS, **LIMITS}))
def test_the_row_names_the_file_of_the_component(name: str) -> None:
    component = {**COSTS, **LIMITS}[name]
    path = "../" + type(component).__module__.replace(".", "/") + ".py"
    assert f"({path})" in component_rows()[name][-1]
    assert all(component_rows()[name])


@pytest.mark.parametrize("name", sorted({**COSTS, **LIMITS}))
def test_a_test_names_the_component(name: str) -> None:
    """By its reported name in quotes, as tests of terms, rules and shadow prices must."""
    assert re.search(rf"[\"']{re.escape(REPORTED.get(name, name))}[\"']", sources_of_tests())
