"""The main assumptions of a scenario, each with the numbers that change together when it is wrong."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from hybridplan.analysis import labels
from hybridplan.analysis.sensitivity.fields import FACTOR
from hybridplan.analysis.sensitivity.paths import describe
from hybridplan.analysis.wording import say
from hybridplan.domain import Scenario
from hybridplan.domain.pool import PurchaseOption
from hybridplan.io.workbook_inputs import join

_BOUNDS: Final = {"pue": (1.0, 5.0)}
"""Least and most of fields that cannot be moved by any share; the ends of their bars stop there."""


@dataclass(frozen=True)
class Assumption:
    """Numbers that change together, by the same share. ``code`` tells what kind of assumption it is."""

    code: str
    label: str
    """In words, with the record's name."""
    paths: tuple[str, ...]
    values: tuple[float, ...]
    """As they are now, in the order of ``paths``."""
    unit: str
    """Of the value; that of a factor where several numbers change together."""

    @property
    def base(self) -> float:
        """The value as it is now; 1 where several numbers change together."""
        return self.values[0] if len(self.paths) == 1 else 1.0

    def moved(self, share: float) -> tuple[dict[str, float], float]:
        """The numbers changed by this share (0.2: a fifth more), within their bounds; and the value of the whole."""
        new = {path: _within(path, value * (1.0 + share)) for path, value in zip(self.paths, self.values, strict=True)}
        return new, next(iter(new.values())) if len(new) == 1 else 1.0 + share


def _within(path: str, value: float) -> float:
    low, high = _BOUNDS.get(path.rpartition(".")[2], (value, value))
    return min(max(value, low), high)


def main_assumptions(scenario: Scenario) -> list[Assumption]:
    """Every main assumption that this scenario makes, those that tend to matter most first.

    What is 0 or missing is none. Demand (in all, by workload), capacity that is owned or committed, throughput by SKU,
    latency objectives, penalties for unserved work, prices on demand, spot prices and interruptions, prices of what
    need not be kept, of what may be committed to and bought, transfer prices, electricity, PUE and carbon. Sunk costs
    are no assumption that a plan could answer to.
    """
    found = [
        *_demand(scenario),
        *_capacity(scenario),
        *_service(scenario),
        *_prices(scenario),
        *_offers(scenario),
        *_energy(scenario),
    ]
    return [one for one in found if one is not None]


def _group(scenario: Scenario, code: str, paths: Iterable[tuple[str, ...]], name: str = "") -> Assumption | None:
    """The numbers at these paths that are neither 0 nor missing; None where there is none."""
    found = [describe(scenario, join(path)) for path in paths]
    given = [one for one in found if one.value]
    if not given:
        return None
    values = tuple(one.value for one in given if one.value)
    unit = given[0].unit if len(given) == 1 else FACTOR
    return Assumption(code, say(f"assumption.{code}", name=name), tuple(one.path for one in given), values, unit)


def _demand(scenario: Scenario) -> Iterator[Assumption | None]:
    names = labels.workloads(scenario)
    blocks = [("horizon", "blocks", key, "demand_factor") for key in scenario.horizon.blocks]
    if scenario.workloads:
        yield _group(scenario, "demand", blocks)
    for key, work in scenario.workloads.items():
        parts = [name for name in ("demand_units_per_hour", "windows") if getattr(work, name)]
        yield _group(scenario, "demand_of", [("workloads", key, name) for name in parts], names[key])


def _prices(scenario: Scenario) -> Iterator[Assumption | None]:
    price = "price_usd_per_accelerator_hour"
    rented: tuple[tuple[str, PurchaseOption], ...] = (("on_demand", "on_demand"), ("spot", "interruptible"))
    for code, option in rented:
        for provider in _providers(scenario):
            mine = [("pools", key, price) for key in _bought(scenario, option, provider)]
            yield _group(scenario, code, mine, provider)
    spot = _bought(scenario, "interruptible")
    yield _group(scenario, "interruptions", [("pools", key, "interruptions_per_hour") for key in spot])
    for key in _bought(scenario, "owned"):
        if scenario.pools[key].owned_cost == "avoidable":
            yield _group(scenario, "owned_price", [("pools", key, price)], labels.pools(scenario)[key])
    links = [("links", key, "usd_per_gb") for key in scenario.links]
    yield _group(scenario, "transfer", links)


