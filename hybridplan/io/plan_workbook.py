"""A plan as an Excel workbook: summary, costs, tables, certificate and inputs, with units in the headers."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

import xlsxwriter  # type: ignore[import-untyped]
from xlsxwriter.utility import xl_col_to_name  # type: ignore[import-untyped]

from hybridplan.io import exports, forms
from hybridplan.units import per_year

if TYPE_CHECKING:
    import pandas as pd
    from xlsxwriter.format import Format  # type: ignore[import-untyped]
    from xlsxwriter.workbook import Workbook  # type: ignore[import-untyped]

    from hybridplan.plan import Plan

_UNITS: Final = {
    "accelerators_busy": "accelerators",
    "accelerators_assigned": "accelerators",
    "accelerators_provisioned": "accelerators",
    "accelerators_available": "accelerators",
    "accelerators_kept": "accelerators",
    "units_per_hour": "work units per hour",
    "units": "work units per occurrence",
    "usd": "USD over the horizon",
    "usd_per_year": "USD per year",
    "usd_per_unit": "USD of the horizon per unit",
    "usd_saved_by_one": "USD over the horizon",
    "period_start": "UTC",
    "weight_hours": "hours",
    "energy_kwh": "kWh",
    "carbon_tonnes": "t CO2e",
    "latency_floor_ms": "ms",
    **dict.fromkeys(
        ("busy", "assigned", "ready", "provisioned", "booting", "available", "in_maintenance", "started", "peak"),
        "accelerators",
    ),
    **dict.fromkeys(("volume", "done", "unserved"), "work units per occurrence"),
    **dict.fromkeys(("start", "end", "begins", "finishes"), "UTC"),
}
_MAX_ROWS: Final = 1_000_000
_MAX_CELL: Final = 32_000
"""Excel refuses longer cells (32,767 characters) and more rows (1,048,576)."""

Rows = Iterable[Sequence[Any]]


def write(plan: Plan, more: Mapping[str, pd.DataFrame]) -> bytes:
    """The workbook's bytes, ``more``: further tables by sheet. Text stays text: no cell becomes a formula or a link."""
    buffer = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "nan_inf_to_errors": False,
    }
    with xlsxwriter.Workbook(buffer, options) as book:
        head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        _sheet(book, head, "Summary", ("what", "value", "unit"), _summary(plan))
        _sheet(book, head, "Costs", ("term", "kind", "usd", "usd_per_year"), _costs(plan))
        document = exports.plan_json(plan)
        for title, key in _TABLES:
            _table(book, head, title, document[key])
        for title, frame in more.items():
            _table(book, head, title, exports.rows(frame))
        _sheet(book, head, "Baselines", ("baseline", "objective_usd", "unserved_share_max", "breaks"), _baselines(plan))
        _sheet(book, head, "Certificate", ("what", "value", "unit"), _certificate(plan))
        for form in forms.FORMS:
            header, rows = forms.to_values(plan.scenario, form.name)
            _sheet(book, head, f"Input {form.name}", header, rows)
        _sheet(book, head, "Input other", ("field", "value"), _other(plan.scenario.to_dict()))
    return buffer.getvalue()


_TABLES: Final = (
    ("Allocation", "allocation"),
    ("Provisioned", "provisioned"),
    ("Unserved by hour", "unserved_hourly"),
    ("Unserved by window", "unserved_windows"),
    ("Kept", "kept"),
    ("Cost lines", "cost_lines"),
    ("Quantities", "quantities"),
    ("Shadow prices", "shadow_prices"),
    ("One more", "shadow_ranges"),
    ("Routes", "routes"),
)


