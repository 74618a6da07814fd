"""The outcome of a drill in one sentence, and what would change it."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any, Final

from hybridplan.analysis import format as fmt
from hybridplan.analysis import labels
from hybridplan.analysis.drills import Drill
from hybridplan.analysis.wording import say
from hybridplan.domain import Scenario

_LESS: Final = 1e-6
"""Share of what is served below which a difference is rounding."""
_MORE: Final = 1e-4
"""Share of what is served from which a better answer is worth a word."""
_MOST: Final = 4
"""Workloads that get a sentence of their own."""

Row = dict[Hashable, Any]


def headline(scenario: Scenario, drill: Drill) -> str:
    """``Tue 24 Nov 2026, 14:00, after the loss of Frankfurt: chat goes on fully from AWS (90 ms instead of 12 ms);
    fine-tuning stops.``
    """
    if not drill.status.has_plan:
        return say("outcome.no_answer")
    words = {
        "failure": labels.contingencies(scenario)[drill.contingency],
        "moment": labels.moment(scenario, drill.period_start),
    }
    names, rows = labels.workloads(scenario), _running(drill)
    parts = [_moved(scenario, drill, row) for row in rows if not _is_same(row) and not _stops(row)]
    same = [names[str(row["workload"])] for row in rows if _is_same(row)]
    stopped = [names[str(row["workload"])] for row in rows if _stops(row)]
    if same:
        go = "goes" if len(same) == 1 else "go"
        parts.append(say("outcome.as_before", workloads=fmt.shortened(same, _MOST), go=go))
    if stopped:
        stop = "stops" if len(stopped) == 1 else "stop"
        parts.append(say("outcome.stops", workloads=fmt.shortened(stopped, _MOST), stop=stop))
    if not parts:
        return say("outcome.nothing_runs", **words)
    return say("outcome.headline", parts="; ".join(parts), **words)


def changes(scenario: Scenario, drill: Drill, best: Drill | None = None, rented: Drill | None = None) -> list[str]:
    """What would change the outcome where something stops or goes on in part: promises, time, and the best answers as
    far as they are known. Empty where all goes on.
    """
    short = [row for row in _running(drill) if row["share_after"] < 1 - _LESS]
    if not short or not drill.status.has_plan:
        return []
    names = labels.workloads(scenario)
    waiting = [names[str(row["workload"])] for row in short if row["flexibility"] == "deferrable"]
    found = _promises(scenario, [str(row["workload"]) for row in short if row["flexibility"] != "deferrable"])
    if waiting:
        found.append(say("outcome.wait", workloads=fmt.shortened(waiting, _MOST)))
    for other, before, code in ((best, drill, "best"), (rented, best or drill, "rented")):
        if other is not None and other.status.has_plan:
            parts = _better(scenario, before, other)
            more = say(f"outcome.{code}_more", parts=fmt.listed(parts[:_MOST]))
            found.append(more if parts else say(f"outcome.{code}_same"))
    return found


def _running(drill: Drill) -> list[Row]:
    """Rows of works that run in that hour, in their order."""
    return [row for row in drill.works.to_dict("records") if row["served_before"] > 0]


def _stops(row: Row) -> bool:
    return bool(row["share_after"] <= _LESS)


def _is_same(row: Row) -> bool:
    return bool(row["share_after"] >= 1 - _LESS and row["moved_units"] <= _LESS * row["served_before"])


def _moved(scenario: Scenario, drill: Drill, row: Row) -> str:
    key = str(row["workload"])
    mine = drill.after.loc[(drill.after["workload"] == key) & (drill.after["units_per_hour"] > 0)]
    by_site = mine.groupby("site", sort=False)["units_per_hour"].sum().sort_values(ascending=False, kind="stable")
    before, after = (fmt.number(float(row[name])) for name in ("latency_before_ms", "latency_after_ms"))
    sites = fmt.shortened(labels.named([str(site) for site in by_site.index], labels.sites(scenario)))
    words = {
        "workload": labels.workloads(scenario)[key],
        "places": f" {say('outcome.places', sites=sites)}",
        "latency": f" {say('outcome.latency', before=before, after=after)}" if before != after else "",
    }
    if row["share_after"] >= 1 - _LESS:
        return say("outcome.fully", **words)
    return say("outcome.partly", share=fmt.share(float(row["share_after"])), **words)


def _promises(scenario: Scenario, keys: list[str]) -> list[str]:
    """What a promise, or one of more, would do for these workloads; those that have none in one sentence."""
    names, works = labels.workloads(scenario), scenario.workloads
    found = [
        say("outcome.share", share=fmt.share(works[key].promised_share), workload=names[key])
        for key in keys
        if works[key].promised_share > 0
    ][:_MOST]
    without = [names[key] for key in keys if not works[key].promised_share > 0]
    if without:
        code = "outcome.promise" if len(without) == 1 else "outcome.promise_each"
        found.append(say(code, workloads=fmt.shortened(without, _MOST)))
    return found


def _better(scenario: Scenario, before: Drill, after: Drill) -> list[str]:
    """Workloads of which the later answer serves more."""
    names, old = labels.workloads(scenario), before.works.set_index("workload")["share_after"].to_dict()
    return [
        say(
            "outcome.part",
            workload=names[str(row["workload"])],
            share=fmt.share(float(row["share_after"])),
            stored=fmt.share(float(old[row["workload"]])),
        )
        for row in _running(after)
        if row["share_after"] > old[row["workload"]] + _MORE
    ]
