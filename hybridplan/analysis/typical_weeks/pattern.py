"""What a block holds besides the demand of the year, set on a new week by the local clock: profiles and windows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from hybridplan.analysis.typical_weeks.calendar import WEEK_HOURS
from hybridplan.domain import Block
from hybridplan.errors import InvalidInput, Issue

DAY_HOURS = 24
LONGEST_ID = 80


@dataclass(frozen=True)
class Pattern:
    """A block that is there already, and the zone whose clock counts."""

    block_id: str
    block: Block
    zone: ZoneInfo

    def on_week(self, values: Sequence[float], start: datetime, hours: int) -> list[float]:
        """A profile of the block in each hour of a week: by hour of the week, or of the day where it has no week.

        Raises :class:`InvalidInput` where the block does not cover a day.
        """
        by_place = self._by_place(values)
        places = [_place(start, hour, self.zone) for hour in range(hours)]
        by_day = {place % DAY_HOURS: value for place, value in reversed(by_place.items())}
        if len(by_day) < DAY_HOURS:
            raise InvalidInput([self._too_short()])
        return [by_place.get(place, by_day[place % DAY_HOURS]) for place in places]

    def _by_place(self, values: Sequence[float]) -> dict[int, float]:
        """Mean value by hour of the local week (0: Monday, 0:00), from periods of any length."""
        sums: dict[int, tuple[float, float]] = {}
        length = self.block.period_hours
        for i, value in enumerate(values):
            begin, end = i * length, (i + 1) * length
            for hour in range(int(begin), -int(-end // 1)):
                part = min(end, hour + 1) - max(begin, hour)
                place = _place(self.block.start, hour, self.zone)
                total, hours = sums.get(place, (0.0, 0.0))
                sums[place] = (total + part * value, hours + part)
        return {place: total / hours for place, (total, hours) in sums.items() if hours > 0}

    def windows_on_week(
        self, windows: Mapping[str, Any], new_block: str, start: datetime, hours: int
    ) -> dict[str, dict[str, Any]]:
        """The windows of the block once more in the new week; those of a day on each of its days.

        Raises :class:`InvalidInput` where the block is neither a day nor a week that begins as the new one does.
        """
        mine = {key: one for key, one in windows.items() if one.get("block") == self.block_id}
        if not mine:
            return {}
        length = self.block.period_hours * self.block.periods
        days = 1 if abs(length - DAY_HOURS) <= 1 else 7 if abs(length - WEEK_HOURS) <= 1 else 0
        old, new = (moment.astimezone(self.zone).replace(tzinfo=None) for moment in (self.block.start, start))
        shift = new - old
        if not days or shift % timedelta(days=days):
            raise InvalidInput([self._too_short("so its windows cannot be set on whole weeks")])
        end = start + timedelta(hours=hours)
        out = {}
        for n in range(7 // days):
            for key, one in mine.items():
                moved = {edge: self._moved(one[edge], shift + timedelta(days=n * days)) for edge in ("start", "end")}
                latest = min(datetime.fromisoformat(moved["end"]), end.astimezone(self.zone))
                suffix = f"-{new_block}" + (f"-{n + 1}" if days == 1 else "")
                name = f"{key[: LONGEST_ID - len(suffix)]}{suffix}"
                out[name] = {**one, "block": new_block, "start": moved["start"], "end": latest.isoformat()}
        return out

    def _moved(self, text: str, by: timedelta) -> str:
        local = datetime.fromisoformat(text).astimezone(self.zone).replace(tzinfo=None) + by
        return local.replace(tzinfo=self.zone).isoformat()

    def _too_short(self, what: str = "so it cannot be the pattern of a week") -> Issue:
        return Issue(
            f"horizon.blocks.{self.block_id}",
            f"covers neither a day nor a week as the typical weeks begin, {what}",
            f"{self.block.periods * self.block.period_hours:g} hours from {self.block.start.isoformat()}",
            mend="Let it be one week, or one day, that begins at midnight.",
        )


def _place(start: datetime, hour: int, zone: ZoneInfo) -> int:
    moment = (start.astimezone(ZoneInfo("UTC")) + timedelta(hours=hour)).astimezone(zone)
    return moment.weekday() * DAY_HOURS + moment.hour
