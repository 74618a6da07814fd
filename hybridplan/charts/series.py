"""At most twelve series on one chart: the smallest are added up as ``other``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import pandas as pd

from hybridplan.charts import text
from hybridplan.charts.theme import MAX_SERIES, OTHER, PATTERNS, Theme, colours


@dataclass(frozen=True)
class Key:
    """What the series are called and how they are told apart: names by id, and purchase options (for the hatching)."""

    names: dict[str, str]
    options: dict[str, str] = field(default_factory=dict)

    def name(self, series: str) -> str:
        """The name of a series, escaped."""
        return text.plain("Other" if series == OTHER else self.names.get(series, series))

    def pattern(self, series: str) -> str:
        """Hatching of a series: by purchase option."""
        return PATTERNS.get(self.options.get(series, ""), "")

    def colours(self, theme: Theme) -> dict[str, str]:
        """A colour for every id that has a name, and for ``other``."""
        return colours(self.names, theme)


def capped(frame: pd.DataFrame, series: str, value: str, most: int = MAX_SERIES) -> pd.DataFrame:
    """The table with the ids of the smallest series replaced by :data:`OTHER`, so that at most ``most`` remain."""
    totals = frame.groupby(series)[value].sum().sort_values(ascending=False, kind="stable")
    if len(totals) <= most:
        return frame
    small = totals.index[most - 1 :]
    return frame.assign(**{series: frame[series].where(~frame[series].isin(small), OTHER)})


def wide(frame: pd.DataFrame, rows: str, series: str, value: str, index: Sequence[object]) -> pd.DataFrame:
    """One column per series and one row per entry of ``index``; absent = 0."""
    table = frame.pivot_table(index=rows, columns=series, values=value, aggfunc="sum", fill_value=0.0)
    return table.reindex(pd.Index(index)).fillna(0.0)


def closed(times: Sequence[pd.Timestamp], hours: float) -> list[pd.Timestamp]:
    """The starts and the end of the last period, so that its step is drawn to the end."""
    return [*times, times[-1] + pd.Timedelta(hours=hours)] if len(times) else []


def held(values: Sequence[float]) -> list[float]:
    """The values with the last one once more, for :func:`closed` times."""
    return [*values, *values[-1:]]


def pace(period_hours: float) -> str:
    """``hour by hour``, or ``period by period`` where periods are longer or shorter."""
    return "hour by hour" if period_hours == 1 else "period by period"


def ordered(ids: Sequence[str], key: Key) -> list[str]:
    """Series in the order in which they are stacked: as named (owned first where options are known), then other."""
    rank = {name: place for place, name in enumerate(PATTERNS)}
    place = {name: index for index, name in enumerate(key.names)}
    last = len(rank), len(place)
    return sorted(
        ids,
        key=lambda one: (
            (rank.get(key.options.get(one, ""), last[0]), place.get(one, last[1])) if one != OTHER else (last[0] + 1, 0)
        ),
    )
