"""What every recognised format gets: the table, the options, and where to report."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from hybridplan.io.numbers import Decimal, parse_money, parse_number
from hybridplan.io.options import ImportOptions, Kind
from hybridplan.io.report import Report
from hybridplan.io.tables import RawTable
from hybridplan.io.times import date_in_name

_PROVIDERS: Final = {
    "aws": "aws",
    "amazon": "aws",
    "azure": "azure",
    "microsoft": "azure",
    "gcp": "gcp",
    "google": "gcp",
    "lambda": "lambda",
    "oracle": "oci",
    "ibm": "ibm",
    "crusoe": "crusoe",
    "coreweave": "coreweave",
}
_NOT_ID: Final = re.compile(r"[^A-Za-z0-9._:>-]+")
UNKNOWN_PROVIDER: Final = "unknown"


@dataclass
class Context:
    """One import under way."""

    table: RawTable
    options: ImportOptions
    filename: str
    kind: Kind
    report: Report

    def has(self, *columns: str) -> bool:
        """True where all these columns stand in the header."""
        return set(columns) <= set(self.table.columns)

    def at(self, column: str) -> int:
        """Position of a column."""
        return self.table.columns.index(column)

    @cached_property
    def decimal(self) -> Decimal:
        """The decimal sign; assumed '.' where nobody said, and reported where a comma would be as likely."""
        if self.options.decimal is None and "comma" not in self.table.kind and self.table.kind.startswith("CSV"):
            self.report.assume("decimal", ".", "the file does not say which decimal sign it uses")
        return self.options.decimal or "."

    @cached_property
    def zone(self) -> str:
        """Zone of times without offset; asked for only where such a time occurs."""
        if self.options.time_zone is None:
            self.report.assume("time_zone", "UTC", "times in the file have no offset from UTC")
        return self.options.time_zone or "UTC"

    @cached_property
    def as_of(self) -> str | None:
        """Date of the figures."""
        if self.options.as_of:
            return self.options.as_of
        found = date_in_name(self.filename)
        if found is None:
            self.report.warn("the file names no date for its figures; enter one, so that their age can be shown")
            return None
        self.report.assume("as_of", found.isoformat(), "the date in the file name")
        return found.isoformat()

    @cached_property
    def source(self) -> str:
        """Where the figures come from, as text of at most 200 characters."""
        return (self.options.source or f"file {self.filename}")[:200]

    def provider(self, *hints: str) -> str:
        """The provider: as chosen, else by a hint (an instance type, the file name), else unknown."""
        if self.options.provider:
            return self.options.provider
        for text in (*hints, self.filename):
            found = provider_in(text)
            if found:
                self.report.assume("provider", found, "by the names in the file")
                return found
        self.report.assume("provider", UNKNOWN_PROVIDER, "nothing in the file names it")
        return UNKNOWN_PROVIDER

    def money(self, cell: str) -> float | str:
        """A price in USD, or the reason why not; what had to be stripped is reported once."""
        value = parse_number(cell, self.decimal)
        if not isinstance(value, str):
            return value
        value = parse_money(cell, self.decimal)
        if not isinstance(value, str) and self.options.decimal is None:
            self.report.assume(
                "unit", "USD per hour", f"prices are text such as {cell.strip()!r}; '.' is the decimal sign"
            )
        return value

    def number(self, cell: str) -> float | str:
        """A plain number, or the reason why not."""
        return parse_number(cell, self.decimal)


@dataclass(frozen=True)
class Recogniser:
    """A known format: its name, the kinds of import it serves, how it is told, and its reader."""

    name: str
    kinds: frozenset[Kind]
    matches: Callable[[Context], bool]
    read: Callable[[Context], None]


def provider_in(text: str) -> str | None:
    """The provider that a text names, None where it names none."""
    lower = text.casefold()
    if lower.startswith("standard_"):
        return "azure"
    words = set(re.split(r"[^a-z0-9]+", lower))
    return next((provider for word, provider in _PROVIDERS.items() if word in words), None)


def as_id(text: str) -> str:
    """A text as an id: other characters become '-'; at most 80."""
    return _NOT_ID.sub("-", text.strip()).strip("-._:>")[:80] or "unnamed"
