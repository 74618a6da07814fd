"""Plan: the solved answer as labelled tables, picklable, free of any solver."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, Literal

import pandas as pd

from hybridplan.domain import Scenario
from hybridplan.errors import Issue


class SolveStatus(StrEnum):
    """How a solve ended. Only OPTIMAL and WITHIN_GAP carry a plan that passed its certificate."""

    OPTIMAL = "optimal"
    WITHIN_GAP = "within_gap"
    INFEASIBLE = "infeasible"
    NO_PLAN_IN_TIME = "no_plan_in_time"
    FAILED = "failed"

    @property
    def has_plan(self) -> bool:
        """True where tables and costs may be shown."""
        return self in (SolveStatus.OPTIMAL, SolveStatus.WITHIN_GAP)


PlanKind = Literal["linear", "conic", "mixed_integer"]
"""What was solved. With whole numbers, shadow prices hold with these numbers held fixed, and there are no ranges."""

ALLOCATION_COLUMNS: Final = (
    "workload",
    "pool",
    "block",
    "period_start",
    "accelerators_busy",
    "accelerators_assigned",
    "units_per_hour",
)
PROVISIONED_COLUMNS: Final = (
    "pool",
    "block",
    "period_start",
    "accelerators_provisioned",
    "accelerators_available",
    "accelerators_busy",
)
UNSERVED_HOURLY_COLUMNS: Final = ("workload", "block", "period_start", "units_per_hour")
UNSERVED_WINDOW_COLUMNS: Final = ("workload", "window", "units")
KEPT_COLUMNS: Final = ("pool", "accelerators_kept")
STANDBY_COLUMNS: Final = ("workload", "pool", "block", "period_start", "accelerators_standby", "units_per_hour")
REDISPATCH_COLUMNS: Final = (
    "contingency",
    "workload",
    "pool",
    "block",
    "period_start",
    "accelerators_assigned",
    "units_per_hour",
)
PURCHASE_COLUMNS: Final = ("kind", "record", "quantity")
COVERED_COLUMNS: Final = ("spend_commitment", "pool", "block", "period_start", "accelerators_covered")
PRIVATE_FLOW_COLUMNS: Final = ("link", "block", "period_start", "gb_per_hour")
COPY_COLUMNS: Final = ("dataset", "site")
SYNC_COLUMNS: Final = ("dataset", "site", "link", "share")
ROUTE_COLUMNS: Final = (
    "workload",
    "pool",
    "eligible",
    "reason",
    "detail",
    "units_per_accelerator_hour",
    "latency_floor_ms",
    "is_estimate",
    "round_trip_ms",
    "service_ms",
    "load_limit",
)
COST_LINE_COLUMNS: Final = ("term", "is_penalty", "workload", "pool", "usd", "record", "detail")
QUANTITY_COLUMNS: Final = (
    "pool",
    "busy_accelerator_hours",
    "provisioned_accelerator_hours",
    "available_accelerator_hours",
    "energy_kwh",
    "carbon_tonnes",
)
RANGE_COLUMNS: Final = ("pool", "usd_per_unit", "usd_saved_by_one", "valid_to_accelerators")
SHADOW_COLUMNS: Final = ("limit", "record", "block", "period_start", "usd_per_unit", "unit", "weight_hours")


def _empty(columns: tuple[str, ...]) -> pd.DataFrame:
    return pd.DataFrame(columns=list(columns))


@dataclass(frozen=True)
class PlanTables:
    """The decisions. Rows are labelled by id; a row that is absent from a sparse table means 0.

    ``period_start`` is a UTC timestamp. ``block`` is the block's id.

    - allocation (sparse): ALLOCATION_COLUMNS; busy = y, assigned = a (equal where there is neither queue nor gang),
      units_per_hour in the workload's own unit: e_k x y, or less where more accelerators gain less.
    - provisioned (dense, pools x periods): provisioned = n; available = most that may be provisioned; busy = sum of y.
    - unserved_hourly (sparse): rigid work, work units per hour. unserved_windows (sparse): deferrable work, work units
      per occurrence of the block.
    - kept (dense over owned pools): accelerators kept for the whole horizon; all that is installed where cost is sunk.
    - standby (sparse): accelerators that are provisioned and idle for promised work, and what they could serve after a
      failure, in the workload's own unit; not part of the allocation.
    - redispatch (sparse): where work with a shared or cold promise runs after each contingency that takes a route from
      any such work: accelerators that are then assigned, and what they serve in the workload's own unit; all of that
      work, hit or not.
    - purchases (dense over records with an option): ``kind`` commitment (new accelerators), spend_commitment (new USD
      per hour), expansion (accelerators bought) or private_line (Gbit/s bought, by link), for the whole horizon.
    - covered (sparse): accelerators of an on-demand pool that a spend commitment pays for, in place of usage.
    - private_flows (sparse): GB per hour that go over the private line of a link, part of all its traffic.
    - copies (dense): every copy of a dataset but that at home. syncs (sparse): share of the data for the copy at
      ``site`` that goes over ``link``; the same in every period, and for the first copy.
    """

    allocation: pd.DataFrame
    provisioned: pd.DataFrame
    unserved_hourly: pd.DataFrame
    unserved_windows: pd.DataFrame
    kept: pd.DataFrame
    standby: pd.DataFrame = field(default_factory=lambda: _empty(STANDBY_COLUMNS))
    redispatch: pd.DataFrame = field(default_factory=lambda: _empty(REDISPATCH_COLUMNS))
    purchases: pd.DataFrame = field(default_factory=lambda: _empty(PURCHASE_COLUMNS))
    covered: pd.DataFrame = field(default_factory=lambda: _empty(COVERED_COLUMNS))
    private_flows: pd.DataFrame = field(default_factory=lambda: _empty(PRIVATE_FLOW_COLUMNS))
    copies: pd.DataFrame = field(default_factory=lambda: _empty(COPY_COLUMNS))
    syncs: pd.DataFrame = field(default_factory=lambda: _empty(SYNC_COLUMNS))


@dataclass(frozen=True)
class Unserved:
    """Demand of one workload that is not served, over the horizon (sum of weight x hours x units per hour)."""

    quantity: float
    unit: str
    share: float
    """Of the workload's demand over the horizon; 0 where there is no demand."""


