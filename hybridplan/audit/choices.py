"""The tables of what is bought, covered, sent apart, copied and kept in sync, read into arrays."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from hybridplan.audit.axes import Axes, Floats, Ints
from hybridplan.audit.reading import Fault, TableReader, codes_of, filled, joined
from hybridplan.plan import (
    COPY_COLUMNS,
    COVERED_COLUMNS,
    PRIVATE_FLOW_COLUMNS,
    PURCHASE_COLUMNS,
    SYNC_COLUMNS,
    PlanTables,
)


class Purchases(NamedTuple):
    """One number per record; 0 where there is no option, NaN where there is one and its row is missing."""

    new_committed: Floats
    new_spend_usd_per_hour: Floats
    bought: Floats
    private_gbps: Floats


class Covered(NamedTuple):
    """What each spend commitment pays for: (V,) its code, (V,) the code of the pool, (V, T) accelerators."""

    covered_by: Ints
    covered_pool: Ints
    covered: Floats


class Syncs(NamedTuple):
    """(Y,) codes of the dataset, of the site of its copy and of a link on the way, and the share that goes over it."""

    sync_dataset: Ints
    sync_site: Ints
    sync_link: Ints
    sync_share: Floats


def purchases(axes: Axes, tables: PlanTables, faults: list[Fault]) -> Purchases:
    """What is bought, by kind; every record with an option has one row."""
    reader = TableReader(tables.purchases, "purchases", PURCHASE_COLUMNS, faults)
    scenario, records = axes.scenario, axes.records
    kinds: dict[str, tuple[tuple[str, ...], list[bool]]] = {
        "commitment": (records.commitments, [c.max_new_accelerators > 0 for c in scenario.commitments.values()]),
        "spend_commitment": (
            records.spend_commitments,
            [c.max_new_usd_per_hour > 0 for c in scenario.spend_commitments.values()],
        ),
        "expansion": (records.expansions, [True] * len(records.expansions)),
        "private_line": (records.links, [link.max_private_gbps > 0 for link in scenario.links.values()]),
    }
    names = tuple(dict.fromkeys(name for ids, _ in kinds.values() for name in ids))
    codes, place = codes_of(names), np.full((len(kinds), max(len(names), 1)), -1, dtype=np.int64)
    on_offer = np.concatenate([np.zeros(0), *(np.asarray(may, dtype=np.float64) for _, may in kinds.values())])
    sizes, first = [len(ids) for ids, _ in kinds.values()], 0
    for number, (ids, may) in enumerate(kinds.values()):
        for position, (name, is_offered) in enumerate(zip(ids, may, strict=True)):
            if is_offered:
                place[number, codes[name]] = first + position
        first += len(ids)
    kind = reader.ids("kind", codes_of(tuple(kinds)), "kind of purchase")
    record = reader.ids("record", codes, "record")
    known = (kind >= 0) & (record >= 0)
    key = np.where(known, place[np.maximum(kind, 0), np.maximum(record, 0)], -1)
    reader.fault(int((known & (key < 0)).sum()), "the record has no such option")
    reader.once(key, "option to buy", int(on_offer.sum()))
    found = filled(key, reader.numbers("quantity"), len(on_offer), np.nan)
    parts = np.split(np.where(on_offer > 0, found, 0.0), np.cumsum(sizes)[:-1])
    return Purchases(*parts)


def covered(axes: Axes, tables: PlanTables, faults: list[Fault]) -> Covered:
    """Accelerators that spend commitments pay for; of duplicates, which are faults, the sum stands."""
    reader = TableReader(tables.covered, "covered", COVERED_COLUMNS, faults)
    width, pools = len(axes.hours), len(axes.pools)
    spend = reader.ids("spend_commitment", codes_of(axes.records.spend_commitments), "spend commitment")
    pool, period = reader.ids("pool", codes_of(axes.pools), "pool"), reader.periods(axes)
    pair = joined((spend, len(axes.records.spend_commitments)), (pool, pools))
    key = joined((pair, len(axes.records.spend_commitments) * pools), (period, width))
    reader.once(key, "spend commitment, pool and period")
    known = key >= 0
    pairs = np.unique(pair[known])
    cell = np.searchsorted(pairs, pair[known]) * width + period[known]
    summed = np.bincount(cell, reader.numbers("accelerators_covered")[known], len(pairs) * width)
    return Covered(pairs // max(pools, 1), pairs % max(pools, 1), summed.astype(np.float64).reshape(-1, width))


def private_flow(axes: Axes, tables: PlanTables, faults: list[Fault]) -> Floats:
    """(L, T) GB per hour on the private line of each link."""
    reader = TableReader(tables.private_flows, "private_flows", PRIVATE_FLOW_COLUMNS, faults)
    shape = len(axes.records.links), len(axes.hours)
    key = joined((reader.ids("link", codes_of(axes.records.links), "link"), shape[0]), (reader.periods(axes), shape[1]))
    reader.once(key, "link and period")
    return filled(key, reader.numbers("gb_per_hour"), shape[0] * shape[1], 0.0).reshape(shape)


def copies(axes: Axes, tables: PlanTables, faults: list[Fault]) -> NDArray[np.bool_]:
    """(D, sites) True where the table names a copy; the home is none."""
    reader = TableReader(tables.copies, "copies", COPY_COLUMNS, faults)
    records = axes.records
    sites = codes_of(records.sites)
    dataset = reader.ids("dataset", codes_of(records.datasets), "dataset")
    key = joined((dataset, len(records.datasets)), (reader.ids("site", sites, "site"), len(sites)))
    reader.once(key, "dataset and site")
    found = np.zeros(len(records.datasets) * len(sites), dtype=bool)
    found[key[key >= 0]] = True
    return found.reshape(len(records.datasets), len(sites))


def syncs(axes: Axes, tables: PlanTables, faults: list[Fault]) -> Syncs:
    """How the data of each copy gets there."""
    reader = TableReader(tables.syncs, "syncs", SYNC_COLUMNS, faults)
    records = axes.records
    dataset = reader.ids("dataset", codes_of(records.datasets), "dataset")
    site, link = (
        reader.ids("site", codes_of(records.sites), "site"),
        reader.ids("link", codes_of(records.links), "link"),
    )
    sizes = len(records.datasets), len(records.sites), len(records.links)
    key = joined((dataset, sizes[0]), (site, sizes[1]), (link, sizes[2]))
    reader.once(key, "dataset, site and link")
    known = key >= 0
    return Syncs(dataset[known], site[known], link[known], reader.numbers("share")[known])
