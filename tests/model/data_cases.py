"""What hand cases of data share: two sites with a link each way, pools at both, and what a plan says of its data."""

from __future__ import annotations

from typing import Any

from builders import one_site, pool, rigid

from hybridplan.plan import Plan

KEPT_FREE = {"storage_usd_per_gb_month": 0.0}
GB = 450.0
"""GB per hour of 1 Gbit/s."""


def places(**more: Any) -> dict[str, Any]:
    """The site here, a cloud site there, and ``more`` sites; keeping data is free unless said otherwise."""
    return {**one_site(**KEPT_FREE), "there": site("x"), **more}


def site(provider: str, **fields: Any) -> dict[str, Any]:
    """A public site."""
    return {"kind": "public", "provider": provider, "jurisdiction": "DE", **KEPT_FREE, **fields}


def link(start: str, end: str, **fields: Any) -> dict[str, Any]:
    """A directed link."""
    return {"from_site": start, "to_site": end, "round_trip_ms": 1.0, **fields}


def dear_here_cheap_there(there: float = 1.0, capacity: float = 10.0) -> dict[str, Any]:
    """Rented at 3 USD here, and at 1 USD there."""
    return {
        "dear": pool("on_demand", capacity, 3.0),
        "cheap": pool("on_demand", capacity, there, site="there"),
    }


def needing(demand: list[float], *datasets: str, **fields: Any) -> dict[str, Any]:
    """One rigid workload from here that needs these datasets."""
    return {"w": rigid(demand, datasets=list(datasets), **fields)}


def busy(plan: Plan, pool_id: str) -> list[float]:
    """Busy accelerators on a pool, period by period."""
    assert plan.tables is not None
    rows = plan.tables.provisioned
    return [float(x) for x in rows.loc[rows["pool"] == pool_id, "accelerators_busy"]]


def bought_gbps(plan: Plan, link_id: str) -> float:
    """Gbit/s of the private line beside a link."""
    assert plan.tables is not None
    rows = plan.tables.purchases
    mine = rows[(rows["kind"] == "private_line") & (rows["record"] == link_id)]
    assert len(mine) == 1
    return float(mine["quantity"].iloc[0])


def shares(plan: Plan, dataset: str, to: str) -> dict[str, float]:
    """Share of a copy's data on each link."""
    assert plan.tables is not None
    rows = plan.tables.syncs
    mine = rows[(rows["dataset"] == dataset) & (rows["site"] == to)]
    return dict(zip(mine["link"], mine["share"].astype(float), strict=True))


def copies(plan: Plan) -> set[tuple[str, str]]:
    """(dataset, site) of every copy but those at home."""
    assert plan.tables is not None
    return set(plan.tables.copies.itertuples(index=False, name=None))
