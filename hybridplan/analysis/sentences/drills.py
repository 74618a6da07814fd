"""A drill in words: which promises are kept, what happens to the work, what is lost, and what would change it."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any, Final

from hybridplan.analysis import format as fmt
from hybridplan.analysis import labels
from hybridplan.analysis.drills import Drill
from hybridplan.analysis.sentences import outcomes
from hybridplan.analysis.wording import plural, say
from hybridplan.domain import Scenario

_MOST: Final = 4
"""Workloads that get a sentence of their own; the table has all."""

Row = dict[Hashable, Any]


def how(kind: str, *, keep_unpromised: bool) -> str:
    """What the answer shown is an answer to."""
    return say(f"drill.how_{kind}{'_on' if kind == 'stored' and keep_unpromised else ''}")


def verdict(drill: Drill) -> str:
    """How many promises are kept; that there is no answer, where that is so."""
    if not drill.status.has_plan:
        return say("drill.no_answer", status=drill.status.value.replace("_", " "))
    promised = [row for row in _rows(drill) if float(row["promised_units_per_hour"]) > 0]
    broken = sum(not row["kept_promise"] for row in promised)
    if not promised:
        return say("drill.no_promise")
    if not broken:
        return say("drill.kept")
    code = "drill.broken" if broken == 1 else "drill.broken_more"
    return say(code, broken=f"{broken:,}", all=plural(len(promised), "promise"))


def summary(drill: Drill, scenario: Scenario) -> list[str]:
    """What happens to the work, what is lost, which promises are not kept, and what would change the outcome."""
    if not drill.status.has_plan:
        return []
    short = [_short(scenario, row) for row in _rows(drill) if not row["kept_promise"]][:_MOST]
    changes = outcomes.changes(scenario, drill) if drill.kind == "stored" else []
    return [outcomes.headline(scenario, drill), _lost(drill, scenario), *short, *changes]


def _rows(drill: Drill) -> list[Row]:
    return drill.works.to_dict("records")


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
