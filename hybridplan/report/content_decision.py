"""The page of decision: what is recommended, what it costs, what limits it, what next, and how sure that is."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from hybridplan.analysis import key_figures
from hybridplan.analysis.sentences import decision, diagnosis, evidence, handover, limits, next_step, savings
from hybridplan.analysis.wording import say
from hybridplan.plan import Plan, PlanTables
from hybridplan.report.content_parts import Section, Table, Tile
from hybridplan.report.content_tables import number, share, table, text

_MOST_LINES: Final = 4
"""Workloads named in a warning; the rest are counted, so that the decision stays on one page."""


def warnings(plan: Plan) -> tuple[str, ...]:
    """What is not served, greatest share first; empty where all is."""
    if not plan.status.has_plan or not decision.shortfalls(plan):
        return ()
    *lines, penalty = decision.unserved(plan)
    more = len(lines) - _MOST_LINES
    rest = [say("report.and_more", count=f"{more:,}")] if more > 0 else []
    return (*lines[:_MOST_LINES], *rest, penalty)


def tiles(plan: Plan, tables: PlanTables) -> tuple[Tile, ...]:
    """The key figures of the Overview page."""
    return tuple(Tile(one.name, one.value, one.note) for one in key_figures.key_figures(plan, tables))


def sections(plan: Plan, made_at: datetime) -> tuple[Section, ...]:
    """All sections of the page, in the order in which a decision is made."""
    today = made_at.date()
    step = next_step(plan, today)
    money = handover.currency(plan.scenario)
    sure = [*handover.how_sure(plan), evidence.estimates(plan), *evidence.prices(plan.scenario, today)]
    return (
        Section("recommended", "What is recommended", bullets=tuple(key_figures.operation(plan))),
        Section("cost", "What it costs", bullets=(*key_figures.money(plan), *([money] if money else []))),
        *_rules(plan),
        Section("limits", "What limits it", bullets=binding_limits(plan)),
        Section("next", "What to do next", paragraphs=(step.text, step.change)),
        Section("sure", "How sure this is", bullets=(*sure, say("report.inputs"))),
    )


def binding_limits(plan: Plan, most: int = 3) -> tuple[str, ...]:
    """The dearest limits, and how far their values hold."""
    lines = limits.binding(plan, most=most)
    return (*lines, limits.validity(plan)) if len(plan.shadow_prices) else tuple(lines)


def no_plan(plan: Plan) -> tuple[Section, ...]:
    """Why there is no plan, and what would change that; no figure stands as an answer."""
    if plan.diagnosis is None:
        return (Section("none", "What this report can say", paragraphs=(say("none.no_figures"),)),)
    opening, *changes = diagnosis.explain(plan)
    hidden = diagnosis.withheld(plan.scenario, plan.diagnosis)
    return (
        Section("diagnosis", "What would make a plan possible", paragraphs=(opening, *hidden), bullets=tuple(changes)),
        Section("none", "What this report can say", paragraphs=(say("none.no_figures"),)),
    )


def _rules(plan: Plan) -> tuple[Section, ...]:
    if not plan.baselines:
        return ()
    return (
        Section("rules", "Against simple rules", bullets=tuple(savings.savings(plan)), tables=(_against_rules(plan),)),
    )


def _against_rules(plan: Plan) -> Table:
    rows = key_figures.against_rules(plan, "plan")
    rows["year"] = key_figures.against_rules(plan, "year")["cost_usd"]
    has_penalty = bool((rows["penalty_usd"] > 0).any())
    span, year = key_figures.money_unit(plan, "plan"), key_figures.money_unit(plan, "year")
    columns = {
        "name": text("Rule"),
        "cost_usd": number(f"Cost ({span})"),
        "year": number(f"Cost ({year})"),
        "penalty_usd": number(f"Penalties ({span})"),
        "unserved_share": share("Not served (largest share)"),
        "saving_usd": number(f"This plan saves ({span})"),
    }
    if not has_penalty:
        del columns["penalty_usd"]
    return table("plan-and-rules", "The plan and simple rules", rows, columns)
