"""``hybridplan solve``: read a scenario, solve it, print the plan, and say with the exit code how it ended."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING

from hybridplan.cli.output import ExitCode, Format, print_json, print_table, read_file, say, say_issues
from hybridplan.errors import InvalidInput, Issue

if TYPE_CHECKING:
    from hybridplan.domain import Scenario
    from hybridplan.plan import Plan


def solve_file(
    path: Path, output: Format, time_limit_seconds: float | None, *, offer_residency: bool = False
) -> ExitCode:
    """Solve the scenario in ``path`` and print its plan on stdout; faults and reasons go to stderr.

    ``offer_residency``: where there is no plan, changes of residency and security rules are offered too.
    """
    require_time(time_limit_seconds)
    scenario = read_scenario(path)

    from hybridplan.analysis import planner

    plan = planner.solve(scenario, time_limit_seconds=time_limit_seconds, offer_residency=offer_residency)
    code = verdict(plan)
    say(*reasons(plan, code))
    if output is Format.JSON:
        from hybridplan.io import exports

        print_json(exports.plan_json(plan))
    elif plan.status.has_plan:
        _print_plan(plan)
    return code


def verdict(plan: Plan) -> ExitCode:
    """0 only where the audit passed and a bound is known; 3 infeasible; 4 for everything else."""
    from hybridplan.plan import SolveStatus

    if plan.status is SolveStatus.INFEASIBLE:
        return ExitCode.INFEASIBLE
    proof = plan.certificate
    if not plan.status.has_plan or proof is None or not proof.passed:
        return ExitCode.NO_ANSWER
    is_bounded = proof.bound_source != "none" and math.isfinite(proof.bound_usd)
    return ExitCode.OK if is_bounded else ExitCode.NO_ANSWER


def require_time(seconds: float | None) -> None:
    """Raises :class:`InvalidInput` for a time limit that is none."""
    if seconds is not None and not 0 < seconds < math.inf:
        raise InvalidInput([Issue("--time-limit", "must be a positive number", f"{seconds:g}", "s")])


def read_scenario(path: Path) -> Scenario:
    """The scenario in ``path``, its warnings on stderr; raises :class:`InvalidInput` with every issue."""
    data = read_file(path)

    from hybridplan.io import scenario_file

    scenario, issues = scenario_file.read(data)
    if scenario is None:
        raise InvalidInput(issues)
    say_issues(issues)
    return scenario


def reasons(plan: Plan, code: ExitCode) -> list[str]:
    """Why there is no answer, in words; nothing where there is one."""
    from hybridplan.analysis import sentences

    if code is ExitCode.OK:
        return []
    lines = [sentences.status.no_plan(plan)]
    if code is ExitCode.INFEASIBLE:
        lines += sentences.diagnosis.explain(plan)
        lines += sentences.diagnosis.withheld(plan.scenario, plan.diagnosis)
    if plan.certificate:
        lines += plan.certificate.failures
    return lines


def causes(scenario: Scenario, time_limit_seconds: float | None) -> list[str]:
    """What would make an impossible scenario possible, in words."""
    from hybridplan.analysis import sentences
    from hybridplan.analysis.diagnose import diagnosis

    found = diagnosis(scenario, time_limit_seconds=time_limit_seconds)
    return [*sentences.diagnosis.changes(scenario, found), *sentences.diagnosis.withheld(scenario, found)]


def _print_plan(plan: Plan) -> None:
    from hybridplan.analysis import allocation, cost, sentences

    assert plan.tables is not None
    print(sentences.decision.headline(plan))
    print(sentences.badge(plan).text)
    for line in sentences.decision.unserved(plan):
        print(line)
    print_table("What runs where, over the horizon", allocation.totals(plan.scenario, plan.tables))
    print_table("Cost in USD over the horizon, by term", cost.by_term(plan))
    print_table("Against simple rules, in USD over the horizon", cost.against_baselines(plan))
