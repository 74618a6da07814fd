"""Random scenarios with queues, elastic pools, jobs, uneven use and caps; linear unless whole things are asked for."""

from __future__ import annotations

from typing import Any

import numpy as np
from builders import random_document

from hybridplan.domain.queue_factors import factor_at

MOST_LOAD = (0.95, 0.8, 0.5)


def random_feature_document(seed: int, *, careful: bool = True, whole: bool = False) -> dict[str, Any]:
    """``random_document(seed)`` with the newer fields drawn as well; always accepted by ``require``.

    ``careful``: pools are never asked for what they cannot do, so that a plan always exists; else least numbers,
    ramps, maintenance, a budget and caps on carbon and on unserved work may contradict each other. ``whole``: nodes,
    replicas and sites are whole as well.
    """
    rng = np.random.default_rng([seed, 7])
    document = random_document(seed)
    blocks = document["horizon"]["blocks"]
    committed = {c["pool"]: c["accelerators"] for c in document["commitments"].values()}
    for name, pool in document["pools"].items():
        most = committed.get(name, pool["capacity_accelerators"])
        _elastic(rng, pool, most, blocks)
        if careful:
            make_possible(pool)
        if rng.random() < 0.5:
            pool["interconnect"] = str(rng.choice(["ib", "nvlink"]))
    for name, work in document["workloads"].items():
        if "windows" in work:
            _job(rng, name, work, document)
        else:
            _queue(rng, work, document)
    if rng.random() < 0.4:
        document["policy"]["balance"] = {"form": "largest", "weight_usd_per_hour": float(rng.choice([0.5, 20.0]))}
    if not careful and rng.random() < 0.3:
        document["policy"]["budget"] = {"usd": float(rng.uniform(50, 5000))}
    _caps(np.random.default_rng([seed, 17]), document, careful)
    if not careful:
        _unserved_caps(np.random.default_rng([seed, 19]), document)
    if whole:
        _wholes(rng, document)
    return document


def _caps(rng: np.random.Generator, document: dict[str, Any], careful: bool) -> None:
    """Caps on carbon and on the share of a provider; ``careful``: all that is idle may emit, if nothing is busy."""
    if "c1" in document["sites"]:
        document["sites"]["c1"]["provider"] = str(rng.choice(["cloud", "other"]))
    document["sites"]["c0"]["kind"] = str(rng.choice(["public", "edge"]))
    if rng.random() < 0.3:
        document["policy"]["provider_share_cap"] = float(rng.choice([0.0, 0.2, 0.5, 0.9]))
    if rng.random() < 0.3:
        busy, idle, hours = _most_tonnes(document)
        tonnes = float(rng.choice([0.0, 0.02, 0.1])) * busy + (1.001 * idle if careful else 0.3 * idle)
        is_yearly = bool(rng.random() < 0.5)
        cap = {"tonnes": tonnes * 8760 / hours, "per": "year"} if is_yearly else {"tonnes": tonnes}
        if tonnes > 1e-5:
            document["policy"]["carbon_cap"] = cap


def _unserved_caps(rng: np.random.Generator, document: dict[str, Any]) -> None:
    for work in document["workloads"].values():
        if rng.random() < 0.3:
            work["unserved_share_cap"] = float(rng.choice([0.0, 0.05, 0.5]))
            if rng.random() < 0.5:
                work["unserved_usd_per_unit"] = 0.0


def _most_tonnes(document: dict[str, Any]) -> tuple[float, float, float]:
    """What all pools emit when all of them are busy, more than when they are idle; when idle; and the hours planned."""
    hours = sum(b["weight"] * b["period_hours"] * b["periods"] for b in document["horizon"]["blocks"].values())
    committed = {c["pool"]: c["accelerators"] for c in document["commitments"].values()}
    busy = idle = 0.0
    for name, pool in document["pools"].items():
        site = document["sites"][pool["site"]]
        per_kw = hours * site["pue"] * site["grid_carbon_g_per_kwh"] / 1e6
        size = committed.get(name, pool["capacity_accelerators"])
        idle += per_kw * pool["idle_kw"] * size
        busy += per_kw * (pool["busy_kw"] - pool["idle_kw"]) * size
    return busy, idle, hours


def _elastic(rng: np.random.Generator, pool: dict[str, Any], most: float, blocks: dict[str, Any]) -> None:
    if rng.random() < 0.3:
        return
    pool["can_power_down"] = pool["purchase_option"] == "owned" and bool(rng.random() < 0.8)
    pool["accelerators_per_node"] = int(rng.choice([1, 4, 8]))
    hours = min(block["periods"] * block["period_hours"] for block in blocks.values())
    longest = max(block["period_hours"] for block in blocks.values())
    drawn: dict[str, Any] = {
        "ramp_up_accelerators_per_hour": float(rng.uniform(0.5, 20)),
        "ramp_down_accelerators_per_hour": float(rng.uniform(0.5, 20)),
        "lead_time_hours": float(rng.choice([0.1, 0.5, 1.0]) * (hours - 1e-3)),
        "min_provisioned_accelerators": float(rng.choice([0.2, 0.5, 1.0]) * most),
        "min_busy_share": float(rng.choice([0.3, 0.6, 1.0])),
        "min_on_hours": float(min(rng.choice([1.0, 1.5, 2.0, 3.0]) * longest, hours)),
        "start_usd_per_node": float(rng.choice([0.5, 5.0, 40.0])),
        "initial_provisioned_accelerators": float(rng.choice([0.0, 0.5, 1.0]) * most),
    }
    pool.update({field: value for field, value in drawn.items() if rng.random() < 0.35})


