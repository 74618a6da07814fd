"""Random estates: blocks of a year, commitments, tiers, hardware that comes and goes, links, datasets and results."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

import numpy as np

Draw = np.random.Generator
MONTHS = ("2026-01-05", "2026-04-06", "2026-07-06", "2026-10-05")


def random_estate(seed: int, *, whole: bool = True, parts: Collection[str] | None = None) -> dict[str, Any]:
    """A small estate drawn from ``seed``; each part is there about every second time; accepted by ``require``.

    ``whole``: falling tiers, whole nodes, lines with a fixed price and copies to choose (mixed-integer); else none.
    ``parts``: only these of PARTS, each by its name.
    """
    rng = np.random.default_rng([seed, 23])
    document: dict[str, Any] = {"schema_version": 1, "name": f"estate {seed}"}
    document["horizon"] = {"blocks": _blocks(rng)}
    document["sites"] = _sites(rng)
    document["pools"] = _pools(rng, document)
    document["links"] = _links(rng, list(document["sites"]))
    document["commitments"], document["expansions"] = {}, {}
    document["workloads"] = {f"w{i}": _workload(rng, document) for i in range(rng.integers(1, 4))}
    document["policy"] = {
        "carbon_usd_per_tonne": float(rng.choice([0.0, 80.0])),
        "provider_discount_share": {"cloud": float(rng.choice([0.0, 0.2]))},
    }
    for part in PARTS:
        if parts is None or part.__name__.lstrip("_") in parts:
            part(rng, document, whole)
    return document


def likely(rng: Draw, share: float = 0.5) -> bool:
    """True in this share of draws."""
    return bool(rng.random() < share)


def between(rng: Draw, low: float, high: float) -> float:
    """A number with three digits after the point."""
    return round(float(rng.uniform(low, high)), 3)


def _blocks(rng: Draw) -> dict[str, Any]:
    flat = likely(rng)
    return {
        f"b{i}": {
            "start": f"{MONTHS[i]}T00:00:00+00:00",
            "periods": int(rng.integers(2, 5)),
            "period_hours": float(rng.choice([1.0, 0.5, 2.0])),
            "weight": float(rng.choice([1.0, 2.0, 13.0])),
            "demand_factor": float(rng.choice([1.0, 1.25])),
            "price_factor": 1.0 if flat else float(rng.choice([1.0, 0.9])),
        }
        for i in range(rng.integers(2, 4))
    }


def _sites(rng: Draw) -> dict[str, Any]:
    def site(kind: str, provider: str, where: str) -> dict[str, Any]:
        return {
            "kind": kind,
            "provider": provider,
            "jurisdiction": where,
            "pue": between(rng, 1.1, 1.6),
            "electricity_usd_per_kwh": between(rng, 0.05, 0.3),
            "grid_carbon_g_per_kwh": between(rng, 20, 700),
            "storage_usd_per_gb_month": between(rng, 0.01, 0.2),
        }

    sites = {"home": site("private", "own", "DE"), "c0": site("public", "cloud", "DE")}
    for name, share in (("c1", 0.7), ("c2", 0.3)):
        if likely(rng, share):
            sites[name] = site("public", str(rng.choice(["cloud", "other", "own"])), str(rng.choice(["DE", "US"])))
    return sites


def _pool(rng: Draw, site: str, option: str) -> dict[str, Any]:
    pool: dict[str, Any] = {
        "site": site,
        "sku": str(rng.choice(["gpu", "big"], p=[0.7, 0.3])),
        "purchase_option": option,
        "capacity_accelerators": 0.0 if option == "reserved" else float(rng.integers(5, 50)),
        "price_usd_per_accelerator_hour": 0.0 if option == "reserved" else between(rng, 1.0, 4.0),
        "busy_kw": 0.9,
        "idle_kw": 0.2,
        "held_back_share": float(rng.choice([0.0, 0.1])),
        "efficiency": float(rng.choice([1.0, 0.8])),
    }
    if option == "owned":
        pool["price_usd_per_accelerator_hour"] = between(rng, 0.2, 1.5)
        pool["owned_cost"] = str(rng.choice(["sunk", "avoidable"]))
        pool["price_includes_energy"] = likely(rng)
        pool["can_power_down"] = likely(rng, 0.25)
    if option == "interruptible":
        pool["interruptions_per_hour"] = 0.05
    return pool


def _pools(rng: Draw, document: dict[str, Any]) -> dict[str, Any]:
    clouds = [s for s in document["sites"] if s != "home"]
    pools = {"own0": _pool(rng, "home", "owned"), "rent0": _pool(rng, "c0", "on_demand")}
    for name, option in (("own1", "owned"), ("rent1", "on_demand"), ("spot0", "interruptible"), ("res0", "reserved")):
        if likely(rng):
            pools[name] = _pool(rng, "home" if option == "owned" else str(rng.choice(clouds)), option)
    for pool in pools.values():
        if likely(rng, 0.2):
            pool["up_share"] = {
                b: [float(x) for x in rng.choice([1.0, 0.5], size=block["periods"])]
                for b, block in document["horizon"]["blocks"].items()
            }
    return pools


def _links(rng: Draw, sites: list[str]) -> dict[str, Any]:
    links = {}
    for a in sites:
        for b in sites:
            if a != b and likely(rng, 0.9):
                links[f"{a}>{b}"] = {
                    "from_site": a,
                    "to_site": b,
                    "round_trip_ms": float(rng.choice([5.0, 30.0])),
                    "usd_per_gb": float(rng.choice([0.0, 0.02, 0.09])),
                    **({"gbps": between(rng, 0.1, 2.0)} if likely(rng) else {}),
                }
    return links


def _workload(rng: Draw, document: dict[str, Any]) -> dict[str, Any]:
    rate = float(rng.choice([1.0, 50.0]))
    blocks = document["horizon"]["blocks"]
    work: dict[str, Any] = {
        "kind": "inference",
        "origin_site": str(rng.choice(["home", "home", "c0"])),
        "unserved_usd_per_unit": between(rng, 5, 40) / rate,
        "throughput": {
            sku: {"units_per_accelerator_hour": rate * between(rng, 0.5, 2.0)}
            for sku in ("gpu", "big")
            if sku == "gpu" or likely(rng, 0.7)
        },
        "ingress_gb_per_unit": float(rng.choice([0.0, 2.0])) / rate,
        "egress_gb_per_unit": float(rng.choice([0.0, 1.0])) / rate,
        "interruptible": likely(rng),
        "restart_hours": 0.1,
    }
    if likely(rng, 0.6):
        work["demand_units_per_hour"] = {
            b: [float(x) * rate for x in rng.integers(0, 60, size=block["periods"])] for b, block in blocks.items()
        }
        return work
    work["flexibility"] = "deferrable"
    work["windows"] = {}
    for b, block in blocks.items():
        start = datetime.fromisoformat(block["start"])
        end = start + timedelta(hours=block["periods"] * block["period_hours"])
        volume = float(rng.integers(1, 120)) * rate
        work["windows"][b] = {"block": b, "start": f"{start}", "end": f"{end}", "volume_units": volume}
    if likely(rng):
        work["parallel_limit_accelerators"] = float(rng.integers(5, 40))
    return work


def _dates(rng: Draw, document: dict[str, Any]) -> dict[str, Any]:
    """Nothing, the start, or the end of a term: at the start of a block, or a day beside it."""
    block = document["horizon"]["blocks"][str(rng.choice(list(document["horizon"]["blocks"])))]
    moment = datetime.fromisoformat(block["start"]) + timedelta(days=int(rng.choice([-1, 0, 0, 1])))
    kind = str(rng.choice(["none", "starts", "ends"]))
    return {} if kind == "none" else {kind: f"{moment}"}


def _bounds(rng: Draw, thing: str, most: float) -> dict[str, Any]:
    found: dict[str, Any] = {f"max_new_{thing}": most}
    if likely(rng, 0.2):
        found[f"min_new_{thing}"] = round(most * between(rng, 0.1, 1.0), 3)
    return found


def _commitments(rng: Draw, document: dict[str, Any], whole: bool) -> None:
    for p, pool in document["pools"].items():
        if pool["purchase_option"] != "reserved":
            continue
        for k in range(rng.integers(1, 4)):
            commitment: dict[str, Any] = {"pool": p, "fee_usd_per_accelerator_hour": between(rng, 0.5, 2.5)}
            if likely(rng):
                commitment["accelerators"] = float(rng.integers(1, 20))
            if likely(rng) or not commitment.get("accelerators"):
                commitment.update(_bounds(rng, "accelerators", float(rng.integers(2, 40))))
            document["commitments"][f"k{k}"] = {**commitment, **_dates(rng, document)}


def _spend(rng: Draw, document: dict[str, Any], whole: bool) -> None:
    if not likely(rng):
        return
    document["spend_commitments"] = {}
    rented = {p: x for p, x in document["pools"].items() if x["purchase_option"] == "on_demand"}
    for k in range(rng.integers(1, 3)):
        chosen = [p for p in rented if likely(rng, 0.7)] or ["rent0"]
        rates = {p: round(rented[p]["price_usd_per_accelerator_hour"] * between(rng, 0.3, 1.05), 4) for p in chosen}
        spend: dict[str, Any] = {"rates_usd_per_accelerator_hour": rates}
        if likely(rng):
            spend["usd_per_hour"] = between(rng, 1, 20)
        if likely(rng, 0.7) or "usd_per_hour" not in spend:
            spend.update(_bounds(rng, "usd_per_hour", between(rng, 5, 80)))
        document["spend_commitments"][f"s{k}"] = {**spend, **_dates(rng, document)}


def _tiers(rng: Draw, document: dict[str, Any], whole: bool) -> None:
    """Prices that fall or rise from some quantity on."""
    covered = {p for x in document.get("spend_commitments", {}).values() for p in x["rates_usd_per_accelerator_hour"]}
    blocks = document["horizon"]["blocks"].values()
    flat = all(block["price_factor"] == 1.0 for block in blocks)
    hours = sum(block["weight"] * block["period_hours"] * block["periods"] for block in blocks)
    for p, pool in document["pools"].items():
        if pool["purchase_option"] not in ("on_demand", "interruptible") or p in covered or not likely(rng):
            continue
        pool["tier_basis"] = str(rng.choice(["hour", "horizon"])) if flat else "hour"
        form = str(rng.choice(["falling", "volume", "rising", "mixed", "mixed volume"])) if whole else "rising"
        pool["tier_form"] = "volume" if "volume" in form else "graduated"
        most = pool["capacity_accelerators"] * (hours if pool["tier_basis"] == "horizon" else 1.0)
        price, pool["price_tiers"] = pool["price_usd_per_accelerator_hour"], {}
        starts = np.sort(rng.uniform(0.05, 0.8, size=int(rng.integers(1, 3))))
        for j, start in enumerate(starts):
            low, high = {"rising": (1.05, 1.5), "falling": (0.6, 0.95), "volume": (0.6, 0.95)}.get(form, (0.6, 1.4))
            price = round(price * between(rng, low, high), 4)
            tier = {"from_quantity": round(most * float(start), 2), "usd_per_accelerator_hour": price}
            pool["price_tiers"][f"t{j}"] = tier


def _hardware(rng: Draw, document: dict[str, Any], whole: bool) -> None:
    """What retires, what may be bought, and in which nodes."""
    blocks = document["horizon"]["blocks"]
    if likely(rng):
        document["finance"] = {"interest_rate": float(rng.choice([0.0, 0.06])), "salvage_share": 0.1}
    for p, pool in document["pools"].items():
        if whole and likely(rng, 0.2):
            pool["whole_nodes"] = True
            pool["accelerators_per_node"] = int(rng.choice([2, 4, 8]))
        if pool["purchase_option"] != "owned":
            continue
        if likely(rng, 0.35):
            last = datetime.fromisoformat(blocks[str(rng.choice(list(blocks)))]["start"])
            pool["retires"] = f"{last + timedelta(days=int(rng.choice([-1, 0, 1])))}"
        for k in range(rng.integers(0, 3)):
            most = float(rng.integers(2, 10) * 4)
            expansion: dict[str, Any] = {
                "pool": p,
                "max_accelerators": most,
                "capex_usd_per_accelerator": between(rng, 8000, 50000),
                "lead_time_blocks": int(rng.choice([0, 0, 1, 2])),
            }
            if likely(rng):
                expansion.update({"staff_usd_per_accelerator_year": 400.0, "space_usd_per_accelerator_year": 250.0})
            if likely(rng):
                own = {"interest_rate": float(rng.choice([0.0, 0.11])), "life_years": 5.0, "salvage_share": 0.2}
                expansion.update(own)
            if likely(rng, 0.15):
                expansion["min_accelerators"] = 8.0
            document["expansions"][f"{p}-x{k}"] = expansion


def _limits(rng: Draw, document: dict[str, Any], whole: bool) -> None:
    for s, site in document["sites"].items():
        mine = [pool for pool in document["pools"].values() if pool["site"] == s]
        owned = [pool for pool in mine if pool["purchase_option"] == "owned"]
        if owned and likely(rng):
            for pool in owned:
                pool["rack_units_per_accelerator"] = float(rng.choice([0.5, 1.0, 2.0]))
            taken = sum(
                pool["rack_units_per_accelerator"] * (pool["capacity_accelerators"] + _must_buy(document, p))
                for p, pool in document["pools"].items()
                if pool["site"] == s and pool["purchase_option"] == "owned"
            )
            site["rack_units_limit"] = round(taken + between(rng, 0, 40), 3)
        if likely(rng, 0.4):
            idle = sum(pool["idle_kw"] * pool["capacity_accelerators"] for pool in owned)
            bought = sum(pool["idle_kw"] * _must_buy(document, p) for p, pool in document["pools"].items())
            site["it_power_limit_kw"] = round(idle + bought + between(rng, 2, 40), 3)


def _must_buy(document: dict[str, Any], p: str) -> float:
    return float(sum(x.get("min_accelerators", 0.0) for x in document["expansions"].values() if x["pool"] == p))


def _lines(rng: Draw, document: dict[str, Any], whole: bool) -> None:
    for link in document["links"].values():
        if likely(rng, 0.3):
            link["usd_per_hour"] = between(rng, 0.05, 2)
        if likely(rng, 0.4):
            link["max_private_gbps"] = between(rng, 0.05, 3)
            link["private_usd_per_gbps_hour"] = between(rng, 0, 6)
            if whole and likely(rng):
                link["private_usd_per_hour"] = between(rng, 0.05, 2)
            if likely(rng):
                link["private_usd_per_gb"] = float(rng.choice([0.0, 0.01, 0.05]))


def _datasets(rng: Draw, document: dict[str, Any], whole: bool) -> None:
    if not likely(rng, 0.6):
        return
    document["datasets"] = {}
    for k in range(rng.integers(1, 3)):
        name = f"d{k}"
        document["datasets"][name] = _dataset(rng, document, whole)
        for work in document["workloads"].values():
            if likely(rng):
                work["datasets"] = [*work.get("datasets", ()), name]


def _dataset(rng: Draw, document: dict[str, Any], whole: bool) -> dict[str, Any]:
    sites, links = document["sites"], document["links"]
    lawful = [s for s in sites if sites[s]["jurisdiction"] == "DE"]
    resident = likely(rng, 0.2)
    home = str(rng.choice(["home", "home", "c0"]))
    data: dict[str, Any] = {"home_site": home, "size_gb": between(rng, 200, 3000), "copies": {}}
    if resident:
        data["allowed_jurisdictions"] = ["DE"]
    if likely(rng, 0.7):
        data["change_gb_per_hour"] = between(rng, 0.5, 40)
    relays = [s for s in sites if s != home and likely(rng, 0.4)]
    data["relay_sites"] = [s for s in relays if not resident or s in lawful]
    if likely(rng, 0.7):
        data["first_copy_gbps"] = between(rng, 0.2, 3.0)
    for s in sites:
        around = any(f"{home}>{r}" in links and f"{r}>{s}" in links for r in data["relay_sites"] if r != s)
        if s == home or (resident and s not in lawful) or not (f"{home}>{s}" in links or around):
            continue
        if likely(rng, 0.75):
            states = ["present", "planned", "choosable", "choosable"] if whole else ["present", "planned"]
            data["copies"][s] = {"state": str(rng.choice(states))}
            if f"{home}>{s}" not in links:
                data.setdefault("first_copy_gbps", between(rng, 0.2, 3.0))
    if likely(rng, 0.7):
        data["copies_apart"] = str(rng.choice(["site", "provider", "provider"]))
        places = {s if data["copies_apart"] == "site" else sites[s]["provider"] for s in [home, *data["copies"]]}
        data["min_copies"] = int(rng.integers(1, len(places) + 1))
    return data


def _results(rng: Draw, document: dict[str, Any], whole: bool) -> None:
    for work in document["workloads"].values():
        if not likely(rng, 0.4):
            continue
        rates = [x["units_per_accelerator_hour"] for x in work["throughput"].values()]
        work["result_gb_per_unit"] = round(float(rng.choice([0.5, 4.0])) / min(rates), 4)
        work["result_kept_hours"] = float(rng.choice([24.0, 730.0, 8760.0]))
        if likely(rng, 0.7):
            work["backup_sites"] = [str(s) for s in rng.permutation(list(document["sites"]))[: rng.integers(1, 4)]]
            work["backup_apart"] = str(rng.choice(["site", "provider"]))


def _rules(rng: Draw, document: dict[str, Any], whole: bool) -> None:
    for work in document["workloads"].values():
        if likely(rng, 0.2):
            work["allowed_jurisdictions"] = ["DE"]
        if likely(rng, 0.07):
            work["must_serve"] = True
    if likely(rng, 0.1):
        document["policy"]["budget"] = {"usd": between(rng, 500, 20000)}


def _slow(rng: Draw, document: dict[str, Any], whole: bool) -> None:
    """Pools that take time to grow, and starts that are paid."""
    if not likely(rng, 0.2):
        return
    for pool in document["pools"].values():
        if pool["purchase_option"] == "owned" and not pool["can_power_down"]:
            continue
        pool.setdefault("accelerators_per_node", 4)
        drawn = {
            "ramp_up_accelerators_per_hour": between(rng, 1, 30),
            "ramp_down_accelerators_per_hour": between(rng, 1, 30),
            "lead_time_hours": float(rng.choice([0.25, 0.5])),
            "start_usd_per_node": float(rng.choice([0.5, 10.0])),
        }
        pool.update({field: value for field, value in drawn.items() if likely(rng, 0.4)})


def _policies(rng: Draw, document: dict[str, Any], whole: bool) -> None:
    """A cap on carbon; owned first, where no whole numbers make the first of its two steps uncertain."""
    blocks = document["horizon"]["blocks"].values()
    hours = sum(block["weight"] * block["period_hours"] * block["periods"] for block in blocks)
    if likely(rng, 0.2):
        tonnes = hours * 0.01 * float(rng.choice([0.3, 1.0, 2.0]))
        yearly = {"tonnes": tonnes * 8760 / hours, "per": "year"}
        document["policy"]["carbon_cap"] = yearly if likely(rng) else {"tonnes": tonnes}
    document["policy"]["owned_first"] = not whole and likely(rng, 0.3)


def _rounded(rng: Draw, document: dict[str, Any], whole: bool) -> None:
    """Round figures, so that demand meets tiers, nodes and commitments exactly where their prices change."""
    if not likely(rng, 0.25):
        return
    for work in document["workloads"].values():
        rate = max(through["units_per_accelerator_hour"] for through in work["throughput"].values())
        for through in work["throughput"].values():
            through["units_per_accelerator_hour"] = 1.0
        work["unserved_usd_per_unit"] = float(rng.integers(3, 20))
        for b, values in work.get("demand_units_per_hour", {}).items():
            work["demand_units_per_hour"][b] = [float(round(value / rate)) for value in values]
        for window in work.get("windows", {}).values():
            window["volume_units"] = float(round(window["volume_units"] / rate))
    for pool in document["pools"].values():
        pool.update(efficiency=1.0, held_back_share=0.0)
        pool["price_usd_per_accelerator_hour"] = float(round(pool["price_usd_per_accelerator_hour"]))
        tiers = {max(1.0, round(tier["from_quantity"])): tier for tier in pool.get("price_tiers", {}).values()}
        if tiers:
            pool["price_tiers"] = {f"t{at}": {**tier, "from_quantity": float(at)} for at, tier in tiers.items()}
    for commitment in document["commitments"].values():
        commitment["fee_usd_per_accelerator_hour"] = float(np.ceil(commitment["fee_usd_per_accelerator_hour"]))
    for spend in document.get("spend_commitments", {}).values():
        rates = spend["rates_usd_per_accelerator_hour"]
        spend["rates_usd_per_accelerator_hour"] = {p: float(round(usd)) for p, usd in rates.items()}


PARTS = (
    _commitments,
    _spend,
    _tiers,
    _hardware,
    _limits,
    _lines,
    _datasets,
    _results,
    _rules,
    _slow,
    _policies,
    _rounded,
)
"""In this order: later ones look at what earlier ones drew."""
