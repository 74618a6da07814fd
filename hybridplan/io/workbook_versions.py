"""Workbooks of earlier versions: sheets and columns that they cannot have."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from hybridplan.io import forms
from hybridplan.io.forms import Form
from hybridplan.io.spreadsheet import as_text
from hybridplan.io.workbook_inputs import title_of


@dataclass(frozen=True)
class Generation:
    """What came at one time, all of it together: a workbook that has any of it was written with all of it, and with all
    that came before, so that what is missing there was deleted."""

    forms: frozenset[str]
    columns: Mapping[str, frozenset[str]]
    """Columns by form."""

    def is_in(self, sheets: Mapping[str, list[list[Any]]]) -> bool:
        """Whether a workbook with these sheets has any of it."""
        return any(self._has(form, sheets.get(title_of(form))) for form in forms.FORMS)

    def _has(self, form: Form, cells: list[list[Any]] | None) -> bool:
        if cells is None:
            return False
        names = {as_text(cell).strip() for cell in cells[0]} if cells else set()
        return form.name in self.forms or bool(names & self.columns.get(form.name, frozenset()))


GENERATIONS: Final = (
    Generation(
        frozenset({"spend_commitments", "spend_rates", "price_tiers", "expansions", "datasets", "copies"}),
        {
            "sites": frozenset({"storage_usd_per_gb_month", "it_power_limit_kw", "rack_units_limit"}),
            "pools": frozenset({"tier_form", "tier_basis", "retires", "rack_units_per_accelerator"}),
            "workloads": frozenset(
                {"datasets", "result_gb_per_unit", "result_kept_hours", "backup_sites", "backup_apart"}
            ),
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
        },
    ),
    Generation(
        frozenset({"contingencies"}),
        {
            "sites": frozenset({"zone"}),
            "pools": frozenset({"zone"}),
            "workloads": frozenset(
                {
                    "promise_form",
                    "recovery_minutes",
                    "latency_after_failure_ms",
                    "availability_objective_share",
                    "required_link_attributes",
                }
            ),
            "links": frozenset({"attributes"}),
            "datasets": frozenset({"required_link_attributes"}),
        },
    ),
)
"""Oldest first: commitments that may grow, purchases and data; then zones, failures of all kinds and forms of a
promise."""


def expected(sheets: Mapping[str, list[list[Any]]]) -> dict[str, tuple[Form, tuple[str, ...]]]:
    """Title of each input sheet that a workbook must have, with its form and the columns that must stand in it."""
    known = max((place for place, one in enumerate(GENERATIONS, start=1) if one.is_in(sheets)), default=0)
    later = GENERATIONS[known:]
    found = {}
    for form in forms.FORMS:
        if not any(form.name in one.forms for one in later):
            gone = frozenset[str]().union(*(one.columns.get(form.name, frozenset()) for one in later))
            found[title_of(form)] = form, tuple(name for name in form.header if name not in gone)
    return found