@dataclass(frozen=True)
class Certificate:
    """What was proven about a plan, without trusting the solver.

    ``gap`` = (objective - bound) / max(|objective - constants|, floor): the constants (sunk cost) must not flatter it.
    """

    passed: bool
    rules_checked: int
    max_residual: float
    """Largest relative violation over all rules."""
    worst_rule: str
    bound_usd: float
    """No plan can cost less."""
    gap: float
    bound_source: Literal["weak duality", "solver", "none"]
    optimised_usd: float
    """Objective as the optimiser saw it; equals the audited objective less ``tangent_error_usd`` up to rounding."""
    failures: tuple[str, ...] = ()
    tangent_error_usd: float = 0.0
    """Audited less modelled cost of curved terms that were solved by straight lines; part of the gap."""
    relaxation_bound_usd: float | None = None
    """With whole things: our own weak-duality bound, of the relaxation without whole numbers; ``bound_usd`` is then
    the solver's word."""


@dataclass(frozen=True)
class SolverRun:
    """Which solver ran, for how long, and under which limit."""

    name: str
    version: str
    seconds: float
    """The solver's own run time."""
    total_seconds: float
    """From scenario to tables and certificate."""
    time_limit_seconds: float
    columns: int = 0
    rows: int = 0
    message: str = ""
    gap_target: float | None = None
    """With whole things: relative gap at which the search ends."""
    stopped_early: bool = False
    """The time limit came first; the plan is the best one found until then."""


@dataclass(frozen=True)
class Baseline:
    """A greedy rule beside the plan: evaluated, not optimised."""

    objective_usd: float
    cost_usd: dict[str, float]
    penalty_usd: dict[str, float]
    unserved: dict[str, Unserved]
    breaks: tuple[str, ...]
    """Limits that the rule breaks, in words; empty: it breaks nothing."""
    tables: PlanTables


