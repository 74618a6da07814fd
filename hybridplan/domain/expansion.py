"""Expansions: owned accelerators that may be bought."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from hybridplan.domain.record import Date, Identifier, NonNegative, Positive, Record, Share, Text


class Expansion(Record):
    """Accelerators that may be bought for an owned pool; the same machines may replace what retires there.

    One number for the whole horizon, in whole nodes where the pool counts ``whole_nodes``. They cost their annuity,
    staff and space in every hour of the blocks from their arrival on, used or not, and never the pool's own price.
    """

    name: Text = ""
    pool: Identifier
    max_accelerators: Positive
    min_accelerators: NonNegative = 0.0
    capex_usd_per_accelerator: NonNegative
    """Purchase price with the accelerator's share of node, rack and network."""
    interest_rate: Annotated[float, Field(ge=0, le=1)] | None = None
    """Per year; absent: that of ``finance``, as for the two that follow."""
    life_years: Positive | None = None
    salvage_share: Share | None = None
    staff_usd_per_accelerator_year: NonNegative = 0.0
    space_usd_per_accelerator_year: NonNegative = 0.0
    lead_time_blocks: Annotated[int, Field(ge=0, le=1000)] = 0
    """Blocks, in the order of their start, before the first one in which they can be used."""
    price_source: Text = ""
    price_date: Date | None = None
    notes: Text = ""
