"""What the study of purchases found."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import pandas as pd

from hybridplan.analysis.buying.terms import Terms
from hybridplan.plan import SolveStatus

BANDS: Final = ("owned", "reserved", "on_demand", "interruptible")
MIX_COLUMNS: Final = ("sku", "from_hour", "to_hour", *BANDS)


@dataclass(frozen=True)
class Tried:
    """The cheapest plan with so many more accelerators. Amounts are per year of 8,760 hours."""

    count: int
    value_usd_per_year: float
    """What they save: all costs and penalties without them, less those with them, their own price apart."""
    price_usd_per_year: float
    """What they cost: annuity and yearly cost, or fees."""
    gap: float

    @property
    def net_usd_per_year(self) -> float:
        """What is gained by them."""
        return self.value_usd_per_year - self.price_usd_per_year


@dataclass(frozen=True)
class Advice:
    """How many more of one pool pay, all other pools staying as they are.

    Numbers per accelerator are means over one ``step``, the pool's node: no fraction of a node is advised.
    """

    pool: str
    terms: Terms
    step: int
    best: int
    """The number that gains most; the least one where several do."""
    tried: tuple[Tried, ...]
    """By number; 0 is the first."""
    first_usd_per_year: float
    """What one accelerator of the first step saves per year; NaN where there is no plan with it, or time was up."""
    last_usd_per_year: float | None
    """The same of the last step of ``best``; None where that is 0."""
    next_usd_per_year: float | None
    """The same of the step after ``best``; None where time was up."""
    payback_years: float | None
    """Purchase price / (what they save less their yearly cost), undiscounted; None where nothing is bought or saved."""
    busy_share_to_pay: float | None
    """Share of all hours in which one must be busy to be cheaper than the cheapest one of the SKU rented on demand,
    energy apart; None where none is rented."""
    is_proven: bool
    """Every plan is proven cheapest, and the value is concave (no whole numbers): no other number gains more."""
    complete: bool
    """False: time was up first; ``best`` is the best that was tried."""
    mix: pd.DataFrame
    """MIX_COLUMNS of the plan with ``best`` more."""

    @property
    def at_best(self) -> Tried:
        """What ``best`` gains."""
        return next(one for one in self.tried if one.count == self.best)

    @property
    def pays_below_usd(self) -> float | None:
        """Purchase price (fee per hour) below which the first step pays; None where none is low enough."""
        return self.terms.price_at(self.first_usd_per_year) if math.isfinite(self.first_usd_per_year) else None

    @property
    def fewer_above_usd(self) -> float | None:
        """Purchase price (fee) above which fewer than ``best`` pay; None where ``best`` is 0."""
        return None if self.last_usd_per_year is None else self.terms.price_at(self.last_usd_per_year)

    @property
    def more_below_usd(self) -> float | None:
        """Purchase price (fee) below which more than ``best`` pay; None where none is low enough."""
        return None if self.next_usd_per_year is None else self.terms.price_at(self.next_usd_per_year)


@dataclass(frozen=True)
class Buying:
    """Advice on each pool that was asked about.

    ``mix``: MIX_COLUMNS of the plan as it is: for each SKU the busy accelerators by purchase option, hours of the
    horizon ordered by the work that ran, most first. ``status``: how the solve as it is ended; without a plan there is
    no advice.
    """

    status: SolveStatus
    advice: tuple[Advice, ...]
    mix: pd.DataFrame
    solves: int
    complete: bool

    def table(self) -> pd.DataFrame:
        """One row per pool and number tried: pool, count, value, price and net in USD per year, is_best."""
        rows = [
            [one.pool, tried.count, tried.value_usd_per_year, tried.price_usd_per_year, tried.net_usd_per_year, best]
            for one in self.advice
            for tried in one.tried
            for best in [tried.count == one.best]
        ]
        columns = ["pool", "count", "value_usd_per_year", "price_usd_per_year", "net_usd_per_year", "is_best"]
        return pd.DataFrame(rows, columns=columns)
