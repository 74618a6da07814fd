"""What residency, latency and promises cost, in words: two plans each."""

from __future__ import annotations

from typing import Final

from hybridplan.analysis import format as fmt
from hybridplan.analysis.rule_pairs import MAIN, Pair, Pairs
from hybridplan.analysis.sentences import rules
from hybridplan.analysis.wording import say
from hybridplan.domain import DisplayCurrency, Scenario
from hybridplan.units import per_year

_NOTHING: Final = 1e-6
"""Share of the objective below which a price is rounding."""
_SAME: Final = 1e-6
"""Difference in unserved demand below which two plans serve the same."""


def name(row: Pair) -> str:
    """What a pair is called: ``Residency``, or the kind of rule."""
    return say(f"pair.{row.code}") if row.code in MAIN else rules.kind_name(row.code)


def summary(found: Pairs, scenario: Scenario) -> list[str]:
    """One sentence per pair, and what is not known."""
    if not found.rows:
        return [say("pairs.none")]
    lines = [_line(row, found, scenario) for row in found.rows]
    return lines if found.complete else [*lines, say("pairs.late")]


def how() -> str:
    """What the two plans of a pair are, and what their figures mean."""
    return say("pairs.how")


def _line(row: Pair, found: Pairs, scenario: Scenario) -> str:
    before, after, usd = row.with_rules, row.without, row.usd
    if usd is None or before.objective_usd is None or after.objective_usd is None:
        if before.status == "infeasible" and after.objective_usd is not None:
            return say("pairs.possible", name=name(row))
        known = after.status if before.objective_usd is not None else before.status
        return say("pairs.unknown", name=name(row), status=known.replace("_", " "))
    currency, hours = scenario.display_currency, found.plan_hours
    money = {"usd": fmt.money(usd, currency), "with_usd": _whole(before.objective_usd, currency)}
    words = {"name": name(row), "span": fmt.span(hours), **money}
    if abs(usd) <= _NOTHING * max(abs(before.objective_usd), 1.0):
        return say("pairs.nothing", **words)
    shares = before.unserved_share or 0.0, after.unserved_share or 0.0
    if abs(shares[0] - shares[1]) > _SAME:
        return say("pairs.serves_more", with_share=fmt.share(shares[0]), without_share=fmt.share(shares[1]), **words)
    decided = before.objective_usd - found.constant_usd
    part = fmt.share(usd / decided) if decided > 0 else fmt.NO_VALUE
    text = say(
        "pairs.costs",
        year=fmt.money(per_year(usd, hours), currency),
        without_usd=_whole(after.objective_usd, currency),
        share=part,
        **words,
    )
    return text + _range(row, usd, scenario)


def _whole(usd: float, currency: DisplayCurrency) -> str:
    """A total with five digits, so that a difference of one in a hundred is seen in it."""
    return f"{fmt.number(usd * currency.units_per_usd, 5)} {currency.code}"


def _range(row: Pair, usd: float, scenario: Scenario) -> str:
    """How far the searches leave it open; nothing where that is no more than a hundredth."""
    if row.range_usd is None or row.range_usd[1] - row.range_usd[0] <= 0.01 * abs(usd):
        return ""
    least, most = (fmt.money(one, scenario.display_currency) for one in row.range_usd)
    return " " + say("pairs.range", least=least, most=most)