def make_possible(pool: dict[str, Any]) -> None:
    """Removes what could contradict a least number, a start before the horizon or maintenance."""
    least, initial = pool.get("min_provisioned_accelerators", 0.0), pool.get("initial_provisioned_accelerators")
    up, down = "ramp_up_accelerators_per_hour", "ramp_down_accelerators_per_hour"
    if least > 0:
        pool.pop("min_busy_share", None)
        if "up_share" in pool:
            for field in (up, down, "min_on_hours"):
                pool.pop(field, None)
        if initial is not None and initial < least:
            pool.pop(up, None)
            pool.pop("min_on_hours", None)
    if initial:
        if "up_share" in pool:
            pool.pop(down, None)
        if down in pool:
            pool.pop("min_busy_share", None)


def _queue(rng: np.random.Generator, work: dict[str, Any], document: dict[str, Any]) -> None:
    draw = rng.random()
    if draw < 0.3:
        return
    work["max_load_share"] = float(rng.choice(MOST_LOAD))
    if rng.random() < 0.4:
        _tokens(rng, work)
    statistic = str(rng.choice(["no_queue", "mean", "p50", "p90", "p95", "p99"], p=[0.1, 0.3, 0.15, 0.15, 0.15, 0.15]))
    work["latency_statistic"] = statistic
    kappa = 1.0 if statistic == "no_queue" else factor_at(statistic, float(rng.uniform(0, work["max_load_share"])))
    service = [_service_ms(work, through) for through in work["throughput"].values()]
    # Around the floor (exactly at it rounding would decide) and well above it, with and without a round trip.
    room = float(rng.choice([0.99, 1 + 1e-7, 1.001, 1.05, 1.5, 3.0]))
    trip = float(rng.choice([0.0, 5.0, 30.0]))
    work["latency_objective_ms"] = trip + room * kappa * float(rng.choice(service or [20.0]))


def _tokens(rng: np.random.Generator, work: dict[str, Any]) -> None:
    work["latency_point"] = str(rng.choice(["first_token", "last_token"]))
    work["prompt_tokens"] = float(rng.choice([100.0, 2000.0]))
    work["output_tokens"] = float(rng.choice([10.0, 300.0]))
    for through in work["throughput"].values():
        through["service_ms"] = 0.0
        through["prefill_tokens_per_second"] = float(rng.uniform(1e4, 1e5))
        through["decode_tokens_per_second"] = float(rng.uniform(20, 200))


def _service_ms(work: dict[str, Any], through: dict[str, Any]) -> float:
    point = work.get("latency_point", "request")
    if point == "request":
        return float(through["service_ms"])
    first = 1000 * work["prompt_tokens"] / through["prefill_tokens_per_second"]
    last = 1000 * work["output_tokens"] / through["decode_tokens_per_second"]
    return float(first + (last if point == "last_token" else 0.0))


def _job(rng: np.random.Generator, name: str, work: dict[str, Any], document: dict[str, Any]) -> None:
    blocks = document["horizon"]["blocks"]
    for window in work["windows"].values():
        block = blocks[window["block"]]
        if block["periods"] > 1 and rng.random() < 0.4:
            start = np.datetime64(window["start"][:19]) + np.timedelta64(int(block["period_hours"] * 3600), "s")
            window["start"] = f"{start}+00:00"
    earlier = [other for other in document["workloads"] if other < name]
    if earlier and rng.random() < 0.6:
        work["after"] = str(rng.choice(earlier))
        # In the units of the two: from a follower that needs much to one that needs little.
        ratio = _rate(document["workloads"][work["after"]]) / _rate(work)
        work["after_units_per_unit"] = ratio * float(rng.choice([0.3, 1.0, 2.0]))
    if rng.random() < 0.6:
        work["scaling"] = {}
        for kind in ([None], ["ib"], [None, "ib"])[int(rng.integers(3))]:
            work["scaling"].update(_curve(rng, kind))


def _rate(work: dict[str, Any]) -> float:
    rates = [through["units_per_accelerator_hour"] for through in work["throughput"].values()]
    return float(rates[0]) if rates else 1.0


def _curve(rng: np.random.Generator, kind: str | None) -> dict[str, Any]:
    """Concave points: each further accelerator gains less than those before."""
    gains = np.sort(rng.choice([1.0, 0.9, 0.7, 0.4, 0.1, 0.02], size=int(rng.integers(1, 4)), replace=False))[::-1]
    gains[0] = max(gains[0], 0.5)
    steps = rng.choice([1.0, 4.0, 10.0], size=len(gains))
    used, done = np.cumsum(steps), np.cumsum(steps * gains)
    return {
        f"{kind or 'any'}{i}": {
            "accelerators": float(used[i]),
            "efficiency_share": float(done[i] / used[i]),
            **({"interconnect": kind} if kind else {}),
        }
        for i in range(len(gains))
    }


def _wholes(rng: np.random.Generator, document: dict[str, Any]) -> None:
    for pool in document["pools"].values():
        node = pool.get("accelerators_per_node", 1)
        pool["whole_nodes"] = bool(rng.random() < 0.5) and node > 1
        if pool["whole_nodes"]:
            for field in ("initial_provisioned_accelerators", "min_provisioned_accelerators"):
                if field in pool:
                    pool[field] = float(pool[field] // node * node)
    for work in document["workloads"].values():
        work["whole_replicas"] = bool(rng.random() < 0.4)
        for through in work["throughput"].values():
            through["accelerators_per_replica"] = int(rng.choice([1, 2, 8]))
        if "windows" in work:
            work["one_site"] = bool(rng.random() < 0.6)
