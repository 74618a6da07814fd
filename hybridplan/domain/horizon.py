"""Horizon: blocks of contiguous periods, each with a weight."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, Field

from hybridplan.domain.record import Identifier, Positive, Record, Text

EARLIEST, LATEST = 1900, 2200
"""Years in which a block may start: calendars and clocks of computers end some way beyond them."""


def _in_calendar(start: datetime) -> datetime:
    if not EARLIEST <= start.year < LATEST:
        raise ValueError(f"must lie between the years {EARLIEST} and {LATEST}")
    return start


class Block(Record):
    """A run of contiguous periods of one length; ``weight`` says how often it occurs in what is planned."""

    label: Text = ""
    start: Annotated[AwareDatetime, AfterValidator(_in_calendar)]
    periods: Annotated[int, Field(ge=1, le=8784)]
    period_hours: Annotated[float, Field(gt=0, le=744)] = 1.0
    weight: Positive = 1.0
    demand_factor: Positive = 1.0
    """Multiplies demand and volumes in this block (growth)."""
    price_factor: Positive = 1.0
    """Multiplies on-demand and interruptible usage prices in this block."""

    def starts(self) -> list[datetime]:
        """Start of each period, in UTC: adding hours to a local clock would lose one where clocks change."""
        first = self.start.astimezone(UTC)
        return [first + timedelta(hours=self.period_hours * i) for i in range(self.periods)]

    @property
    def end(self) -> datetime:
        """End of the last period, in UTC."""
        return self.start.astimezone(UTC) + timedelta(hours=self.period_hours * self.periods)


class Horizon(Record):
    """All blocks, in the order of their start."""

    blocks: dict[Identifier, Block]
    time_zone: Text = "UTC"
    """IANA name, for display only; files keep offsets."""

    def ordered(self) -> list[tuple[str, Block]]:
        """Blocks by start: the order of the model's periods, whatever the order in the file."""
        return sorted(self.blocks.items(), key=lambda item: (item[1].start, item[0]))

    @property
    def plan_hours(self) -> float:
        """Sum of weight x length over all periods."""
        return sum(b.weight * b.period_hours * b.periods for b in self.blocks.values())

    @property
    def periods(self) -> int:
        """Number of periods over all blocks."""
        return sum(b.periods for b in self.blocks.values())
