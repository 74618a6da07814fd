"""Scenarios that are impossible by a shortfall that was planted: its rule, its record, and its amount by hand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import numpy as np
from builders import one_site, pool, rigid, scenario

from hybridplan.domain import Scenario

START: Final = datetime(2026, 6, 1, tzinfo=UTC)
GB_PER_HOUR: Final = 450.0
"""Of 1 Gbit/s: 1e9 bits / 8 x 3,600 s."""


@dataclass(frozen=True)
class Planted:
    """An impossible scenario and what must be named."""

    kind: str
    scenario: Scenario
    rule: str
    record: str
    amount: float
    also: tuple[tuple[str, str, float], ...] = ()
    """Further (rule, record, amount) that must be named."""
    added: str = ""
    """The jurisdiction that must be offered."""


def _site(country: str, provider: str = "cloud") -> dict[str, Any]:
    return {"kind": "public", "provider": provider, "jurisdiction": country}


def _link(start: str, end: str, **fields: Any) -> dict[str, Any]:
    return {"from_site": start, "to_site": end, "round_trip_ms": 1.0, **fields}


def deadline(rng: np.random.Generator) -> Planted:
    """c accelerators at e units do c e h in a period; n - f periods of work (0 < f < 1) in a window of n - k periods.

    So n are needed: the end moves by k periods, or, where the window ends with its block, the start does. The parallel
    limit, where it is the narrower, takes the place of c.
    """
    size, rate, hours = float(rng.integers(4, 40)), float(rng.uniform(0.5, 3)), float(rng.choice([0.5, 1.0, 2.0]))
    needed, late = int(rng.integers(3, 9)), int(rng.integers(1, 3))
    volume = size * rate * hours * (needed - float(rng.uniform(0.1, 0.9)))
    periods, at_end = needed + 2, bool(rng.random() < 0.4)
    first = periods - (needed - late) if at_end else int(rng.integers(0, 2))
    block = {"start": START.isoformat(), "periods": periods, "period_hours": hours, "weight": float(rng.choice([1, 4]))}
    edges = [(START + timedelta(hours=hours * place)).isoformat() for place in (first, first + needed - late)]
    limited = bool(rng.random() < 0.3)
    work = {
        "kind": "training",
        "origin_site": "here",
        "flexibility": "deferrable",
        "windows": {"v": {"block": "b", "start": edges[0], "end": edges[1], "volume_units": volume}},
        "unserved_usd_per_unit": 100.0,
        "must_serve": True,
        "throughput": {"gpu": {"units_per_accelerator_hour": rate}},
        **({"parallel_limit_accelerators": size} if limited else {}),
    }
    made = scenario(
        {"o": pool("owned", size + 7 if limited else size, 1.0)}, {"d": work}, horizon={"blocks": {"b": block}}
    )
    return Planted("deadline", made, "window_start" if at_end else "deadline", "d:v", late * hours)


def capacity(rng: np.random.Generator) -> Planted:
    """d units on c accelerators, of which 1 - h are usable and u are up, at e x efficiency: d / (e eff) needed.

    c u (1 - h) = needed - short, so short / (u (1 - h)) more; or short x e x eff units unserved.
    """
    option = str(rng.choice(["owned", "on_demand", "reserved"]))
    held, up = float(rng.choice([0, 0.1])), float(rng.choice([1.0, 0.8]))
    rate, efficiency = float(rng.uniform(0.5, 3)), float(rng.choice([1.0, 0.9]))
    needed, short = float(rng.uniform(20, 90)), float(rng.uniform(0.5, 15))
    size = (needed - short) / (up * (1 - held))
    fields = {"held_back_share": held, "efficiency": efficiency, "up_share": {"b": [1.0, up]}}
    is_reserved = option == "reserved"
    pools = {
        "p": pool(option, 0 if is_reserved else size, 0.0 if is_reserved else 2.0, **fields),
        "q": pool("on_demand", 50, 1.0) | {"sku": "other"},
    }
    committed = {"c": {"pool": "p", "accelerators": size, "fee_usd_per_accelerator_hour": 1.0}}
    demand = needed * rate * efficiency
    work = rigid([demand / 4, demand], must_serve=True, throughput={"gpu": {"units_per_accelerator_hour": rate}})
    extra = {"commitments": committed} if is_reserved else {}
    made = scenario(pools, {"w": work}, periods=2, **extra)
    unserved = short * rate * efficiency
    return Planted("capacity", made, "capacity", "p", short / (up * (1 - held)), (("must_serve", "w", unserved),))


def residency(rng: np.random.Generator) -> Planted:
    """Two countries are not allowed; only one of them has room for all, the allowed one for a part: 1 jurisdiction."""
    demand = float(rng.integers(10, 80))
    good, bad = ("FR", "US") if rng.random() < 0.5 else ("US", "FR")
    sizes = {"DE": demand * float(rng.uniform(0.2, 0.5)), bad: demand * 0.3, good: demand * float(rng.uniform(1, 2))}
    pools = {country: pool("on_demand", size, 1.0, site=country) for country, size in sizes.items()}
    sites = {**one_site(), **{country: _site(country) for country in sizes}}
    links = {f"l{country}": _link("here", country) for country in sizes}
    work = rigid([demand], must_serve=True, allowed_jurisdictions=["DE"])
    made = scenario(pools, {"w": work}, sites=sites, links=links)
    return Planted("residency", made, "residency", "w", 1.0, added=good)


def latency(rng: np.random.Generator) -> Planted:
    """Round trip r + service s against an objective of r + s - short; or, with a queue, r + s / (1 - d / c).

    With a queue: d accelerators busy of c, and the mean time of an M/M/1 queue at a load of d / c.
    """
    trip, short = float(rng.integers(10, 60)), float(rng.uniform(2, 8))
    has_queue = bool(rng.random() < 0.25)
    size, load = float(rng.integers(10, 40)), float(rng.uniform(0.5, 0.8))
    service, busy = (20.0, load * size) if has_queue else (5.0, float(rng.integers(2, 9)))
    reached = trip + (service / (1 - load) if has_queue else service)
    rate = 3.6e6 / service if has_queue else 1.0
    work = rigid(
        [busy * rate],
        must_serve=True,
        unserved_usd_per_unit=1.0,
        latency_objective_ms=reached - short,
        latency_statistic="mean" if has_queue else "no_queue",
        throughput={"gpu": {"units_per_accelerator_hour": rate, "service_ms": service}},
    )
    pools = {"far": pool("on_demand", size, 1.0, site="far")}
    sites, links = {**one_site(), "far": _site("US")}, {"l": _link("here", "far") | {"round_trip_ms": trip}}
    if not has_queue:
        pools["farther"] = pool("on_demand", 50, 0.5, site="farther")
        sites["farther"] = _site("US")
        links["m"] = _link("here", "farther") | {"round_trip_ms": trip + 20}
    return Planted("latency", scenario(pools, {"w": work}, sites=sites, links=links), "latency", "w", short)


def budget(rng: np.random.Generator) -> Planted:
    """s sunk accelerators at 1 USD carry s of d units, the others are rented at p: s + (d - s) p an hour, T hours.

    Given per year, the shortfall counts 8,760 / T times.
    """
    sunk, price, hours = float(rng.integers(0, 9)), float(rng.uniform(1.5, 9)), int(rng.integers(1, 4))
    demand, short = sunk + float(rng.integers(5, 20)), float(rng.uniform(0.5, 5))
    needed = hours * (sunk + (demand - sunk) * price)
    yearly = bool(rng.random() < 0.3)
    per = {"per": "year"} if yearly else {}
    factor = 8760.0 / hours if yearly else 1.0
    made = scenario(
        {"o": pool("owned", sunk, 1.0), "c": pool("on_demand", 50, price)},
        {"w": rigid([demand] * hours, must_serve=True)},
        periods=hours,
        policy={"budget": {"usd": (needed - short) * factor, **per}},
    )
    return Planted("budget", made, "budget", "policy", short * factor)


def promise(rng: np.random.Generator) -> Planted:
    """d units at home, which fails; q d of them must go on at a second site with room for r: short q - r / d.

    Room: dedicated standby has (1 - h) c; shared takes all of the c owned accelerators that are on; cold the quota c.
    In capacity (q d - r) / (1 - h), or q d - r. Every fourth case has room, but a second site that is too far by some
    milliseconds: what is planted is the objective after a failure.
    """
    form = str(rng.choice(["dedicated", "shared", "cold"]))
    demand, share = float(rng.integers(20, 60)), float(rng.uniform(0.5, 0.95))
    held, is_far = 0.1, bool(rng.random() < 0.25)
    usable = 1 - held if form == "dedicated" else 1.0
    lacks = float(rng.uniform(0.1, 0.4))
    size = demand * (share + 0.2 if is_far else share - lacks) / usable
    option = "on_demand" if form == "cold" else "owned"
    grows = {"ramp_up_accelerators_per_hour": 60.0} if form == "cold" else {}
    pools = {
        "home": pool("owned", demand * 1.1, 1.0, site="home"),
        "away": pool(option, size, 2.0, site="away", held_back_share=held, **grows),
    }
    trip, late = float(rng.integers(10, 40)), float(rng.uniform(1, 8))
    work = rigid(
        [demand],
        must_serve=True,
        promised_share=share,
        promise_form=form,
        latency_objective_ms=trip + 5 - late if is_far else trip + 50,
        throughput={"gpu": {"units_per_accelerator_hour": 1.0, "service_ms": 5.0}},
        **({"recovery_minutes": 30.0} if form == "cold" else {}),
    )
    made = scenario(
        pools,
        {"w": work},
        sites={**one_site(), "home": _site("DE", "own"), "away": _site("DE")},
        links={"h": _link("here", "home"), "a": _link("here", "away") | {"round_trip_ms": trip}},
        policy={"contingencies": {"f": {"kind": "site", "record": "home"}}},
    )
    if is_far:
        return Planted("promise", made, "latency_after_failure", "w", late)
    more = demand * lacks / usable
    return Planted("promise", made, "promise", "w", lacks, (("capacity", "away", more),))


def bandwidth(rng: np.random.Generator) -> Planted:
    """d units of g GB need d g / 450 Gbit/s: out, back, or only after a failure for the share q that is promised."""
    demand, size, short = float(rng.integers(100, 900)), float(rng.uniform(0.5, 3)), float(rng.uniform(0.05, 0.3))
    where = str(rng.choice(["out", "back", "after"]))
    share = float(rng.uniform(0.5, 0.9)) if where == "after" else 1.0
    needed = share * demand * size / GB_PER_HOUR
    work = rigid([demand], must_serve=True, **{f"{'egress' if where == 'back' else 'ingress'}_gb_per_unit": size})
    pools = {"c": pool("on_demand", 1000, 1.0, site="far")}
    links = {"out": _link("here", "far"), "back": _link("far", "here")}
    links["back" if where == "back" else "out"]["gbps"] = needed - short
    policy: dict[str, Any] = {}
    if where == "after":
        pools["o"] = pool("owned", 1000, 0.1)
        work |= {"promised_share": share, "promise_form": str(rng.choice(["dedicated", "shared"]))}
        policy = {"contingencies": {"f": {"kind": "group", "pools": ["o"]}}}
    made = scenario(pools, {"w": work}, sites={**one_site(), "far": _site("US")}, links=links, policy=policy)
    return Planted("bandwidth", made, "link_bandwidth", "back" if where == "back" else "out", short)


KINDS: Final[dict[str, tuple[Callable[[np.random.Generator], Planted], int]]] = {
    "deadline": (deadline, 30),
    "capacity": (capacity, 30),
    "residency": (residency, 25),
    "latency": (latency, 25),
    "budget": (budget, 25),
    "promise": (promise, 40),
    "bandwidth": (bandwidth, 25),
}
"""Generator and number of cases of each kind: 200 in all."""


def cases(kind: str) -> list[Planted]:
    """All cases of one kind; the same on every run."""
    make, count = KINDS[kind]
    offset = list(KINDS).index(kind) * 1000
    return [make(np.random.default_rng(offset + seed)) for seed in range(count)]
