"""Resilience: what goes on when something fails; one tab for each way to ask."""

from __future__ import annotations

from typing import Final

from hybridplan.ui.views import (
    resilience_coverage,
    resilience_drill,
    resilience_failures,
    resilience_promises,
    tabbed,
)

_NOTHING: Final = "Nothing can fail yet: there has to be at least one pool and one workload."

SECTIONS: Final[dict[str, tabbed.Section]] = {
    "promises": resilience_promises.show,
    "drill": resilience_drill.show,
    "failures": resilience_failures.show,
    "coverage": resilience_coverage.show,
}
"""What draws each tab, by its code."""


def show() -> None:
    """Draw the page."""
    tabbed.show("resilience", SECTIONS, _NOTHING)
