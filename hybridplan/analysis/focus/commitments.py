"""Entries of commitments: what is billed when, and whose cost it is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hybridplan.analysis.focus.entries import Entry, fixed
from hybridplan.audit import Charge
from hybridplan.domain import Commitment, Scenario, SpendCommitment
from hybridplan.units import HOURS_PER_YEAR

Floats = NDArray[np.float64]


def commitment_entries(scenario: Scenario, charges: list[Charge]) -> Iterator[Entry]:
    """Of each commitment its purchase (cash, no cost), and what is used and what is not (cost, no cash).

    The share of a term that is paid upfront is billed once, in the first period of service, unless that was before the
    horizon: share x price x hours of the term, or of service within the horizon where the term is not known. The rest
    is billed by the hour.
    """
    for key, is_spend in dict.fromkeys((charge.record, charge.is_spend) for charge in charges):
        parts = [charge for charge in charges if (charge.record, charge.is_spend) == (key, is_spend)]
        yield from _entries(scenario, key, parts)


def _entries(scenario: Scenario, key: str, parts: list[Charge]) -> Iterator[Entry]:
    is_spend = parts[0].is_spend
    one: Commitment | SpendCommitment = scenario.spend_commitments[key] if is_spend else scenario.commitments[key]
    common = {
        "CommitmentDiscountId": key,
        "CommitmentDiscountName": one.name or key,
        "CommitmentDiscountCategory": "Spend" if is_spend else "Usage",
        "CommitmentDiscountType": "Spend commitment" if is_spend else "Reserved capacity",
    }
    itself = {"ResourceId": key, "ResourceName": one.name or key, "ResourceType": "Commitment", "ConsumedUnit": None}
    whole = _whole(parts)
    base = fixed(scenario, "commitment", whole)
    common["CommitmentDiscountUnit"] = "USD" if is_spend else base["PricingUnit"]
    bought = {"ChargeCategory": "Purchase", "PricingCategory": "Standard"}
    upfront = _upfront(scenario, one, whole)
    if upfront.quantity.any():
        yield Entry(upfront, True, False, False, base | common | itself | bought | {"ChargeFrequency": "One-Time"})
    hourly = _times(whole, 1.0 - one.upfront_share)
    yield Entry(hourly, True, False, False, base | common | itself | bought | {"ChargeFrequency": "Recurring"})
    for part in parts:
        status: dict[str, Any] = {
            "CommitmentDiscountStatus": "Used" if part.is_used else "Unused",
            "PricingCategory": "Committed",
        }
        columns = fixed(scenario, "commitment", part) | common | status
        yield Entry(part, False, True, part.is_used, columns | ({} if part.is_used else itself))


def _whole(parts: list[Charge]) -> Charge:
    """All that is paid for: accelerator-hours, or USD of a commitment for spend."""
    last = parts[-1]
    usd_or_hours = [part.quantity * part.usd_per_unit if part.is_spend else part.quantity for part in parts]
    return replace(last, quantity=np.sum(usd_or_hours, axis=0))


def _upfront(scenario: Scenario, one: Commitment | SpendCommitment, whole: Charge) -> Charge:
    """What is billed at the start, in the first period of service."""
    hours, weight = _hours_and_weight(scenario)
    served = np.flatnonzero(whole.quantity > 0)
    blocks = [block for _, block in scenario.horizon.ordered()]
    started_before = one.starts is not None and one.starts < blocks[0].start
    once = np.zeros_like(whole.quantity)
    if one.upfront_share > 0 and served.size and not started_before:
        first = served[0]
        term = None if one.term_years is None else one.term_years * HOURS_PER_YEAR
        total = whole.quantity @ weight if term is None else whole.quantity[first] / hours[first] * term
        once[first] = total / weight[first]
    return _times(replace(whole, quantity=once), one.upfront_share)


def _times(charge: Charge, share: float) -> Charge:
    return replace(charge, usd_per_unit=share * charge.usd_per_unit, list_usd_per_unit=share * charge.list_usd_per_unit)


def _hours_and_weight(scenario: Scenario) -> tuple[Floats, Floats]:
    """(T,) length and weight of each period."""
    blocks = [block for _, block in scenario.horizon.ordered()]
    count = [block.periods for block in blocks]
    return np.repeat([b.period_hours for b in blocks], count), np.repeat([b.weight for b in blocks], count)
