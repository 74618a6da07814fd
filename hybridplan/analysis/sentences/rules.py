"""What rules cost, in words: each alone, all together, and what must not be called a saving."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from hybridplan.analysis import format as fmt
from hybridplan.analysis import labels
from hybridplan.analysis.rule_ledger import Ledger, RulePrice
from hybridplan.analysis.wording import plural, say
from hybridplan.domain import Scenario
from hybridplan.plan import SolveStatus
from hybridplan.units import per_year

MOST: Final = 6
"""Rules that get a sentence of their own; the table has all."""
_NAMES: Final[dict[str, Callable[[Scenario], dict[str, str]]]] = {
    "pools": labels.pools,
    "workloads": labels.workloads,
    "expansions": labels.expansions,
    "commitments": labels.commitments,
    "spend_commitments": labels.spend_commitments,
    "datasets": labels.datasets,
}
_NOTHING: Final = 1e-6
"""Share of the objective below which a price is rounding."""


def name(scenario: Scenario, row: RulePrice) -> str:
    """What a rule is called: its kind, and the record or records that it is on."""
    rule = say(f"rule_name.{row.kind}")
    if row.section == "policy":
        return rule
    names = _NAMES[row.section](scenario)
    return say("rules.on", rule=rule, record=fmt.shortened(labels.named(row.records, names)))


def kind_name(kind: str) -> str:
    """What a kind of rule is called."""
    return say(f"rule_name.{kind}")


def costs(found: Ledger, row: RulePrice) -> bool:
    """Whether a rule costs anything as far as is known."""
    return row.usd is not None and row.usd > 0 and not is_nothing(found, row.usd)


def is_nothing(found: Ledger, usd: float) -> bool:
    """Whether an amount is rounding against the objective."""
    return abs(usd) <= _NOTHING * max(abs(found.objective_usd or 0.0), _NOTHING)


def summary(found: Ledger, scenario: Scenario) -> list[str]:
    """What all rules cost together, the dearest ones alone, which cost nothing, and what is not known."""
    if not found.rules:
        return [say("rules.none")]
    lines = []
    if found.status is SolveStatus.INFEASIBLE:
        lines += _impossible(found, scenario)
    lines += _together(found, scenario)
    priced = [(row.usd, row) for row in found.rules if row.usd is not None and costs(found, row)]
    lines += [_alone(row, usd, scenario) for usd, row in sorted(priced, key=lambda pair: -pair[0])[:MOST]]
    nothing = [row for row in found.rules if row.usd is not None and not costs(found, row)]
    free = [row for row in nothing if is_nothing(found, row.most_usd or 0.0)]
    unproven = [row for row in nothing if row not in free]
    if unproven:
        most = fmt.money(max(row.most_usd or 0.0 for row in unproven), scenario.display_currency)
        count = plural(len(unproven), "rule would", "rules would")
        lines.append(say("rules.unproven", rules=count, money=most, names=_names(unproven, scenario)))
    if free:
        code = "rules.free_one" if len(free) == 1 else "rules.free"
        lines.append(say(code, rules=plural(len(free), "rule"), names=_names(free, scenario)))
    return [*lines, *_missing(found, scenario)]


def _impossible(found: Ledger, scenario: Scenario) -> list[str]:
    possible = [row for row in found.rules if row.status in (SolveStatus.OPTIMAL, SolveStatus.WITHIN_GAP)]
    if not possible:
        return [say("rules.impossible" if all(row.status == "infeasible" for row in found.rules) else "rules.no_price")]
    return [say("rules.no_price"), *(say("rules.possible", rule=name(scenario, row)) for row in possible[:MOST])]


def _together(found: Ledger, scenario: Scenario) -> list[str]:
    total, own, interaction = found.total_usd, found.own_usd, found.interaction_usd
    if len(found.rules) < 2 or total is None or own is None or interaction is None or found.objective_usd is None:
        return []
    currency, hours = scenario.display_currency, found.plan_hours
    decided = found.objective_usd - found.constant_usd
    lines = [
        say(
            "rules.total",
            rules=plural(len(found.rules), "rule"),
            money=fmt.money(total, currency),
            span=fmt.span(hours),
            year=fmt.money(per_year(total, hours), currency),
            share=fmt.share(total / decided) if decided > 0 else fmt.NO_VALUE,
            own=fmt.money(own, currency),
        )
    ]
    if not is_nothing(found, interaction):
        code = "rules.stand_in" if interaction > 0 else "rules.together"
        lines.append(say(code, money=fmt.money(abs(interaction), currency)))
    return lines


def _alone(row: RulePrice, usd: float, scenario: Scenario) -> str:
    currency, hours = scenario.display_currency, scenario.horizon.plan_hours
    words = {"rule": name(scenario, row), "money": fmt.money(usd, currency), "span": fmt.span(hours)}
    if row.served == "same":
        text = say("rules.saves", year=fmt.money(per_year(usd, hours), currency), **words)
    elif row.served == "less":
        text = say("rules.serves_less", share=fmt.share(row.unserved_share or 0.0), **words)
    else:
        text = say("rules.serves_more" if row.served == "more" else "rules.mixed", **words)
    if row.charge_usd > 0:
        text += " " + say("rules.charge", money=fmt.money(row.charge_usd, currency))
    width = (row.most_usd or 0.0) - (row.least_usd or 0.0)
    if width > 0.01 * abs(usd) and row.least_usd is not None and row.most_usd is not None:
        text += " " + say(
            "rules.range", least=fmt.money(row.least_usd, currency), most=fmt.money(row.most_usd, currency)
        )
    return text


def _missing(found: Ledger, scenario: Scenario) -> list[str]:
    lines = []
    unknown = [row for row in found.rules if row.usd is None]
    if unknown and found.status.has_plan:
        lines.append(say("rules.unknown", rules=plural(len(unknown), "rule"), names=_names(unknown, scenario)))
    if found.is_grouped:
        lines.append(say("rules.grouped", solves=f"{found.most_solves:,}"))
    return [*lines, *([] if found.complete else [say("rules.late")])]


def order() -> str:
    """In which order the steps remove the rules, and why."""
    return say("rules.order")


def alone() -> str:
    """What the bars of the own prices mean, and why one of them takes a part back."""
    return say("rules.alone")


def physics() -> str:
    """What is no rule here."""
    return say("rules.physics")


def _names(rows: list[RulePrice], scenario: Scenario) -> str:
    return fmt.shortened([name(scenario, row) for row in rows], MOST)
