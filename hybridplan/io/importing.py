"""Any file that a person's tools export, into rows with our field names; nothing is dropped without a reason.

Every data line either supports a row or stands among the rejected ones: ``lines_accepted`` + ``lines_rejected`` =
``lines_read``. A line may do both: a price list's line with a good on-demand price and an impossible spot price.
"""

from __future__ import annotations

import contextlib
import gc
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from hybridplan.io import forms
from hybridplan.io.forms import read as form_reader
from hybridplan.io.mapping import MAPPED_FIELDS, read_mapped, suggest
from hybridplan.io.options import KINDS, ImportOptions, Kind
from hybridplan.io.report import Assumption, Rejected, Report
from hybridplan.io.tables import RawTable, read_table
from hybridplan.io.vendor import recognise
from hybridplan.io.vendor.context import Context

__all__ = ["KINDS", "Assumption", "ImportOptions", "ImportResult", "Kind", "Rejected", "import_file"]

_FORM_KINDS: Final = {
    "sites": {"sites"},
    "pools": {
        "pools",
        "maintenance",
        "commitments",
        "spend_commitments",
        "spend_rates",
        "price_tiers",
        "expansions",
    },
    "datasets": {"datasets", "copies"},
    "contingencies": {"contingencies"},
    "workloads": {"workloads", "throughput", "windows", "scaling", "route_costs", "demand"},
    "links": {"links"},
    "demand": {"demand"},
    "trace": {"demand"},
    "prices": set[str](),
}
"""Own forms that an import of each kind may bring."""


@dataclass(frozen=True)
class ImportResult:
    """What came out of one file."""

    kind: Kind
    format: str
    """Name of the recognised form; "" where none was."""
    dialect: str = ""
    """How the file was read, in words: "CSV (comma, utf-8)"."""
    rows: list[dict[str, Any]] = field(default_factory=list)
    """Accepted rows, with our field names; hand them to :func:`hybridplan.io.forms.apply` with ``kind``."""
    rejected: list[Rejected] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    assumptions: list[Assumption] = field(default_factory=list)
    lines_read: int = 0
    lines_accepted: int = 0
    lines_rejected: int = 0
    needs_mapping: bool = False
    columns: list[str] = field(default_factory=list)
    """Columns of the file."""
    fields: tuple[str, ...] = ()
    """Our fields that can be mapped to them, required ones first."""
    suggested_mapping: dict[str, str] = field(default_factory=dict)
    """Our field -> column, as far as the names agree."""
    unknown_skus: dict[str, int] = field(default_factory=dict)
    """Accelerator codes that need an alias -> number of lines."""


def import_file(data: bytes, filename: str, kind: Kind, options: ImportOptions | None = None) -> ImportResult:
    """Read ``data`` as a table of ``kind``. Never raises for content; see :class:`ImportResult`."""
    with _collector_paused():
        return _import(data, filename, kind, options or ImportOptions())


@contextlib.contextmanager
def _collector_paused() -> Iterator[None]:
    """Hundreds of thousands of rows without a cycle among them: the cyclic collector would take a third of the time.

    Left as it was found, also where two threads import at once: only the one that found it running starts it again.
    """
    was_running = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_running:
            gc.enable()


def _import(data: bytes, filename: str, kind: Kind, options: ImportOptions) -> ImportResult:
    report = Report()
    for name, value, reason in options.faults():
        report.reject(0, name, value, f"the option {name} {reason}")
    if kind not in KINDS:
        report.reject(0, "kind", str(kind), f"is no kind of import; the kinds are {', '.join(KINDS)}")
    if report.rejected:
        return ImportResult(kind, "", rejected=report.rejected)
    table = read_table(data, filename)
    report.warnings += table.warnings
    if table.is_broken:
        return ImportResult(kind, "", table.kind, rejected=table.rejected, warnings=report.warnings)
    if table.encoding_is_guess:
        report.assume("encoding", table.encoding, "the bytes are no UTF-8; check letters outside English")
    context = Context(table, options, filename, kind, report)
    return _finish(context, _read(context))


