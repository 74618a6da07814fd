"""What two scenarios promise for after a failure, and what their worst failures leave, in words."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any, Final

from hybridplan.analysis import format as fmt
from hybridplan.analysis import labels
from hybridplan.analysis.compare.result import Comparison, Entrant
from hybridplan.analysis.wording import say

_SAME: Final = 1e-6
"""Difference below which two shares are the same; what lacks less of all is nothing."""


def against(found: Comparison, first: Entrant, other: Entrant) -> list[str]:
    """One sentence for each workload of which the one promises or leaves another share than the other."""
    before, after = (_promises(found, one) for one in (first, other))
    names = {**labels.workloads(first.plan.scenario), **labels.workloads(other.plan.scenario)}
    lines = list[str]()
    for key in dict.fromkeys([*before, *after]):
        (promised, left), (promised_now, left_now) = (_shares(one.get(key)) for one in (before, after))
        if max(abs(promised_now - promised), abs(left_now - left)) <= _SAME:
            continue
        words = {"workload": names[key], "first": first.name, "before": fmt.share(promised), "left": fmt.share(left)}
        if key not in after:
            lines.append(say("compare.promise_gone", **words))
            continue
        goes_on = _goes_on(other, left_now, str(after[key]["contingency"]))
        code = "compare.promise" if key in before else "compare.promise_new"
        lines.append(say(code, share=fmt.share(promised_now), goes_on=goes_on, **words))
    return lines


def figure(found: Comparison, kind: str, key: str, name: str) -> str:
    """What stands beside a share: how a promise is kept (``promised``), or which failure is the worst (``left``; none
    where each leaves all)."""
    entrant = next(one for one in found.entrants if one.name == name)
    row = _promises(found, entrant)[key]
    if kind == "promised":
        return say(f"compare.value.promise_form.{row['promise_form']}")
    if float(row["left_share"]) >= 1.0 - _SAME:
        return ""
    return labels.contingencies(entrant.plan.scenario)[str(row["contingency"])]


def _promises(found: Comparison, entrant: Entrant) -> dict[str, dict[Hashable, Any]]:
    """Rows of the table of promises of one entrant, by workload."""
    rows = found.promises.loc[found.promises["name"] == entrant.name].to_dict("records")
    return {str(row["workload"]): row for row in rows}


def _shares(row: dict[Hashable, Any] | None) -> tuple[float, float]:
    """Share promised and share left; both 0 without a promise."""
    return (0.0, 0.0) if row is None else (float(row["promised_share"]), float(row["left_share"]))


def _goes_on(entrant: Entrant, left: float, contingency: str) -> str:
    if left >= 1.0 - _SAME:
        return say("compare.goes_on_all")
    failure = labels.contingencies(entrant.plan.scenario)[contingency]
    return say("compare.goes_on", share=fmt.share(left), failure=failure)
