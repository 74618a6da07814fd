"""Evidence for compliance: what stays where, which site lacks what, and that nothing lies outside."""

from __future__ import annotations

import pandas as pd

from hybridplan.analysis import coverage, labels
from hybridplan.analysis.sentences import coverage as words
from hybridplan.plan import Plan
from hybridplan.report.content_parts import Section, Table
from hybridplan.report.content_tables import capped, shortened, table, text


def sections(plan: Plan) -> tuple[Section, ...]:
    """One section; nothing where no rule about places, security or latency is asked."""
    cells = [cell for cell in coverage.matrix(plan.scenario, plan.tables) if cell.state != "not_asked"]
    if not cells:
        return ()
    lacking = _lacking(plan, cells)
    return (
        Section(
            "coverage",
            "Rules by site",
            paragraphs=(words.verdict(plan), words.how(), *shortened(lacking)),
            bullets=capped(words.stays(plan)),
            tables=_table(lacking),
        ),
    )


def _lacking(plan: Plan, cells: list[coverage.Cell]) -> pd.DataFrame:
    """Sites that do not keep a rule, latency left out: it has a section of its own."""
    scenario = plan.scenario
    names = {"workload": labels.workloads(scenario), "dataset": labels.datasets(scenario)}
    places = labels.sites(scenario)
    found: dict[tuple[str, str, str], list[str]] = {}
    for cell in cells:
        if cell.state == "not_met" and not cell.rule.startswith("latency"):
            key = names[cell.kind][cell.record], words.rule(cell), words.detail(scenario, cell)
            found.setdefault(key, []).append(places[cell.site])
    rows = [(*key, ", ".join(sites)) for key, sites in found.items()]
    return pd.DataFrame(rows, columns=["record", "rule", "detail", "sites"])


def _table(rows: pd.DataFrame) -> tuple[Table, ...]:
    if rows.empty:
        return ()
    columns = {
        "record": text("Workload or dataset"),
        "rule": text("Rule"),
        "sites": text("Not met at"),
        "detail": text("Why"),
    }
    return (table("rules-by-site", "Sites that do not keep a rule, and so are not used for it", rows, columns),)
