"""Published problems: which scenario file states each, and what its source prints as the answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from hybridplan.plan import Plan


@dataclass(frozen=True)
class Check:
    """One figure that the source prints, and how it is read off a plan."""

    quantity: str
    expected: float
    unit: str
    measure: Callable[[Plan], float]
    tolerance: float | None = None
    """Absolute, in ``unit``: half of the last digit that the source prints; None: RELATIVE_TOLERANCE."""


@dataclass(frozen=True)
class Case:
    """One scenario file, and what its source prints about it."""

    name: str
    scenario: str
    source: str
    checks: tuple[Check, ...]


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


def _provisioned(pool: str) -> Callable[[Plan], float]:
    """Accelerators of ``pool`` that are provisioned in the only period of a one-hour case."""

    def measure(plan: Plan) -> float:
        if plan.tables is None:
            return float("nan")
        rows = plan.tables.provisioned
        return float(rows.loc[rows["pool"] == pool, "accelerators_provisioned"].sum())

    return measure


def _usage(plan: Plan) -> float:
    """What is left on demand."""
    return plan.cost_usd.get("usage", float("nan"))


def _used(record: str) -> Callable[[Plan], float]:
    """What is used of a commitment."""

    def measure(plan: Plan) -> float:
        rows = plan.cost_lines
        mine = rows[(rows["term"] == "commitment") & (rows["record"] == record) & (rows["detail"] != "unused")]
        return float(mine["usd"].sum())

    return measure


def _bought(plan: Plan) -> float:
    """Accelerators bought, of all expansions."""
    if plan.tables is None:
        return float("nan")
    rows = plan.tables.purchases
    return float(rows.loc[rows["kind"] == "expansion", "quantity"].sum())


_DANTZIG: Final = "Dantzig, Linear Programming and Extensions (1963), 3-3; GAMS model library, trnsport"
_PYPSA: Final = "PyPSA documentation, simple electricity market examples"
_MELANGE: Final = "Griggs et al., Mélange (2024), melange/config/example.json; linear relaxation"
_WHOLE: Final = (
    "Griggs et al., Mélange (2024), melange/config/example.json; by hand: without A100-80GB 12 A10G are needed, "
    "of A100-80GB alone 1.125; one of each is enough"
)
_SAVINGS: Final = "AWS Savings Plans user guide, how Savings Plans apply to your usage"
_STORAGE: Final = "Amazon S3 FAQ, how much a month of storage costs"
_TWO_STAGE: Final = "PyPSA examples, two-stage capacity with expected cost, restated in fluxopt/lpspec"
_QUEUES: Final = "Parallel queues, closed form (square-root rule); derived in the description of the case"
_FLOOR: Final = "Regression of a mixed-integer solver; solved by hand"
_REFERENCE: Final = "hybridplan reference case: S = 100 at 0.5, S = 200 at 0.3, demand 150, one hour; solved by hand"

CASES: Final = (
    Case(
        "P1 transport",
        "p1_transport",
        _DANTZIG,
        (
            Check("objective", 153.675, "thousand USD", _objective),
            Check("demand price New York", 0.225, "thousand USD per case", _price("new-york")),
            Check("demand price Chicago", 0.153, "thousand USD per case", _price("chicago")),
            Check("demand price Topeka", 0.126, "thousand USD per case", _price("topeka")),
        ),
    ),
    Case(
        "P2 one zone",
        "p2_one_zone",
        _PYPSA,
        (
            Check("objective", 1_290_000, "per hour", _objective),
            Check("price South Africa", 60, "per MWh", _price("load-za")),
            Check("gas", 4_000, "MW", _units("za-gas")),
        ),
    ),
    Case(
        "P2 two zones",
        "p2_two_zones",
        _PYPSA,
        (
            Check("objective", 1_260_000, "per hour", _objective),
            Check("price South Africa", 60, "per MWh", _price("load-za")),
            Check("price Mozambique", 0, "per MWh", _price("load-mz")),
            Check("gas", 3_500, "MW", _units("za-gas")),
            Check("hydro", 1_150, "MW", _units("mz-hydro")),
            Check("flow Mozambique to South Africa", 500, "MW", _units("mz-hydro", "load-za")),
        ),
    ),
    Case(
        "P2 three zones",
        "p2_three_zones",
        _PYPSA,
        (
            Check("objective", 1_245_000, "per hour", _objective),
            Check("price South Africa", 60, "per MWh", _price("load-za")),
            Check("price Mozambique", 0, "per MWh", _price("load-mz")),
            Check("price Eswatini", 0, "per MWh", _price("load-sz")),
            Check("gas", 3_250, "MW", _units("za-gas")),
            Check("flow Mozambique to South Africa", 500, "MW", _units("mz-hydro", "load-za")),
            Check("flow Eswatini to South Africa", 250, "MW", _units("sz-hydro", "load-za")),
        ),
    ),
    Case("P3 GPU mix", "p3_gpu_mix_linear", _MELANGE, (Check("objective", 4.12875, "USD per hour", _objective),)),
    Case(
        "P3 GPU mix, whole GPUs",
        "p3_gpu_mix_whole",
        _WHOLE,
        (
            Check("objective", 4.68, "USD per hour", _objective),
            Check("A10G", 1, "GPUs", _provisioned("a10g")),
            Check("A100-80GB", 1, "GPUs", _provisioned("a100-80gb")),
        ),
    ),
    Case("P4 all on demand", "p4_savings_none", _SAVINGS, (Check("bill", 59.10, "USD per hour", _objective),)),
    Case("P4 all that pays", "p4_savings_all", _SAVINGS, (Check("bill", 47.125, "USD per hour", _objective),)),
    Case(
        "P4 commitment of 2.00",
        "p4_savings_small",
        _SAVINGS,
        (
            Check("left on demand", 56.24, "USD per hour", _usage, 0.005),
            Check("used", 2.00, "USD per hour", _used("compute")),
        ),
    ),
    Case(
        "P4 commitment of 19.60",
        "p4_savings_large",
        _SAVINGS,
        (
            Check("left on demand", 32.70, "USD per hour", _usage),
            Check("used", 19.60, "USD per hour", _used("compute")),
        ),
    ),
    Case(
        "P4 two commitments",
        "p4_savings_two",
        _SAVINGS,
        (
            Check("left on demand", 32.70, "USD per hour", _usage),
            Check("used of the instance plan", 2.40, "USD per hour", _used("instance")),
            Check("used of the compute plan", 16.80, "USD per hour", _used("compute")),
        ),
    ),
    Case("P5 storage in tiers", "p5_storage_tiers", _STORAGE, (Check("bill", 1_215, "USD per month", _objective),)),
    Case(
        "P6 parallel queues",
        "p6_parallel_queues",
        _QUEUES,
        (
            Check("mean number in the system", 3.741458, "requests", _objective, 5e-7),
            Check("server of 10 per hour", 6.55517, "requests per hour", _units("fast"), 5e-6),
            Check("server of 6 per hour", 3.33164, "requests per hour", _units("middle"), 5e-6),
            Check("server of 3 per hour", 1.11319, "requests per hour", _units("slow"), 5e-6),
        ),
    ),
    Case(
        "P8 expected cost",
        "p8_two_stage",
        _TWO_STAGE,
        (
            Check("expected cost", 33_940, "USD", _objective),
            Check("base and peak capacity", 210, "MW", _bought),
        ),
    ),
    Case(
        "P9 second in whole numbers",
        "p9_whole_second",
        _FLOOR,
        (Check("objective", 9, "USD", _objective), Check("x", 4.5, "accelerators", _provisioned("x"))),
    ),
    Case(
        "P9 first in whole numbers",
        "p9_whole_first",
        _FLOOR,
        (
            Check("objective", 28.2, "USD", _objective),
            Check("x", 12, "accelerators", _provisioned("x")),
            Check("y", 8.1, "accelerators", _provisioned("y")),
        ),
    ),
    Case(
        "Reference, owned cost avoidable",
        "reference_avoidable",
        _REFERENCE,
        (
            Check("objective", 45, "USD", _objective),
            Check("private", 0, "units per hour", _units("private")),
            Check("public", 150, "units per hour", _units("public")),
        ),
    ),
    Case(
        "Reference, owned cost sunk",
        "reference_sunk",
        _REFERENCE,
        (
            Check("objective", 65, "USD", _objective),
            Check("private", 100, "units per hour", _units("private")),
            Check("public", 50, "units per hour", _units("public")),
        ),
    ),
    Case(
        "Reference, owned first",
        "reference_owned_first",
        _REFERENCE,
        (
            Check("objective", 65, "USD", _objective),
            Check("private", 100, "units per hour", _units("private")),
            Check("public", 50, "units per hour", _units("public")),
        ),
    ),
)
