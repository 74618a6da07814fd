"""Entries laid out by period."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from hybridplan.analysis.focus.columns import COLUMNS, NUMBERS
from hybridplan.analysis.focus.commitments import commitment_entries
from hybridplan.analysis.focus.entries import Entry, plain_entries
from hybridplan.audit import Charge, charges
from hybridplan.domain import Scenario
from hybridplan.plan import Plan

_LAST_MONTH: Final = 12
_ROUNDING: Final = 1e-15


def rows(plan: Plan) -> pd.DataFrame:
    """One row per period, pool, cost term and workload that more than rounding is paid for; COLUMNS, money in USD.

    Money and quantities of a row are those of all occurrences of its period: where a block occurs g times, the row is
    multiplied by g (``x_Weight``), so that plain sums are right. The sum of EffectiveCost is the plan's cost, and so it
    is for each term (``x_Term``). The penalties of the objective are no costs and are left out.

    - EffectiveCost: what the audit says, with the price of owned hardware spread over its life.
    - BilledCost: cash. Commitments are rows of their own (ChargeCategory Purchase), without effective cost: their
      upfront share once, in the first period of service, and the rest in every period. What is used of them, and what
      is not, carries the effective cost and no cash. Owned and bought hardware and the price of carbon are not billed.
    - ListCost, ContractedCost: quantity x list price, and x price after discount. Both stand on the purchase of a
      commitment and on its use: leave one of them out of a sum, as the specification says.

    Times are text in UTC. What is not known, or does not apply, is missing. No rows where there is no plan.
    Raises nothing for a plan that passed its audit.
    """
    tables = plan.tables
    found = _entries(plan.scenario, charges(plan.scenario, tables)) if tables else []
    if not found:
        return pd.DataFrame({name: np.zeros(0, dtype=float if name in NUMBERS else object) for name in COLUMNS})
    periods = _periods(plan.scenario)
    quantity = np.stack([entry.charge.quantity for entry in found]) * periods["x_Weight"].astype(np.float64)
    price = np.stack([entry.charge.usd_per_unit for entry in found])
    listed = np.stack([entry.charge.list_usd_per_unit for entry in found])
    # By period first, as bills are; within it in the order of the terms.
    period, entry = np.nonzero(_is_paid(found, np.abs(quantity) * np.maximum(price, listed)).T)
    columns = {name: values[period] for name, values in periods.items()}
    columns |= _numbers(found, entry, quantity[entry, period], price[entry, period], listed[entry, period])
    for name in COLUMNS:
        if name not in columns:
            columns[name] = np.array([row.fixed.get(name) for row in found], dtype=object)[entry]
    columns["x_IsPlanned"] = np.ones(len(entry), dtype=bool)
    return pd.DataFrame({name: columns[name] for name in COLUMNS})


def _entries(scenario: Scenario, paid: dict[str, list[Charge]]) -> list[Entry]:
    """Of all terms, in their order."""
    found = list[Entry]()
    for term, of_term in paid.items():
        if term == "commitment":
            found += commitment_entries(scenario, of_term)
        else:
            found += plain_entries(scenario, term, of_term)
    return found


def _is_paid(found: list[Entry], usd: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Where there is more than rounding: of a solver's 1e-15 accelerators nobody wants to read a bill."""
    terms = [entry.fixed["x_Term"] for entry in found]
    largest = {
        term: max(row.max() for name, row in zip(terms, usd, strict=True) if name == term) for term in set(terms)
    }
    least = np.array([_ROUNDING * largest[term] for term in terms])
    return np.asarray(usd > least[:, None])


def _numbers(
    found: list[Entry],
    entry: NDArray[np.int64],
    quantity: NDArray[np.float64],
    price: NDArray[np.float64],
    listed: NDArray[np.float64],
) -> dict[str, NDArray[Any]]:
    def of(flags: list[bool]) -> NDArray[np.bool_]:
        return np.array(flags, dtype=bool)[entry]

    consumed = of([row.is_consumed for row in found])
    committed = of([row.fixed["x_Term"] == "commitment" for row in found])
    is_spend = of([row.charge.is_spend for row in found])
    contracted = quantity * price
    return {
        "BilledCost": np.where(of([row.is_billed for row in found]), contracted, 0.0),
        "EffectiveCost": np.where(of([row.is_effective for row in found]), contracted, 0.0),
        "ListCost": quantity * listed,
        "ContractedCost": contracted,
        "PricingQuantity": quantity,
        "ListUnitPrice": listed,
        "ContractedUnitPrice": price,
        "ConsumedQuantity": np.where(consumed, quantity, np.nan),
        "CommitmentDiscountQuantity": np.where(committed, np.where(is_spend, contracted, quantity), np.nan),
    }


def _periods(scenario: Scenario) -> dict[str, NDArray[Any]]:
    """Columns of the periods: the period charged, the month (UTC) of the bill in which it begins, and the block."""
    texts: list[tuple[str, str, str, str, str, float]] = []
    for key, block in scenario.horizon.ordered():
        step = timedelta(hours=block.period_hours)
        for start in block.starts():
            edges = (*_month(start), start, start + step)
            texts.append((*map(_iso, edges), block.label or key, block.weight))  # type: ignore[arg-type]
    names = (
        "BillingPeriodStart",
        "BillingPeriodEnd",
        "ChargePeriodStart",
        "ChargePeriodEnd",
        "x_BlockLabel",
        "x_Weight",
    )
    return {
        name: np.array(values, dtype=float if name in NUMBERS else object)
        for name, values in zip(names, zip(*texts, strict=True), strict=True)
    }


def _month(start: datetime) -> tuple[datetime, datetime]:
    first = datetime(start.year, start.month, 1, tzinfo=UTC)
    is_last = first.month == _LAST_MONTH
    return first, datetime(first.year + is_last, 1 if is_last else first.month + 1, 1, tzinfo=UTC)


def _iso(moment: datetime) -> str:
    """2026-06-01T00:00:00Z, with a fraction only where a period does not begin on a second."""
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat() + "Z"
