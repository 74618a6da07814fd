"""A drill in words: which promises are kept, what stops, what moves, and what slows down."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any, Final

import pandas as pd

from hybridplan.analysis import format as fmt
from hybridplan.analysis import labels
from hybridplan.analysis.drills import Drill
from hybridplan.analysis.wording import plural, say
from hybridplan.domain import Scenario

_MOST: Final = 4
"""Workloads that get a sentence of their own; the table has all."""
_SLOWER_MS: Final = 0.5
_LESS: Final = 1e-6
"""Share of what is served below which a loss is rounding."""

Row = dict[Hashable, Any]


def how(kind: str, *, keep_unpromised: bool) -> str:
    """What the answer shown is an answer to."""
    return say(f"drill.how_{kind}{'_on' if kind == 'stored' and keep_unpromised else ''}")


def summary(drill: Drill, scenario: Scenario) -> list[str]:
    """The verdict on the promises, what is lost, and what stops, moves and slows down; or that there is no answer."""
    if not drill.status.has_plan:
        return [say("drill.no_answer", status=drill.status.value.replace("_", " "))]
    rows: list[Row] = drill.works.to_dict("records")
    lines = [_verdict(drill, scenario, rows), _lost(drill, scenario)]
    lines += [_short(scenario, row) for row in rows if not row["kept_promise"]][:_MOST]
    lines += _without_promise(scenario, rows)
    moved = sorted((row for row in rows if float(row["moved_units"]) > 0), key=lambda row: -float(row["moved_units"]))
    lines += [_moved(drill, scenario, row) for row in moved[:_MOST]]
    lines += [_slower(scenario, row) for row in rows if _slows(row)][:_MOST]
    return lines


def _verdict(drill: Drill, scenario: Scenario, rows: list[Row]) -> str:
    words = {
        "when": labels.moment(scenario, drill.period_start),
        "failure": labels.contingencies(scenario)[drill.contingency],
    }
    promised = [row for row in rows if float(row["promised_units_per_hour"]) > 0]
    broken = sum(not row["kept_promise"] for row in promised)
    if not promised:
        return say("drill.no_promise", **words)
    if not broken:
        return say("drill.kept", **words)
    code = "drill.broken" if broken == 1 else "drill.broken_more"
    return say(code, broken=f"{broken:,}", all=plural(len(promised), "promise"), **words)


def _lost(drill: Drill, scenario: Scenario) -> str:
    """Pools with work on them, else links; what is lost and not used is not named."""
    used = set(drill.before["pool"].astype(str))
    pools = labels.named([key for key in scenario.pools if key in drill.lost.pools & used], labels.pools(scenario))
    if pools:
        return say("drill.lost", things=fmt.shortened(pools))
    links = labels.named([key for key in scenario.links if key in drill.lost.links], labels.links(scenario))
    ways = [f"the link from {name}" for name in links]
    return say("drill.lost", things=fmt.shortened(ways)) if ways else say("drill.nothing_lost")


def _short(scenario: Scenario, row: Row) -> str:
    served = float(row["served_before"])
    promised = float(row["promised_units_per_hour"]) / served if served > 0 else 0.0
    name = labels.workloads(scenario)[str(row["workload"])]
    return say("drill.short", workload=name, left=fmt.share(float(row["share_after"])), promised=fmt.share(promised))


def _without_promise(scenario: Scenario, rows: list[Row]) -> list[str]:
    """Work without a promise that stops, or goes on in part."""
    names = labels.workloads(scenario)
    open_rows = [r for r in rows if not float(r["promised_units_per_hour"]) > 0 and float(r["served_before"]) > 0]
    stopped = [names[str(row["workload"])] for row in open_rows if float(row["share_after"]) <= _LESS]
    part = [row for row in open_rows if _LESS < float(row["share_after"]) < 1 - _LESS]
    lines = []
    if stopped:
        code = "drill.stop_one" if len(stopped) == 1 else "drill.stop"
        lines.append(say(code, workloads=fmt.shortened(stopped, _MOST)))
    for row in part[:_MOST]:
        words = {"workload": names[str(row["workload"])], "left": fmt.share(float(row["share_after"]))}
        lines.append(say("drill.part", **words))
    if all(float(row["share_after"]) >= 1 - _LESS for row in rows):
        lines.append(say("drill.all_on"))
    return lines


def _moved(drill: Drill, scenario: Scenario, row: Row) -> str:
    mine: pd.DataFrame = drill.after.loc[drill.after["workload"] == row["workload"]]
    pool = str(mine.sort_values("moved_units", ascending=False, kind="stable")["pool"].iloc[0])
    return say(
        "drill.moved",
        workload=labels.workloads(scenario)[str(row["workload"])],
        units=fmt.number(float(row["moved_units"])),
        unit=str(row["unit"]),
        pool=labels.pools(scenario)[pool],
    )


def _slows(row: Row) -> bool:
    return float(row["latency_after_ms"]) > float(row["latency_before_ms"]) + _SLOWER_MS


def _slower(scenario: Scenario, row: Row) -> str:
    before, after = (fmt.number(float(row[name])) for name in ("latency_before_ms", "latency_after_ms"))
    return say("drill.slower", workload=labels.workloads(scenario)[str(row["workload"])], before=before, after=after)
