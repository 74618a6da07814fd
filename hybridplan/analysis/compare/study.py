"""The study: every scenario solved, the others' plans as close to the first one's as their cost allows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from time import monotonic
from typing import TYPE_CHECKING, Any, Final

from hybridplan.analysis.compare import figures, inputs, moves, promises, provider_rules
from hybridplan.analysis.compare.result import CHANGE, RESERVED, Comparison, Entrant, span_of
from hybridplan.analysis.sentences import comparing
from hybridplan.domain import Scenario, require
from hybridplan.errors import InvalidInput, Issue
from hybridplan.plan import Plan, SolveStatus
from hybridplan.settings import SOLVE_SECONDS

if TYPE_CHECKING:
    from hybridplan.model.warm import WarmPlanner

MOST: Final = 4
_LEAST_SECONDS: Final = 0.01
_SORTED: Final = (
    "sites",
    "pools",
    "workloads",
    "links",
    "commitments",
    "spend_commitments",
    "expansions",
    "datasets",
)


def compare(
    scenario: Scenario,
    others: Sequence[Scenario | Mapping[str, Any]],
    *,
    names: Sequence[str] = (),
    time_limit_seconds: float | None = None,
    progress: Callable[[str], None] | None = None,
) -> Comparison:
    """Hold up to three other scenarios (or documents of such) against ``scenario``.

    Each plan is proven cheapest for its scenario. Of all its cheapest plans, every other one has the least change from
    the first plan, so that ties invent no moves; where that is not possible (``Entrant.plainly``) it is as solved.
    The order of records in a scenario changes nothing. ``names``: what the entrants are called, else their scenarios'
    names. Stops with what it has after ``time_limit_seconds`` (HYBRIDPLAN_SOLVE_SECONDS). Raises
    :class:`InvalidInput` for other numbers of scenarios, or documents that are none.
    """
    if not 1 <= len(others) < MOST:
        message = f"must be from 1 to {MOST - 1} scenarios to hold against the first"
        raise InvalidInput([Issue("others", message, str(len(others)))])
    scenarios = [scenario, *(one if isinstance(one, Scenario) else require(one) for one in others)]
    limit = SOLVE_SECONDS.read() if time_limit_seconds is None else time_limit_seconds
    return _found(scenarios, _unlike(scenarios, names), monotonic() + limit, progress or (lambda text: None))


def _found(scenarios: list[Scenario], names: list[str], deadline: float, progress: Callable[[str], None]) -> Comparison:
    from hybridplan.model.least_change import least_change  # pages import what is beside it, and need no solver
    from hybridplan.model.warm import WarmPlanner

    entrants = list[Entrant]()
    planner, complete = WarmPlanner(), True
    for name, one in zip(names, scenarios, strict=True):
        progress(f"Solving {len(entrants) + 1} of {len(scenarios)}")
        plan = _solved(planner, one, deadline)
        entrant = Entrant(name, plan)
        if entrants and plan.status.has_plan:
            progress(f"Looking for the plan of {len(entrants) + 1} of {len(scenarios)} with the fewest moves")
            closest = least_change(entrants[0].plan, plan, max(deadline - monotonic(), 0.0))
            rules = provider_rules.that_cost(
                entrants[0].plan, plan, lambda changed: _solved(planner, changed, deadline, priced=False)
            )
            entrant = Entrant(name, closest.plan, closest.plainly, rules)
        complete &= plan.status is not SolveStatus.NO_PLAN_IN_TIME and entrant.plainly != "not_found"
        entrants.append(entrant)
    return _told(entrants, complete)


def _solved(planner: WarmPlanner, scenario: Scenario, deadline: float, *, priced: bool = True) -> Plan:
    left = max(deadline - monotonic(), _LEAST_SECONDS)
    return planner.plan(_in_order(scenario), time_limit_seconds=left, priced=priced)


def _told(entrants: list[Entrant], complete: bool) -> Comparison:
    span, promised = span_of([entrant.plan for entrant in entrants]), promises.table(entrants)
    found = Comparison(
        tuple(entrants),
        span,
        inputs.table(entrants),
        figures.table(entrants, span, promised),
        figures.waterfall(entrants, span),
        moves.by_route(entrants, span),
        moves.hourly(entrants),
        promised,
        (),
        complete,
    )
    return comparing.with_sentences(found)


def _in_order(scenario: Scenario) -> Scenario:
    """The same scenario with its records by id: whichever of equally cheap plans a solver finds depends on it."""
    changed = {name: dict(sorted(getattr(scenario, name).items())) for name in _SORTED}
    works = changed["workloads"]
    changed["workloads"] = {
        key: work.model_copy(update={"windows": dict(sorted(work.windows.items()))}) for key, work in works.items()
    }
    return scenario.model_copy(update=changed)


def _unlike(scenarios: Sequence[Scenario], names: Sequence[str]) -> list[str]:
    """One name per scenario, no two alike."""
    wanted = [(names[i] if i < len(names) else "") or one.name for i, one in enumerate(scenarios)]
    often = Counter(wanted)
    taken = {*RESERVED, *(f"{CHANGE}{name}" for name in wanted)}
    out = list[str]()
    for position, name in enumerate(wanted):
        found = name if often[name] == 1 else f"{name} ({position + 1})"
        while found in taken or (found != name and found in often):
            found += "'"
        taken |= {found, f"{CHANGE}{found}"}
        out.append(found)
    return out
