"""What one more accelerator costs per year: bought (annuity and running cost), or committed (fee)."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from hybridplan.domain import Pool, Scenario
from hybridplan.domain.prices import annuity_usd_per_year
from hybridplan.errors import InvalidInput, Issue
from hybridplan.units import HOURS_PER_YEAR

_BOUGHT: Final = ("capex_usd", "life_years", "interest_rate", "salvage_share", "yearly_usd")
_COMMITTED: Final = ("fee_usd_per_accelerator_hour",)
_UNITS: Final = {
    "capex_usd": "USD",
    "life_years": "years",
    "interest_rate": "share per year",
    "salvage_share": "share",
    "yearly_usd": "USD per year",
    "fee_usd_per_accelerator_hour": "USD per accelerator-hour",
}
_MOST: Final = 1e9


@dataclass(frozen=True)
class Terms:
    """Price of one accelerator. ``fee_usd_per_accelerator_hour``: of a committed one, in place of all others.

    Energy is no part of it: the plan pays it by use, where the pool's price does not hold it.
    """

    capex_usd: float = 0.0
    """Purchase price, with the accelerator's share of node and network."""
    life_years: float = 1.0
    interest_rate: float = 0.0
    salvage_share: float = 0.0
    """Share of the purchase price that remains at the end of life."""
    yearly_usd: float = 0.0
    """Staff, space and support of one accelerator."""
    fee_usd_per_accelerator_hour: float | None = None

    @property
    def usd_per_year(self) -> float:
        """Annuity of the purchase price and yearly cost; or the fee over 8,760 hours."""
        if self.fee_usd_per_accelerator_hour is not None:
            return self.fee_usd_per_accelerator_hour * HOURS_PER_YEAR
        annuity = annuity_usd_per_year(self.capex_usd, self.interest_rate, self.life_years, self.salvage_share)
        return annuity + self.yearly_usd

    @property
    def usd_per_hour(self) -> float:
        """The same for each of 8,760 hours."""
        return self.usd_per_year / HOURS_PER_YEAR

    def price_at(self, usd_per_year: float) -> float | None:
        """The purchase price (fee) at which one accelerator costs so much a year; None where none is that low."""
        if self.fee_usd_per_accelerator_hour is not None:
            return usd_per_year / HOURS_PER_YEAR if usd_per_year >= 0 else None
        per_usd = annuity_usd_per_year(1.0, self.interest_rate, self.life_years, self.salvage_share)
        left = usd_per_year - self.yearly_usd
        return left / per_usd if left >= 0 and per_usd > 0 else None


def read(scenario: Scenario, pools: Mapping[str, Any]) -> dict[str, Terms]:
    """Terms by pool from plain values. Raises :class:`InvalidInput`, which names every fault, pool and field."""
    issues, found = list[Issue](), dict[str, Terms]()
    for key, given in pools.items():
        pool = scenario.pools.get(key)
        if pool is None or pool.purchase_option not in ("owned", "reserved"):
            issues.append(Issue(f"pools.{key}", "is no owned or committed pool of this scenario"))
        elif not isinstance(given, Mapping):
            issues.append(Issue(f"pools.{key}", "must be an object with the terms of purchase"))
        else:
            mine = _faults(key, pool, given)
            issues += mine
            if not mine:
                found[key] = Terms(**{name: float(value) for name, value in given.items()})
    if not pools:
        issues.append(Issue("pools", "name at least one owned or committed pool, with its terms"))
    if issues:
        raise InvalidInput(issues)
    return found


def _faults(key: str, pool: Pool, given: Mapping[str, Any]) -> list[Issue]:
    wanted = _BOUGHT if pool.purchase_option == "owned" else _COMMITTED
    missing = [Issue(f"pools.{key}.{name}", "is missing", unit=_UNITS[name]) for name in wanted if name not in given]
    further = [Issue(f"pools.{key}.{name}", "is not known here") for name in given if name not in wanted]
    wrong = [
        Issue(f"pools.{key}.{name}", _range(name), str(given[name]), _UNITS[name], "Correct the value.")
        for name in wanted
        if name in given and not _is_fine(name, given[name])
    ]
    return [*missing, *further, *wrong]


def _is_fine(name: str, value: Any) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return False
    if name == "life_years":
        return 0 < value <= 100
    return 0 <= value <= (1.0 if name in ("interest_rate", "salvage_share") else _MOST)


def _range(name: str) -> str:
    if name == "life_years":
        return "must be above 0 and at most 100"
    return "must be from 0 to 1" if name in ("interest_rate", "salvage_share") else "must be 0 or more"
