"""Tables of private lines, and of copies of datasets with the ways to them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from hybridplan.model.data import Data
from hybridplan.model.periods import Array
from hybridplan.plan import COPY_COLUMNS, PRIVATE_FLOW_COLUMNS, SYNC_COLUMNS

if TYPE_CHECKING:
    from hybridplan.model.values import Values


def bought_lines(data: Data, values: Values) -> list[tuple[str, str, float]]:
    """(kind, link, Gbit/s) of every private line on offer."""
    links = data.private_lines.links
    gbps = np.zeros(len(links)) if values.private_gbps is None else values.private_gbps
    return [("private_line", link, size) for link, size in zip(links, gbps.tolist(), strict=True)]


def private_flows(data: Data, values: Values) -> pd.DataFrame:
    """GB per hour on private lines, where there is any."""
    names = np.array(data.private_lines.links, dtype=object)
    flow: Array = np.zeros((len(names), len(data.periods))) if values.private is None else values.private
    m, t = np.nonzero(flow)
    columns = names[m], data.periods.block[t], data.periods.start[t], flow[m, t]
    return pd.DataFrame(dict(zip(PRIVATE_FLOW_COLUMNS, columns, strict=True)))


def copies(data: Data, values: Values) -> pd.DataFrame:
    """Every copy but those at home."""
    made = np.zeros(len(data.datasets.choosable)) if values.chosen is None else values.chosen
    chosen = {pair for pair, is_made in zip(data.datasets.choosable, made, strict=True) if is_made}
    rows = [
        (key, site)
        for key, dataset in data.scenario.datasets.items()
        for site, copy in dataset.copies.items()
        if copy.state != "choosable" or (key, site) in chosen
    ]
    return pd.DataFrame(rows, columns=list(COPY_COLUMNS))


def syncs(data: Data, values: Values) -> pd.DataFrame:
    """The share of a copy's data on each link that it takes."""
    datasets = data.datasets
    shares = datasets.cheapest_ways if values.sync is None else values.sync
    rows = [
        (datasets.synced[n].dataset, datasets.synced[n].site, link, share)
        for (n, link), share in zip(datasets.arcs, shares.tolist(), strict=True)
        if share > 0
    ]
    return pd.DataFrame(rows, columns=list(SYNC_COLUMNS))
