"""Residency, security and site rules: whether they stand in the way, and only where asked for what would suffice."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from hybridplan.analysis.diagnose.attempt import Search
from hybridplan.analysis.diagnose.ladders import Steps, sufficient
from hybridplan.domain import Scenario
from hybridplan.plan import Relaxation

TOGETHER: Final = "residency_and_security"
"""Stands for all rules below, where no one of them alone stands in the way."""
_FIELDS: Final = {
    "residency": "allowed_jurisdictions",
    "attributes": "required_attributes",
    "link_attributes": "required_link_attributes",
    "allowed_sites": "allowed_sites",
    "denied_sites": "denied_sites",
}
UNITS: Final = {
    "residency": "jurisdictions",
    "attributes": "attributes",
    "link_attributes": "attributes",
    "allowed_sites": "sites",
    "denied_sites": "sites",
}
SECTIONS: Final = ("workloads", "datasets")


def withheld(search: Search) -> tuple[tuple[str, str], ...]:
    """(rule, record) of each rule without which there is a plan; or TOGETHER where only all of them do."""
    every = _rules(search.scenario)
    if not every or not search.proven(*every):
        return ()
    found = [ladder.furthest for ladder in sufficient(search, _alone(search, every))]
    if found or len(every) < 2 or not search.left:
        return tuple((change.rule, change.record) for change in found)
    return ((TOGETHER, ""),)


def residency(search: Search) -> Iterator[Relaxation]:
    """Per rule that stands in the way: each jurisdiction, attribute or site that suffices, else all of it."""
    for ladder in sufficient(search, _alone(search, _rules(search.scenario))):
        dropped = ladder.furthest
        singles = [tried for single in _singles(search.scenario, dropped) if (tried := search.proven(single))]
        yield from singles or [replace(dropped, proven=True)]


def _alone(search: Search, rules: list[Relaxation]) -> list[Steps]:
    """Those of which one alone may suffice."""
    hopeless = {("workloads", key) for key in search.hopeless}
    return [Steps((change,)) for change in rules if tuple(change.path.split("/")[:2]) not in hopeless]


def joint(search: Search) -> tuple[Relaxation, ...]:
    """All of these rules that must go together for a plan; empty where they are not enough."""
    kept = _rules(search.scenario)
    if len(kept) < 2 or not search.proven(*kept):
        return ()
    for change in list(kept):
        fewer = [other for other in kept if other is not change]
        if fewer and search.left and search.proven(*fewer):
            kept = fewer
    proven = search.proven(*kept)
    return tuple(replace(change, proven=proven is not None) for change in kept)


def _rules(scenario: Scenario) -> list[Relaxation]:
    """Every such rule that is set, dropped as a whole."""
    return [
        Relaxation(rule, key, float(len(now)), UNITS[rule], False, f"{section}/{key}/{field}", None)
        for section in SECTIONS
        for key, record in getattr(scenario, section).items()
        for rule, field in _FIELDS.items()
        if (now := getattr(record, field, ()))
    ]


def _singles(scenario: Scenario, change: Relaxation) -> Iterator[Relaxation]:
    """One jurisdiction or site more, one attribute or denied site less."""
    section, key, field = change.path.split("/")
    now: tuple[str, ...] = getattr(getattr(scenario, section)[key], field)
    if change.rule == "residency":
        known = dict.fromkeys(site.jurisdiction for site in scenario.sites.values())
        values = [(*now, one) for one in known if one not in now]
    elif change.rule == "allowed_sites":
        values = [(*now, one) for one in scenario.sites if one not in now]
    else:
        values = [tuple(other for other in now if other != one) for one in now] if len(now) > 1 else []
    for value in values:
        yield Relaxation(change.rule, key, 1.0, change.unit, False, change.path, value)
