"""Moved numbers in words: which ones, and what they change against the scenario as it stands."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from hybridplan.analysis import caps, cost
from hybridplan.analysis import format as fmt
from hybridplan.analysis.sentences import decision
from hybridplan.analysis.what_if import Moves, movable
from hybridplan.analysis.wording import say
from hybridplan.domain import Scenario
from hybridplan.plan import Plan, SolveStatus

_Shown = Callable[[float], str]
_SAME: Final = 1e-6
"""Share below which two figures are the same: no plan is more exact."""


@dataclass(frozen=True)
class Figure:
    """A figure with these values: its name, its value, and how it stands against that of the base."""

    name: str
    value: str
    note: str


def inputs(scenario: Scenario, moves: Moves) -> str:
    """Every number that can be moved with where it stands: the inputs of what is shown."""
    if moves.is_neutral:
        return say("moves.none")
    parts = [say(f"moves.{field}", value=_value(scenario, moves, field)) for field in movable(scenario)]
    return _sentence(say("moves.inputs", moves=", ".join(parts)))


def shown(scenario: Scenario, moves: Moves) -> str:
    """The inputs of what is shown."""
    return say("moves.shown", inputs=inputs(scenario, moves))


def change(scenario: Scenario, moves: Moves) -> str:
    """Only what is moved, for the list of changes."""
    neutral = Moves()
    parts = [
        say(f"moves.{field}", value=_value(scenario, moves, field))
        for field in movable(scenario)
        if getattr(moves, field) != getattr(neutral, field)
    ]
    return _sentence(fmt.listed(parts)) or say("moves.none")


def waiting(scenario: Scenario, wanted: Moves, shown: Moves) -> str:
    """That what is shown is not yet that of the numbers as they stand."""
    return say("moves.waiting", wanted=inputs(scenario, wanted), shown=inputs(scenario, shown))


def headline(base: Plan, now: Plan) -> str:
    """What is served at what cost, and how much more or less that is than the base."""
    said = decision.headline(now)
    before, after = (sum(plan.cost_usd.values()) for plan in (base, now))
    if _is_same(before, after):
        return say("moves.same", headline=said)
    amount = fmt.money(abs(after - before), base.scenario.display_currency)
    if before > 0:
        amount = say("moves.amount", money=amount, share=fmt.share(abs(after / before - 1.0)))
    return say("moves.more" if after > before else "moves.less", headline=said, amount=amount)


def no_plan(now: Plan) -> str:
    """Why there is no plan with these values."""
    if now.status is SolveStatus.INFEASIBLE:
        return say("moves.infeasible")
    return say("moves.no_plan", why=now.solver.message)


def figures(base: Plan, now: Plan) -> list[Figure]:
    """Cost, what is not served, carbon and busy accelerators, each against the base."""
    currency = base.scenario.display_currency
    span = fmt.span(base.scenario.horizon.plan_hours)

    def money(usd: float) -> str:
        return fmt.money(usd, currency)

    def tonnes(amount: float) -> str:
        return f"{fmt.number(amount)} t"

    costs = [sum(plan.cost_usd.values()) for plan in (base, now)]
    unserved = [cost.unserved_share(plan) for plan in (base, now)]
    carbon = [caps.emitted_tonnes(plan) for plan in (base, now)]
    busy = [float(plan.quantities["busy_accelerator_hours"].sum()) for plan in (base, now)]
    return [
        Figure(say("moves.cost", span=span), money(costs[1]), _against(costs, money)),
        Figure(say("moves.unserved"), fmt.share(unserved[1]), _against(unserved, fmt.share, least=1e-6)),
        Figure(say("moves.carbon"), tonnes(carbon[1]), _against(carbon, tonnes)),
        Figure(say("moves.busy"), fmt.number(busy[1]), _against(busy, fmt.number)),
    ]


def _against(pair: list[float], shown: _Shown, *, least: float = 0.0) -> str:
    before, after = pair
    if _is_same(before, after) or abs(after - before) <= least:
        return say("moves.as_now")
    sign = "+" if after > before else fmt.MINUS
    return say("moves.against", step=f"{sign}{shown(abs(after - before))}", before=shown(before))


def _is_same(before: float, after: float) -> bool:
    return abs(after - before) <= _SAME * max(abs(before), abs(after))


def _value(scenario: Scenario, moves: Moves, field: str) -> str:
    if field == "carbon_usd_per_tonne":
        price = moves.carbon_usd_per_tonne
        return fmt.number(scenario.policy.carbon_usd_per_tonne if price is None else price)
    if field == "promise":
        points = round(moves.promise * 100.0, 2)
        return f"{'+' if points > 0 else fmt.MINUS if points < 0 else '±'}{abs(points):g}"
    return f"{getattr(moves, field):.2f}"


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:]