def _offers(scenario: Scenario) -> Iterator[Assumption | None]:
    """Prices of what may be committed to or bought."""
    names = labels.commitments(scenario)
    for key, one in scenario.commitments.items():
        if one.max_new_accelerators > 0:
            yield _group(scenario, "fee", [("commitments", key, "fee_usd_per_accelerator_hour")], names[key])
    names, rates = labels.spend_commitments(scenario), "rates_usd_per_accelerator_hour"
    for key, spend in scenario.spend_commitments.items():
        mine = [("spend_commitments", key, rates, pool) for pool in spend.rates_usd_per_accelerator_hour]
        yield _group(scenario, "rates", mine, names[key])
    for key, name in labels.expansions(scenario).items():
        yield _group(scenario, "capex", [("expansions", key, "capex_usd_per_accelerator")], name)


def _energy(scenario: Scenario) -> Iterator[Assumption | None]:
    policy, names = scenario.policy, labels.sites(scenario)
    has_carbon = policy.carbon_usd_per_tonne > 0 or policy.carbon_cap is not None
    for key, site in scenario.sites.items():
        mine = {name: pool for name, pool in scenario.pools.items() if pool.site == key and pool.busy_kw > 0}
        paying = {name: pool for name, pool in mine.items() if not pool.price_includes_energy}
        prices = [("pools", name, "electricity_usd_per_kwh") for name, pool in paying.items()]
        if any(pool.electricity_usd_per_kwh is None for pool in paying.values()):
            prices.append(("sites", key, "electricity_usd_per_kwh"))
        yield _group(scenario, "electricity", prices, names[key])
        if paying or (has_carbon and mine and site.grid_carbon_g_per_kwh):
            yield _group(scenario, "pue", [("sites", key, "pue")], names[key])
    yield _group(scenario, "carbon_price", [("policy", "carbon_usd_per_tonne")])
    if has_carbon:
        yield _group(scenario, "grid_carbon", [("sites", key, "grid_carbon_g_per_kwh") for key in scenario.sites])


def _capacity(scenario: Scenario) -> Iterator[Assumption | None]:
    names = labels.pools(scenario)
    for key in _bought(scenario, "owned"):
        yield _group(scenario, "capacity", [("pools", key, "capacity_accelerators")], names[key])
    for key, commitment in scenario.commitments.items():
        yield _group(scenario, "committed", [("commitments", key, "accelerators")], commitment.name or key)


def _service(scenario: Scenario) -> Iterator[Assumption | None]:
    names, works = labels.workloads(scenario), scenario.workloads
    for sku in dict.fromkeys(pool.sku for pool in scenario.pools.values()):
        field = "units_per_accelerator_hour"
        mine = [("workloads", key, "throughput", sku, field) for key, work in works.items() if sku in work.throughput]
        yield _group(scenario, "throughput", mine, sku)
    for key in works:
        yield _group(scenario, "latency", [("workloads", key, "latency_objective_ms")], names[key])
    yield _group(scenario, "unserved", [("workloads", key, "unserved_usd_per_unit") for key in works])


def _providers(scenario: Scenario) -> list[str]:
    return list(dict.fromkeys(site.provider for site in scenario.sites.values()))


def _bought(scenario: Scenario, option: PurchaseOption, provider: str | None = None) -> list[str]:
    """Pools under a purchase option, of one provider or of all."""
    return [
        key
        for key, pool in scenario.pools.items()
        if pool.purchase_option == option and provider in (None, scenario.sites[pool.site].provider)
    ]
