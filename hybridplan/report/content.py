"""Everything that a report says about a plan, as plain values."""

from __future__ import annotations

from datetime import UTC, datetime

from hybridplan.analysis.sentences import badge, decision, evidence, limits, next_step, savings, status
from hybridplan.plan import Plan
from hybridplan.report.content_parts import Chart, Column, Report, Section, Table, Tile, Tone

__all__ = ["Chart", "Column", "Report", "Section", "Table", "Tile", "content"]

_TONES: dict[str, Tone] = {"good": "good", "caution": "caution", "bad": "bad", "neutral": "caution"}


def content(plan: Plan, *, made_at: datetime, origin: str = "") -> Report:
    """The report of ``plan``, made at ``made_at``.

    ``origin``: where the scenario comes from, e.g. ``Version 3 of Estate, saved 24 Nov 2026``; empty where unknown.
    """
    shown, has_plan = badge(plan), plan.status.has_plan and plan.tables is not None
    return Report(
        title=plan.scenario.name,
        headline=decision.headline(plan) if has_plan else status.no_plan(plan),
        proof=shown.text,
        tone=_TONES[shown.tone],
        warnings=tuple(decision.unserved(plan)) if has_plan and decision.shortfalls(plan) else (),
        tiles=(),
        decision=_decision(plan, made_at) if has_plan else (),
        evidence=(Section("certificate", "How sure is this?", bullets=tuple(evidence.certificate(plan))),),
        facts=_facts(plan, made_at, origin),
        made_at=made_at,
    )


def _decision(plan: Plan, made_at: datetime) -> tuple[Section, ...]:
    step = next_step(plan, made_at.date())
    return (
        Section(
            "recommended",
            "What is recommended",
            bullets=(decision.where(plan), *decision.cost(plan), *savings.savings(plan)),
        ),
        Section("limits", "What limits it", bullets=tuple(limits.binding(plan))),
        Section("next", "What to do next", paragraphs=(step.text,)),
    )


def _facts(plan: Plan, made_at: datetime, origin: str) -> tuple[tuple[str, str], ...]:
    facts = [
        ("Made at (UTC)", f"{made_at.astimezone(UTC):%Y-%m-%d %H:%M}"),
        ("Inputs (sha256)", plan.content_hash),
        ("Solver", f"{plan.solver.name} {plan.solver.version}"),
    ]
    return tuple([*facts, ("Scenario", origin)] if origin else facts)
