"""Random estates with failures, promises, rules on links and providers, on top of those of estate_scenarios.py."""

from __future__ import annotations

from typing import Any

import numpy as np
from estate_places import secured, zoned
from estate_scenarios import Draw, between, likely, random_estate

Document = dict[str, Any]


def resilient_estate(seed: int, *, whole: bool = True, parts: Any = None) -> Document:
    """An estate of ``random_estate`` in which work promises shares after failures, each new rule about every second
    time; ``whole`` and ``parts`` as there."""
    document = random_estate(seed, whole=whole, parts=parts)
    rng = np.random.default_rng([seed, 31])
    for part in (_more_work, _zones, _bound, _timed, _encrypted, _failures, _promises, _providers, secured, zoned):
        part(rng, document, whole)
    return document


def _more_work(rng: Draw, document: Document, whole: bool) -> None:
    """Rigid work, so that there is always some that can promise anything."""
    rate = float(rng.choice([1.0, 50.0]))
    document["workloads"]["v"] = {
        "kind": "inference",
        "origin_site": str(rng.choice(["home", "home", "c0"])),
        "unserved_usd_per_unit": between(rng, 8, 40) / rate,
        "throughput": {sku: {"units_per_accelerator_hour": rate * between(rng, 0.7, 2.0)} for sku in ("gpu", "big")},
        "egress_gb_per_unit": float(rng.choice([0.0, 1.0])) / rate,
        "interruptible": likely(rng, 0.7),
        "demand_units_per_hour": {
            b: [float(x) * rate for x in rng.integers(0, 30, size=block["periods"])]
            for b, block in document["horizon"]["blocks"].items()
        },
        "datasets": [d for d in document.get("datasets", {}) if likely(rng, 0.4)],
        "must_serve": likely(rng, 0.15),
    }


def _zones(rng: Draw, document: Document, whole: bool) -> None:
    for site in document["sites"].values():
        if likely(rng):
            site["zone"] = str(rng.choice(["za", "zb"]))
    for pool in document["pools"].values():
        if likely(rng, 0.3):
            pool["zone"] = str(rng.choice(["za", "zb"]))


def _bound(rng: Draw, document: Document, whole: bool) -> None:
    """Residency of more of the work, and some that must be served; room for what is sent to copies on most links."""
    sent = sum(x.get("first_copy_gbps", 0.0) + x.get("change_gb_per_hour", 0.0) / 450 for x in _data(document))
    for link in document["links"].values():
        if "gbps" in link and likely(rng, 0.7):
            link["gbps"] = round(max(link["gbps"], sent + 0.05), 3)
    for work in document["workloads"].values():
        # Together with the rules that follow, more than this would seldom leave a plan.
        work["must_serve"] = bool(work.get("must_serve")) and likely(rng, 0.7)
        if work["must_serve"]:
            for b, values in work.get("demand_units_per_hour", {}).items():
                work["demand_units_per_hour"][b] = [round(0.3 * value, 3) for value in values]
        elif likely(rng, 0.3):
            work["allowed_jurisdictions"] = ["DE"]


def _data(document: Document) -> list[Document]:
    return list(document.get("datasets", {}).values())


def _timed(rng: Draw, document: Document, whole: bool) -> None:
    """Latency objectives, with and without a queue; links take 5 or 30 ms."""
    for work in document["workloads"].values():
        if "demand_units_per_hour" not in work or not likely(rng, 0.75) or work["must_serve"]:
            continue
        for through in work["throughput"].values():
            through["service_ms"] = between(rng, 3, 15)
        work["latency_statistic"] = str(rng.choice(["no_queue", "no_queue", "mean", "p50", "p95"]))
        work["latency_objective_ms"] = between(rng, *((15, 38) if likely(rng, 0.6) else (40, 120)))
        if likely(rng, 0.3):
            work["max_load_share"] = 0.8


def _encrypted(rng: Draw, document: Document, whole: bool) -> None:
    for link in document["links"].values():
        if likely(rng, 0.7):
            link["attributes"] = ["encrypted"]
    for work in document["workloads"].values():
        if likely(rng, 0.3) and not work["must_serve"]:
            work["required_link_attributes"] = ["encrypted"]
    for data in _data(document):
        if likely(rng, 0.6) and all(_reached(document, data, s) for s in data["copies"]):
            data["required_link_attributes"] = ["encrypted"]
            data.setdefault("first_copy_gbps", between(rng, 0.2, 3.0))


