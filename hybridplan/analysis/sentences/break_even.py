"""Break-even in words: where an outcome changes, and what holds on both sides."""

from __future__ import annotations

from hybridplan.analysis import format as fmt
from hybridplan.analysis import labels
from hybridplan.analysis.sensitivity.break_even import BreakEven
from hybridplan.analysis.sensitivity.outcomes import Outcome
from hybridplan.analysis.sentences import sensitivity as words
from hybridplan.analysis.wording import say
from hybridplan.domain import Scenario


def question() -> str:
    """What the chart answers."""
    return say("break_even.question")


def kind(code: str) -> str:
    """An outcome as a choice."""
    return say(f"outcome.choice.{code}")


def bought(scenario: Scenario, pool: str, count: float) -> str:
    """What the scenario is called that has more of a pool."""
    return say("outcome.bought", count=fmt.count(count), pool=labels.pools(scenario).get(pool, pool))


def looked(outcome: Outcome, scenario: Scenario, holds: bool | None) -> str:
    """What holds at one value, in a cell."""
    return say("looked.no_plan") if holds is None else state(outcome, scenario, holds)


def records(scenario: Scenario, kind: str) -> dict[str, str]:
    """Names of what an outcome of this kind may be about, by id."""
    tables = {"unserved": labels.workloads, "purchased": labels.offers}
    return tables.get(kind, labels.pools)(scenario)


def state(outcome: Outcome, scenario: Scenario, holds: bool) -> str:
    """The outcome, or its contrary, in words."""
    names = records(scenario, outcome.kind)
    code = f"outcome.{outcome.kind}.{'true' if holds else 'false'}"
    if outcome.kind == "objective":
        level = fmt.money(outcome.level, scenario.display_currency)
        return say(f"{code}_other", other=outcome.other.name) if outcome.other else say(code, level=level)
    code = f"{code}_level" if outcome.level else code
    return say(code, record=names.get(outcome.record, outcome.record), level=words.amount(outcome.level, outcome.unit))


def summary(found: BreakEven, scenario: Scenario) -> list[str]:
    """Where the outcome changes, what holds on both sides and how close they are; or that it does not change."""
    if found.value is None or found.below is None or found.above is None:
        return _not_found(found, scenario)
    unit, currency = found.field.unit, scenario.display_currency
    now = found.field.value
    here = say("break_even.not_given") if now is None else say("break_even.now", value=words.amount(now, unit))
    low, high = found.below.point, found.above.point
    before, after = (state(found.outcome, scenario, bool(side.holds)) for side in (found.below, found.above))
    width = fmt.share((high.value - low.value) / max(abs(found.value), found.tolerance))
    code = "break_even.found_times" if unit in words.FACTORS else "break_even.found"
    lines = [
        say(code, value=words.amount(found.value, unit, _digits(found.value, found.tolerance)), now=here),
        say("break_even.sides", before=before, after=after),
    ]
    if found.changes > 1:
        lines.append(say("break_even.more", count=str(found.changes)))
    known = [fmt.money(point.objective_usd, currency) for point in (low, high) if point.objective_usd is not None]
    if len(set(known)) == 1:
        lines.append(say("break_even.cost", money=known[0]))
    elif known:
        lines.append(say("break_even.costs", below=known[0], above=known[1]))
    code = "break_even.tolerance" if found.complete else "break_even.wide"
    return [*lines, say(code, width=width, solves=str(found.solves))]


def _digits(value: float, tolerance: float) -> int:
    """Significant digits that the tolerance allows, from three to six."""
    return next((n for n in range(3, 6) if abs(fmt.round_significant(value, n) - value) <= tolerance), 6)


def _not_found(found: BreakEven, scenario: Scenario) -> list[str]:
    unit = found.field.unit
    ends = {"range": words.between(found.start, found.stop, unit)}
    known = [look.holds for look in found.looks if look.holds is not None]
    if found.verdict == "out_of_time":
        return [say("break_even.out_of_time", **ends)]
    if not known:
        return [say("break_even.no_plan_at_all", **ends)]
    counts = {"count": str(len(found.looks)), "broken": str(len(found.looks) - len(known))}
    here = state(found.outcome, scenario, bool(known[0]))
    width = words.amount((found.stop - found.start) / max(len(found.looks) - 1, 1), unit, 2)
    return [say(f"break_even.{found.verdict}", **ends, **counts, state=here), say("break_even.part", width=width)]
