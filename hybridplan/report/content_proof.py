"""Evidence about the proof: the certificate line by line, warnings about the inputs, and how to get it all again."""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from typing import Final

from hybridplan.analysis import format as fmt
from hybridplan.analysis import labels
from hybridplan.analysis.sentences import badge, evidence, status
from hybridplan.analysis.wording import say
from hybridplan.plan import Plan
from hybridplan.report.content_parts import Column, Section, Table

_KINDS: Final = {"linear": "linear", "conic": "linear with curved terms", "mixed_integer": "with whole numbers"}
Fact = tuple[str, str]


def certificate(plan: Plan) -> Section:
    """What was proven, in sentences with all digits, and each figure with what it means."""
    columns = (Column("Figure", "text"), Column("Value", "text"), Column("What it means", "text"))
    rows = tuple(_figures(plan))
    return Section(
        "certificate",
        "The certificate",
        paragraphs=() if plan.status.has_plan else (status.no_plan(plan),),
        bullets=() if plan.status.has_plan else tuple(evidence.certificate(plan)),
        tables=(Table("certificate", "Each figure, explained", columns, rows),) if plan.status.has_plan else (),
    )


def _figures(plan: Plan) -> Iterator[tuple[str, str, str]]:
    proof, run, objective = plan.certificate, plan.solver, plan.objective_usd
    yield "Status", badge(plan).text, say("proof.status")
    if proof is not None and objective is not None:
        yield "Rules checked", f"{proof.rules_checked:,}", say("proof.rules")
        yield "Largest violation", fmt.tiny(proof.max_residual), say("proof.residual")
        apart = abs(objective - proof.tangent_error_usd - proof.optimised_usd)
        yield "Optimiser against audit", f"{fmt.tiny(apart)} USD", say("proof.audit")
        yield "Objective", f"{fmt.precise(objective)} USD", say("proof.objective")
        yield "Of it fixed", f"{fmt.precise(plan.constant_usd)} USD", say("proof.fixed")
        if proof.bound_source != "none" and math.isfinite(proof.bound_usd):
            meaning = "proof.bound_solver" if proof.bound_source == "solver" else "proof.bound"
            yield "Bound", f"{fmt.precise(proof.bound_usd)} USD", say(meaning)
            yield "Gap", fmt.tiny(max(0.0, proof.gap)), say("proof.gap")
        if proof.relaxation_bound_usd is not None:
            yield (
                "Bound without whole numbers",
                f"{fmt.precise(proof.relaxation_bound_usd)} USD",
                say("proof.relaxation"),
            )
        if proof.tangent_error_usd > 0:
            yield "Left out by straight lines", f"{fmt.precise(proof.tangent_error_usd)} USD", say("proof.tangents")
    yield "Kind of problem", _KINDS[plan.kind], say(f"proof.kind_{plan.kind}")
    yield "Size", f"{run.columns:,} columns, {run.rows:,} rows", say("proof.size")
    yield "Solver", f"{run.name} {run.version}, {run.seconds:.2f} s of {run.total_seconds:.2f} s", say("proof.seconds")
    yield "Inputs (sha256)", plan.content_hash, say("proof.hash")


def warnings(plan: Plan) -> tuple[Section, ...]:
    """What was doubtful in the inputs; nothing where nothing was."""
    if not plan.warnings:
        return ()
    labelled = ("Where", "What", "Found", "Unit", "How to mend it")
    rows = tuple(
        tuple(part or fmt.NO_VALUE for part in (one.path, one.message, one.value, one.unit, one.mend))
        for one in plan.warnings
    )
    found = Table("warnings", "Warnings", tuple(Column(label, "text") for label in labelled), rows)
    return (Section("warnings", "Warnings about the inputs", tables=(found,)),)


def again(plan: Plan) -> Section:
    """How to get the same answer again."""
    codes = ("scenario", "solve", "report", "same") if plan.status.has_plan else ("scenario", "solve", "report")
    return Section("again", "How to get this again", bullets=tuple(say(f"again.{code}") for code in codes))


def facts(plan: Plan, made_at: datetime, origin: str) -> tuple[Fact, ...]:
    """What identifies the report."""
    zone = labels.zone(plan.scenario)
    found = [
        ("Made", f"{made_at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"),
        *([] if zone.key == "UTC" else [("Local time", f"{made_at.astimezone(zone):%Y-%m-%d %H:%M} {zone.key}")]),
        *([("Scenario", origin)] if origin else []),
        ("Inputs (sha256)", plan.content_hash),
        ("Program", f"hybridplan {program_version()}"),
        ("Solver", f"{plan.solver.name} {plan.solver.version}".strip()),
    ]
    return tuple((name, value) for name, value in found if value)


def program_version() -> str:
    """Version of hybridplan as installed."""
    try:
        return version("hybridplan")
    except PackageNotFoundError:
        return "of a checkout"
