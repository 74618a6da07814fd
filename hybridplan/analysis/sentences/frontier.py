"""Frontiers in words: what the first steps of the second aim cost, what the last ones do, and where it ends."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from hybridplan.analysis import format as fmt
from hybridplan.analysis.frontier import Aim, Frontier, Point
from hybridplan.analysis.wording import plural, say
from hybridplan.domain import DisplayCurrency, Scenario
from hybridplan.plan import SolveStatus

_SAME: Final = 1e-9
"""Share of the costs below which a step costs nothing."""


@dataclass(frozen=True)
class Scale:
    """How values of an aim are shown: times ``factor``, in ``unit`` (t, % or ms)."""

    factor: float
    unit: str


_BY_AIM: Final = {"carbon": Scale(1.0, "t"), "mean_latency": Scale(1.0, "ms")}
_SHARES: Final = Scale(100.0, "%")


def scale(aim: Aim) -> Scale:
    """Tonnes and milliseconds as they are, shares in per cent."""
    return _BY_AIM.get(aim, _SHARES)


def name(aim: Aim) -> str:
    """What is set against the cost, as a choice."""
    return say(f"frontier.aim.{aim}")


def question(aim: Aim) -> str:
    """The question that the chart answers."""
    return say(f"frontier.title.{aim}")


def axis(aim: Aim, scenario: Scenario) -> str:
    """Name and unit of the axis."""
    return say(f"frontier.axis.{aim}", span=fmt.span(scenario.horizon.plan_hours))


def value(aim: Aim, amount: float) -> str:
    """A value of the aim with its unit."""
    shown = scale(aim)
    return say(f"frontier.value.{shown.unit}", amount=fmt.number(amount * shown.factor))


def choice(aim: Aim, point: Point, currency: DisplayCurrency) -> str:
    """A point in a list of points."""
    return say("frontier.choice", value=value(aim, point.cap), money=fmt.money(point.objective_usd or 0.0, currency))


def opened(aim: Aim, point: Point) -> str:
    """The change that opens a point, for the list of changes."""
    return say("frontier.open", aim=name(aim), value=value(aim, point.cap))


def summary(found: Frontier, currency: DisplayCurrency) -> list[str]:
    """What the steps cost, where the line ends, what is not served on it, and whether time was up."""
    points = [point for point in found.points if point.objective_usd is not None]
    if not points:
        return [say("frontier.no_time" if found.status is SolveStatus.NO_PLAN_IN_TIME else "frontier.none")]
    lines = [_steps(found.aim, points, currency), *_knee(found.aim, points), *_end(found, points[0])]
    return [*lines, _served(found, points)]


def _steps(aim: Aim, points: list[Point], currency: DisplayCurrency) -> str:
    strictest, cheapest = points[0], points[-1]
    if len(points) < 2 or _width(strictest, cheapest) <= 0:
        return say("frontier.point")
    knee = next((point for point in points if point.is_knee), None)
    if _rise(strictest, cheapest) <= _SAME * abs(cheapest.objective_usd or 0.0):
        return say("frontier.free", amount=_amount(aim, strictest, cheapest))
    if knee is None:
        return say(
            "frontier.one",
            amount=_amount(aim, strictest, cheapest),
            rate=_rate(aim, strictest, cheapest, currency),
        )
    return say(
        "frontier.two",
        first=_amount(aim, knee, cheapest),
        first_rate=_rate(aim, knee, cheapest, currency),
        last=_amount(aim, strictest, knee),
        last_rate=_rate(aim, strictest, knee, currency),
    )


def _knee(aim: Aim, points: list[Point]) -> list[str]:
    return [say("frontier.knee", knee=value(aim, point.cap)) for point in points if point.is_knee]


def _end(found: Frontier, strictest: Point) -> list[str]:
    if strictest.cap <= 0:
        return []
    served = f" {say('frontier.end_served')}" if found.serves_all else ""
    return [say("frontier.end", least=value(found.aim, strictest.cap), served=served)]


def _served(found: Frontier, points: list[Point]) -> str:
    shares = [point.unserved_share or 0.0 for point in points]
    if found.serves_all or max(shares) <= 0:
        return say("frontier.served")
    return say("frontier.unserved", least=fmt.share(min(shares)), most=fmt.share(max(shares)))


def stopped(found: Frontier) -> str:
    """That time was up, where it was."""
    return say("frontier.stopped", points=plural(len(found.points), "point"))


def _width(strict: Point, loose: Point) -> float:
    return loose.cap - strict.cap


def _rise(strict: Point, loose: Point) -> float:
    return (strict.objective_usd or 0.0) - (loose.objective_usd or 0.0)


def _amount(aim: Aim, strict: Point, loose: Point) -> str:
    shown = scale(aim)
    return say(f"frontier.amount.{shown.unit}", amount=fmt.number(_width(strict, loose) * shown.factor))


def _rate(aim: Aim, strict: Point, loose: Point, currency: DisplayCurrency) -> str:
    shown = scale(aim)
    usd = _rise(strict, loose) / (_width(strict, loose) * shown.factor)
    return say(f"frontier.per.{shown.unit}", money=fmt.money(usd, currency))
