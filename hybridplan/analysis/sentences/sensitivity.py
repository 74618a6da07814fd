"""Tornado, sweep and prices of limits in words; values with their units."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from hybridplan.analysis import format as fmt
from hybridplan.analysis import labels
from hybridplan.analysis.sensitivity.field_sweep import FieldSweep
from hybridplan.analysis.sensitivity.fields import FACTOR
from hybridplan.analysis.sensitivity.paths import NumericPath
from hybridplan.analysis.sensitivity.points import INVALID, Point
from hybridplan.analysis.sensitivity.price_ranges import PriceRange, PriceRanges
from hybridplan.analysis.sensitivity.tornado import Bar, Tornado
from hybridplan.analysis.wording import plural, say
from hybridplan.domain import DisplayCurrency, Scenario
from hybridplan.plan import SolveStatus

SHARE: Final = "share from 0 to 1"
FACTORS: Final = (FACTOR, "factor")
_SMALL: Final = 1e-3
"""Share of the objective below which an assumption hardly matters."""
_NEXT: Final = 2
_DIGITS: Final = 4
_USED_HOURS: Final = 1e-6


def plain(value: float, unit: str, digits: int = _DIGITS) -> str:
    """A value without its unit, shares in per cent: ``9.07``, ``80 %``."""
    return fmt.share(value) if unit == SHARE else f"{fmt.round_significant(value, digits):,.10g}"


def amount(value: float, unit: str, digits: int = _DIGITS) -> str:
    """A value with its unit: ``9.07 USD per accelerator-hour``, ``1.2 times``, ``80 %``."""
    return _with_unit(plain(value, unit, digits), unit)


def between(start: float, stop: float, unit: str) -> str:
    """A range with its unit: ``2 to 12 USD per accelerator-hour``."""
    return _with_unit(say("value.between", start=plain(start, unit), stop=plain(stop, unit)), unit)


def _with_unit(text: str, unit: str) -> str:
    if unit == SHARE:
        return text
    return say("value.times", amount=text) if unit in FACTORS else say("value.with_unit", amount=text, unit=unit)


def value_axis(field: NumericPath) -> str:
    """Name and unit of the axis of a number."""
    return say("axis.value", label=field.label.removesuffix(", factor"), unit=field.unit)


def money_axis(scenario: Scenario) -> str:
    """Name and unit of the axis of money."""
    return say("axis.money", code=scenario.display_currency.code, span=fmt.span(scenario.horizon.plan_hours))


def ended(status: str) -> str:
    """How a solve ended, in a cell."""
    return say(f"ended.{status}")


def choice(field: NumericPath) -> str:
    """A number in a list of numbers, with its value."""
    if field.value is None:
        return say("path.not_given", label=field.label)
    return say("path.choice", label=field.label, value=amount(field.value, field.unit))


def sentence_case(text: str) -> str:
    """The text with a capital at its beginning."""
    return text[:1].upper() + text[1:]


# ------------------------------------------------------------------ tornado


def tornado_question() -> str:
    """What the chart answers."""
    return say("tornado.question")


def tornado_axis(scenario: Scenario) -> str:
    """Name and unit of the axis."""
    code, span = scenario.display_currency.code, fmt.span(scenario.horizon.plan_hours)
    return say("tornado.axis", code=code, span=span)


def tornado_rest(every: int, most: int) -> str:
    """That the chart shows some bars only."""
    return say("tornado.rest", all=str(every), most=str(most))


def tornado(found: Tornado, currency: DisplayCurrency) -> list[str]:
    """What matters most, what matters next, ends without a plan, and what hardly matters."""
    if found.base is None or found.base.objective_usd is None:
        return [say("tornado.no_base" if found.complete else "tornado.no_time")]
    lines = []
    whole = [bar for bar in found.bars if not bar.is_broken]
    if whole:
        lines.append(_first(whole[0], found.base.objective_usd, currency))
        following = [bar.label for bar in whole[1 : 1 + _NEXT]]
        if following:
            lines.append(say("tornado.next", labels=fmt.listed(following)))
    lines += [_broken(bar, end) for bar in found.bars for end in (bar.low, bar.high) if not end.has_plan]
    lines += [
        say("tornado.unserved", label=bar.label, value=amount(end.value, bar.unit), share=fmt.share(end.unserved_share))
        for bar in found.bars
        for end in (bar.low, bar.high)
        if end.unserved_share and end.unserved_share > (found.base.unserved_share or 0.0) + 1e-6
    ]
    least = _SMALL * abs(found.base.objective_usd)
    small = sum(bar.span_usd < least for bar in whole)
    if small:
        count = plural(small, "moves", "move")
        lines.append(say("tornado.small", count=count, all=str(len(found.bars)), share=fmt.share(_SMALL)))
    if not found.complete:
        lines.append(say("tornado.incomplete", done=str(len(found.bars)), all=str(found.assumptions)))
    return lines


def _first(bar: Bar, base_usd: float, currency: DisplayCurrency) -> str:
    ends = {"low": bar.low, "high": bar.high}
    values = {name: amount(end.value, bar.unit) for name, end in ends.items()}
    changes = {f"{name}_change": _change(bar.change_usd(end), base_usd, currency) for name, end in ends.items()}
    return say("tornado.first", label=bar.label, **values, **changes)


def _change(usd: float | None, base_usd: float, currency: DisplayCurrency) -> str:
    if not usd:
        return say("tornado.same")
    share = fmt.share(abs(usd / base_usd)) if base_usd else fmt.NO_VALUE
    return say("tornado.more" if usd > 0 else "tornado.less", money=fmt.money(abs(usd), currency), share=share)


def _broken(bar: Bar, end: Point) -> str:
    codes = {SolveStatus.INFEASIBLE.value: "tornado.broken", INVALID: "tornado.invalid"}
    code = codes.get(end.status, "tornado.out_of_time")
    return say(code, label=bar.label, value=amount(end.value, bar.unit), message=end.message)


# ------------------------------------------------------------------ sweep


def sweep_question() -> str:
    """What the chart of cost answers."""
    return say("sweep.question")


def busy_question() -> str:
    """What the chart of pools answers."""
    return say("sweep.busy")


def sweep(found: FieldSweep, scenario: Scenario) -> list[str]:
    """From where to where, where it is cheapest, and where there is no plan or work stays unserved."""
    unit, currency = found.field.unit, scenario.display_currency
    solved = [point for point in found.points if point.objective_usd is not None]
    if not solved:
        lines = [say("sweep.none")]
    else:
        ends = [fmt.money(point.objective_usd or 0.0, currency) for point in (solved[0], solved[-1])]
        over = between(solved[0].value, solved[-1].value, unit)
        lines = [say("sweep.range", range=over, low=ends[0], high=ends[1])]
        least = min(solved, key=lambda point: point.objective_usd or 0.0)
        if least not in (solved[0], solved[-1]):
            money = fmt.money(least.objective_usd or 0.0, currency)
            lines.append(say("sweep.least", value=amount(least.value, unit), money=money))
        if not found.moving_pools():
            lines.append(say("sweep.steady"))
        if changes := _pool_changes(solved, unit, labels.pools(scenario)):
            lines.append(say("sweep.pools", changes=fmt.shortened(changes, 4)))
    lines += _where(found, solved)
    if not found.complete:
        lines.append(say("sweep.incomplete", done=str(len(found.points)), all=str(found.asked)))
    return lines


def _where(found: FieldSweep, solved: Sequence[Point]) -> list[str]:
    unit, lines = found.field.unit, []
    broken = [amount(point.value, unit) for point in found.points if point.status == SolveStatus.INFEASIBLE.value]
    if broken:
        lines.append(say("sweep.broken", values=fmt.shortened(broken)))
    invalid = [point for point in found.points if point.status == INVALID]
    if invalid:
        values = fmt.shortened([amount(point.value, unit) for point in invalid])
        lines.append(say("sweep.invalid", values=values, message=invalid[0].message))
    unserved = [amount(point.value, unit) for point in solved if (point.unserved_share or 0.0) > 0]
    if unserved:
        lines.append(say("sweep.unserved", values=fmt.shortened(unserved)))
    return lines


def _pool_changes(solved: Sequence[Point], unit: str, names: dict[str, str]) -> list[str]:
    """Pools that begin or end to be used from one value to the next."""
    found = []
    for before, after in pairwise(solved):
        for pool in after.busy_hours:
            was, now = (point.busy_hours.get(pool, 0.0) > _USED_HOURS for point in (before, after))
            if was != now:
                code = "sweep.begins" if now else "sweep.ends"
                found.append(say(code, pool=names.get(pool, pool), value=plain(after.value, unit)))
    return found


# ------------------------------------------------------------------ prices of limits


def price_ranges(found: PriceRanges, scenario: Scenario) -> list[str]:
    """What each limit is worth in both directions, and how far that holds."""
    if found.status not in (SolveStatus.OPTIMAL.value, SolveStatus.WITHIN_GAP.value):
        return [say("price_range.no_plan" if found.complete else "price_range.no_time")]
    if not found.ranges and found.complete:
        return [say("price_range.none")]
    lines = [f"{_looser(one, scenario)} {_tighter(one, scenario)}" for one in found.ranges]
    if not found.complete:
        lines.append(say("price_range.incomplete", done=str(len(found.ranges)), all=str(found.limits)))
    return lines


def per_unit(usd: float, unit: str) -> float:
    """A price per unit as it is shown: shares per per cent."""
    return usd / 100.0 if unit == SHARE else usd


def _one(unit: str) -> str:
    return say("price_range.one_percent" if unit == SHARE else "price_range.one")


def _looser(one: PriceRange, scenario: Scenario) -> str:
    unit, now = one.field.unit, amount(one.field.value or 0.0, one.field.unit)
    if one.saves_usd_per_unit is None:
        return say("price_range.loosest", label=one.field.label, now=now)
    if one.holds_to is None:
        return say("price_range.looser_none", label=one.field.label, now=now)
    return say(
        "price_range.looser",
        label=one.field.label,
        one=_one(unit),
        now=now,
        usd=fmt.money(per_unit(one.saves_usd_per_unit, unit), scenario.display_currency),
        span=fmt.span(scenario.horizon.plan_hours),
        to=plain(one.holds_to, unit),
    )


def _tighter(one: PriceRange, scenario: Scenario) -> str:
    unit = one.field.unit
    if one.costs_usd_per_unit is None:
        is_broken = one.tighter_status == SolveStatus.INFEASIBLE.value
        return say("price_range.tighter_broken" if is_broken else "price_range.tightest")
    if one.holds_from is None:
        return say("price_range.tighter_none")
    usd = fmt.money(per_unit(one.costs_usd_per_unit, unit), scenario.display_currency)
    return say("price_range.tighter", one=_one(unit), usd=usd, to=plain(one.holds_from, unit))
