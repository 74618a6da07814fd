"""Traffic on a link fits its bandwidth."""

from __future__ import annotations

from dataclasses import dataclass

import cvxpy as cp
import numpy as np

from hybridplan.model.choices.copies import on_links
from hybridplan.model.choices.lines import all_traffic, pick_lines
from hybridplan.model.component import Rows, in_periods
from hybridplan.model.data import Data
from hybridplan.model.decisions import Decisions
from hybridplan.units import GB_PER_HOUR_PER_GBPS


@dataclass(frozen=True)
class LinkBandwidth:
    """F[l,t] - m[l,t] + first copies <= 450 x gbps; in GB per hour.

    F: work (egress, ingress and results on the same directed link added) and changes to copies; m: the part on a
    private line beside it.
    """

    name: str = "link_bandwidth"
    fields: tuple[str, ...] = ("links.gbps", "datasets.first_copy_gbps")

    def rows(self, decisions: Decisions, data: Data) -> Rows | None:
        """(L, T) rows in GB per hour; shown per Gbit/s."""
        links = data.traffic.limited
        traffic = all_traffic(data, links, decisions.effective, decisions.copies)
        first = on_links(data.datasets, links, decisions.copies.shares, data.datasets.first_gb_per_hour)
        parts = [part for part in (traffic, first) if part is not None]
        if not parts:
            return None
        lhs = sum(parts[1:], parts[0])
        beside = pick_lines(data.private_lines, links)
        if beside.nnz:
            lhs = lhs - beside @ decisions.lines.flow
        rhs = in_periods(data.traffic.limit_gb_per_hour, len(data.periods))
        scale = np.full(len(links), 1.0 / GB_PER_HOUR_PER_GBPS)
        return Rows(lhs, rhs, "<=", tuple(links), scale, "Gbit/s")


def standing_traffic(decisions: Decisions, data: Data, links: list[str]) -> cp.Expression | None:
    """GB per hour that goes on whatever fails: changes to copies and first copies; (links, T); None: none.

    ``links`` may repeat.
    """
    datasets, known = data.datasets, list(dict.fromkeys(links))
    change = np.repeat(datasets.change_gb_per_hour[:, None], len(data.periods), axis=1)
    found = on_links(datasets, known, decisions.copies.shares, change + datasets.first_gb_per_hour)
    return None if found is None else found[[known.index(link) for link in links]]
