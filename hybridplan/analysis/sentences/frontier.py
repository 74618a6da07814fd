"""Frontiers in words: what the first steps of the second aim cost, what the last ones do, and where it ends."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import pandas as pd

from hybridplan.analysis import format as fmt
from hybridplan.analysis import labels
from hybridplan.analysis.frontier import MEASURES, Aim, Frontier, Point
from hybridplan.analysis.wording import say
from hybridplan.domain import DisplayCurrency, Scenario
from hybridplan.plan import SolveStatus

_SAME: Final = 1e-9
"""Share of the costs below which a step costs nothing."""
_STRAIGHT: Final = 1e-3
"""Share of the range of costs by which points of a straight line may lie off it."""
_NEXT_TO_NOTHING: Final = 1e-6
"""Share of the loosest time below which the line ends since time is never 0, not since a limit is too strict."""


@dataclass(frozen=True)
class Scale:
    """How values of an aim are shown: times ``factor``, in ``unit`` (t, % or ms)."""

    factor: float
    unit: str


_MILLISECONDS: Final = Scale(1.0, "ms")


def scale(aim: Aim, of: str = "") -> Scale:
    """Tonnes and milliseconds as they are, shares and multiples of today's objectives in per cent."""
    if aim == "carbon":
        return Scale(1.0, "t")
    return _MILLISECONDS if aim == "mean_latency" or of else Scale(100.0, "%")


def name(aim: Aim) -> str:
    """What is set against the cost, as a choice."""
    return say(f"frontier.aim.{aim}")


def question(aim: Aim) -> str:
    """The question that the chart answers."""
    return say(f"frontier.title.{aim}")


def axis(scenario: Scenario, aim: Aim, of: str = "") -> str:
    """Name and unit of the axis."""
    is_usd = aim == "provider_share" and scenario.policy.provider_share_of == "rented_usd"
    code = f"frontier.axis.{aim}{'_usd' if is_usd else ''}"
    if of:
        return say(f"{code}_of", workload=labels.workloads(scenario)[of])
    return say(code, span=fmt.span(scenario.horizon.plan_hours))


def value(aim: Aim, of: str, amount: float) -> str:
    """A value of the aim with its unit."""
    shown = scale(aim, of)
    return say(f"frontier.value.{shown.unit}", amount=fmt.number(amount * shown.factor))


def choice(found: Frontier, point: Point, currency: DisplayCurrency) -> str:
    """A point in a list of points."""
    where = value(found.aim, found.of, point.cap)
    return say("frontier.choice", value=where, money=fmt.money(point.objective_usd or 0.0, currency))


def opened(scenario: Scenario, found: Frontier, point: Point) -> str:
    """The change that opens a point, for the list of changes and the name of what is compared."""
    words = say("frontier.open", aim=name(found.aim), value=value(found.aim, found.of, point.cap))
    return say("frontier.open_of", open=words, workload=labels.workloads(scenario)[found.of]) if found.of else words


def opening(found: Frontier) -> str:
    """What opening a point changes in the scenario."""
    return say("frontier.opening_served" if found.serves_all else "frontier.opening")


def is_open(point: str) -> str:
    """That the plan as it stands is this point of the line."""
    return say("frontier.is_open", point=point)


def compared(point: str) -> str:
    """That a point is on the list of what is compared."""
    return say("frontier.compared", point=point)


def no_second(other: str, *, is_of_workload: bool) -> str:
    """Why there is no line of the second scenario."""
    return say("frontier.no_second_workload" if is_of_workload else "frontier.no_second", name=other)


def mark(code: str) -> str:
    """What is special about a point; empty where nothing is."""
    return say(f"frontier.mark.{code}") if code else ""


def colour(code: str) -> str:
    """A third objective with its unit."""
    return say(f"frontier.colour.{code}")


def money_unit(scenario: Scenario) -> str:
    """Currency and span of the costs: ``USD for the week``."""
    return say("frontier.money_unit", code=scenario.display_currency.code, span=fmt.span(scenario.horizon.plan_hours))


