"""What the promises of a scenario cost in each form: none, cold, shared, dedicated, each by a solve of its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from time import monotonic
from typing import Final, cast

from hybridplan.analysis.cost import unserved_share
from hybridplan.analysis.promise_ladder import LADDER, LATE, Form, FormRow, Forms
from hybridplan.analysis.promises import promised, survival
from hybridplan.audit.ledger import open_ledger
from hybridplan.domain import Scenario
from hybridplan.model.warm import WarmPlanner
from hybridplan.plan import Plan, SolveStatus
from hybridplan.settings import SOLVE_SECONDS

_KEPT: Final = 1e-6
"""Share of a promise below which what lacks is rounding."""


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
