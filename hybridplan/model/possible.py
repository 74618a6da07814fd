"""Whether a scenario has any plan at all: a solve without costs, whose answer is audited."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from time import monotonic
from typing import Final

import cvxpy as cp
import numpy as np
import pandas as pd

from hybridplan.audit import audit
from hybridplan.domain import Scenario, Workload
from hybridplan.domain.features import whole_fields
from hybridplan.model.data import Data
from hybridplan.model.extract import extract
from hybridplan.model.formulation import formulate
from hybridplan.model.linear import Outcome, run
from hybridplan.model.periods import Array
from hybridplan.model.solve import optimise
from hybridplan.model.values import unserved_hourly, unserved_windows
from hybridplan.plan import PlanTables, SolveStatus

_KNOWN: Final[tuple[Outcome, ...]] = ("optimal", "feasible")
_SOON: Final = 0.5
"""Share of the time for whole numbers without costs: with a tight budget, costs lead to a plan."""
_ANSWERS: Final = {SolveStatus.INFEASIBLE: False, SolveStatus.OPTIMAL: True, SolveStatus.WITHIN_GAP: True}


def rewards_work(scenario: Scenario) -> bool:
    """Whether some rule may be kept by more work: a least use, a least number of providers, a share in all work."""
    policy = scenario.policy
    shares = policy.min_providers > 0 or (policy.provider_share_cap or 1.0) < 1.0
    return shares or any(pool.min_busy_share for pool in scenario.pools.values())


def essential(scenario: Scenario) -> Scenario:
    """The scenario without work that may stay undone, which has a plan exactly where the whole has one.

    Work with a shared or cold promise stays, with no demand: failures that hit it make other such work move too.
    """
    left_out = _left_out(scenario)
    works = {
        key: work.model_copy(update={"demand_units_per_hour": _nothing(work)}) if key in left_out else work
        for key, work in scenario.workloads.items()
        if key not in left_out or (work.promised_share > 0 and work.promise_form != "dedicated")
    }
    return scenario.model_copy(update={"workloads": works})


def _nothing(work: Workload) -> dict[str, tuple[float, ...]]:
    return {block: (0.0,) * len(values) for block, values in work.demand_units_per_hour.items()}


def _left_out(scenario: Scenario) -> set[str]:
    """Work that may stay wholly unserved and is followed by nothing that may not; none where a rule rewards work."""
    if rewards_work(scenario):
        return set()
    works = scenario.workloads
    kept = {key for key, work in works.items() if work.must_serve or work.unserved_share_cap is not None}
    waiting = list(kept)
    while waiting:
        before = works[waiting.pop()].after
        if before is not None and before not in kept:
            kept.add(before)
            waiting.append(before)
    return set(works) - kept


def possible(scenario: Scenario, seconds: float, hint: Mapping[str, Array] | None = None) -> bool | None:
    """True: a plan of the whole scenario was found and passed the audit. False: it was proven that there is none.

    Solved is :func:`essential`; the work left out is unserved in the plan that is audited. None: not settled within
    ``seconds``. ``hint``: whole numbers that are tried first, as for :func:`formulate`. What has curved terms,
    does not pass, or has whole numbers that are not found soon goes to :func:`hybridplan.model.solve.optimise`.
    """
    deadline = monotonic() + seconds
    outcome, tables = _any_plan(essential(scenario), seconds * (_SOON if whole_fields(scenario) else 1.0), hint or {})
    if outcome == "infeasible":
        return False
    if tables is not None and audit(scenario, _with_the_rest(scenario, tables)).ok:
        return True
    left = deadline - monotonic()
    if left <= 0:
        return None
    return _ANSWERS.get(optimise(scenario, time_limit_seconds=left).status)


def likely(scenario: Scenario, seconds: float) -> bool | None:
    """As :func:`possible`, but what the solver found is not audited; quicker, for a search of which the end is."""
    model = formulate(Data(essential(scenario)))
    if model.kind == "conic":
        return possible(scenario, seconds)
    outcome = run(model.problem(cp.Constant(0.0)), seconds).outcome
    return outcome in _KNOWN if outcome in (*_KNOWN, "infeasible") else None


def _any_plan(scenario: Scenario, seconds: float, hint: Mapping[str, Array]) -> tuple[Outcome, PlanTables | None]:
    """How the solve ended, and the plan that it found."""
    deadline, data = monotonic() + seconds, Data(scenario)
    model = formulate(data)
    wholes = model.decisions.wholes
    if model.kind == "conic":
        return "failed", None
    if model.kind == "mixed_integer" and {k: part.shape for k, part in wholes.items()} == _shapes(hint):
        tables = _with_fixed(data, hint, deadline)
        if tables is not None:
            return "feasible", tables
    found = run(model.problem(cp.Constant(0.0)), max(deadline - monotonic(), 0.0))
    if found.outcome not in _KNOWN:
        return found.outcome, None
    if model.kind != "mixed_integer":
        return found.outcome, extract(model.decisions, data)
    chosen = {name: np.round(np.asarray(part.value)) for name, part in wholes.items()}
    # Whole numbers that were rounded prove nothing where they leave no plan.
    tables = _with_fixed(data, chosen, deadline)
    return "failed" if tables is None else found.outcome, tables


def _with_fixed(data: Data, wholes: Mapping[str, Array], deadline: float) -> PlanTables | None:
    model = formulate(data, wholes)
    found = run(model.problem(cp.Constant(0.0)), max(deadline - monotonic(), 0.0))
    return extract(model.decisions, data) if found.outcome in _KNOWN else None


def _shapes(values: Mapping[str, Array]) -> dict[str, tuple[int, ...]]:
    return {name: value.shape for name, value in values.items()}


def _with_the_rest(scenario: Scenario, tables: PlanTables) -> PlanTables:
    """The plan of the essential scenario as one of the whole: all other work stays unserved."""
    left_out = _left_out(scenario)
    if not left_out:
        return tables
    data = Data(scenario)
    rigid = np.array([key in left_out for key in data.rigid], dtype=float).reshape(-1, 1)
    volumes = np.array([row.volume_units if row.workload in left_out else 0.0 for row in data.windows])
    return replace(
        tables,
        unserved_hourly=_joined(tables.unserved_hourly, unserved_hourly(data, data.demand * rigid)),
        unserved_windows=_joined(tables.unserved_windows, unserved_windows(data, volumes)),
    )


def _joined(one: pd.DataFrame, other: pd.DataFrame) -> pd.DataFrame:
    parts = [part for part in (one, other) if len(part)]
    return pd.concat(parts, ignore_index=True) if parts else one
