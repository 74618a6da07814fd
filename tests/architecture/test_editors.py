"""Every field of a scenario can be edited in the browser, or is named here with the reason why not."""

from __future__ import annotations

import types
from collections.abc import Iterator
from typing import Annotated, Any, Union, get_args, get_origin

import pytest
from pydantic import create_model

from hybridplan import domain
from hybridplan.domain import Pool, Scenario
from hybridplan.domain.record import Record
from hybridplan.ui.editors.columns import SCALAR, Table
from hybridplan.ui.editors.fields import Field
from hybridplan.ui.editors.profiles import _PLACES
from hybridplan.ui.views import assumptions, demand, inventory

Path = tuple[str, ...]

EXCEPTIONS = {
    ("schema_version",): "written by the program: the version of the format, not an assumption",
    ("name",): "the Scenario menu of every page renames it",
    ("description",): "a remark of shipped scenarios, shown and kept; a scenario of one's own is described in notes",
    ("lesson",): "what the plan of a shipped scenario teaches, shown and kept",
}


def bare(annotation: Any) -> Any:
    """A type without Annotated and without None."""
    while get_origin(annotation) in (Annotated, Union, types.UnionType):
        parts = [part for part in get_args(annotation) if part is not type(None)]
        annotation = parts[0]
    return annotation


def leaves(record: type[Record], path: Path = ()) -> Iterator[tuple[Path, type[Record]]]:
    """Path of every field below a record that is no record itself, ``*`` for ids; and the record whose field it is."""
    for name, info in record.model_fields.items():
        kind = bare(info.annotation)
        here = (*path, name)
        if get_origin(kind) is dict:
            value = bare(get_args(kind)[1])
            if isinstance(value, type) and issubclass(value, Record):
                yield from leaves(value, (*here, "*"))
            else:
                yield here, record
        elif isinstance(kind, type) and issubclass(kind, Record):
            yield from leaves(kind, here)
        else:
            yield here, record


def drawn(kind: type[Any]) -> list[Any]:
    """Tables or fields that the three pages import or declare, so draw (an import without use is a lint error)."""
    found = []
    for view in (inventory, demand, assumptions):
        for value in vars(view).values():
            found += [one for one in (value if isinstance(value, tuple) else (value,)) if isinstance(one, kind)]
    return found


def editable() -> set[Path]:
    """Paths that a table, a field or the profile editor of a page writes."""
    out: set[Path] = {field.path for field in drawn(Field)}
    for table in drawn(Table):
        if table.is_scalar:
            out.add(table.path[:-1])
        else:
            out |= {(*table.path, c.field) for c in table.columns if c.kind != "key" and not c.locked}
    out |= {(section, "*", field) for field, section in _PLACES.items()}
    return out


def missing(record: type[Record]) -> list[Path]:
    can = editable()
    return [path for path, _ in leaves(record) if path not in can and path not in EXCEPTIONS]


def test_every_field_of_a_scenario_is_in_an_editor() -> None:
    assert missing(Scenario) == []


def test_an_exception_that_is_in_an_editor_or_no_longer_a_field_is_removed_here() -> None:
    assert not set(EXCEPTIONS) & editable()
    assert set(EXCEPTIONS) <= {path for path, _ in leaves(Scenario)}


def test_the_walk_meets_every_record_of_the_domain() -> None:
    """Pools, workloads and their parts, links, policy with budget and balance, blocks, finance, currency."""
    paths = [path for path, _ in leaves(Scenario)]
    records = {one for one in vars(domain).values() if isinstance(one, type) and issubclass(one, Record)}
    assert {record for _, record in leaves(Scenario)} == records
    assert ("policy", "balance", "weight_usd_per_hour") in paths
    assert ("workloads", "*", "scaling", "*", "efficiency_share") in paths
    assert ("horizon", "blocks", "*", "weight") in paths


def test_an_invented_field_without_an_editor_is_named() -> None:
    """Beside a plain field of a pool: a part by id of a workload, and a record below the policy."""
    invented_pool = create_model("InventedPool", __base__=Pool, colour=(str, "red"))
    invented = create_model(
        "Invented",
        __base__=Scenario,
        pools=(dict[str, invented_pool], ...),
        mood=(dict[str, float], {}),  # type: ignore[valid-type]
    )
    assert missing(invented) == [("pools", "*", "colour"), ("mood",)]


def test_a_field_that_only_a_locked_column_shows_is_not_editable() -> None:
    """The id columns of the price views are locked; what they show is edited in another table."""
    locked = {(*table.path, c.field) for table in drawn(Table) for c in table.columns if c.locked and c.kind != "key"}
    assert ("pools", "*", "purchase_option") in locked
    assert locked <= editable()


@pytest.mark.parametrize("table", drawn(Table), ids=lambda table: table.name)
def test_what_a_table_leaves_to_others_is_shown_by_one(table: Table) -> None:
    """Issues about these fields are listed there: see problems.py."""
    can = editable()
    parts = {
        path[len(table.path)] for path in can if path[: len(table.path)] == table.path and len(path) > len(table.path)
    }
    own = {column.field for column in table.columns}
    assert set(table.elsewhere) <= parts
    assert not set(table.elsewhere) & own


@pytest.mark.parametrize("table", drawn(Table), ids=lambda table: table.name)
def test_columns_are_fields_of_their_records(table: Table) -> None:
    """A column whose name is misspelt would write a field that no scenario has."""
    if table.is_scalar or table.path[0] == "maintenance":
        return
    known = {path for path, _ in leaves(Scenario)}
    odd = [
        c.field for c in table.columns if c.kind != "key" and c.field != SCALAR and (*table.path, c.field) not in known
    ]
    assert not odd


def test_options_of_choices_are_those_of_the_records() -> None:
    """A choice that the record does not know could be chosen, and one that it knows could not."""
    for table in drawn(Table):
        for column in table.columns:
            if column.options:
                assert set(column.options) == set(_literal((*table.path, column.field))), column.field
    for field in drawn(Field):
        if field.column.options:
            assert set(field.column.options) == set(_literal(field.path)), field.path


def _literal(path: Path) -> tuple[Any, ...]:
    kind: Any = Scenario
    for name in path:
        kind = bare(get_args(kind)[1] if name == "*" else kind.model_fields[name].annotation)
    return get_args(kind)
