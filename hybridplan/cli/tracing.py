"""``hybridplan frontier``: what each step of a second aim costs, as a table, CSV or JSON."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Final

from hybridplan.cli.output import ExitCode, print_json, print_table, say
from hybridplan.cli.solving import causes, read_scenario, require_time
from hybridplan.errors import InvalidInput, Issue

if TYPE_CHECKING:
    from hybridplan.analysis.frontier import Frontier

MOST_POINTS: Final = 500


class Aim(StrEnum):
    """What the costs are traded against."""

    LATENCY_OBJECTIVE = "latency_objective"
    MEAN_LATENCY = "mean_latency"
    CARBON = "carbon"
    PROVIDER_SHARE = "provider_share"
    INTERRUPTIBLE_SHARE = "interruptible_share"
    PROMISE = "promise"
    UNSERVED = "unserved"


class SeriesFormat(StrEnum):
    """Form of a printed series."""

    TABLE = "table"
    CSV = "csv"
    JSON = "json"


def frontier_of_file(
    path: Path, against: Aim, of: str, points: int, output: SeriesFormat, time_limit_seconds: float | None
) -> ExitCode:
    """Trace the frontier of the scenario in ``path`` and print it on stdout; what is missing goes to stderr."""
    require_time(time_limit_seconds)
    if not 2 <= points <= MOST_POINTS:
        raise InvalidInput([Issue("--points", f"must be from 2 to {MOST_POINTS}", str(points))])
    scenario = read_scenario(path)

    from hybridplan.analysis import frontier

    _require_workload(of, against, frontier.MEASURES[against.value].records(scenario))
    found = frontier.frontier(scenario, against.value, of=of, points=points, time_limit_seconds=time_limit_seconds)
    code = _verdict(found)
    say(*_remarks(found, points))
    if code is ExitCode.INFEASIBLE:
        say(*causes(scenario, time_limit_seconds))
    _print(found, output)
    return code


def _require_workload(of: str, against: Aim, known: list[str]) -> None:
    """The workload that the aim is about must be one of ``known``; only the mean latency cannot do without."""
    if of in known or (not of and against is not Aim.MEAN_LATENCY):
        return
    fix = f"Give one of: {', '.join(known)}." if known else "Leave it out, or choose another aim."
    raise InvalidInput([Issue("--of", f"is no workload whose {against.value} can be capped", of, mend=fix)])


def _verdict(found: Frontier) -> ExitCode:
    from hybridplan.plan import SolveStatus

    if found.points:
        return ExitCode.OK
    return ExitCode.INFEASIBLE if found.status is SolveStatus.INFEASIBLE else ExitCode.NO_ANSWER


def _remarks(found: Frontier, points: int) -> list[str]:
    if not found.points and not found.complete:
        return ["Time was up before the first point."]
    if not found.points and found.status.has_plan:
        return ["The cheapest plan serves nothing of this workload, so there is no latency to shorten."]
    if not found.points:
        return [f"There is no plan without a cap either ({found.status.value}): hybridplan solve says why."]
    lines = []
    if len(found.points) < points:
        why = "nothing between them to tell apart" if found.complete else "the time was up"
        lines.append(f"{len(found.points)} of {points} points: {why}.")
    if not found.serves_all:
        lines.append("The cheapest plan leaves work unserved, and points may differ in that: see unserved_share.")
    return lines


def _print(found: Frontier, output: SeriesFormat) -> None:
    from hybridplan.io import exports

    table = found.table()
    if output is SeriesFormat.CSV:
        sys.stdout.write(exports.table_csv(table))
    elif output is SeriesFormat.JSON:
        head = {
            "against": found.aim,
            "of": found.of,
            "unit": found.unit,
            "status": found.status.value,
            "serves_all": found.serves_all,
            "complete": found.complete,
        }
        print_json({**head, "points": exports.rows(table)})
    else:
        print_table(f"Cheapest plans, USD over the horizon; cap and reached in {found.unit}", table)