def _reached(document: Document, data: Document, site: str) -> bool:
    """Whether links that are encrypted lead from home to the copy, through what passes it on."""
    passes = {data["home_site"], *data["relay_sites"]}
    passes |= {s for s, copy in data["copies"].items() if copy["state"] != "choosable"}
    found, before = {data["home_site"]}, set[str]()
    while found != before:
        before = set(found)
        for link in document["links"].values():
            if link["from_site"] in found & passes and "attributes" in link:
                found.add(link["to_site"])
    return site in found


def _failures(rng: Draw, document: Document, whole: bool) -> None:
    sites, links, pools = (list(document[name]) for name in ("sites", "links", "pools"))
    named: dict[str, Document] = {f"no-{s}": {"kind": "site", "record": s} for s in sites}
    zones = {x.get("zone") for x in [*document["sites"].values(), *document["pools"].values()]}
    named |= {f"no-{z}": {"kind": "zone", "record": z} for z in sorted(zones - {None})}
    providers = sorted({site["provider"] for site in document["sites"].values()})
    named |= {f"without-{v}": {"kind": "provider", "record": v} for v in providers}
    named["no-spot"] = {"kind": "spot"}
    if links:
        named["cut"] = {"kind": "link", "record": str(rng.choice(links))}
    named["group"] = {
        "kind": "group",
        "sites": [str(s) for s in rng.permutation(sites)[: rng.integers(0, 2)]],
        "pools": [str(p) for p in rng.permutation(pools)[: rng.integers(1, 3)]],
        "links": [str(name) for name in rng.permutation(links)[: rng.integers(0, 3)]],
    }
    chosen = rng.permutation(list(named))[: rng.integers(1, 5)]
    document["policy"]["contingencies"] = {
        str(f): {**named[f], **({"failures_per_year": 2.0, "repair_hours": 8.0} if likely(rng, 0.2) else {})}
        for f in chosen
    }


def _promises(rng: Draw, document: Document, whole: bool) -> None:
    cold = False
    for work in document["workloads"].values():
        if "demand_units_per_hour" not in work or not likely(rng, 0.9):
            continue
        work["promised_share"] = 0.3 if work["must_serve"] else float(rng.choice([0.3, 0.8, 1.0]))
        work["promise_form"] = str(rng.choice(["dedicated", "shared", "cold"]))
        if likely(rng, 0.6):
            work["recovery_minutes"] = float(rng.choice([10.0, 30.0, 60.0, 120.0]))
        cold = cold or work["promise_form"] == "cold"
        if "latency_objective_ms" in work and likely(rng, 0.8):
            work["latency_after_failure_ms"] = round(work["latency_objective_ms"] * between(rng, 1.2, 3.5), 3)
    for pool in document["pools"].values():
        if cold and pool["purchase_option"] == "on_demand" and likely(rng, 0.7):
            pool["ramp_up_accelerators_per_hour"] = between(rng, 2, 40)
            pool["lead_time_hours"] = float(rng.choice([0.0, 0.1, 0.25, 0.5]))


def _providers(rng: Draw, document: Document, whole: bool) -> None:
    policy, sites = document["policy"], document["sites"]
    rented = [x for x in document["pools"].values() if x["purchase_option"] != "owned"]
    found = sorted({sites[x["site"]]["provider"] for x in rented if sites[x["site"]]["kind"] != "private"})
    if likely(rng, 0.3):
        policy["provider_share_cap"] = between(rng, 0.55, 0.95)
        of_one = all(
            len({sites[document["pools"][p]["site"]]["provider"] for p in spend["rates_usd_per_accelerator_hour"]}) == 1
            for spend in document.get("spend_commitments", {}).values()
        )
        if of_one and likely(rng, 0.7):
            policy["provider_share_of"] = "rented_usd"
    if not whole:
        return
    if likely(rng, 0.3):
        policy["max_providers"] = int(rng.integers(1, len(found) + 1))
    if likely(rng, 0.3):
        policy["min_providers"] = int(rng.integers(1, min(len(found), policy.get("max_providers", 9)) + 1))
        policy["provider_counts_from_accelerator_hours"] = float(rng.choice([1.0, 10.0]))
    if likely(rng, 0.3):
        policy["provider_fixed_usd_per_hour"] = {v: between(rng, 0.1, 20) for v in found if likely(rng, 0.7)}
