"""A comparison in sentences: unserved work first, then cost and what it goes with, then what moves."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

import pandas as pd

from hybridplan.analysis import format as fmt
from hybridplan.analysis import labels, registry
from hybridplan.analysis.compare.causes import Cause, causes
from hybridplan.analysis.compare.inputs import matters, of_pair
from hybridplan.analysis.compare.result import Comparison, Entrant, Span, per_span
from hybridplan.analysis.differences import MISSING
from hybridplan.analysis.wording import plural, say
from hybridplan.domain import DisplayCurrency, Scenario
from hybridplan.errors import InvalidInput
from hybridplan.io.workbook_inputs import join
from hybridplan.plan import Plan

_POLICY: Final = {
    "policy.budget": "budget",
    "policy.carbon_cap": "carbon_cap",
    "policy.provider_share_cap": "provider_share",
}
"""Limits that are called by their own names."""
_RECORDS: Final[dict[str, tuple[str, Callable[[Scenario], dict[str, str]]]]] = {
    "sites": ("site", labels.sites),
    "pools": ("pool", labels.pools),
    "workloads": ("workload", labels.workloads),
    "links": ("link", labels.links),
    "horizon.blocks": ("block", labels.blocks),
    "commitments": ("commitment", lambda scenario: {key: one.name or key for key, one in scenario.commitments.items()}),
}
"""What one record of a section is called."""
_MOST: Final = 3
SAME: Final = 1e-6
"""Relative difference below which two amounts are the same."""


def both_names(named: Callable[[Scenario], dict[str, str]], first: Scenario, other: Scenario) -> dict[str, str]:
    """Names by id of what two scenarios hold; where they give one name to two things the id stands beside it."""
    names = {**named(first), **named(other)}
    seen = Counter(names.values())
    return {key: name if seen[name] == 1 else f"{name} ({key})" for key, name in names.items()}


def with_sentences(found: Comparison) -> Comparison:
    """The comparison with one tuple of sentences per entrant, and with names of the inputs that differ."""
    first, *others = found.entrants
    scenarios = [entrant.plan.scenario for entrant in found.entrants]
    inputs = found.inputs.copy()
    inputs.insert(0, "what", [_record_name(scenarios, str(path)) for path in inputs["path"]])
    sentences = (_general(found), *(_against(found, first, other) for other in others))
    return replace(found, inputs=inputs, sentences=sentences)


def figure_name(code: str) -> str:
    """What a row of ``Comparison.figures`` is called."""
    return labels.term(code.removeprefix("term:")) if code.startswith("term:") else say(f"compare.figure.{code}")


def _general(found: Comparison) -> tuple[str, ...]:
    first = found.entrants[0]
    if not first.plan.status.has_plan:
        return (say("compare.no_first", first=first.name, why=_why(first.plan)),)
    lines = [say("compare.against", first=first.name)]
    if found.span == "year":
        hours = [f"{one.name}: {fmt.hours(one.plan.scenario.horizon.plan_hours)}" for one in found.entrants]
        lines.append(say("compare.span", hours=", ".join(hours)))
    return (*lines, say("compare.stopped")) if not found.complete else tuple(lines)


def _why(plan: Plan) -> str:
    return say(f"compare.why.{plan.status.value}")


def _against(found: Comparison, first: Entrant, other: Entrant) -> tuple[str, ...]:
    lines = [_inputs(first, other)]
    if not other.plan.status.has_plan:
        return (say("compare.no_plan", name=other.name, why=_why(other.plan)), *lines)
    if not first.plan.status.has_plan:
        return tuple(lines)
    lines += [
        *_unserved(first, other),
        *_cost(found, first, other),
        *_carbon(found, first, other),
        *_moves(found, first, other),
        say(f"compare.plainly.{other.plainly}" if other.plainly else "compare.closest", first=first.name),
    ]
    return tuple(line for line in lines if line)


def _inputs(first: Entrant, other: Entrant) -> str:
    found = of_pair(first, other)
    count = sum(matters(one.path, (first.plan.scenario, other.plan.scenario)) for one in found)
    if not found:
        return say("compare.inputs_none", first=first.name)
    if not count:
        return say("compare.inputs_words", first=first.name, count=str(len(found)))
    return say("compare.inputs", first=first.name, count=plural(count, "input differs", "inputs differ"))


def _unserved(first: Entrant, other: Entrant) -> list[str]:
    names, lines = labels.workloads(other.plan.scenario), []
    for key, row in other.plan.unserved.items():
        before = first.plan.unserved.get(key)
        share = before.share if before is not None else 0.0
        if abs(row.share - share) > SAME:
            words = {"share": fmt.share(row.share), "before": fmt.share(share), "first": first.name}
            lines.append(say("compare.unserved", workload=names.get(key, key), **words))
    return lines or [say("compare.served", first=first.name)]


def _cost(found: Comparison, first: Entrant, other: Entrant) -> list[str]:
    before, after = (per_span(one.plan, found.span) * (one.plan.objective_usd or 0.0) for one in (first, other))
    currency = first.plan.scenario.display_currency
    over = _over(first.plan.scenario, found.span)
    if abs(after - before) <= SAME * max(abs(before), abs(after)):
        return [say("compare.same", first=first.name, money=fmt.money(after, currency), over=over)]
    reasons = causes(first, other)
    binding = [cause for cause in reasons if cause.is_cause]
    further = [cause for cause in reasons if not cause.is_cause]
    penalties = any(usd > 0 for one in (first, other) for usd in one.plan.penalty_usd.values())
    lines = [
        say(
            "compare.less" if after < before else "compare.more",
            money=fmt.money(abs(after - before), currency),
            share=f" ({fmt.share(abs(after - before) / abs(before))})" if before else "",
            first=first.name,
            over=over + (say("compare.with_penalties") if penalties else ""),
            why=say("compare.because", causes=_listed(first, other, binding)) if binding else "",
        )
    ]
    if further:
        lines.append(say("compare.together", others=_listed(first, other, further)))
    return [*lines, *_terms(found, other, currency)]


def _over(scenario: Scenario, span: Span) -> str:
    return " per year" if span == "year" else f" over {fmt.span(scenario.horizon.plan_hours)}"


def _listed(first: Entrant, other: Entrant, found: Sequence[Cause]) -> str:
    parts = [_input(first, other, cause) for cause in found[:_MOST]]
    if len(found) > _MOST:
        parts.append(say("compare.more_inputs", count=str(len(found) - _MOST)))
    return fmt.listed(parts)


def _input(first: Entrant, other: Entrant, cause: Cause) -> str:
    path, before, after, unit = vars(cause.difference).values()
    scenarios = first.plan.scenario, other.plan.scenario
    if MISSING in (before, after):
        return say("compare.without" if after == MISSING else "compare.with", what=_record_name(scenarios, path))
    before, after = _short(before), _short(after)
    # The unit stands beside a number.
    before, after = (f"{before} {unit}", after) if after == "none" else (before, f"{after} {unit}")
    return say("compare.input", what=input_name(scenarios, path), before=before.strip(), after=after.strip())


def _record_name(scenarios: Sequence[Scenario], path: str) -> str:
    """A record that only one of the scenarios has: ``pool Own H100``; the path of anything else."""
    for section, (kind, names) in _RECORDS.items():
        key = path.removeprefix(f"{section}.")
        for scenario in scenarios:
            if key != path and key in names(scenario):
                return f"{kind} {names(scenario)[key]}"
    return input_name(scenarios, path)


def _short(value: str) -> str:
    """A value of :mod:`differences` in a sentence: numbers with five digits, of a profile its mean only."""
    text = value.split(";")[0]
    if ", mean " in text:
        return f"mean {text.split(', mean ')[1]}"
    try:
        return f"{float(text.replace(',', '')):,.5g}"
    except ValueError:
        return text


def input_name(scenarios: Sequence[Scenario], path: str) -> str:
    """What the input at a path of :mod:`differences` is called: ``capacity of fra-h100``."""
    from hybridplan.analysis.sensitivity.paths import describe  # beside studies that bring the solver in

    if path in _POLICY:
        return registry.name(_POLICY[path]).lower()
    parts = path.split(".")
    for scenario in scenarios:
        for length in range(len(parts), 1, -1):
            try:
                label = describe(scenario, join(tuple(parts[:length]))).label
            except InvalidInput:
                continue
            label = label.removesuffix(", factor")
            return label if label[1:2].isupper() else label[:1].lower() + label[1:]
    return _words(scenarios, path)


def _words(scenarios: Sequence[Scenario], path: str) -> str:
    """A field that is no number, from its own name: ``owned cost of Own H100``."""
    field = path.rsplit(".", 1)[-1].replace("_", " ")
    for section, (_, names) in _RECORDS.items():
        for scenario in scenarios:
            for key, name in names(scenario).items():
                if path.startswith(f"{section}.{key}."):
                    return f"{field} of {name}"
    return field if path.count(".") < 2 else path


def _terms(found: Comparison, other: Entrant, currency: DisplayCurrency) -> list[str]:
    rows = found.waterfall.loc[found.waterfall["name"] == other.name]
    usd = rows["usd"].astype(float)
    largest = usd.abs().sort_values(ascending=False, kind="stable").index[:_MOST]
    parts = [
        say("compare.term", term=labels.term(str(rows.at[i, "term"])), change=_signed_money(float(usd[i]), currency))
        for i in largest
        if abs(usd[i]) > SAME * float(usd.abs().sum())
    ]
    return [say("compare.terms", parts=fmt.listed(parts))] if len(parts) > 1 else []


def _signed_money(usd: float, currency: DisplayCurrency) -> str:
    return ("+" if usd > 0 else "") + fmt.money(usd, currency)


def _carbon(found: Comparison, first: Entrant, other: Entrant) -> list[str]:
    rows = found.figures.loc[found.figures["figure"] == "carbon"].set_index("name")
    change, before = float(rows["change"].astype(float)[other.name]), float(rows["value"].astype(float)[first.name])
    if not math.isfinite(change) or abs(change) <= SAME * max(abs(before), abs(before + change)):
        return []
    over = _over(first.plan.scenario, found.span)
    word = "more" if change > 0 else "less"
    return [say("compare.carbon", tonnes=fmt.number(abs(change)), word=word, first=first.name, over=over)]


def _moves(found: Comparison, first: Entrant, other: Entrant) -> list[str]:
    rows = found.moves.loc[found.moves["name"] == other.name]
    if rows.empty:
        return [say("compare.moves_none", first=first.name)]
    change: pd.Series[float] = rows.groupby("pool")["change"].sum().astype(float)
    largest = change.loc[change.abs().sort_values(ascending=False, kind="stable").index]
    names = both_names(labels.pools, first.plan.scenario, other.plan.scenario)
    parts = [
        say("compare.move", pool=names.get(str(pool), str(pool)), change=("+" if hours > 0 else "") + fmt.number(hours))
        for pool, hours in list(largest.items())[:_MOST]
    ]
    if len(largest) > _MOST:
        parts.append(say("compare.more_inputs", count=str(len(largest) - _MOST)))
    return [say("compare.moves", parts=fmt.listed(parts))]
