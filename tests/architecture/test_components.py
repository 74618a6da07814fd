"""A component is complete: model, audit, formulation and a test all know it. One that is missing fails here."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import pytest
from source import ROOT
from test_editors import editable

from hybridplan import audit
from hybridplan.analysis import labels, registry
from hybridplan.analysis.wording import ENGLISH
from hybridplan.io import scenario_json
from hybridplan.model import catalogue
from hybridplan.model.shadow import REPORTED

FORMULATION = (ROOT / "docs" / "formulation.md").read_text(encoding="utf-8")
COSTS = {term.name: term for term in catalogue.COSTS}
LIMITS = {limit.name: limit for limit in catalogue.LIMITS}
TEST_FOLDERS = ("model", "audit")
NAMED_BY_THEIR_RECORD = ("capacity", "kept", "rigid_demand", "window_demand", "must_serve")
"""Limits of a pool or of a workload that pages call by its name alone."""


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


def fields_of_the_schema() -> set[str]:
    """``section.field`` of everything that the JSON Schema of a scenario knows, ids left out."""
    schema = scenario_json.json_schema()
    found: set[str] = set()

    def walk(node: Any, path: tuple[str, ...]) -> None:
        node = schema["$defs"][node["$ref"].rsplit("/", 1)[-1]] if "$ref" in node else node
        for option in node.get("anyOf", ()):
            walk(option, path)
        for name, value in node.get("properties", {}).items():
            found.add(".".join((*path, name)))
            walk(value, (*path, name))
        for value in node.get("patternProperties", {}).values():
            walk(value, path)

    walk(schema, ())
    return found


def fields_of_the_editors() -> set[str]:
    """The same of everything that a page writes; a table of parts writes the field that holds them."""
    parts = [[part for part in path if part != "*"] for path in editable()]
    return {".".join(path[:end]) for path in parts for end in range(1, len(path) + 1)}


@dataclass(frozen=True)
class Places:
    """Where every component must stand."""

    audited: frozenset[str]
    documented: frozenset[str]
    tested: str
    schema: frozenset[str]
    edited: frozenset[str]
    seen: frozenset[str]
    """Components with a result view."""
    named: frozenset[str]
    """Components with a name on pages."""

    def missing(self) -> list[str]:
        """What is not where it must be, in words; empty where all components are complete."""
        found = []
        for name, component in {**COSTS, **LIMITS}.items():
            reported = REPORTED.get(name, name)
            places = {
                "audit": reported in self.audited,
                "docs/formulation.md": name in self.documented,
                "test": re.search(rf"[\"']{re.escape(reported)}[\"']", self.tested) is not None,
                "result view": name in self.seen,
                "name on pages": reported in self.named,
                "scenario field": bool(component.fields),
            }
            found += [f"{name}: no {place}" for place, stands in places.items() if not stands]
            found += [f"{name}: {field} is not in the schema" for field in component.fields if field not in self.schema]
            found += [f"{name}: {field} is in no editor" for field in component.fields if field not in self.edited]
        return found


@cache
def places() -> Places:
    """As things are."""
    return Places(
        frozenset(audit.COSTS) | frozenset(audit.RULES),
        frozenset(component_rows()),
        sources_of_tests(),
        frozenset(fields_of_the_schema()),
        frozenset(fields_of_the_editors()),
        frozenset(registry.SEEN_IN),
        frozenset(code.removeprefix("limit_name.") for code in ENGLISH if code.startswith("limit_name."))
        | frozenset(labels.TERM)
        | frozenset(name for name in LIMITS if name in NAMED_BY_THEIR_RECORD),
    )


def test_every_component_is_complete() -> None:
    assert places().missing() == []


@pytest.mark.parametrize(
    ("place", "without", "message"),
    [
        ("audited", "ramp_up", "ramp_up: no audit"),
        ("documented", "latency", "latency: no docs/formulation.md"),
        ("seen", "after", "after: no result view"),
        ("named", "start", "start: no name on pages"),
        ("schema", "workloads.scaling", "scaling: workloads.scaling is not in the schema"),
        ("edited", "pools.min_on_hours", "min_on: pools.min_on_hours is in no editor"),
    ],
)
def test_a_component_that_is_missing_somewhere_fails(place: str, without: str, message: str) -> None:
    """One entry taken out of one place is found, and nothing else is."""
    known = getattr(places(), place)
    assert without in known
    assert replace(places(), **{place: known - {without}}).missing() == [message]


def test_a_component_without_a_test_fails() -> None:
    untested = places().tested.replace('"one_site"', "").replace("'one_site'", "")
    assert replace(places(), tested=untested).missing() == ["one_site: no test"]


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
