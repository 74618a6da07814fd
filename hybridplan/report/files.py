"""Files to hand over: report, workbook, hourly costs, scenario, and all in one archive. Built when asked for."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from io import BytesIO
from typing import Final, Literal, TypeVar

from hybridplan.analysis import focus, result_tables
from hybridplan.io import exports, scenario_json
from hybridplan.plan import Plan
from hybridplan.report.content_parts import Report

T = TypeVar("T")
Kind = Literal["html", "pdf", "xlsx", "csv", "json", "zip"]
"""Also the ending of the file's name."""
KINDS: Final[tuple[Kind, ...]] = ("html", "pdf", "xlsx", "csv", "json", "zip")
"""The archive of the others stands last."""
WITHOUT_PLAN: Final[tuple[Kind, ...]] = ("html", "pdf", "json", "zip")
"""What there is where no plan was found: the rest would hold nothing."""
_EARLIEST: Final = datetime(1980, 1, 1, tzinfo=UTC)
"""No archive holds an earlier date."""
_TYPES: Final[dict[Kind, tuple[str, str]]] = {
    "html": ("report", "text/html"),
    "pdf": ("report", "application/pdf"),
    "xlsx": ("plan", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "csv": ("hourly-costs", "text/csv"),
    "json": ("scenario", "application/json"),
    "zip": ("everything", "application/zip"),
}
"""What the name ends in before its ending, and the media type."""


@dataclass(frozen=True)
class File:
    """A file that :attr:`build` makes; it makes it once and then gives the same bytes again."""

    name: str
    mime: str
    build: Callable[[], bytes]


def files(plan: Plan, *, made_at: datetime, origin: str = "") -> dict[Kind, File]:
    """Every file that there is of ``plan``; nothing is built yet.

    ``made_at`` (with its offset) and ``origin``: see :func:`hybridplan.report.content.content`. The archive holds the
    other files, byte by byte.
    """
    report = _once(lambda: _content(plan, made_at, origin))
    builders: dict[Kind, Callable[[], bytes]] = {
        "html": lambda: _html(plan, report()),
        "pdf": lambda: _pdf(plan, report()),
        "xlsx": lambda: exports.plan_excel(plan, result_tables.tables(plan), made_at=made_at),
        "csv": lambda: exports.table_csv(focus.rows(plan)).encode(),
        "json": lambda: scenario_json.dump(plan.scenario).encode(),
    }
    kinds = KINDS if plan.status.has_plan and plan.tables is not None else WITHOUT_PLAN
    parts: list[File] = []
    builders["zip"] = lambda: _archive(parts[:-1], made_at)
    parts += [File(_name(plan, kind), _TYPES[kind][1], _once(builders[kind])) for kind in kinds]
    return dict(zip(kinds, parts, strict=True))


def stem(name: str) -> str:
    """The part of a file name that every system accepts: ``A week (copy)`` becomes ``a-week-copy``."""
    return re.sub(r"[^a-z0-9]+", "-", name.casefold()).strip("-")[:60].strip("-") or "scenario"


def _name(plan: Plan, kind: Kind) -> str:
    return f"{stem(plan.scenario.name)}-{_TYPES[kind][0]}.{kind}"


def _once(build: Callable[[], T]) -> Callable[[], T]:
    return cache(build)


def _content(plan: Plan, made_at: datetime, origin: str) -> Report:
    from hybridplan.report.content import content

    return content(plan, made_at=made_at, origin=origin)


def _html(plan: Plan, report: Report) -> bytes:
    # Jinja2, Plotly and reportlab take a while to load, and most visits ask for no report.
    from hybridplan.report.html import html

    return html(plan, report).encode()


def _pdf(plan: Plan, report: Report) -> bytes:
    from hybridplan.report.pdf import pdf

    return pdf(plan, report)


def _archive(parts: list[File], made_at: datetime) -> bytes:
    """All files, with the moment of the report as theirs, so that the same report gives the same archive."""
    moment = max(made_at.astimezone(UTC), _EARLIEST)
    clock = (moment.year, moment.month, moment.day, moment.hour, moment.minute, moment.second)
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for part in parts:
            entry = zipfile.ZipInfo(part.name, clock)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, part.build())
    return buffer.getvalue()
