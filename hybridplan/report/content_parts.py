"""The parts of a report, as plain values: one source for the HTML page and the PDF. All text is plain, never markup."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

ChartKey = Literal["cost", "allocation", "utilisation", "latency"]
Tone = Literal["good", "caution", "bad"]


@dataclass(frozen=True)
class Tile:
    """A key figure: its name, its value with its unit, and a note."""

    name: str
    value: str
    note: str


@dataclass(frozen=True)
class Column:
    """A column of a table; its unit stands in the label. ``number``: aligned to the right."""

    label: str
    kind: Literal["text", "number"]


@dataclass(frozen=True)
class Table:
    """A table of text that is already formatted; every row has one cell per column."""

    key: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Chart:
    """A chart to draw from the plan."""

    key: ChartKey
    title: str
    """The question that it answers."""
    alt: str
    """In words what is seen."""
    block: str
    """Id of the block that it shows; empty where it shows none."""


@dataclass(frozen=True)
class Section:
    """A heading with what stands under it, in this order: paragraphs, bullets, charts, tables."""

    key: str
    title: str
    paragraphs: tuple[str, ...] = ()
    bullets: tuple[str, ...] = ()
    charts: tuple[Chart, ...] = ()
    tables: tuple[Table, ...] = ()


@dataclass(frozen=True)
class Report:
    """A whole report: one page of decision, then evidence."""

    title: str
    headline: str
    proof: str
    """How proven the answer is, in a few words."""
    tone: Tone
    warnings: tuple[str, ...]
    """What must be read before anything else: what is not served, whose figures are estimates."""
    tiles: tuple[Tile, ...]
    decision: tuple[Section, ...]
    evidence: tuple[Section, ...]
    facts: tuple[tuple[str, str], ...]
    """Name and value: when it was made (UTC), hash of the inputs, versions, where the scenario comes from."""
    made_at: datetime
    """With a time zone."""