def money_name(scenario: Scenario, rows: pd.DataFrame) -> str:
    """What the costs of these rows (of :func:`frontier_points.rows`) are called: with penalties where there are any."""
    has_penalties = bool((rows["penalty"].abs() > _SAME * rows["money"].abs()).any())
    return say("frontier.money_with_penalties" if has_penalties else "frontier.money", unit=money_unit(scenario))


def summary(found: Frontier, currency: DisplayCurrency) -> list[str]:
    """What the steps cost, where the line ends, what is not served on it, and whether time was up."""
    points = [point for point in found.points if point.objective_usd is not None]
    if not points:
        return [say(_without_points(found))]
    is_begun = found.complete or len(points) > 1
    lines = [_steps(found, points, currency)] if is_begun else []
    lines += [*_knee(found, points), *_end(found, points), _served(found, points)]
    return lines if found.complete else [*lines, say("frontier.stopped")]


def _without_points(found: Frontier) -> str:
    if not found.complete or found.status is SolveStatus.NO_PLAN_IN_TIME:
        return "frontier.no_time"
    if found.status.has_plan:
        return "frontier.no_latency"
    return "frontier.none" if found.status is SolveStatus.INFEASIBLE else "frontier.failed"


def _steps(found: Frontier, points: list[Point], currency: DisplayCurrency) -> str:
    strictest, cheapest = points[0], points[-1]
    if len(points) < 2 or _width(strictest, cheapest) <= 0:
        return say("frontier.point")
    knee = next((point for point in points if point.is_knee), None)
    if _rise(strictest, cheapest) <= _SAME * abs(cheapest.objective_usd or 0.0):
        return say("frontier.free", amount=_amount(found, strictest, cheapest))
    if knee is None:
        return say(
            "frontier.one" if _is_straight(points) else "frontier.mean",
            amount=_amount(found, strictest, cheapest),
            rate=_rate(found, strictest, cheapest, currency),
        )
    return say(
        "frontier.two",
        first=_amount(found, knee, cheapest),
        first_rate=_rate(found, knee, cheapest, currency),
        last=_amount(found, strictest, knee),
        last_rate=_rate(found, strictest, knee, currency),
    )


def _knee(found: Frontier, points: list[Point]) -> list[str]:
    return [say("frontier.knee", knee=value(found.aim, found.of, point.cap)) for point in points if point.is_knee]


def _end(found: Frontier, points: list[Point]) -> list[str]:
    strictest, is_time = points[0], MEASURES[found.aim].is_time
    if not found.complete or strictest.cap <= (_NEXT_TO_NOTHING * points[-1].cap if is_time else 0.0):
        return []
    served = f" {say('frontier.end_served')}" if found.serves_all else ""
    return [say("frontier.end", least=value(found.aim, found.of, strictest.cap), served=served)]


def _served(found: Frontier, points: list[Point]) -> str:
    shares = [point.unserved_share or 0.0 for point in points]
    if found.aim == "unserved":
        return say("frontier.no_penalty")
    if found.serves_all or max(shares) <= 0:
        return say("frontier.served")
    return say("frontier.unserved", least=fmt.share(min(shares)), most=fmt.share(max(shares)))


def _is_straight(points: list[Point]) -> bool:
    """Whether all points lie on the line between both ends; two points alone do not tell."""
    strictest, cheapest = points[0], points[-1]
    slope = _rise(strictest, cheapest) / _width(strictest, cheapest)
    off = [abs(_rise(point, cheapest) - slope * _width(point, cheapest)) for point in points]
    return len(points) > 2 and max(off) <= _STRAIGHT * _rise(strictest, cheapest)


def _width(strict: Point, loose: Point) -> float:
    return loose.cap - strict.cap


def _rise(strict: Point, loose: Point) -> float:
    return (strict.objective_usd or 0.0) - (loose.objective_usd or 0.0)


def _amount(found: Frontier, strict: Point, loose: Point) -> str:
    shown = scale(found.aim, found.of)
    return say(f"frontier.amount.{shown.unit}", amount=fmt.number(_width(strict, loose) * shown.factor))


def _rate(found: Frontier, strict: Point, loose: Point, currency: DisplayCurrency) -> str:
    shown = scale(found.aim, found.of)
    usd = _rise(strict, loose) / (_width(strict, loose) * shown.factor)
    return say(f"frontier.per.{shown.unit}", money=fmt.money(usd, currency))
