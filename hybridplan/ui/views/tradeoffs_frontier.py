"""Frontier: what each step of a second aim costs."""

from __future__ import annotations

from hybridplan.plan import Plan
from hybridplan.ui.views import parts
from hybridplan.ui.workspace import Workspace


def show(ws: Workspace, plan: Plan) -> None:
    """Draw the section."""
    parts.paragraph("How much does the same work cost with less carbon, or with less of the largest provider?")
