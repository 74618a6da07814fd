"""A second formulation of rules on providers: for every choice of them a linear program, written in SciPy alone."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from typing import Any

import numpy as np
from builders import hour, pool, rigid
from scipy.optimize import linprog

from hybridplan.domain import Scenario

PROVIDERS = ("a", "b", "c")


def tiny_document(seed: int, *, share_of: str | None = None) -> dict[str, Any]:
    """Three providers, something owned and something rented privately, two hours and two workloads.

    Rules on the number of providers, and what they cost; with ``share_of`` a cap on the share of one, and no others.
    """
    rng = np.random.default_rng(seed)
    sites = {"here": {"kind": "private", "provider": "own", "jurisdiction": "DE"}}
    sites |= {key: {"kind": "public", "provider": key, "jurisdiction": "DE"} for key in PROVIDERS}
    pools = {"own": pool("owned", float(rng.integers(0, 4)), 0.5), "colo": pool("on_demand", 3.0, 3.5)}
    commitments, spend = {}, {}
    for key in PROVIDERS:
        price, held = float(rng.uniform(1.0, 4.0)), float(rng.choice([0.0, 0.2]))
        size = float(rng.integers(3, 12))
        pools[f"p{key}"] = pool("on_demand", size, price, site=key, held_back_share=held)
        if rng.random() < 0.5:
            pools[f"r{key}"] = pool("reserved", 0.0, 0.0, site=key)
            commitments[f"k{key}"] = {
                "pool": f"r{key}",
                "accelerators": float(rng.integers(1, 4)),
                "fee_usd_per_accelerator_hour": float(rng.uniform(0.5, 2.0)),
                "max_new_accelerators": float(rng.integers(0, 3)),
            }
        if rng.random() < 0.4:
            rates = {f"p{key}": 0.6 * price}
            spend[f"s{key}"] = {
                "usd_per_hour": 1.0,
                "max_new_usd_per_hour": 2.0,
                "rates_usd_per_accelerator_hour": rates,
            }
    works = {f"w{i}": rigid([float(x) for x in rng.integers(2, 9, size=2)], unserved_usd_per_unit=20.0) for i in (0, 1)}
    works["w1"]["throughput"]["gpu"]["units_per_accelerator_hour"] = 2.0
    links = {f"to_{key}": {"from_site": "here", "to_site": key, "round_trip_ms": 1.0} for key in PROVIDERS}
    return {
        "schema_version": 1,
        "name": f"providers {seed}",
        "horizon": hour(2, weight=float(rng.choice([1.0, 5.0])), price_factor=float(rng.choice([1.0, 0.9]))),
        "sites": sites,
        "pools": pools,
        "commitments": commitments,
        "spend_commitments": spend,
        "workloads": works,
        "links": links,
        "policy": _rules(rng) if share_of is None else _cap(rng, share_of),
    }


def _rules(rng: np.random.Generator) -> dict[str, Any]:
    fewest = int(rng.integers(0, 4))
    found: dict[str, Any] = {
        "min_providers": fewest,
        "provider_counts_from_accelerator_hours": float(rng.choice([1.0, 6.0, 15.0])),
        "provider_fixed_usd_per_hour": {key: float(rng.choice([0.0, 1.0, 4.0])) for key in PROVIDERS},
    }
    if rng.random() < 0.6:
        found["max_providers"] = int(rng.integers(max(fewest, 1), 4))
    return found


def _cap(rng: np.random.Generator, share_of: str) -> dict[str, Any]:
    return {"provider_share_cap": float(rng.choice([0.2, 0.4, 0.6])), "provider_share_of": share_of}


class ProviderOracle:
    """The least objective of a scenario of :func:`tiny_document`."""

    def __init__(self, scenario: Scenario) -> None:
        self._scenario = scenario
        (block,) = scenario.horizon.blocks.values()
        self._hours, self._factor, self._periods = block.weight * block.period_hours, block.price_factor, block.periods
        works, spans = scenario.workloads, range(self._periods)
        keys: list[tuple[Any, ...]] = [("y", w, p, t) for w in works for p in scenario.pools for t in spans]
        keys += [("u", w, t) for w in works for t in spans]
        keys += [("r", c) for c in scenario.commitments] + [("s", c) for c in scenario.spend_commitments]
        keys += [("v", s, t) for s in scenario.spend_commitments for t in spans]
        self._at = {key: i for i, key in enumerate(keys)}
        self._rows: list[np.ndarray] = []
        self._right: list[float] = []
        self._cost, self._paid = self._money()
        self._build()

    def least(self) -> float | None:
        """Over all sets of providers that may be used, and that must count; None where there is no plan."""
        policy, found = self._scenario.policy, list[float]()
        charges = policy.provider_fixed_usd_per_hour
        for used in _subsets(PROVIDERS):
            if policy.max_providers is not None and len(used) > policy.max_providers:
                continue
            fees = sum(charges.get(key, 0.0) for key in used) * self._hours * self._periods
            for counted in combinations(used, policy.min_providers):
                cost = self._linear(used, counted)
                found += [] if cost is None else [cost + fees]
        return min(found, default=None)

    def _linear(self, used: tuple[str, ...], counted: tuple[str, ...]) -> float | None:
        sites = self._scenario.pools
        most = [0.0 if key[0] == "y" and sites[key[2]].site in set(PROVIDERS) - set(used) else None for key in self._at]
        least = self._scenario.policy.provider_counts_from_accelerator_hours
        rows = [*self._rows, *(-self._provisioned(key) for key in counted)]
        right = [*self._right, *([-least] * len(counted))]
        equal, demand = self._demand()
        cost, constant = self._cost[:-1], float(self._cost[-1])
        bounds = [(0.0, top) for top in most]
        found = linprog(cost, A_ub=np.array(rows), b_ub=right, A_eq=equal, b_eq=demand, bounds=bounds)
        return None if found.status == 2 else float(found.fun) + constant

    def _row(self) -> np.ndarray:
        return np.zeros(len(self._at) + 1)

    def _n(self, pool_id: str, t: int) -> np.ndarray:
        """Accelerators provisioned; without the place of a constant."""
        row = np.zeros(len(self._at))
        for work in self._scenario.workloads:
            row[self._at["y", work, pool_id, t]] = 1.0 / (1.0 - self._scenario.pools[pool_id].held_back_share)
        return row

    def _provisioned(self, provider: str) -> np.ndarray:
        mine = [key for key, one in self._scenario.pools.items() if one.site == provider]
        total: np.ndarray = sum(self._n(p, t) * self._hours for p in mine for t in range(self._periods))
        return total

    def _money(self) -> tuple[np.ndarray, dict[str, np.ndarray]]:
        """All costs, and what is paid for what is rented by site; the last place holds constants."""
        scenario, hours = self._scenario, self._hours
        paid = {site: self._row() for site in scenario.sites}
        total, horizon = self._row(), hours * self._periods
        for key, one in scenario.pools.items():
            if one.purchase_option == "owned":
                total[-1] += one.price_usd_per_accelerator_hour * one.capacity_accelerators * horizon
            if one.purchase_option == "on_demand":
                rate = one.price_usd_per_accelerator_hour * self._factor * hours
                for t in range(self._periods):
                    paid[one.site][:-1] += rate * self._n(key, t)
        for c, one in scenario.commitments.items():
            site, fee = scenario.pools[one.pool].site, one.fee_usd_per_accelerator_hour * horizon
            paid[site][-1] += fee * one.accelerators
            paid[site][self._at["r", c]] += fee
        for s, one in scenario.spend_commitments.items():
            (pool_id,) = one.rates_usd_per_accelerator_hour
            site, price = scenario.pools[pool_id].site, scenario.pools[pool_id].price_usd_per_accelerator_hour
            paid[site][-1] += one.usd_per_hour * horizon
            paid[site][self._at["s", s]] += horizon
            for t in range(self._periods):
                paid[site][self._at["v", s, t]] -= price * self._factor * hours
        for w, work in scenario.workloads.items():
            for t in range(self._periods):
                total[self._at["u", w, t]] = work.unserved_usd_per_unit * hours
        return total + sum(paid.values()), paid

    def _demand(self) -> tuple[np.ndarray, list[float]]:
        rows, right = [], []
        for w, work in self._scenario.workloads.items():
            rate = work.throughput["gpu"].units_per_accelerator_hour
            for t, wanted in enumerate(work.demand_units_per_hour["b"]):
                row = np.zeros(len(self._at))
                for p in self._scenario.pools:
                    row[self._at["y", w, p, t]] = rate
                row[self._at["u", w, t]] = 1.0
                rows.append(row)
                right.append(wanted)
        return np.array(rows), right

    def _at_most(self, row: np.ndarray, right: float) -> None:
        self._rows.append(row)
        self._right.append(right)

    def _build(self) -> None:
        scenario = self._scenario
        for t in range(self._periods):
            for key, one in scenario.pools.items():
                row, right = self._n(key, t), one.capacity_accelerators
                for c, commitment in scenario.commitments.items():
                    if commitment.pool == key:
                        right += commitment.accelerators
                        row[self._at["r", c]] -= 1.0
                self._at_most(row, right)
            for s, one in scenario.spend_commitments.items():
                ((pool_id, rate),) = one.rates_usd_per_accelerator_hour.items()
                row = np.zeros(len(self._at))
                row[self._at["v", s, t]], row[self._at["s", s]] = rate, -1.0
                self._at_most(row, one.usd_per_hour)
                row = -self._n(pool_id, t)
                row[self._at["v", s, t]] = 1.0
                self._at_most(row, 0.0)
        for kind, records in (("r", scenario.commitments), ("s", scenario.spend_commitments)):
            for key, one in records.items():
                row = np.zeros(len(self._at))
                row[self._at[kind, key]] = 1.0
                self._at_most(row, one.max_new_accelerators if kind == "r" else one.max_new_usd_per_hour)
        self._share()

    def _share(self) -> None:
        policy = self._scenario.policy
        if policy.provider_share_cap is None:
            return
        paid, cap = self._paid, policy.provider_share_cap
        if policy.provider_share_of == "accelerator_hours":
            paid = {site: self._row() for site in self._scenario.sites}
            for key, i in self._at.items():
                if key[0] == "y":
                    paid[self._scenario.pools[key[2]].site][i] = self._hours
        whole = sum(paid.values())
        for key in PROVIDERS:
            row = paid[key] - cap * whole
            self._at_most(row[:-1], -float(row[-1]))


def _subsets(names: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    for size in range(len(names) + 1):
        yield from combinations(names, size)
