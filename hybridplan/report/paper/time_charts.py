"""Charts over the periods of one block: where the work runs, and how full each pool is."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from hybridplan.analysis import allocation, utilisation
from hybridplan.analysis.clocks import clock_of, on_clock
from hybridplan.charts.series import Key, capped, ordered, wide
from hybridplan.charts.theme import LIGHT
from hybridplan.plan import Plan, PlanTables
from hybridplan.report.figures import pool_key
from hybridplan.report.paper import drawing, fonts
from hybridplan.report.paper.drawing import Area, Drawing, Entry, Legend
from hybridplan.report.paper.styles import MUTED, SMALL, TEXT

_MOST_STEPS: Final = 400
"""More periods than that are finer than a printed line; then neighbours are drawn as their mean."""
MOST_POOLS: Final = 40
"""Rows of the heat map that fit a page; the workbook holds all pools."""
_FEW_POOLS: Final = 16
"""More have one line each for their names."""
_LABEL: Final = 140.0
_ROW: Final = 12.5
_TALL_ROW: Final = 21.0
_SHADES: Final = 40
_LEFT: Final = 40.0

Floats = npt.NDArray[np.float64]


def where_it_runs(plan: Plan, tables: PlanTables, block: str, width: float, tall: float = 170.0) -> Drawing:
    """Busy accelerators by pool, stacked, with demand as a line."""
    scenario = plan.scenario
    key = pool_key(scenario)
    hours, clock = clock_of(scenario, block)
    demand = on_clock(
        scenario, block, allocation.demand_in_accelerators(scenario, tables, plan.routes, block)
    ).reset_index(drop=True)
    rows = on_clock(scenario, block, allocation.by_pool(tables, block))
    times = list(demand["time"])
    grid = wide(capped(rows, "pool", "accelerators_busy"), "time", "pool", "accelerators_busy", times)
    pools = ordered([str(column) for column in grid.columns], key)
    layers = [_coarse(grid[pool].to_numpy(dtype=float)) for pool in pools]
    line = _coarse(demand["demanded"].to_numpy(dtype=float))
    paint = key.colours(LIGHT)
    looks = [Entry(_name(key, pool), paint.get(pool, LIGHT.other), key.pattern(pool)) for pool in pools]
    ends = times[0], times[-1] + pd.Timedelta(hours=hours)
    return _stacked(layers, looks, line, ends, clock, width, tall)


def _name(key: Key, pool: str) -> str:
    return key.names.get(pool, "Other")


def _coarse(values: Floats) -> Floats:
    """Means of equal runs of neighbours, so that at most :data:`_MOST_STEPS` are left; NaN only where all are."""
    size = math.ceil(len(values) / _MOST_STEPS)
    if size <= 1:
        return values
    padded = np.append(values, np.full(-len(values) % size, np.nan)).reshape(-1, size)
    known = ~np.isnan(padded)
    count = known.sum(axis=1)
    total = np.where(known, padded, 0.0).sum(axis=1)
    return np.where(count > 0, total / np.maximum(count, 1), np.nan)


def _stacked(
    layers: list[Floats],
    looks: list[Entry],
    line: Floats,
    ends: tuple[pd.Timestamp, pd.Timestamp],
    clock: str,
    width: float,
    tall: float,
) -> Drawing:
    legend = Legend([*looks, Entry("Demand", LIGHT.demand, shape="line")], width)
    foot = 30.0 + legend.height
    top = max(float(np.sum(layers, axis=0).max()) if layers else 0.0, float(line.max()))

    def paint(canvas: Any) -> None:
        values = drawing.ticks(top)
        area = Area(_LEFT, foot, width - _LEFT - 10, tall)
        words, size = drawing.scaled(values)
        drawing.value_axis(canvas, area, values, words, upright=True)
        unit = area.height / values[-1]
        xs = np.linspace(area.x, area.x + area.width, len(line) + 1)
        base = np.zeros(len(line))
        for layer, look in zip(layers, looks, strict=True):
            above = base + layer
            corners = [*_steps(xs, area.y + unit * above), *reversed(_steps(xs, area.y + unit * base))]
            drawing.filled(canvas, corners, look)
            base = above
        _line(canvas, _steps(xs, area.y + unit * line))
        drawing.edge(canvas, area)
        drawing.time_axis(canvas, area, *ends, clock)
        canvas.setFillColor(MUTED)
        fonts.draw(canvas, 0, foot + tall + 8, f"Accelerators{f' ({size})' if size else ''}", drawing.TICK)
        legend.draw(canvas, 0, legend.height)

    return Drawing(width, foot + tall + 18, paint)


def _steps(xs: Floats, ys: Floats) -> list[tuple[float, float]]:
    """Corners of a line that holds each value over its period; one corner less wherever the value stays."""
    corners: list[tuple[float, float]] = []
    for left, right, y in zip(xs[:-1], xs[1:], ys, strict=True):
        if corners and corners[-1][1] == y:
            corners[-1] = (float(right), float(y))
        else:
            corners += [(float(left), float(y)), (float(right), float(y))]
    return corners


def _line(canvas: Any, corners: Sequence[tuple[float, float]]) -> None:
    canvas.saveState()
    canvas.setStrokeColor(TEXT)
    canvas.setLineWidth(0.7)
    canvas.setLineJoin(1)
    path = canvas.beginPath()
    path.moveTo(*corners[0])
    for corner in corners[1:]:
        path.lineTo(*corner)
    canvas.drawPath(path, stroke=1, fill=0)
    canvas.restoreState()


def how_full(plan: Plan, tables: PlanTables, block: str, width: float) -> Drawing:
    """Pool x period, shaded by utilisation; blank where nothing is provisioned. Of many pools the busiest."""
    scenario = plan.scenario
    rows = utilisation.by_period(scenario, tables)
    rows = on_clock(scenario, block, rows.loc[rows["block"] == block])
    hours, clock = clock_of(scenario, block)
    names = pool_key(scenario).names
    busiest = rows.groupby("pool")["accelerators_busy"].sum().nlargest(MOST_POOLS).index
    grid = rows.pivot_table(index="pool", columns="time", values="utilisation", dropna=False)
    pools = [pool for pool in names if pool in busiest]
    shades = {pool: _coarse(grid.loc[pool].to_numpy(dtype=float)) for pool in pools}
    starts = list(pd.DatetimeIndex(grid.columns))
    ends = starts[0], starts[-1] + pd.Timedelta(hours=hours)
    lines = 2 if len(pools) <= _FEW_POOLS else 1
    words = {pool: fonts.wrapped(names[pool], _LABEL - 8, SMALL, most=lines) for pool in pools}
    sizes = {pool: _TALL_ROW if len(words[pool]) > 1 else _ROW for pool in pools}
    foot, tall = 42.0, sum(sizes.values())
    note = f"; the {MOST_POOLS} busiest of {len(grid)} pools" if len(grid) > MOST_POOLS else ""

    def paint(canvas: Any) -> None:
        area = Area(_LABEL, foot, width - _LABEL - 10, tall)
        y = foot + tall
        for pool in pools:
            y -= sizes[pool]
            _row(canvas, area, y, sizes[pool] - 1.5, shades[pool])
            canvas.setFillColor(TEXT)
            middle = y + sizes[pool] / 2 + (5 * (len(words[pool]) - 1)) - 3.2
            for place, one in enumerate(words[pool]):
                fonts.draw(canvas, _LABEL - 6, middle - 9.5 * place, one, SMALL, align=1.0)
        drawing.edge(canvas, area)
        drawing.time_axis(canvas, area, *ends, clock)
        _scale(canvas, area.x, 4, note)

    return Drawing(width, foot + tall + 4, paint)


def _row(canvas: Any, area: Area, y: float, tall: float, shades: Floats) -> None:
    """Neighbours of one shade are one rectangle."""
    step = area.width / len(shades)
    levels = [-1 if np.isnan(value) else round(min(1.0, float(value)) * _SHADES) for value in shades]
    first = 0
    for place in range(1, len(levels) + 1):
        if place < len(levels) and levels[place] == levels[first]:
            continue
        if levels[first] >= 0:
            canvas.setFillColorRGB(*_shade(levels[first] / _SHADES))
            canvas.rect(area.x + first * step, y, (place - first) * step, tall, stroke=0, fill=1)
        first = place


def _shade(share: float) -> tuple[float, float, float]:
    """Between the neighbouring stops of the theme's scale."""
    stops = [at for at, _ in LIGHT.scale]
    parts = [[int(colour[i : i + 2], 16) / 255 for _, colour in LIGHT.scale] for i in (1, 3, 5)]
    red, green, blue = (float(np.interp(share, stops, part)) for part in parts)
    return red, green, blue


def _scale(canvas: Any, x: float, y: float, note: str) -> None:
    """What the shades mean."""
    canvas.setFillColor(TEXT)
    fonts.draw(canvas, x, y, "0 %", drawing.TICK)
    left = x + 18
    for place in range(20):
        canvas.setFillColorRGB(*_shade((place + 0.5) / 20))
        canvas.rect(left + place * 6, y - 1, 6.1, 8, stroke=0, fill=1)
    canvas.setFillColor(TEXT)
    fonts.draw(canvas, left + 125, y, f"100 % busy; white: nothing provisioned{note}", drawing.TICK)
