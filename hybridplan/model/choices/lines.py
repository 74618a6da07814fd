"""Private lines: bandwidth bought beside links for the whole horizon, and the traffic that goes over it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import cvxpy as cp
import numpy as np
import scipy.sparse as sp

from hybridplan.model.choices.copies import Copies, on_links
from hybridplan.model.periods import Array
from hybridplan.model.variables import Wholes, variable, whole_variable
from hybridplan.units import gb_per_hour

if TYPE_CHECKING:
    from hybridplan.model.data import Data
    from hybridplan.model.private_lines import PrivateLines

_LEAST_SHARE: Final = 1e-6
"""A line whose fixed price is paid has at least this share of what is on offer, so that it is one in the tables too."""


@dataclass(frozen=True)
class Lines:
    """Decisions on private lines; an empty variable is a constant."""

    gbps: cp.Expression
    """x, Gbit/s bought; (M,)."""
    bought: cp.Expression
    """1 where a line with a fixed price is bought; of ``PrivateLines.priced_once``."""
    flow: cp.Expression
    """m, GB per hour on the private line; (M, T)."""
    definitions: tuple[cp.Constraint, ...]


def build_lines(data: Data, made: Wholes, effective: cp.Expression, copies: Copies) -> Lines:
    """Variables of all lines, and that m is part of all traffic of the link: m <= F."""
    offers = data.private_lines
    gbps = variable("private_gbps", offers.most_gbps)
    most_gb = gb_per_hour(1.0) * offers.most_gbps
    flow = variable("private_flow", np.repeat(most_gb[:, None], len(data.periods), axis=1))
    once = offers.priced_once
    bought = whole_variable(made, "private_lines", np.ones(len(once)))
    rules: list[cp.Constraint] = []
    if once.size:
        # With the choice fixed the box must not bind, or it would take the dual of the row for what is on offer.
        most, room = offers.most_gbps[once], 2.0 if made.is_fixed else 1.0
        rules.append(gbps[once] <= cp.multiply(room * most, bought))
        rules.append(gbps[once] >= cp.multiply(_LEAST_SHARE * most, bought))
    if flow.size:
        traffic = all_traffic(data, offers.links, effective, copies)
        rules.append(flow <= (0.0 if traffic is None else traffic))
    return Lines(gbps, bought, flow, tuple(rules))


def all_traffic(data: Data, links: list[str], effective: cp.Expression, copies: Copies) -> cp.Expression | None:
    """F, GB per hour of work and of changes to copies on each of ``links``, first copies apart; (links, T).

    None where there can be none.
    """
    by_route = data.traffic.gb_per_busy_hour(links)
    parts = [by_route @ effective] if by_route.nnz else []
    change = np.repeat(data.datasets.change_gb_per_hour[:, None], len(data.periods), axis=1)
    synced = on_links(data.datasets, links, copies.shares, change)
    parts += [] if synced is None else [synced]
    return sum(parts[1:], parts[0]) if parts else None


def pick_lines(offers: PrivateLines, links: list[str]) -> sp.csr_array:
    """(links x M) 1 where a line may be bought beside the link; ``links`` may repeat."""
    where = {link: i for i, link in enumerate(offers.links)}
    found = [(row, where[link]) for row, link in enumerate(links) if link in where]
    rows, columns = zip(*found, strict=True) if found else ((), ())
    return sp.csr_array((np.ones(len(found)), (rows, columns)), shape=(len(links), len(offers.links)))


def read_lines(lines: Lines, data: Data, effective: Array, sync: Array, dust: float) -> tuple[Array, Array]:
    """Gbit/s bought (M,) and GB per hour on them (M, T), never more than all traffic of the link.

    ``effective`` (K, T) and ``sync`` (X,) make that traffic.
    """
    offers = data.private_lines
    gbps, flow = np.zeros(len(offers.links)), np.zeros((len(offers.links), len(data.periods)))
    if not gbps.size or lines.gbps.value is None:
        return gbps, flow
    gbps = np.clip(np.asarray(lines.gbps.value, dtype=float), 0.0, offers.most_gbps)
    gbps[gbps < dust * offers.most_gbps] = 0.0
    if offers.priced_once.size:
        gbps[offers.priced_once] *= np.round(np.asarray(lines.bought.value, dtype=float))
    change = np.repeat(data.datasets.change_gb_per_hour[:, None], len(data.periods), axis=1)
    synced = np.asarray(data.datasets.on_links(offers.links, change) @ sync).reshape(flow.shape, order="F")
    traffic = np.asarray(data.traffic.gb_per_busy_hour(offers.links) @ effective) + synced
    flow = np.clip(
        np.asarray(lines.flow.value, dtype=float), 0.0, np.minimum(gb_per_hour(1.0) * gbps[:, None], traffic)
    )
    flow[flow < dust * gb_per_hour(1.0) * offers.most_gbps[:, None]] = 0.0
    return gbps, flow
