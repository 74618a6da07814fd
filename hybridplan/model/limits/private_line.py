"""Private lines: no more than is on offer is bought, and traffic on one fits what is bought."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hybridplan.model.component import Rows
from hybridplan.model.data import Data
from hybridplan.model.decisions import Decisions
from hybridplan.units import GB_PER_HOUR_PER_GBPS


@dataclass(frozen=True)
class PrivateLine:
    """x[l] <= max_private_gbps, one number for the whole horizon."""

    name: str = "private_line"
    fields: tuple[str, ...] = ("links.max_private_gbps",)

    def rows(self, decisions: Decisions, data: Data) -> Rows | None:
        """One row per link with a line on offer, in Gbit/s."""
        offers = data.private_lines
        if not offers.links:
            return None
        ones = np.ones(len(offers.links))
        lhs = decisions.lines.gbps
        return Rows(lhs, offers.most_gbps, "<=", tuple(offers.links), ones, "Gbit/s", by_period=False)


@dataclass(frozen=True)
class PrivateFlow:
    """m[l,t] <= 450 x[l]; that m <= F[l,t] is part of what m means."""

    name: str = "private_flow"
    fields: tuple[str, ...] = ("links.max_private_gbps",)

    def rows(self, decisions: Decisions, data: Data) -> Rows | None:
        """(links with a line on offer, T) rows in GB per hour; shown per Gbit/s."""
        links = data.private_lines.links
        if not links:
            return None
        shape = len(links), len(data.periods)
        bought = decisions.lines.gbps[:, None] @ np.full((1, shape[1]), GB_PER_HOUR_PER_GBPS)
        scale = np.full(len(links), 1.0 / GB_PER_HOUR_PER_GBPS)
        return Rows(decisions.lines.flow - bought, np.zeros(shape), "<=", tuple(links), scale, "Gbit/s")
