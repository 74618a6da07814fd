"""Evidence block by block: cost by term, use of the pools, and what each block stands for. Only of several blocks."""

from __future__ import annotations

import pandas as pd

from hybridplan.analysis import by_block, key_figures, labels
from hybridplan.analysis.sentences import blocks as sentences
from hybridplan.analysis.wording import say
from hybridplan.plan import Plan, PlanTables
from hybridplan.report.content_parts import Section, Table
from hybridplan.report.content_tables import capped, count, number, share, table, text

_MOST_BLOCKS = 12
"""With more blocks a column for each would not fit on paper."""


def sections(plan: Plan, tables: PlanTables) -> tuple[Section, ...]:
    """The section on blocks; nothing where there is a single one."""
    if not by_block.several(plan.scenario):
        return ()
    found: tuple[Table, ...] = (_summary(plan, tables),)
    if len(plan.scenario.horizon.blocks) <= _MOST_BLOCKS:
        found = (*found, _costs(plan, tables), _use(plan, tables))
    return (
        Section(
            "blocks",
            "Block by block",
            paragraphs=(say("note.blocks"),),
            bullets=capped(sentences.summary(plan, tables)),
            tables=found,
        ),
    )


def _summary(plan: Plan, tables: PlanTables) -> Table:
    rows = key_figures.in_currency(plan, by_block.summary(plan, tables), ["cost_usd", "usd_per_hour"], "plan")
    rows["name"] = labels.named(rows["block"], labels.blocks(plan.scenario))
    code = plan.scenario.display_currency.code
    columns = {
        "name": text("Block"),
        "weight": number("Occurs (times)", 4),
        "hours": count("Stands for (hours)"),
        "demand_factor": number("Demand factor"),
        "price_factor": number("Price factor"),
        "cost_usd": number(f"Cost ({code})"),
        "usd_per_hour": number(f"Cost ({code} per hour)"),
        "busy_accelerator_hours": number("Busy (accelerator-hours)"),
        "carbon_tonnes": number("Carbon (t CO₂e)"),
        "unserved_share": share("Not served (most of any workload)"),
    }
    return table("blocks", "What each block stands for", rows, columns)


def _costs(plan: Plan, tables: PlanTables) -> Table:
    names = labels.blocks(plan.scenario)
    rows = key_figures.in_currency(plan, by_block.costs(plan, tables), list(names), "plan")
    rows["name"] = [labels.term(str(code)) for code in rows["term"]]
    total = {"name": "All costs", **rows[list(names)].sum().to_dict()}
    rows = pd.concat([rows, pd.DataFrame([total])], ignore_index=True)
    code = plan.scenario.display_currency.code
    columns = {"name": text("Term")} | {key: number(f"{name} ({code})") for key, name in names.items()}
    return table("cost-by-block", "Cost by term and block", rows, columns)


def _use(plan: Plan, tables: PlanTables) -> Table:
    names = labels.blocks(plan.scenario)
    rows = by_block.use(plan.scenario, tables)
    grid = rows.pivot_table(index="pool", columns="block", values="utilisation", dropna=False)
    grid = grid.reindex(index=list(plan.scenario.pools), columns=list(names)).reset_index()
    grid["name"] = labels.named(grid["pool"], labels.pools(plan.scenario))
    columns = {"name": text("Pool")} | {key: share(name) for key, name in names.items()}
    return table("use-by-block", "How full each pool is (busy / available or rented)", grid, columns)
