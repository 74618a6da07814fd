"""Everything that a report says about a plan, as plain values: a page of decision, then evidence."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from hybridplan.analysis.sentences import badge, decision, status
from hybridplan.analysis.sentences.status import Tone as BadgeTone
from hybridplan.plan import Plan, PlanTables
from hybridplan.report import (
    content_blocks,
    content_coverage,
    content_decision,
    content_features,
    content_inputs,
    content_proof,
    content_purchases,
    content_resilience,
    content_results,
)
from hybridplan.report.content_parts import Chart, Column, Report, Section, Table, Tile, Tone

__all__ = ["Chart", "Column", "Report", "Section", "Table", "Tile", "content"]

_TONES: Final[dict[BadgeTone, Tone]] = {"good": "good", "caution": "caution", "bad": "bad", "neutral": "caution"}


def content(plan: Plan, *, made_at: datetime, origin: str = "") -> Report:
    """The report of ``plan``, made at ``made_at`` (with its offset).

    ``origin``: where the scenario comes from, e.g. ``Version 3 of Estate, saved 24 Nov 2026``; empty where unknown.
    Without a plan it says why, and holds no figure that could be taken for an answer.
    """
    tables = plan.tables if plan.status.has_plan else None
    shown = badge(plan)
    return Report(
        title=plan.scenario.name,
        headline=decision.headline(plan) if tables else status.no_plan(plan),
        proof=shown.text,
        tone=_TONES[shown.tone],
        warnings=content_decision.warnings(plan),
        tiles=content_decision.tiles(plan, tables) if tables else (),
        decision=content_decision.sections(plan, made_at) if tables else content_decision.no_plan(plan),
        evidence=_evidence(plan, tables),
        facts=content_proof.facts(plan, made_at, origin),
        made_at=made_at,
    )


def _evidence(plan: Plan, tables: PlanTables | None) -> tuple[Section, ...]:
    """What the plan does, then its proof, then what it is made from: who has decided asks for the answer first."""
    answer: tuple[Section, ...] = ()
    if tables is not None:
        answer = (
            *content_results.sections(plan, tables),
            *content_blocks.sections(plan, tables),
            *content_purchases.sections(plan, tables),
            *content_features.promised(plan),
            *content_resilience.sections(plan),
            *content_coverage.sections(plan),
            *content_results.after_latency(plan),
            *content_features.whole_nodes(plan),
            *content_features.work_that_waits(plan, tables),
            *content_features.switched_on(plan, tables),
        )
    return (
        *answer,
        content_proof.certificate(plan),
        *content_proof.warnings(plan),
        *content_features.ruled_out(plan),
        *content_inputs.sections(plan),
        content_proof.again(plan),
    )
