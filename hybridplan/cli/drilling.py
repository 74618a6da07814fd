"""``hybridplan drill`` and ``hybridplan replay``: a scenario is solved, and then things fail."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hybridplan.cli.output import ExitCode, Format, print_json, print_table, say
from hybridplan.cli.solving import read_scenario, reasons, require_time, verdict
from hybridplan.errors import InvalidInput, Issue

if TYPE_CHECKING:
    from hybridplan.analysis.drills import Drill, Replay
    from hybridplan.domain import Scenario
    from hybridplan.plan import Plan


class Answer(StrEnum):
    """What answers a failure."""

    STORED = "stored"
    BEST = "best"
    BEST_RENTED = "best_rented"


def drill_file(
    path: Path,
    contingency: str,
    period: str | None,
    answer: Answer,
    output: Format,
    time_limit_seconds: float | None,
    *,
    keep_unpromised: bool,
) -> ExitCode:
    """Solve the scenario in ``path``, let the contingency happen, and print what goes on; words go to stderr."""
    moment = None if period is None else _moment(period)
    scenario = read_scenario(path)
    if contingency not in scenario.policy.contingencies:
        known = ", ".join(scenario.policy.contingencies) or "none"
        raise InvalidInput([Issue("--contingency", "is not known", contingency, mend=f"Known: {known}.")])
    plan, code = _solved(scenario, time_limit_seconds)
    if code is not ExitCode.OK:
        return code

    from hybridplan.analysis.drills.drilling import drill
    from hybridplan.analysis.sentences import outcomes

    found = drill(plan, contingency, moment, answer=answer.value, keep_unpromised=keep_unpromised)
    say(outcomes.headline(plan.scenario, found), *outcomes.changes(plan.scenario, found))
    _print_drill(found, output)
    return ExitCode.OK if found.status.has_plan else ExitCode.NO_ANSWER


def replay_file(
    path: Path,
    years: float,
    runs: int,
    seed: int,
    output: Format,
    time_limit_seconds: float | None,
    *,
    keep_unpromised: bool,
) -> ExitCode:
    """Solve the scenario in ``path``, replay random failures over it, and print how available work is."""
    from hybridplan.analysis.drills.replaying import replay, require

    require(years, runs, seed)
    scenario = read_scenario(path)
    plan, code = _solved(scenario, time_limit_seconds)
    if code is not ExitCode.OK:
        return code

    from hybridplan.analysis.sentences import replays

    found = replay(plan, years=years, runs=runs, seed=seed, keep_unpromised=keep_unpromised)
    say(*replays.summary(found, plan.scenario))
    _print_replay(found, output)
    return ExitCode.OK


def _solved(scenario: Scenario, time_limit_seconds: float | None) -> tuple[Plan, ExitCode]:
    """The plan, and how the solve ended; why there is none goes to stderr, as ``hybridplan solve`` says it."""
    require_time(time_limit_seconds)

    from hybridplan.analysis import planner

    plan = planner.solve(scenario, time_limit_seconds=time_limit_seconds)
    code = verdict(plan)
    say(*reasons(plan, code))
    return plan, code


def _moment(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        mend = "Write it like 2026-11-24T14:00:00+01:00; without an offset it is UTC."
        raise InvalidInput([Issue("--period", "is no time", text, mend=mend)]) from None


def _print_drill(found: Drill, output: Format) -> None:
    from hybridplan.io import exports

    tables = {"works": found.works, "before": found.before, "after": found.after}
    if output is Format.JSON:
        lost = {name: sorted(getattr(found.lost, name)) for name in ("sites", "pools", "links")}
        head: dict[str, Any] = {
            "kind": found.kind,
            "status": found.status.value,
            "contingency": found.contingency,
            "block": found.block,
            "period_start": found.period_start.isoformat(),
            "lost": lost,
        }
        print_json({**head, **{name: exports.rows(table) for name, table in tables.items()}})
        return
    names = ["workload", "unit", "served_before", "served_after", "promised_units_per_hour", "kept_promise"]
    print_table("What goes on, units per hour", found.works[[*names, "latency_before_ms", "latency_after_ms"]])
    print_table("Before", found.before)
    print_table("After", found.after)


def _print_replay(found: Replay, output: Format) -> None:
    from hybridplan.io import exports

    tables = {
        "works": found.works,
        "failures": found.failures,
        "losses": found.losses,
        "worst_events": found.events,
    }
    if output is Format.JSON:
        head = {name: getattr(found, name) for name in ("years", "runs", "seed", "keep_unpromised")}
        print_json({**head, **{name: exports.rows(table) for name, table in tables.items()}})
        return
    names = ["workload", "planned_availability", "availability", "availability_p5", "short_minutes_per_year"]
    goals = ["availability_objective_share", "runs_that_meet_share"]
    print_table("Share of demand that is served", found.works[[*names, *goals]])
    print_table("Failures per year", found.failures)
    print_table("Units lost per year", found.losses)
