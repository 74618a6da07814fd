"""Sliders of Trade-offs: move a number and see what the cheapest plan makes of it."""

from __future__ import annotations

from hybridplan.plan import Plan
from hybridplan.ui.views import parts, sliders
from hybridplan.ui.workspace import Workspace


def show(ws: Workspace, plan: Plan) -> None:
    """Draw the section."""
    stays = (
        "The scenario stays as it is." if ws.read_only else "Your scenario stays as it is until you keep the values."
    )
    parts.paragraph(f"Move a slider: the plan is solved again for where they all stand. {stays}")
    sliders.draw(ws, plan)
