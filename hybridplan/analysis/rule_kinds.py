"""The rules that people set on top of physics and demand: where each stands in a scenario, and the scenario without it.

What work is (its volume and windows, what it follows, whether it may be interrupted) and what capacity is (quotas, time
to boot, maintenance, starts) are no rules.
"""

from __future__ import annotations

from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any, Final, Literal

from hybridplan.domain import Scenario, require

Section = Literal["policy", "pools", "workloads", "expansions", "commitments", "spend_commitments", "datasets"]
POLICY: Final = "policy"
"""Record of the rules that hold for the whole scenario."""


@dataclass(frozen=True)
class RuleKind:
    """A rule, by the fields that make it; without them there is none, since every default is "no rule"."""

    code: str
    section: Section
    fields: tuple[str, ...]
    also: tuple[str, ...] = ()
    """Fields that go with it and are no rule alone."""
    also_of: tuple[str, ...] = ()
    """Fields of other rules that these mean something for too: where one of them stays, so do these."""
    charge: tuple[str, ...] = ()
    """Terms of cost or penalty that this rule brings into the objective: a price is a rule too."""


KINDS: Final[tuple[RuleKind, ...]] = (
    RuleKind("owned_first", "policy", ("owned_first",)),
    RuleKind("balance", "policy", ("balance",), charge=("balance",)),
    RuleKind("provider_share", "policy", ("provider_share_cap",), ("provider_share_of",)),
    RuleKind(
        "provider_count", "policy", ("min_providers", "max_providers"), ("provider_counts_from_accelerator_hours",)
    ),
    RuleKind("provider_fixed", "policy", ("provider_fixed_usd_per_hour",), charge=("provider_fixed",)),
    RuleKind("budget", "policy", ("budget",)),
    RuleKind("carbon_price", "policy", ("carbon_usd_per_tonne",), charge=("carbon",)),
    RuleKind("carbon_cap", "policy", ("carbon_cap",)),
    RuleKind("held_back", "pools", ("held_back_share",)),
    RuleKind("min_provisioned", "pools", ("min_provisioned_accelerators",)),
    RuleKind("min_busy", "pools", ("min_busy_share",)),
    RuleKind("min_on", "pools", ("min_on_hours",)),
    RuleKind("ramps", "pools", ("ramp_up_accelerators_per_hour", "ramp_down_accelerators_per_hour")),
    RuleKind("whole_nodes", "pools", ("whole_nodes",)),
    RuleKind("must_buy", "expansions", ("min_accelerators",)),
    RuleKind("must_commit", "commitments", ("min_new_accelerators",)),
    RuleKind("must_spend", "spend_commitments", ("min_new_usd_per_hour",)),
    RuleKind("whole_replicas", "workloads", ("whole_replicas",)),
    RuleKind("parallel_limit", "workloads", ("parallel_limit_accelerators",)),
    RuleKind("one_site", "workloads", ("one_site",)),
    RuleKind("interruptible_share", "workloads", ("interruptible_share_cap",)),
    RuleKind("sites", "workloads", ("allowed_sites", "denied_sites")),
    RuleKind("attributes", "workloads", ("required_attributes",)),
    RuleKind("link_attributes", "workloads", ("required_link_attributes",)),
    RuleKind("data_attributes", "datasets", ("required_attributes",)),
    RuleKind("data_link_attributes", "datasets", ("required_link_attributes",)),
    RuleKind("latency_price", "workloads", ("congestion_usd_per_unit_second",), charge=("congestion",)),
    RuleKind("mean_latency", "workloads", ("mean_latency_cap_ms",)),
    RuleKind(
        "latency",
        "workloads",
        ("latency_objective_ms", "latency_after_failure_ms"),
        ("latency_statistic", "max_load_share"),
        ("congestion_usd_per_unit_second", "mean_latency_cap_ms"),
    ),
    RuleKind("backup", "workloads", ("backup_sites",), ("backup_apart",)),
    RuleKind("least_copies", "datasets", ("min_copies",), ("copies_apart",)),
    RuleKind("residency", "workloads", ("allowed_jurisdictions",)),
    RuleKind("data_residency", "datasets", ("allowed_jurisdictions",)),
    RuleKind(
        "promise",
        "workloads",
        ("promised_share",),
        ("promise_form", "recovery_minutes", "latency_after_failure_ms"),
    ),
    RuleKind("unserved_cap", "workloads", ("unserved_share_cap",)),
    RuleKind("must_serve", "workloads", ("must_serve",)),
)
"""In the order in which they are removed one after another: what a planner may change alone comes first (policies, then
how pools are run, then how work is placed), then promises to users, then law; what must be served comes last, so that
as long as it can be all is priced at the same service."""


@dataclass(frozen=True)
class Rule:
    """One kind of rule on some records: one, or all that have it where they are priced together."""

    kind: RuleKind
    records: tuple[str, ...]


def rules_of(scenario: Scenario) -> list[Rule]:
    """Every rule that a scenario has, one record each, in the order of KINDS and of the records."""
    document = scenario.to_dict()
    return [Rule(kind, (record,)) for kind in KINDS for record in _records(document, kind)]


def grouped(rules: Sequence[Rule], most: int) -> list[Rule]:
    """At most ``most`` rules (or one for each kind): kinds on most records are priced for all their records at once."""
    found = list(rules)
    while len(found) > most:
        counts = {kind.code: sum(rule.kind is kind for rule in found) for kind in KINDS}
        largest = max(counts, key=lambda code: counts[code])
        if counts[largest] < 2:
            break
        mine = [rule for rule in found if rule.kind.code == largest]
        together = Rule(mine[0].kind, tuple(record for rule in mine for record in rule.records))
        place = found.index(mine[0])
        found = [*found[:place], together, *found[place + len(mine) :]]
    return found


def without(scenario: Scenario, rules: Sequence[Rule]) -> Scenario:
    """The scenario without these rules."""
    document = deepcopy(scenario.to_dict())
    each = [(rule.kind, _fields(document, rule.kind.section, record)) for rule in rules for record in rule.records]
    for kind, fields in each:
        for field in kind.fields:
            fields.pop(field, None)
    for kind, fields in each:
        if fields.keys().isdisjoint(kind.also_of):
            for field in kind.also:
                fields.pop(field, None)
    return require(document)


def _records(document: dict[str, Any], kind: RuleKind) -> list[str]:
    records = [POLICY] if kind.section == POLICY else list(document.get(kind.section, {}))
    return [record for record in records if not _fields(document, kind.section, record).keys().isdisjoint(kind.fields)]


def _fields(document: dict[str, Any], section: str, record: str) -> dict[str, Any]:
    """The fields of a record that are not at their default; those of the policy for its own record."""
    found: dict[str, Any] = document.get(section, {})
    return found if section == POLICY else found.get(record, {})
