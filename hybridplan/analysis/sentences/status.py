"""How proven the answer is, in one line, and what each state of a solve means."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from hybridplan.analysis import format as fmt
from hybridplan.analysis.wording import plural, say
from hybridplan.plan import Plan, SolveStatus

Tone = Literal["good", "caution", "bad", "neutral"]

_TONES: Final[dict[SolveStatus, Tone]] = {
    SolveStatus.OPTIMAL: "good",
    SolveStatus.WITHIN_GAP: "caution",
    SolveStatus.INFEASIBLE: "bad",
    SolveStatus.NO_PLAN_IN_TIME: "bad",
    SolveStatus.FAILED: "bad",
}
_NEARLY: Final = 1e-4
"""A gap below this is as good as none for anything that is decided with it."""


@dataclass(frozen=True)
class Badge:
    """The badge beside the title: its text, and a tone for its colour (never colour alone)."""

    text: str
    tone: Tone


def badge(plan: Plan | None) -> Badge:
    """``Cheapest for these inputs (checked, gap 8e-9)``, or why there is no such claim."""
    if plan is None:
        return Badge(say("badge.none"), "neutral")
    gap = max(0.0, plan.certificate.gap) if plan.certificate else float("nan")
    seconds = f"{plan.solver.time_limit_seconds:g} s"
    text = say(f"badge.{_code(plan, gap)}", gap=fmt.tiny(gap), share=fmt.share(gap), seconds=seconds)
    is_good = plan.status is SolveStatus.WITHIN_GAP and gap <= _NEARLY and not plan.solver.stopped_early
    return Badge(text, "good" if is_good else _TONES[plan.status])


def _code(plan: Plan, gap: float) -> str:
    """Which badge: a search that was stopped claims nothing but its gap; with whole numbers the bound is named."""
    if not plan.status.has_plan:
        return plan.status.value
    if plan.solver.stopped_early:
        return "stopped"
    is_whole = plan.kind == "mixed_integer"
    if plan.status is SolveStatus.OPTIMAL:
        return "whole" if is_whole else "optimal"
    level = "nearly" if gap <= _NEARLY else "within_gap"
    return f"whole_{level}" if is_whole else level


def no_plan(plan: Plan | None, errors: int = 0) -> str:
    """Why there is nothing to show: not solved, faults in the input, impossible, out of time, failed."""
    if plan is None:
        return say("state.invalid", errors=plural(errors, "fault")) if errors else say("state.none")
    limit = f"{plan.solver.time_limit_seconds:g} seconds"
    return say(f"state.{plan.status.value}", seconds=limit, message=plan.solver.message)


def solving() -> str:
    """A solve is under way, in a few words."""
    return say("state.solving_short")


def solving_page() -> str:
    """The same for a page that waits for the answer."""
    return say("state.solving")


def stale() -> str:
    """The inputs have changed since the plan was solved, in a few words."""
    return say("state.stale_short")


def stale_page(errors: int = 0) -> str:
    """The same for a page that still shows the earlier answer; with faults in the input there is more to do."""
    return say("state.stale_invalid", errors=plural(errors, "fault")) if errors else say("state.stale")


def cancelled() -> str:
    """The visitor stopped the solve."""
    return say("state.cancelled")
