"""What two plans have in common, and why one may not be the closest to the other. Light: pages import it too."""

from __future__ import annotations

from typing import Literal

import pandas as pd

from hybridplan.domain import Scenario

Plainly = Literal["", "no_plan", "not_proven", "mixed_integer", "conic", "owned_first", "horizon", "not_found"]
"""Why a plan is as it was solved: with whole numbers, cones or two objectives in order the cheapest plans are no set
that a linear program can search; a plan that is not proven cheapest has no such set; without common hours there is
nothing to be close to. Empty: it is the closest."""


def period_places(first: Scenario, other: Scenario) -> dict[tuple[str, pd.Timestamp], int]:
    """Position among all periods of ``other`` of each period of ``first`` that it has, by block and start."""
    found: dict[tuple[str, pd.Timestamp], int] = {}
    position = 0
    for block_id, block in other.horizon.ordered():
        mine = first.horizon.blocks.get(block_id)
        if mine is not None and mine.period_hours == block.period_hours:
            for n, start in enumerate(mine.starts()[: block.periods]):
                found[block_id, pd.Timestamp(start)] = position + n
        position += block.periods
    return found
