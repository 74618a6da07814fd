"""Workbooks of earlier versions: sheets and columns that they cannot have."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from hybridplan.io import forms
from hybridplan.io.forms import Form
from hybridplan.io.spreadsheet import as_text
from hybridplan.io.workbook_inputs import title_of

LATER_FORMS: Final = frozenset({"spend_commitments", "spend_rates", "price_tiers", "expansions", "datasets", "copies"})
LATER_COLUMNS: Final[dict[str, frozenset[str]]] = {
    "sites": frozenset({"storage_usd_per_gb_month", "it_power_limit_kw", "rack_units_limit"}),
    "pools": frozenset({"tier_form", "tier_basis", "retires", "rack_units_per_accelerator"}),
    "workloads": frozenset({"datasets", "result_gb_per_unit", "result_kept_hours", "backup_sites", "backup_apart"}),
    "links": frozenset(
        {
            "usd_per_hour",
            "max_private_gbps",
            "private_usd_per_gbps_hour",
            "private_usd_per_hour",
            "private_usd_per_gb",
        }
    ),
    "commitments": frozenset(
        {"max_new_accelerators", "min_new_accelerators", "term_years", "upfront_share", "starts", "ends"}
    ),
}
"""What came with commitments that may grow, purchases and data. All of it together: a workbook that has any of it was
written with all of it, so that what is missing there was deleted."""


def expected(sheets: Mapping[str, list[list[Any]]]) -> dict[str, tuple[Form, tuple[str, ...]]]:
    """Title of each input sheet that a workbook must have, with its form and the columns that must stand in it."""
    is_earlier = not any(_has_later(form, sheets.get(title_of(form))) for form in forms.FORMS)
    found = {}
    for form in forms.FORMS:
        if not is_earlier:
            found[title_of(form)] = form, form.header
        elif form.name not in LATER_FORMS:
            later = LATER_COLUMNS.get(form.name, frozenset())
            found[title_of(form)] = form, tuple(name for name in form.header if name not in later)
    return found


def _has_later(form: Form, cells: list[list[Any]] | None) -> bool:
    if cells is None:
        return False
    if form.name in LATER_FORMS:
        return True
    names = {as_text(cell).strip() for cell in cells[0]} if cells else set()
    return bool(names & LATER_COLUMNS.get(form.name, frozenset()))