def _read(context: Context) -> str | None:
    """Read with the first reader that fits, and name the format; None where no reader does."""
    if context.options.mapping:
        read_mapped(context)
        return "mapped columns"
    form = _own_form(context)
    if form is not None:
        return form
    recogniser = recognise(context)
    if recogniser is not None and context.kind in recogniser.kinds:
        recogniser.read(context)
        return recogniser.name
    other = forms.recognise(context.table.columns)
    if other is not None:
        kinds = sorted(kind for kind, names in _FORM_KINDS.items() if other.name in names)
        return _refuse_kind(context, f"own form {other.name}", kinds)
    return _refuse_kind(context, recogniser.name, sorted(recogniser.kinds)) if recogniser else None


def _refuse_kind(context: Context, name: str, kinds: list[str]) -> str:
    """Reject every line of a table that is known, but of another kind than was asked for."""
    reason = f"this is the {name} (kind {' or '.join(kinds)}), not a table of {context.kind}"
    context.report.fail(reason, value=context.filename)
    for line, _ in context.table.rows:
        context.report.reject(line, "", "", reason)
    return name


def _own_form(context: Context) -> str | None:
    """Read one of our own forms, also where the header lacks a column of it, so that the column can be named."""
    table, kind = context.table, context.kind
    decimal = context.options.decimal or "."
    if kind in {"demand", "trace", "workloads"} and table.columns[:1] == ["period_start"] and len(table.columns) > 1:
        form_reader.read_wide(table, context.report, decimal)
        return "own form demand, wide"
    wanted = [form for form in forms.FORMS if form.name in _FORM_KINDS[kind]]
    fitting = [form for form in wanted if form.signature <= set(form_reader.own_names(table.columns, form))]
    near = [form for form in wanted if _is_near(form, table.columns, kind)]
    exact = max(fitting, key=lambda form: len(set(table.columns) & set(form.header)), default=None)
    form = exact or max(near, key=lambda form: len(form.keys), default=None)
    if form is None:
        return None
    if form.by_period:
        form_reader.read_by_period(table, form, context.report, decimal)
    else:
        form_reader.read_form(table, form, context.report, decimal)
    return f"own form {form.name}"


def _is_near(form: forms.Form, columns: list[str], kind: Kind) -> bool:
    """True for a header that is meant to be this form: it has its keys, or most columns that the kind's form needs."""
    if form.name != kind:
        return not form.by_period and set(form.keys) <= set(columns)
    common = form.signature & set(form_reader.own_names(columns, form))
    return form.keys[0] in columns or len(common) * 2 > len(form.signature)


def _finish(context: Context, format_name: str | None) -> ImportResult:
    table, report = context.table, context.report
    fields = MAPPED_FIELDS[context.kind]
    if format_name is None:
        report.fail(_unknown(table, context.kind), value=context.filename)
    elif not table.rows and not table.rejected and not report.rows and not report.rejected:
        report.fail("the file has a header, but no data below it", value=context.filename)
    rejected = [*table.rejected, *report.rejected]
    named = {reject.line for reject in rejected}
    if format_name is not None:
        rejected += [
            Rejected(line, "", "", f"is not used by the format {format_name}")
            for line, _ in table.rows
            if line not in report.used and line not in named
        ]
    rejected.sort(key=lambda reject: reject.line)
    refused = {reject.line for reject in rejected if reject.line > 0} - report.used
    data_lines = {line for line, _ in table.rows} | {reject.line for reject in table.rejected if reject.line > 0}
    return ImportResult(
        context.kind,
        format_name or "",
        table.kind,
        report.rows,
        rejected,
        report.warnings,
        list(report.assumptions.values()),
        lines_read=len(data_lines),
        lines_accepted=len(report.used & data_lines),
        lines_rejected=len(refused & data_lines),
        needs_mapping=format_name is None and bool(table.columns) and table.has_header,
        columns=table.columns,
        fields=fields,
        suggested_mapping=suggest(table.columns, context.kind),
        unknown_skus=report.unknown_skus,
    )


def _unknown(table: RawTable, kind: Kind) -> str:
    if isinstance(table.document, dict) and {"horizon", "pools"} & set(table.document):
        return "this is a scenario file, not a table: open it as a scenario"
    if not table.columns:
        return f"this JSON is no table and no price list that is known, so it cannot be read as {kind}"
    if not table.has_header:
        return "the first line holds numbers where the names of the columns should stand: the header is missing"
    names = ", ".join(name or "(no name)" for name in table.columns[:12]) + (" ..." if len(table.columns) > 12 else "")
    return f"the columns are none of a known form of {kind}: {names}. Say which column holds what (a mapping)"