@dataclass(frozen=True)
class WholeNodes:
    """The plan with accelerators rounded up to replicas and nodes where capacity allows."""

    provisioned: pd.DataFrame
    """pool, block, period_start, nodes, accelerators_per_node, accelerators_provisioned, fits (bool)."""
    objective_usd: float
    extra_usd: float
    """Cost above the fractional plan."""
    distance_to_bound: float
    """(objective - bound) / |objective - constants|."""
    short_periods: int
    """Pool-periods in which capacity does not allow rounding up."""
    extra_tonnes: float = 0.0
    """Carbon above that of the fractional plan."""


@dataclass(frozen=True)
class Relaxation:
    """One way to make an impossible scenario possible: change this rule by this much."""

    rule: str
    """Code of the rule: the name of a limit, or latency, latency_after_failure, deadline, window_start, the name of a
    field of a record (whole_nodes, min_copies, max_new_accelerators, ...); residency, attributes, link_attributes,
    allowed_sites and denied_sites only where asked for."""
    record: str
    """Id of the record; of a window ``workload:window``; ``policy``."""
    amount: float
    """By how much it gives way, in ``unit``; 1 where a rule is dropped as a whole."""
    unit: str
    proven: bool
    """True: a re-solve with this change found a plan."""
    path: str = ""
    """Field of the scenario to change, its parts joined by ``/``."""
    new_value: float | str | tuple[str, ...] | None = None
    """What it becomes; None where a rule is dropped."""
    is_least: bool = True
    """False: time ran out before it was known that less would not do."""


@dataclass(frozen=True)
class Diagnosis:
    """Why no plan exists: single changes that would each suffice, else one set that suffices together."""

    alternatives: tuple[Relaxation, ...] = ()
    sufficient_set: tuple[Relaxation, ...] = ()
    message: str = ""
    withheld: tuple[tuple[str, str], ...] = ()
    """(rule, workload or dataset) of residency and security rules that stand in the way: without the rule there would
    be a plan. They are offered only where asked for."""


@dataclass(frozen=True)
class Plan:
    """The answer to a scenario. Tables and money are present where ``status.has_plan``."""

    scenario: Scenario
    status: SolveStatus
    solver: SolverRun
    routes: pd.DataFrame
    """Every (workload, pool) pair: ROUTE_COLUMNS; ruled-out pairs carry a reason code and its detail in words."""
    tables: PlanTables | None = None
    certificate: Certificate | None = None
    objective_usd: float | None = None
    constant_usd: float = 0.0
    """Part of the objective that no decision changes (sunk cost, existing commitments)."""
    cost_usd: dict[str, float] = field(default_factory=dict)
    penalty_usd: dict[str, float] = field(default_factory=dict)
    cost_lines: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(COST_LINE_COLUMNS)))
    """Audited money by term, workload and pool (COST_LINE_COLUMNS); sums to the objective. ``record``: the commitment,
    expansion, link or dataset that is paid for; ``detail``: "unused" for what is committed and not used."""
    quantities: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(QUANTITY_COLUMNS)))
    """Audited physical quantities over the horizon by pool (QUANTITY_COLUMNS)."""
    unserved: dict[str, Unserved] = field(default_factory=dict)
    shadow_prices: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(SHADOW_COLUMNS)))
    """Row duals per limit and period (SHADOW_COLUMNS): USD of the horizon saved by one more unit of the limit in that
    period, over all occurrences (demand rows: what one more unit costs); divide by weight_hours (g x h) for USD per
    unit and hour. ``one_more_accelerator`` and ``one_more_gbps`` hold for the whole horizon."""
    shadow_ranges: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(RANGE_COLUMNS)))
    """What one more accelerator really saves, by a re-solve, and up to how many that holds (RANGE_COLUMNS), for the
    pools with the highest shadow prices. At a kink the shadow price alone would promise too much."""
    baselines: dict[str, Baseline] = field(default_factory=dict)
    whole_nodes: WholeNodes | None = None
    diagnosis: Diagnosis | None = None
    warnings: tuple[Issue, ...] = ()
    kind: PlanKind = "linear"
    instant_objective_usd: float | None = None
    """Objective if every pool could grow and shrink at once, by a re-solve without ramps and lead times; None where
    there are none. The price of slow scaling is ``objective_usd`` less this."""

    @property
    def content_hash(self) -> str:
        """Hash of the scenario that was solved."""
        return self.scenario.content_hash
