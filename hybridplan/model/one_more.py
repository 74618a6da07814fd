"""What one more accelerator, or Gbit/s, costs and takes of limits by itself: whether work uses it or not."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from hybridplan.domain import Scenario
from hybridplan.model.component import Rows
from hybridplan.model.data import Data
from hybridplan.model.periods import Array, Periods
from hybridplan.model.standing import service

TAKES = ("budget", "carbon_cap", "site_power", "site_space")
"""Limits of which it takes something by itself."""


def own_cost_usd(data: Data) -> Array:
    """Rent and idle power of one more accelerator over the horizon, not in this model; (P,)."""
    rate = data.idle_kw * (data.energy_usd_per_kwh + data.carbon_usd_per_kwh)
    idle = rate * np.sum(data.up_share * data.periods.weight_hours, axis=1)
    rent = data.price * data.standing.service_hours
    idle = np.where(data.provisioning.always_on, idle, 0.0)
    cost: Array = np.where(data.option("owned"), idle + rent, 0.0)
    return cost


def own_tonnes(data: Data) -> Array:
    """What one more idle accelerator emits over the horizon, where it is always on, not in this model; (P,)."""
    idle = data.idle_kw * data.carbon_per_kwh() * np.sum(data.up_share * data.periods.weight_hours, axis=1)
    tonnes: Array = np.where(data.provisioning.always_on, idle, 0.0)
    return tonnes


def taken(data: Data, name: str, rows: Rows) -> Array:
    """What it takes of each row of a limit of TAKES, in units of the right side; shape of the rows x P."""
    if name in ("budget", "carbon_cap"):
        own = own_cost_usd(data) if name == "budget" else own_tonnes(data)
        found: Array = own[None, :] / rows.unit_scale[:, None]
        return found
    pools = list(data.scenario.pools.values())
    here = np.array([[float(pool.site == site) for pool in pools] for site in rows.records])
    if name == "site_power":
        kw = np.where(data.provisioning.always_on, data.idle_kw, 0.0)[:, None] * data.up_share
        power: Array = here[:, None, :] * kw.T[None, :, :]
        return power
    assert rows.periods is not None
    units = np.array([p.rack_units_per_accelerator * (p.purchase_option == "owned") for p in pools], dtype=float)
    space: Array = here * units * data.standing.share[:, rows.periods].T
    return space


def enlarged(scenario: Scenario, pool: str) -> str | None:
    """The commitment that stands for more of a reserved pool: the one in service in most hours, the first of equals."""
    periods = Periods.of(scenario)
    hours = {
        key: float(service(scenario, periods, commitment) @ periods.weight_hours)
        for key, commitment in scenario.commitments.items()
        if commitment.pool == pool
    }
    best = max(hours, key=lambda key: hours[key], default=None)
    return best if best is not None and hours[best] > 0 else None


def fees_usd(data: Data) -> Array:
    """Fee of one more accelerator of each reserved pool over the horizon, 0 of others; (P,)."""
    fees = np.zeros(len(data.pools))
    for p, pool in enumerate(data.pools):
        if (key := enlarged(data.scenario, pool)) is not None:
            commitment = data.scenario.commitments[key]
            hours = service(data.scenario, data.periods, commitment) @ data.periods.weight_hours
            fees[p] = commitment.fee_usd_per_accelerator_hour * float(hours)
    return fees


def one_up(data: Data) -> Array:
    """Share of one more accelerator that stands and is up: of reserved pools, while its commitment runs; (P, T)."""
    up = data.up_share.copy()
    for p in np.flatnonzero(data.option("reserved")).tolist():
        key = enlarged(data.scenario, data.pools[p])
        mine = None if key is None else service(data.scenario, data.periods, data.scenario.commitments[key])
        up[p] = 0.0 if mine is None else mine * data.standing.maintained[p]
    return up


def in_rooms(data: Data, rows: Rows) -> Array:
    """1 where one more accelerator of a pool counts in a row of ``failover_capacity``, else 0; (R, P).

    It does where all that stands is on, and in the quota.
    """
    found = np.zeros((len(rows.records), len(data.pools)))
    for row, record in enumerate(rows.records):
        pool = data.pools.index(record.split("/")[1])
        found[row, pool] = data.provisioning.always_on[pool] or record.endswith("/quota")
    return found


def filled(data: Data, shares: Array) -> Iterator[tuple[str, str, Array]]:
    """Links that more bandwidth of a link fills itself: (that link, link, Gbit/s on it for one more; (T,)).

    A first copy without a rate of its own goes as fast as the direct link from home allows. ``shares``: (X,).
    """
    datasets, links = data.datasets, data.scenario.links
    direct = {(link.from_site, link.to_site): key for key, link in links.items() if link.gbps is not None}
    for x, (n, on) in enumerate(datasets.arcs):
        copy = datasets.synced[n]
        dataset = data.scenario.datasets[copy.dataset]
        wider = direct.get((dataset.home_site, copy.site))
        if wider is not None and dataset.first_copy_gbps is None and links[on].gbps is not None:
            yield wider, on, datasets.making[n] * shares[x]
