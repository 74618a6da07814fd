"""What the promises of a scenario cost in each form: none, cold, shared, dedicated, each by a solve of its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from time import monotonic
from typing import Final, Literal, cast

from hybridplan.analysis.cost import unserved_share
from hybridplan.analysis.promises import promised, survival
from hybridplan.audit.ledger import open_ledger
from hybridplan.domain import Scenario
from hybridplan.model.warm import WarmPlanner
from hybridplan.plan import Plan, SolveStatus
from hybridplan.settings import SOLVE_SECONDS

Form = Literal["given", "none", "cold", "shared", "dedicated"]

LADDER: Final[tuple[Form, ...]] = ("none", "cold", "shared", "dedicated")
"""From the cheapest to the dearest: each asks for at least what the one before it asks for."""
LATE: Final = "late"
"""Status of a form that was not tried, since the time was up."""
_KEPT: Final = 1e-6
"""Share of a promise below which what lacks is rounding."""


@dataclass(frozen=True)
class FormRow:
    """The plan with all promises in one form; numbers are None where there is no plan."""

    form: Form
    """``given``: as the scenario states them."""
    status: str = LATE
    """A SolveStatus, or ``late``."""
    objective_usd: float | None = None
    bound_usd: float | None = None
    """No plan in this form costs less."""
    bills_usd: float | None = None
    """Without penalties."""
    unserved_share: float | None = None
    """Largest share of a workload's demand that is not served."""
    standby_accelerators: float | None = None
    """Most accelerators at one time that stand by for one workload each; shared and cold promises have none."""
    idle_accelerators: float | None = None
    """Provisioned and not busy, in the mean over the horizon."""
    left_share: float | None = None
    """The smallest share of promised work that goes on after any failure."""
    broken: int | None = None
    """Promises (workload and failure) that are not kept: those of the scenario, also in a plan that promises none."""
    is_given: bool = False
    """Whether the scenario states exactly this."""


@dataclass(frozen=True)
class Forms:
    """One row per form, in the order of the ladder; last the scenario's own promises where these are a mix."""

    rows: tuple[FormRow, ...]
    promises: int
    """How many pairs of a promised workload and a failure there are."""
    plan_hours: float
    complete: bool = False
    """False where the time was up before everything was solved."""

    def row(self, form: Form) -> FormRow | None:
        """The row of a form; ``given``: that of the promises as they are stated, whatever it is called."""
        mine = (one for one in self.rows if (one.is_given if form == "given" else one.form == form))
        return next(mine, None)

    def extra_usd(self, row: FormRow) -> float | None:
        """Objective above that without promises; None where one of the two is not known."""
        none = self.row("none")
        if none is None or none.objective_usd is None or row.objective_usd is None:
            return None
        return row.objective_usd - none.objective_usd


def in_form(scenario: Scenario, form: Form) -> Scenario:
    """The scenario with all its promises in this form; ``none``: without any."""
    if form == "given":
        return scenario
    change: dict[str, object] = {"promised_share": 0.0} if form == "none" else {"promise_form": form}
    chosen = promised(scenario)
    works = {key: work.model_copy(update=change) if key in chosen else work for key, work in scenario.workloads.items()}
    return scenario.model_copy(update={"workloads": works})


def forms(
    scenario: Scenario,
    *,
    time_limit_seconds: float | None = None,
    progress: Callable[[str], None] | None = None,
    partial: Callable[[Forms], None] | None = None,
) -> Forms:
    """The ladder none, cold, shared, dedicated: every promised workload in this form, with the share that is promised.

    Every row is a plan that is audited and bounded. Without promises there are no rows. Stops with what it has after
    ``time_limit_seconds`` (HYBRIDPLAN_SOLVE_SECONDS).
    """
    limit = SOLVE_SECONDS.read() if time_limit_seconds is None else time_limit_seconds
    deadline, planner = monotonic() + limit, WarmPlanner()
    wanted = _wanted(scenario)
    count = len(promised(scenario)) * len(scenario.policy.contingencies)
    found = Forms(wanted, count, scenario.horizon.plan_hours)
    for number, row in enumerate(wanted):
        left = deadline - monotonic()
        if left <= 0:
            return found
        if progress is not None:
            progress(f"Form {number + 1} of {len(wanted)}")
        share = left / (len(wanted) - number)
        plan = planner.plan(in_form(scenario, row.form), time_limit_seconds=share, priced=False)
        solved = _solved(scenario, row, plan)
        found = replace(found, rows=(*found.rows[:number], solved, *found.rows[number + 1 :]))
        if partial is not None:
            partial(found)
    late = {LATE, SolveStatus.NO_PLAN_IN_TIME.value}
    return replace(found, complete=all(row.status not in late for row in found.rows))


def _wanted(scenario: Scenario) -> tuple[FormRow, ...]:
    given = {scenario.workloads[key].promise_form for key in promised(scenario)}
    if not given:
        return ()
    only = cast("Form", next(iter(given))) if len(given) == 1 else None
    rows = tuple(FormRow(form, is_given=form == only) for form in LADDER)
    return rows if only else (*rows, FormRow("given", is_given=True))


def _solved(scenario: Scenario, row: FormRow, plan: Plan) -> FormRow:
    row = replace(row, status=plan.status.value)
    if plan.tables is None or plan.objective_usd is None or plan.certificate is None:
        return row
    ledger = open_ledger(plan.scenario, plan.tables)
    hours = ledger.axes.weight_hours
    idle = ledger.provisioned - ledger.busy_by_pool
    # A plan without promises carries what survives of its allocation, as dedicated work without standby does.
    judged = in_form(scenario, "dedicated") if row.form == "none" else plan.scenario
    kept = survival(judged, plan.tables)
    broken = kept["left_share"] < kept["promised_share"] - _KEPT
    return replace(
        row,
        objective_usd=plan.objective_usd,
        bound_usd=plan.certificate.bound_usd,
        bills_usd=sum(plan.cost_usd.values()),
        unserved_share=unserved_share(plan),
        standby_accelerators=float(ledger.standby.sum(axis=0).max(initial=0.0)),
        idle_accelerators=float((idle @ hours).sum() / hours.sum()),
        left_share=float(kept["left_share"].min()),
        broken=int(broken.sum()),
    )
