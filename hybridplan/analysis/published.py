"""Problems that others published with their answers, solved through the ordinary path and compared."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from hybridplan.analysis import planner
from hybridplan.domain.prices import annuity_usd_per_year, break_even_hours
from hybridplan.errors import InvalidInput, Issue
from hybridplan.io import catalogue, scenario_json
from hybridplan.plan import Plan

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


@dataclass(frozen=True)
class _Check:
    quantity: str
    expected: float
    unit: str
    measure: Callable[[Plan], float]


@dataclass(frozen=True)
class _Case:
    """One scenario file, and what its source prints about it."""

    name: str
    scenario: str
    source: str
    checks: tuple[_Check, ...]


def _objective(plan: Plan) -> float:
    return float("nan") if plan.objective_usd is None else plan.objective_usd


def _price(workload: str) -> Callable[[Plan], float]:
    """What one more unit of demand per hour of ``workload`` costs in the only period of a one-hour case."""

    def measure(plan: Plan) -> float:
        rows = plan.shadow_prices
        mine = rows[(rows["limit"] == "rigid_demand") & (rows["record"] == workload)]
        return float((mine["usd_per_unit"] / mine["weight_hours"]).sum())

    return measure


def _units(pool: str, workload: str | None = None) -> Callable[[Plan], float]:
    """Work units per hour that ``pool`` serves, of one workload or of all."""

    def measure(plan: Plan) -> float:
        if plan.tables is None:
            return float("nan")
        rows = plan.tables.allocation
        mine = rows[(rows["pool"] == pool) & ((rows["workload"] == workload) | (workload is None))]
        return float(mine["units_per_hour"].sum())

    return measure


_DANTZIG: Final = "Dantzig, Linear Programming and Extensions (1963), 3-3; GAMS model library, trnsport"
_PYPSA: Final = "PyPSA documentation, simple electricity market examples"
_MELANGE: Final = "Griggs et al., Mélange (2024), melange/config/example.json; linear relaxation"
_REFERENCE: Final = "hybridplan reference case: S = 100 at 0.5, S = 200 at 0.3, demand 150, one hour; solved by hand"

_CASES: Final = (
    _Case(
        "P1 transport",
        "p1_transport",
        _DANTZIG,
        (
            _Check("objective", 153.675, "thousand USD", _objective),
            _Check("demand price New York", 0.225, "thousand USD per case", _price("new-york")),
            _Check("demand price Chicago", 0.153, "thousand USD per case", _price("chicago")),
            _Check("demand price Topeka", 0.126, "thousand USD per case", _price("topeka")),
        ),
    ),
    _Case(
        "P2 one zone",
        "p2_one_zone",
        _PYPSA,
        (
            _Check("objective", 1_290_000, "per hour", _objective),
            _Check("price South Africa", 60, "per MWh", _price("load-za")),
            _Check("gas", 4_000, "MW", _units("za-gas")),
        ),
    ),
    _Case(
        "P2 two zones",
        "p2_two_zones",
        _PYPSA,
        (
            _Check("objective", 1_260_000, "per hour", _objective),
            _Check("price South Africa", 60, "per MWh", _price("load-za")),
            _Check("price Mozambique", 0, "per MWh", _price("load-mz")),
            _Check("gas", 3_500, "MW", _units("za-gas")),
            _Check("hydro", 1_150, "MW", _units("mz-hydro")),
            _Check("flow Mozambique to South Africa", 500, "MW", _units("mz-hydro", "load-za")),
        ),
    ),
    _Case(
        "P2 three zones",
        "p2_three_zones",
        _PYPSA,
        (
            _Check("objective", 1_245_000, "per hour", _objective),
            _Check("price South Africa", 60, "per MWh", _price("load-za")),
            _Check("price Mozambique", 0, "per MWh", _price("load-mz")),
            _Check("price Eswatini", 0, "per MWh", _price("load-sz")),
            _Check("gas", 3_250, "MW", _units("za-gas")),
            _Check("flow Mozambique to South Africa", 500, "MW", _units("mz-hydro", "load-za")),
            _Check("flow Eswatini to South Africa", 250, "MW", _units("sz-hydro", "load-za")),
        ),
    ),
    _Case("P3 GPU mix", "p3_gpu_mix_linear", _MELANGE, (_Check("objective", 4.12875, "USD per hour", _objective),)),
    _Case(
        "Reference, owned cost avoidable",
        "reference_avoidable",
        _REFERENCE,
        (
            _Check("objective", 45, "USD", _objective),
            _Check("private", 0, "units per hour", _units("private")),
            _Check("public", 150, "units per hour", _units("public")),
        ),
    ),
    _Case(
        "Reference, owned cost sunk",
        "reference_sunk",
        _REFERENCE,
        (
            _Check("objective", 65, "USD", _objective),
            _Check("private", 100, "units per hour", _units("private")),
            _Check("public", 50, "units per hour", _units("public")),
        ),
    ),
    _Case(
        "Reference, owned first",
        "reference_owned_first",
        _REFERENCE,
        (
            _Check("objective", 65, "USD", _objective),
            _Check("private", 100, "units per hour", _units("private")),
            _Check("public", 50, "units per hour", _units("public")),
        ),
    ),
)


def cases() -> list[CaseResult]:
    """Solve every published case now, with the data that come with hybridplan; one row per published figure.

    Raises :class:`InvalidInput` where a case file is missing or is no scenario.
    """
    return [result for case in _CASES for result in _solved(case)] + _closed_forms()


def _solved(case: _Case) -> list[CaseResult]:
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


def _compare(name: str, check: _Check, got: float, source: str, gap: float | None) -> CaseResult:
    tolerance = RELATIVE_TOLERANCE * (abs(check.expected) or 1.0)
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
