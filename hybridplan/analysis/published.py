"""Problems that others published with their answers, solved through the ordinary path and compared."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from hybridplan.analysis import planner
from hybridplan.analysis.published_cases import CASES, Case, Check
from hybridplan.domain.prices import annuity_usd_per_year, break_even_hours
from hybridplan.errors import InvalidInput, Issue
from hybridplan.io import catalogue, scenario_json

RELATIVE_TOLERANCE: Final = 1e-6
"""Of the published figure; where that is 0, the same number in its unit."""


@dataclass(frozen=True)
class CaseResult:
    """One published figure beside ours; ``tolerance`` is absolute, in ``unit``. NaN never passes."""

    name: str
    quantity: str
    expected: float
    got: float
    unit: str
    tolerance: float
    passed: bool
    source: str
    gap: float | None = None
    """Gap of the plan's certificate; None where nothing is optimised."""


def cases() -> list[CaseResult]:
    """Solve every published case now, with the data that come with hybridplan; one row per published figure.

    Raises :class:`InvalidInput` where a case file is missing or is no scenario.
    """
    return [result for case in CASES for result in _solved(case)] + _closed_forms()


def _solved(case: Case) -> list[CaseResult]:
    folder = catalogue.data_dir()
    paths = [folder / kind / f"{case.scenario}.json" for kind in ("cases", "scenarios")]
    path = next((path for path in paths if path.is_file()), None)
    if path is None:
        raise InvalidInput([Issue(case.scenario, "the file of this published case is missing", str(paths[0]))])
    plan = planner.solve(scenario_json.load(path))
    gap = plan.certificate.gap if plan.certificate else None
    return [
        _compare(case.name, check, check.measure(plan) if plan.status.has_plan else float("nan"), case.source, gap)
        for check in case.checks
    ]


def _compare(name: str, check: Check, got: float, source: str, gap: float | None) -> CaseResult:
    tolerance = check.tolerance or RELATIVE_TOLERANCE * (abs(check.expected) or 1.0)
    passed = abs(got - check.expected) <= tolerance
    return CaseResult(name, check.quantity, check.expected, got, check.unit, tolerance, passed, source, gap)


def _closed_forms() -> list[CaseResult]:
    """P7: figures that the owned-price calculator gives without a solver, to the digits that their sources print."""
    annuity = annuity_usd_per_year(2_000_000, interest_rate=0.10, life_years=25)
    hours = break_even_hours(325, low_usd_per_hour=0.03, high_usd_per_hour=0.10)
    rows = (
        ("annuity of 2,000,000 at 10 % over 25 years", 220_336.0, annuity, "per year", 0.5, "Calliope documentation"),
        ("break-even of a reservation", 4_642.86, hours, "hours", 0.005, "Amazon EC2 reserved instances, March 2009"),
    )
    return [
        CaseResult("P7 finance", quantity, expected, got, unit, tolerance, abs(got - expected) <= tolerance, source)
        for quantity, expected, got, unit, tolerance, source in rows
    ]