def _summary(plan: Plan) -> Rows:
    hours = plan.scenario.horizon.plan_hours
    yield ("scenario", plan.scenario.name, "")
    yield ("status", plan.status.value, "")
    yield ("objective", plan.objective_usd, "USD over the horizon")
    yield ("of it fixed, whatever is decided", plan.constant_usd, "USD over the horizon")
    if plan.instant_objective_usd is not None and plan.objective_usd is not None:
        yield ("objective with instant scaling", plan.instant_objective_usd, "USD over the horizon")
        yield ("price of slow scaling", plan.objective_usd - plan.instant_objective_usd, "USD over the horizon")
    yield ("horizon", hours, "hours")
    for name, amount in plan.unserved.items():
        yield (f"unserved: {name}", amount.quantity, amount.unit)
    yield ("inputs sha256", plan.content_hash, "")
    yield ("solver", f"{plan.solver.name} {plan.solver.version}", "")
    yield ("solver time", plan.solver.seconds, "s")
    yield ("time limit", plan.solver.time_limit_seconds, "s")
    yield ("stopped by the time limit", plan.solver.stopped_early, "")
    yield ("kind of problem", plan.kind.replace("_", " "), "")
    yield ("gap at which the search ends", plan.solver.gap_target, "relative")


def _costs(plan: Plan) -> Rows:
    hours = plan.scenario.horizon.plan_hours
    for kind, amounts in (("cost", plan.cost_usd), ("penalty", plan.penalty_usd)):
        for term, usd in amounts.items():
            yield (term, kind, usd, per_year(usd, hours))


def _baselines(plan: Plan) -> Rows:
    for name, baseline in plan.baselines.items():
        worst = max((amount.share for amount in baseline.unserved.values()), default=0.0)
        yield (name, baseline.objective_usd, worst, "; ".join(baseline.breaks))


def _certificate(plan: Plan) -> Rows:
    proof = plan.certificate
    if proof is None:
        yield ("certificate", "none: there is no plan", "")
        return
    yield ("passed", proof.passed, "")
    yield ("rules checked", proof.rules_checked, "")
    yield ("largest violation", proof.max_residual, "relative")
    yield ("where", proof.worst_rule, "")
    yield ("no plan can cost less than", proof.bound_usd, "USD over the horizon")
    yield ("gap", proof.gap, "relative")
    yield ("bound by", proof.bound_source, "")
    yield ("bound without whole numbers", proof.relaxation_bound_usd, "USD over the horizon")
    yield ("left out by straight lines", proof.tangent_error_usd, "USD over the horizon")
    for failure in proof.failures:
        yield ("failure", failure, "")


def _other(document: dict[str, Any], path: str = "") -> Rows:
    """Fields that no form carries: horizon, policy, finance, currency."""
    carried = {form.section for form in forms.FORMS}
    for name, value in document.items():
        if isinstance(value, dict):
            if path or name not in carried:
                yield from _other(value, f"{path}{name}.")
        else:
            yield (f"{path}{name}", value)


def _table(book: Workbook, head: Format, title: str, records: list[dict[str, Any]]) -> None:
    header = list(records[0]) if records else ["no rows"]
    _sheet(book, head, title, header, ([record.get(name) for name in header] for record in records))


def _sheet(book: Workbook, head: Format, title: str, header: Sequence[str], rows: Rows) -> None:
    sheet = book.add_worksheet(title)
    sheet.freeze_panes(1, 0)
    widths = [len(name) for name in header]
    for column, name in enumerate(header):
        unit = _UNITS.get(name, "")
        sheet.write_string(0, column, f"{name} ({unit})" if unit else name, head)
    for line, row in enumerate(rows, start=1):
        if line > _MAX_ROWS:
            sheet.write_string(line, 0, "more rows than Excel holds: use the JSON export")
            break
        for column, value in enumerate(row):
            _write(sheet, line, column, value)
            widths[column] = max(widths[column], min(len(str(value)), 50))
    for column, width in enumerate(widths):
        letter = xl_col_to_name(column)
        sheet.set_column(f"{letter}:{letter}", width + 2)


def _write(sheet: Any, line: int, column: int, value: Any) -> None:
    """Text as text, numbers as numbers; a number that is not finite is left empty."""
    if isinstance(value, bool):
        sheet.write_boolean(line, column, value)
    elif isinstance(value, int | float):
        if value == value and abs(value) != float("inf"):
            sheet.write_number(line, column, value)
    elif isinstance(value, list | tuple):
        sheet.write_string(line, column, ", ".join(str(item) for item in value)[:_MAX_CELL])
    elif value is not None and value != "":
        sheet.write_string(line, column, str(value)[:_MAX_CELL])
