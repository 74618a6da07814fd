"""Trade-offs: what the next euro, gram or millisecond costs; one tab for each way to ask."""

from __future__ import annotations

from typing import Final

from hybridplan.ui.views import (
    tabbed,
    tradeoffs_alternatives,
    tradeoffs_buy,
    tradeoffs_frontier,
    tradeoffs_rules,
    tradeoffs_sensitivity,
    tradeoffs_sliders,
)

_NOTHING: Final = "There is nothing to weigh yet: a trade-off needs at least one pool and one workload."

SECTIONS: Final[dict[str, tabbed.Section]] = {
    "frontier": tradeoffs_frontier.show,
    "sliders": tradeoffs_sliders.show,
    "sensitivity": tradeoffs_sensitivity.show,
    "rules": tradeoffs_rules.show,
    "alternatives": tradeoffs_alternatives.show,
    "buy": tradeoffs_buy.show,
}
"""What draws each tab, by its code."""


def show() -> None:
    """Draw the page."""
    tabbed.show("tradeoffs", SECTIONS, _NOTHING)
