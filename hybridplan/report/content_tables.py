"""From a table of the analysis to a table of the report: columns chosen, named, and written out as people read them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

import pandas as pd

from hybridplan.analysis import format as fmt
from hybridplan.analysis.wording import say
from hybridplan.report.content_parts import Column, Table

MOST_ROWS: Final = 40
"""Longer tables are shortened, and it is said: the workbook has all rows."""
MOST_LINES: Final = 15
"""Longer lists of sentences are shortened likewise."""


@dataclass(frozen=True)
class Show:
    """How one column is shown: its heading with its unit, and how a value is written."""

    label: str
    write: Callable[[object], str]
    is_number: bool = True


def text(label: str) -> Show:
    """Text as it is; a dash where there is none."""
    return Show(label, lambda value: str(value) if not _is_missing(value) and str(value) else fmt.NO_VALUE, False)


def number(label: str, digits: int = fmt.SIGNIFICANT_DIGITS) -> Show:
    """A number with three significant digits; a dash where there is none."""
    return Show(label, lambda value: fmt.NO_VALUE if _is_missing(value) else fmt.number(_float(value), digits))


def count(label: str) -> Show:
    """A count to one decimal place at most."""
    return Show(label, lambda value: fmt.NO_VALUE if _is_missing(value) else fmt.count(_float(value)))


def share(label: str) -> Show:
    """A share as per cent."""
    return Show(label, lambda value: fmt.NO_VALUE if _is_missing(value) else fmt.share(_float(value)))


def table(key: str, title: str, frame: pd.DataFrame, columns: Mapping[str, Show]) -> Table:
    """The given columns of ``frame``, one row of text per row, at most :data:`MOST_ROWS` of them."""
    shown = frame.head(MOST_ROWS)
    cells = [[one.write(value) for value in shown[name].tolist()] for name, one in columns.items()]
    return Table(
        key,
        title,
        tuple(Column(one.label, "number" if one.is_number else "text") for one in columns.values()),
        tuple(zip(*cells, strict=True)),
    )


def shortened(frame: pd.DataFrame) -> tuple[str, ...]:
    """A sentence that rows are left out of the table of ``frame``; nothing where all are there."""
    if len(frame) <= MOST_ROWS:
        return ()
    return (say("report.shortened", shown=f"{MOST_ROWS:,}", all=f"{len(frame):,}"),)


def capped(lines: Iterable[str]) -> tuple[str, ...]:
    """At most :data:`MOST_LINES` sentences; how many more there are is said."""
    found = tuple(lines)
    more = len(found) - MOST_LINES
    return found if more <= 0 else (*found[:MOST_LINES], say("report.and_more", count=f"{more:,}"))


def _is_missing(value: object) -> bool:
    return value is None or value is pd.NaT or value != value


def _float(value: object) -> float:
    return float(value) if isinstance(value, int | float) else float("nan")
