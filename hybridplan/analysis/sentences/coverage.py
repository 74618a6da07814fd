"""Rules by site in words: whether a site keeps a rule, what lies there, and what lies outside."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import pandas as pd

from hybridplan.analysis import coverage, labels
from hybridplan.analysis import format as fmt
from hybridplan.analysis.coverage import Cell
from hybridplan.analysis.wording import plural, say
from hybridplan.domain import Scenario
from hybridplan.domain.attributes import attribute_label, attribute_labels
from hybridplan.plan import Plan

SYMBOL: Final = {"met": "✓", "not_met": "✗", "not_asked": "–"}
"""Said beside the words, so that no colour is needed."""


def rule(cell: Cell) -> str:
    """What a rule is called: ``Residency``, ``Encryption in transit, way back``."""
    return _upper(say(f"coverage_rule.{cell.rule}", subject=attribute_label(cell.subject)))


def state(cell: Cell) -> str:
    """``met``, ``not met`` or ``not asked``."""
    return say(f"coverage_state.{cell.state}")


def detail(scenario: Scenario, cell: Cell) -> str:
    """What there is to add about a cell; empty where nothing is."""
    if not cell.why:
        return ""
    names = fmt.shortened(labels.named(cell.names, _names(scenario, cell)))
    if cell.why == "some_pools":
        return say("coverage.only_some", names=names)
    if cell.why == "lacking" and names:
        return say("coverage.lacking_by", names=names)
    return say(f"coverage.{cell.why}", names=names)


def _names(scenario: Scenario, cell: Cell) -> dict[str, str]:
    if cell.why in ("no_copy", "may_copy"):
        return labels.datasets(scenario)
    if cell.rule == "backup":
        return labels.sites(scenario)
    if cell.why == "lacking" and cell.rule.startswith("link_"):
        return labels.links(scenario)
    return {} if cell.why == "elsewhere" else labels.pools(scenario)


def details(scenario: Scenario, cells: Sequence[Cell]) -> str:
    """Every rule of a cell that is asked, with what there is to add."""
    asked = [cell for cell in cells if cell.state != "not_asked"]
    parts = [f"{rule(one)}: {state(one)}" + (f" ({more})" if (more := detail(scenario, one)) else "") for one in asked]
    return "; ".join(parts) or say("coverage_state.not_asked")


def row_name(scenario: Scenario, key: str) -> str:
    """Name of a row of the matrix: ``kind/record`` or ``rule/attribute``."""
    first, second = key.split("/", 1)
    names = {"workload": labels.workloads, "dataset": labels.datasets}.get(first)
    if names is not None:
        return names(scenario)[second]
    return _upper(say(f"coverage_rule.{first}", subject=attribute_label(second)))


def role(code: str) -> str:
    """What a role is called: ``Runs``, ``Standby``."""
    return say(f"coverage_role.{code}")


def stays(plan: Plan) -> list[str]:
    """For every record with residency or required attributes: that all of it is within, and what lies outside."""
    found, lines = coverage.outside(plan), list[str]()
    for kind, record, name in _records(plan.scenario):
        where, what = _asked(plan.scenario, kind, record)
        if where:
            mine = _of(found, kind, record, "residency")
            lines.append(_line(mine, kind, ("coverage.stays", "coverage.leaves"), record=name, where=where))
        if what:
            mine = _of(found, kind, record, "attribute")
            lines.append(_line(mine, kind, ("coverage.secured", "coverage.unsecured"), record=name, what=what))
    return lines


def verdict(plan: Plan) -> str:
    """Whether anything at all is placed where a rule on place or security is not met."""
    found = coverage.outside(plan)
    if found.empty:
        return say("coverage.all_within")
    return say("coverage.some_outside", count=plural(len(found), "thing is", "things are"))


def none() -> str:
    """That nothing is asked."""
    return say("coverage.none")


def how() -> str:
    """What the figures rest on."""
    return say("coverage.how")


def _records(scenario: Scenario) -> list[tuple[str, str, str]]:
    works, data = labels.workloads(scenario), labels.datasets(scenario)
    return [*(("workload", key, name) for key, name in works.items()), *(("dataset", k, n) for k, n in data.items())]


def _asked(scenario: Scenario, kind: str, record: str) -> tuple[str, str]:
    """Where a record must stay, and what it must find there; empty where it does not ask."""
    asks = scenario.workloads[record] if kind == "workload" else scenario.datasets[record]
    where, what = list(asks.allowed_jurisdictions), attribute_labels(asks.required_attributes)
    return fmt.listed(where, "or"), fmt.listed(what)


def _of(found: pd.DataFrame, kind: str, record: str, broken: str) -> pd.DataFrame:
    return found.loc[(found["kind"] == kind) & (found["record"] == record) & (found["rule"] == broken)]


def _line(mine: pd.DataFrame, kind: str, codes: tuple[str, str], **words: str) -> str:
    parts = []
    for name in coverage.ROLES[kind]:
        rows = mine.loc[mine["role"] == name]
        amount = float(rows.groupby("contingency")["amount"].sum().max()) if len(rows) else 0.0
        parts.append(say(f"coverage.{name}", amount=fmt.number(amount)))
    return say(codes[0] if mine.empty else codes[1], amounts=", ".join(parts), **words)


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]
