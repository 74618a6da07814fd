"""A comparison in sentences: unserved work first, then cost and what it goes with, then what moves."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

import pandas as pd

from hybridplan.analysis import format as fmt
from hybridplan.analysis import labels
from hybridplan.analysis.compare.causes import Cause, causes
from hybridplan.analysis.compare.inputs import matters, of_pair
from hybridplan.analysis.compare.result import Comparison, Entrant, Span, per_span
from hybridplan.analysis.differences import MISSING
from hybridplan.analysis.sentences import compared_promises
from hybridplan.analysis.sentences.compared_inputs import in_brackets, input_name, is_record, record_name, value
from hybridplan.analysis.wording import plural, say
from hybridplan.domain import DisplayCurrency, Scenario
from hybridplan.plan import Plan

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
    paths = [str(path) for path in found.inputs["path"]]
    inputs = found.inputs.assign(
        **{
            name: [value(scenarios, path, text) for path, text in zip(paths, found.inputs[name], strict=True)]
            for name in found.names
        }
    )
    inputs.insert(0, "what", [record_name(scenarios, path) for path in paths])
    sentences = (_general(found), *(_against(found, first, other) for other in others))
    return replace(found, inputs=inputs, sentences=sentences)


def figure_name(found: Comparison, code: str) -> str:
    """What a row of ``Comparison.figures`` is called."""
    kind, _, key = code.partition(":")
    if kind == "term":
        return labels.term(key)
    if not key:
        return say(f"compare.figure.{code}")
    return say(f"compare.figure.{kind}", workload=_workloads(found.entrants).get(key, key))


def _workloads(entrants: Sequence[Entrant]) -> dict[str, str]:
    """Names of workloads by id, those of the first entrant that has them."""
    return {key: name for one in reversed(entrants) for key, name in labels.workloads(one.plan.scenario).items()}


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
        *compared_promises.against(found, first, other),
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
        code = "compare.inputs_unread" if any(one.unit for one in found) else "compare.inputs_words"
        return say(code, first=first.name, count=str(len(found)))
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
            why=_because(first, other, binding),
        )
    ]
    if further:
        lines.append(say("compare.together", others=_listed(first, other, further)))
    return [*lines, *_terms(found, other, currency)]


def _because(first: Entrant, other: Entrant, binding: Sequence[Cause]) -> str:
    """Inputs that changed, then records that came or went; empty without a cause."""
    if not binding:
        return ""
    scenarios = first.plan.scenario, other.plan.scenario
    records = [one for one in binding if is_record(scenarios, one.difference.path)]
    changed = [one for one in binding if one not in records]
    parts = [say("compare.changed", causes=_listed(first, other, changed))] if changed else []
    for one in records:
        code = "compare.was_left_out" if one.difference.after == MISSING else "compare.was_added"
        parts.append(say(code, what=record_name(scenarios, one.difference.path)))
    return say("compare.because", causes=fmt.listed(parts))


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
    if is_record(scenarios, path):
        return say("compare.without" if after == MISSING else "compare.with", what=record_name(scenarios, path))
    before, after = in_brackets(scenarios, path, before, after, unit)
    return say("compare.input", what=input_name(scenarios, path), before=before, after=after)


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
