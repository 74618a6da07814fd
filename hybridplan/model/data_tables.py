"""Private lines, and copies of datasets with the ways to them: as tables, and as the audit's ledger has them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from hybridplan.audit.axes import Axes
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


def for_ledger(data: Data, values: Values, axes: Axes) -> dict[str, Any]:
    """The same as fields of :class:`hybridplan.audit.ledger.Ledger`; what there is none of is left out."""
    return _lines(data, values, axes) | _copied(data, values, axes)


def _lines(data: Data, values: Values, axes: Axes) -> dict[str, Any]:
    links = axes.records.links
    if values.private is None or values.private_gbps is None or not data.private_lines.links:
        return {}
    where = [links.index(link) for link in data.private_lines.links]
    gbps, flow = np.zeros(len(links)), np.zeros((len(links), len(data.periods)))
    gbps[where], flow[where] = values.private_gbps, values.private
    return {"private_gbps": gbps, "private_flow": flow}


def _copied(data: Data, values: Values, axes: Axes) -> dict[str, Any]:
    records = axes.records
    if not records.datasets:
        return {}
    dataset, site, link = (
        {name: i for i, name in enumerate(ids)} for ids in (records.datasets, records.sites, records.links)
    )
    there = np.zeros((len(dataset), len(site)), dtype=bool)
    for key, place in copies(data, values).itertuples(index=False):
        there[dataset[key], site[place]] = True
    rows = [(dataset[d], site[s], link[way], share) for d, s, way, share in syncs(data, values).itertuples(index=False)]
    parts: tuple[list[Any], ...] = tuple(list(column) for column in zip(*rows, strict=True)) or ([], [], [], [])
    codes = (np.array(part, dtype=np.int64) for part in parts[:3])
    names = ("sync_dataset", "sync_site", "sync_link")
    return {"copies": there, **dict(zip(names, codes, strict=True)), "sync_share": np.array(parts[3], dtype=float)}
