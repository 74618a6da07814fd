"""Plans near the cheapest in words: what each gives, what it costs more, how sure that is, and ranges of pools."""

from __future__ import annotations

from math import floor, log10
from typing import Final

from hybridplan.analysis import format as fmt
from hybridplan.analysis import labels
from hybridplan.analysis.near_results import CURVED, LATE, OWN_RULE, Alternative, Alternatives, PoolRange
from hybridplan.analysis.wording import say
from hybridplan.audit import decided_usd
from hybridplan.domain import Scenario
from hybridplan.plan import Plan

_SAME: Final = 1e-6
"""Relative difference below which two amounts are the same."""
_LITTLE_HOURS: Final = 1e-3
"""Below this a pool is not used."""


def headline(found: Alternatives, best: Plan) -> str:
    """What all of these plans have in common."""
    currency, hours = best.scenario.display_currency, best.scenario.horizon.plan_hours
    if found.slack_percent == 0:
        return say("near.headline_exact")
    decided = decided_usd(best.objective_usd or 0.0, best.constant_usd)
    return say(
        "near.headline",
        limit=fmt.money(found.slack_usd, currency),
        span=fmt.span(hours),
        share=fmt.share(found.slack_percent / 100.0),
        decided=fmt.money(decided, currency),
    )


def name(scenario: Scenario, row: Alternative) -> str:
    """What an alternative is called."""
    names = labels.pools(scenario) if row.aim == "least_pool" else {}
    return say(f"near.{row.aim}", record=names.get(row.record, row.record))


def line(scenario: Scenario, row: Alternative) -> str:
    """What an alternative gives, and for how much."""
    called, currency = name(scenario, row), scenario.display_currency
    if row.plan is None or row.amount is None or row.more_usd is None or row.more_share is None:
        code = {LATE: "near.late", CURVED: "near.curved"}.get(row.outcome, "near.failed")
        return say(code, name=called, outcome=row.outcome.replace("_", " "))
    stopped = "" if row.outcome == "optimal" else " " + say("near.stopped")
    if row.more_share <= _SAME:
        return say("near.costs_nothing", name=called, what=_what(row, row.amount)) + stopped
    money, share = fmt.money(row.more_usd, currency), fmt.share(row.more_share)
    return say("near.costs", name=called, what=_what(row, row.amount), money=money, share=share) + stopped


def proof(row: Alternative) -> str:
    """What is proven about the aim of an alternative; empty where nothing is."""
    if row.bound is None:
        return ""
    if row.aim == "fewest_providers":
        return say("near.proof_providers", bound=fmt.count(row.bound))
    bound = _up(row.bound) if row.aim == "most_owned" else _down(row.bound)
    whose = say("near.by_solver") if row.plan is not None and row.plan.kind == "mixed_integer" else ""
    return say("near.proof_hours", bound=fmt.number(bound), whose=whose and f" {whose}")


def certificate(scenario: Scenario, row: Alternative) -> str:
    """What was checked of an alternative's plan, and how far its cost is from the cheapest."""
    if row.plan is None or row.plan.certificate is None:
        return ""
    return say(
        "near.certificate",
        money=fmt.money(row.more_usd or 0.0, scenario.display_currency),
        share=fmt.share(max(row.more_share or 0.0, 0.0)),
        gap=fmt.share(max(row.plan.certificate.gap, 0.0)),
    )


def heading(scenario: Scenario, found: Alternatives, row: Alternative) -> str:
    """The title of an alternative that is looked at."""
    return say("near.heading", name=name(scenario, row), slack=_slack(found))


def today(found: Alternatives) -> str:
    """What "today" means."""
    return say("near.today_rule" if found.today == OWN_RULE else "near.today_plan")


def ranges(scenario: Scenario, found: Alternatives) -> list[str]:
    """How much each pool is used in all of these plans."""
    names = labels.pools(scenario)
    return [text for row in found.ranges if (text := _range(names[row.pool], row, _slack(found)))]


def missing(found: Alternatives) -> list[str]:
    """That the time was up, where it was."""
    return [] if found.complete else [say("near.incomplete")]


def _range(pool: str, row: PoolRange, slack: str) -> str:
    # What is said of every plan is what is proven of it.
    low, high = row.least_bound, row.most_bound
    if low is None or high is None:
        return ""
    words = {"pool": pool, "slack": slack, "optimum": fmt.number(row.optimum)}
    most = fmt.number(_up(high))
    if high <= _LITTLE_HOURS:
        return say("near.range_unused", **words)
    if high - low <= _SAME * high:
        return say("near.range_fixed", most=most, **words)
    if low <= _LITTLE_HOURS:
        does_without = row.least is not None and row.least <= _LITTLE_HOURS
        return say("near.range_free" if does_without else "near.range_most", most=most, **words)
    return say("near.range", least=fmt.number(_down(low)), most=most, **words)


def _what(row: Alternative, amount: float) -> str:
    same = abs(amount - row.optimum_amount) <= _SAME * max(abs(row.optimum_amount), 1.0)
    if row.aim == "fewest_providers":
        words = {"amount": fmt.count(amount), "optimum": fmt.count(row.optimum_amount)}
        return say("near.providers_same" if same else "near.providers", **words)
    words = {"amount": fmt.number(amount), "optimum": fmt.number(row.optimum_amount)}
    if row.aim == "closest":
        return say("near.changes_same" if same else "near.changes", **words)
    if amount <= _LITTLE_HOURS and row.aim != "most_owned":
        return say("near.none_already" if row.optimum_amount <= _LITTLE_HOURS else "near.none", **words)
    return say("near.hours_same" if same else "near.hours", **words)


def _down(amount: float) -> float:
    """Rounded as amounts are shown, but never above what is true: it is said of every plan."""
    rounded = fmt.round_significant(amount)
    return rounded if rounded <= amount * (1.0 + _SAME) else rounded - _step(amount)


def _up(amount: float) -> float:
    """The same, never below."""
    rounded = fmt.round_significant(amount)
    return rounded if rounded >= amount * (1.0 - _SAME) else rounded + _step(amount)


def _step(amount: float) -> float:
    """One unit of the last digit that is shown."""
    return 0.0 if amount == 0 else 10.0 ** (floor(log10(abs(amount))) - fmt.SIGNIFICANT_DIGITS + 1)


def _slack(found: Alternatives) -> str:
    return fmt.share(found.slack_percent / 100.0)
