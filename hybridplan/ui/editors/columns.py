"""What an editable table looks like: its columns, where its rows stand in a document, and how new rows get an id."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal

Kind = Literal["key", "text", "number", "share", "flag", "choice", "list", "time"]
"""How a cell is read.

- key: an id of the row (several where rows stand below other records).
- text; number and share as text too: a number cell of the browser's grid would clamp, round or drop what is typed.
- flag: true or false. choice: one of a list. list: ids separated by commas. time: ISO 8601 with an offset.
"""

SCALAR: Final = "value"
"""Field name of the value of rows that are plain numbers, not records."""


@dataclass(frozen=True)
class Column:
    """One column of a table; ``field`` is the field's name in the record, and the column's name in frames.

    - ``label``: for people, with the unit. ``hint``: shown when the pointer rests on the label.
    - ``options``: of a choice; for a reference, the section of the document whose ids may be chosen.
    - ``basic``: shown at once; others only with all fields. ``locked``: shown, never edited here.
    - ``default``: what an absent field means, shown in its place.
    """

    field: str
    label: str
    kind: Kind = "text"
    hint: str = ""
    options: tuple[str, ...] = ()
    section: str = ""
    basic: bool = True
    locked: bool = False
    default: Any = None
    width: Literal["small", "medium", "large"] | None = None


@dataclass(frozen=True)
class Table:
    """Rows of a document. ``path`` leads to them, with ``*`` where a level is keyed by id (one key column each).

    - ``noun``: what one row is called. ``new``: fields that a new record starts with.
    - ``auto_id``: how a row without a typed id is named: by ``fields`` joined, or counted after a ``prefix``.
    - ``grows``: rows can be added and removed.
    """

    name: str
    title: str
    noun: str
    path: tuple[str, ...]
    columns: tuple[Column, ...]
    new: Mapping[str, Any] = field(default_factory=dict)
    auto_id: AutoId | None = None
    grows: bool = True

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
        """True where some columns are shown on request only."""
        return not all(column.basic for column in self.columns)


@dataclass(frozen=True)
class AutoId:
    """How a row gets an id that nobody typed."""

    fields: tuple[str, ...] = ()
    joiner: str = ">"
    prefix: str = ""
