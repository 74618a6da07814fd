"""``hybridplan import``: read a table of any known form, and report rows, rejected lines, warnings and assumptions."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from hybridplan.cli.output import ExitCode, Format, print_json, print_table, read_file, say
from hybridplan.errors import InvalidInput, Issue
from hybridplan.io.importing import ImportOptions, ImportResult, import_file

if TYPE_CHECKING:
    from hybridplan.io.options import Kind

SHOWN_LINES = 50
"""Most lines of a table on a terminal; JSON holds all of them."""


def import_path(path: Path, kind: Kind, options: ImportOptions, output: Format) -> ExitCode:
    """Read ``path`` and print what was found; bad input where no row was accepted."""
    result = import_file(read_file(path), path.name, kind, options)
    if output is Format.JSON:
        print_json(report(result))
    else:
        _print_tables(result)
    say(*(f"error: {fault.reason}" for fault in result.rejected if fault.line == 0))
    say(*(f"warning: {warning}" for warning in result.warnings))
    say(*(f"assumed: {known.name} = {known.value} ({known.why})" for known in result.assumptions))
    say(f"{result.format or 'no known form'}: {len(result.rows):,} rows accepted, {len(result.rejected):,} rejected")
    return ExitCode.OK if result.rows else ExitCode.BAD_INPUT


def report(result: ImportResult) -> dict[str, Any]:
    """The result as JSON values; ``accepted`` counts the rows, the keys ``lines_*`` count lines of the file."""
    return {
        "kind": result.kind,
        "format": result.format,
        "dialect": result.dialect,
        "accepted": len(result.rows),
        "rejected": [asdict(line) for line in result.rejected],
        "warnings": result.warnings,
        "assumptions": [asdict(known) for known in result.assumptions],
        "lines_read": result.lines_read,
        "lines_accepted": result.lines_accepted,
        "lines_rejected": result.lines_rejected,
        "needs_mapping": result.needs_mapping,
        "columns": result.columns,
        "fields": list(result.fields),
        "suggested_mapping": result.suggested_mapping,
        "unknown_skus": result.unknown_skus,
        "rows": result.rows,
    }


def pairs(option: str, given: list[str] | None) -> dict[str, str]:
    """``["price=Cost"]`` -> ``{"price": "Cost"}``; raises :class:`InvalidInput` for what is no such pair."""
    found: dict[str, str] = {}
    for text in given or []:
        name, sign, value = text.partition("=")
        if not (name and sign and value):
            raise InvalidInput([Issue(option, "must be NAME=VALUE", text)])
        found[name] = value
    return found


def _print_tables(result: ImportResult) -> None:
    rows = pd.DataFrame(result.rows)
    print_table(f"Accepted: {len(rows):,} rows", rows.head(SHOWN_LINES))
    rejected = pd.DataFrame([asdict(line) for line in result.rejected])
    print_table(f"Rejected: {len(rejected):,} lines or cells", rejected.head(SHOWN_LINES))
    if len(rows) > SHOWN_LINES or len(rejected) > SHOWN_LINES:
        print(f"\nThe first {SHOWN_LINES} of each are shown; --format json prints all.")
    if result.needs_mapping:
        print(f"\nColumns: {', '.join(result.columns)}\nFields: {', '.join(result.fields)}")
