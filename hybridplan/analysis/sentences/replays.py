"""Random failures in words: what is served over time against what is to be, and what takes most of it."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any, Final

from hybridplan.analysis import format as fmt
from hybridplan.analysis import labels
from hybridplan.analysis.drills import Replay
from hybridplan.analysis.wording import plural, say
from hybridplan.domain import Scenario

_MOST: Final = 6
"""Workloads that get a sentence of their own; the table has all."""
_CLOSE: Final = 2.0
"""Standard errors within which the mean may lie on the other side of the objective."""

Row = dict[Hashable, Any]


def summary(found: Replay, scenario: Scenario) -> list[str]:
    """What was replayed, each workload against its objective, and the largest cause of what it loses."""
    per_year = float(found.failures["failures"].sum()) if len(found.failures) else 0.0
    runs, years = plural(found.runs, "run"), fmt.years(found.years)
    failures = f"{fmt.number(per_year)} {'failure' if per_year == 1 else 'failures'}"
    lines = [say("replay.of", runs=runs, years=years, failures=failures)]
    if per_year == 0:
        lines.append(say("replay.none"))
    rows: list[Row] = found.works.to_dict("records")
    rows.sort(key=lambda row: not _has_objective(row))
    for row in rows[:_MOST]:
        lines += [_against(scenario, row), *_close(scenario, row)]
        lines += _cause(found, scenario, row)
    return lines


def how() -> str:
    """What availability says that a promise does not."""
    return say("replay.how")


def _has_objective(row: Row) -> bool:
    return float(row["availability_objective_share"]) > 0


def _against(scenario: Scenario, row: Row) -> str:
    words = {
        "workload": labels.workloads(scenario)[str(row["workload"])],
        "availability": fmt.availability(float(row["availability"])),
    }
    if not _has_objective(row):
        return say("replay.plain", **words)
    objective = float(row["availability_objective_share"])
    words["objective"] = fmt.availability(objective)
    if float(row["planned_availability"]) < objective:
        return say("replay.planned_short", planned=fmt.availability(float(row["planned_availability"])), **words)
    code = "replay.met" if float(row["availability"]) >= objective else "replay.missed"
    return say(code, share=fmt.share(float(row["runs_that_meet_share"])), **words)


def _close(scenario: Scenario, row: Row) -> list[str]:
    """That the runs are too few to tell."""
    error = float(row["standard_error"])
    if not _has_objective(row):
        return []
    distance = abs(float(row["availability"]) - float(row["availability_objective_share"]))
    if not error > 0 or distance > _CLOSE * error:
        return []
    name = labels.workloads(scenario)[str(row["workload"])]
    return [say("replay.close", workload=name, error=fmt.share(error))]


def _cause(found: Replay, scenario: Scenario, row: Row) -> list[str]:
    mine = found.losses.loc[(found.losses["workload"] == row["workload"]) & (found.losses["units_lost"] > 0)]
    if mine.empty:
        return []
    worst = mine.sort_values("units_lost", ascending=False, kind="stable").iloc[0]
    return [
        say(
            "replay.cause",
            workload=labels.workloads(scenario)[str(row["workload"])],
            failure=labels.contingencies(scenario)[str(worst["contingency"])],
            units=fmt.number(float(worst["units_lost"])),
            unit=str(row["unit"]),
        )
    ]
