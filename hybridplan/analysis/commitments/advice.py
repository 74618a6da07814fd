"""What new commitments gain, when they have paid for themselves, and what would overturn them."""

from __future__ import annotations

import math
from dataclasses import dataclass

from hybridplan.analysis.commitments import duration, use
from hybridplan.analysis.commitments.holdings import Holding, holdings
from hybridplan.plan import Plan, PlanTables
from hybridplan.units import per_year

_FIRST = 1e-9


@dataclass(frozen=True)
class CommitmentAdvice:
    """One commitment that may grow. All figures are those of this plan, of the new part alone: what it does beyond what
    was held before. Work that it does would else be rented on demand at the cheapest price of the same accelerator.
    """

    holding: Holding
    fee_usd_per_year: float
    """Of the new part, over its hours in the horizon, scaled to a year."""
    value_usd_per_year: float
    """What the same hours would cost on demand; NaN where they cannot be rented."""
    utilisation: float
    """Of the new part; NaN where nothing is new."""
    break_even_utilisation: float
    pays_after_years: float | None
    """Years of the term after which the whole fee of the term is earned, even if it then stood idle; None where the
    term is not known or it does not pay within it."""
    fee_to_overturn_usd: float | None
    """Fee per accelerator-hour (per USD of commitment) above which the new part would not pay; for none, the fee below
    which a first one would, as far as the rented hours of this plan tell. None where that cannot be told."""

    @property
    def net_usd_per_year(self) -> float:
        """What is gained by the new part."""
        return self.value_usd_per_year - self.fee_usd_per_year


def advice(plan: Plan) -> tuple[CommitmentAdvice, ...]:
    """One for each commitment that may grow."""
    if plan.tables is None:
        return ()
    rows = use.by_commitment(plan).to_dict("records")
    pairs = zip(holdings(plan), rows, strict=True)
    hours = plan.scenario.horizon.plan_hours
    return tuple(_told(plan, plan.tables, one, row, hours) for one, row in pairs if one.max_new > 0)


def _told(plan: Plan, tables: PlanTables, one: Holding, row: dict[object, object], hours: float) -> CommitmentAdvice:
    def of(name: str) -> float:
        value = row[name]
        return float(value) if isinstance(value, int | float) else math.nan

    fee, value = of("new_usd"), of("new_value_usd")
    ratio = value / fee if fee > 0 else math.nan
    after = one.term_years / ratio if one.term_years is not None and ratio >= 1.0 else None
    if one.new > 0:
        overturn = one.fee_usd_per_hour * ratio if math.isfinite(ratio) else None
    else:
        overturn = _first_fee(plan, tables, one, of("on_demand_usd"))
    return CommitmentAdvice(
        one,
        per_year(fee, hours),
        per_year(value, hours),
        of("new_utilisation"),
        of("break_even_utilisation"),
        after,
        overturn,
    )


def _first_fee(plan: Plan, tables: PlanTables, one: Holding, price: float) -> float | None:
    """Price on demand x part of the hours in which some of these are rented: one more takes the place of one."""
    if one.kind != "commitment" or not math.isfinite(price) or not one.service_hours > 0:
        return None
    rows = duration.curve(plan, tables, one)
    rented = rows.loc[rows["beyond"] > _FIRST * (rows["beyond"] + rows["covered"]).max()]
    return price * float((rented["to_hour"] - rented["from_hour"]).sum()) / one.service_hours
