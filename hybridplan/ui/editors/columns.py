"""What an editable table looks like: its columns, where its rows stand in a document, and how new rows get an id."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final, Literal

Kind = Literal["key", "text", "number", "share", "flag", "choice", "list", "time"]
"""How a cell is read.

- key: an id of the row (several where rows stand below other records).
- text; number and share as text too: a number cell of the browser's grid would clamp, round or drop what is typed.
- flag: true or false. choice: one of a list. list: ids separated by commas, or picked. time: ISO 8601 with an offset.
"""

SCALAR: Final = "value"
"""Field name of the value of rows that are plain numbers, not records."""


@dataclass(frozen=True)
class Column:
    """One column of a table; ``field`` is the field's name in the record, and the column's name in frames.

    - ``label``: for people, with the unit. ``hint``: shown when the pointer rests on the label.
    - ``options``: of a choice; for a reference, the section of the document whose ids may be chosen. ``labels``: what
      people read in place of an option, by option.
    - ``offered``: names that may be chosen, from the document; of a list others may be typed too.
    - ``basic``: shown at once; others only with all fields. ``locked``: shown, never edited here.
    - ``default``: what an absent field means, shown in its place.
    """

    field: str
    label: str
    kind: Kind = "text"
    hint: str = ""
    options: tuple[str, ...] = ()
    labels: tuple[tuple[str, str], ...] = ()
    section: str = ""
    offered: Callable[[Mapping[str, Any]], tuple[str, ...]] | None = None
    basic: bool = True
    locked: bool = False
    default: Any = None
    width: Literal["small", "medium", "large"] | None = None

    @property
    def is_picked(self) -> bool:
        """A list whose items are picked, not typed as one text."""
        return self.kind == "list" and bool(self.section or self.offered)

    def text(self, option: object) -> str:
        """An option as people read it; itself where it has no label."""
        return dict(self.labels).get(str(option), str(option))


@dataclass(frozen=True)
class Table:
    """Rows of a document. ``path`` leads to them, with ``*`` where a level is keyed by id (one key column each).

    - ``noun``: what one row is called. ``new``: fields that a new record starts with.
    - ``auto_id``: how a row without a typed id is named: by ``fields`` joined, or counted after a ``prefix``.
    - ``grows``: rows can be added and removed.
    - ``only``: which records are rows of this table, where not all are. Such a table never grows.
    - ``elsewhere``: fields of the record that another table or editor shows, with the issues about them.
    - ``repeated``: fields that this table shows too, and another one lists the issues about.
    """

    name: str
    title: str
    noun: str
    path: tuple[str, ...]
    columns: tuple[Column, ...]
    new: Mapping[str, Any] = field(default_factory=dict)
    auto_id: AutoId | None = None
    grows: bool = True
    only: Callable[[Any], bool] | None = None
    elsewhere: tuple[str, ...] = ()
    repeated: tuple[str, ...] = ()

    @property
    def keys(self) -> tuple[Column, ...]:
        """The columns that make up the id of a row, outermost first."""
        return tuple(column for column in self.columns if column.kind == "key")

    @property
    def is_scalar(self) -> bool:
        """True where a row is a plain value."""
        return any(column.field == SCALAR for column in self.columns)

    def shown(self, all_fields: bool) -> tuple[Column, ...]:
        """The columns of a grid."""
        return tuple(column for column in self.columns if all_fields or column.basic)

    @property
    def has_more(self) -> bool:
        """True where some columns are shown on request only; ids that name themselves are no reason to ask."""
        return not all(column.basic or column.kind == "key" for column in self.columns)


@dataclass(frozen=True)
class AutoId:
    """How a row gets an id that nobody typed."""

    fields: tuple[str, ...] = ()
    joiner: str = ">"
    prefix: str = ""


def picked(table: Table, *fields: str) -> tuple[Column, ...]:
    """These columns of a table, shown at once."""
    found = {column.field: column for column in table.columns}
    return tuple(replace(found[name], basic=True) for name in fields)


def view_of(
    table: Table,
    name: str,
    title: str,
    locked: tuple[str, ...],
    columns: tuple[Column, ...],
    *,
    only: Callable[[Any], bool] | None = None,
    repeated: tuple[str, ...] = (),
) -> Table:
    """The same records in another table: ``locked`` columns to know them by, then ``columns``; no row comes or goes.

    Issues about what is locked, or ``repeated``, are listed below the other table.
    """
    shown = (*(replace(column, locked=True) for column in picked(table, *locked)), *columns)
    view = replace(table, name=name, title=title, columns=shown, grows=False, only=only, elsewhere=())
    return replace(view, repeated=(*locked, *repeated))
