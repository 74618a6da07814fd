"""The chart of latency: achieved against the objective where queues are modelled, else the floor of every route."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any, Final

import pandas as pd

from hybridplan.analysis import labels, latency
from hybridplan.analysis.sentences import latency as sentences
from hybridplan.charts.theme import LIGHT
from hybridplan.plan import Plan
from hybridplan.report.figures import MOST_ROUTES
from hybridplan.report.paper import drawing, fonts
from hybridplan.report.paper.drawing import Area, Drawing, Entry, Legend
from hybridplan.report.paper.styles import LINE, MUTED, SMALL, TEXT

_LABEL: Final = 150.0
_LINE: Final = 9.6
_WIDE: Final = 10.0
"""A largest value of this many times the median asks for a log axis."""
_LEAST_MS: Final = 1.0
"""Where a log axis starts."""
_ACHIEVED: Final = (
    ("p50_ms", Entry("Half of the requests (p50)", LIGHT.palette[1], shape="ring")),
    ("p95_ms", Entry("95 of 100 requests (p95)", LIGHT.palette[11], shape="diamond")),
    ("achieved_ms", Entry("What the objective limits", LIGHT.palette[0], shape="circle")),
    ("objective_ms", Entry("Objective", LIGHT.limit, shape="bar")),
)
_FLOORS: Final = (
    ("ruled out", Entry("Ruled out", LIGHT.muted, shape="cross")),
    ("free", Entry("Allowed, not used", LIGHT.palette[1], shape="ring")),
    ("used", Entry("Used", LIGHT.palette[0], shape="circle")),
)

Marks = list[tuple[int, float, Entry]]
"""Row, milliseconds, look."""


def against_objective(plan: Plan, width: float) -> Drawing | None:
    """Routes with a queue in their worst period, else the floor of every pair; None where there is neither."""
    rows = latency.achieved(plan)
    return _achieved(plan, rows, width) if len(rows) else _floors(plan, width)


def _achieved(plan: Plan, rows: pd.DataFrame, width: float) -> Drawing:
    routes = latency.by_route(plan, rows).sort_values("room_ms", kind="stable").head(MOST_ROUTES)
    routes = routes.sort_values(["workload", "room_ms"], kind="stable").reset_index(drop=True)
    names = sentences.pair_names(plan, routes)
    marks: Marks = []
    for column, look in _ACHIEVED:
        found = routes[column].dropna().astype(float)
        marks += [(int(place), ms, look) for place, ms in zip(found.index.tolist(), found.tolist(), strict=True)]
    return _dots(names, marks, "Latency in the worst period", width)


def _floors(plan: Plan, width: float) -> Drawing | None:
    table = latency.floors(plan)
    if table.empty:
        return None
    known = list(dict.fromkeys(table.sort_values("objective_ms", kind="stable")["workload"].astype(str)))
    table = table.loc[table["workload"].isin(known[:MOST_ROUTES])]
    names = {key: name for key, name in labels.workloads(plan.scenario).items() if key in known[:MOST_ROUTES]}
    row = {key: place for place, key in enumerate(names)}
    marks: Marks = []
    for state, look in _FLOORS:
        found = table.loc[table["state"] == state]
        values = found["latency_floor_ms"].astype(float)
        marks += [(row[str(w)], ms, look) for w, ms in zip(found["workload"], values, strict=True)]
    goals = table.dropna(subset=["objective_ms"]).drop_duplicates("workload")
    objectives = goals["objective_ms"].astype(float)
    marks += [(row[str(w)], ms, _ACHIEVED[-1][1]) for w, ms in zip(goals["workload"], objectives, strict=True)]
    some = f", the {len(names)} strictest of {len(known)} workloads" if len(known) > len(names) else ""
    return _dots(list(names.values()), marks, f"Latency without waiting{some}", width)


def _dots(names: Sequence[str], marks: Marks, what: str, width: float) -> Drawing:
    """One row per name with its marks."""
    words = [fonts.wrapped(name, _LABEL - 8, SMALL, most=2) for name in names]
    tall = [7.0 + _LINE * len(lines) for lines in words]
    legend = Legend(list(dict.fromkeys(look for _, _, look in marks)), width)
    foot = 28.0 + legend.height
    values = [ms for _, ms, _ in marks]
    is_log = max(values) > _WIDE * max(_LEAST_MS, float(pd.Series(values).median()))

    def paint(canvas: Any) -> None:
        area = Area(_LABEL, foot, width - _LABEL - 16, sum(tall))
        place_of = (_log_axis if is_log else _linear_axis)(canvas, area, values)
        canvas.setFillColor(MUTED)
        unit = _unit(values) if is_log else "ms"
        title = f"{what} ({unit})"
        middle = min(area.x + area.width / 2, width - fonts.width(title, drawing.TICK) / 2)
        fonts.draw(canvas, middle, foot - 22, title, drawing.TICK, align=0.5)
        middles, y = [], foot + sum(tall)
        for lines, size in zip(words, tall, strict=True):
            y -= size
            middles.append(y + size / 2)
            _label(canvas, lines, y + size / 2)
            canvas.setStrokeColor(LINE)
            canvas.line(area.x, y, area.x + area.width, y)
        for place, ms, look in marks:
            drawing.mark(canvas, place_of(ms), middles[place], look)
        drawing.edge(canvas, area)
        legend.draw(canvas, 0, legend.height)

    return Drawing(width, foot + sum(tall) + 2, paint)


def _label(canvas: Any, lines: Sequence[str], middle: float) -> None:
    canvas.setFillColor(TEXT)
    first = middle + _LINE * (len(lines) - 1) / 2 - 2.8
    for place, line in enumerate(lines):
        fonts.draw(canvas, _LABEL - 6, first - _LINE * place, line, SMALL, align=1.0)


def _unit(values: Sequence[float]) -> str:
    below = "; less than 1 is shown at 1" if min(values) < _LEAST_MS else ""
    return f"ms, each step ten times the last{below}"


def _linear_axis(canvas: Any, area: Area, values: Sequence[float]) -> Callable[[float], float]:
    """Draws the axis and gives the place of a value on it."""
    marks = drawing.ticks(max(values))
    words, size = drawing.scaled(marks)
    drawing.value_axis(canvas, area, marks, [f"{word} {size}".strip() for word in words], upright=False)
    return lambda ms: area.x + area.width * ms / marks[-1]


def _log_axis(canvas: Any, area: Area, values: Sequence[float]) -> Callable[[float], float]:
    """The same with a tick at every power of ten."""
    low = math.floor(math.log10(max(_LEAST_MS, min(values))) + 1e-9)
    high = max(low + 1, math.ceil(math.log10(max(values)) - 1e-9))

    def place(ms: float) -> float:
        return area.x + area.width * (math.log10(max(ms, _LEAST_MS)) - low) / (high - low)

    for power in range(low, high + 1):
        x = place(10.0**power)
        canvas.setStrokeColor(LINE)
        canvas.setLineWidth(0.5)
        canvas.line(x, area.y, x, area.y + area.height)
        canvas.setFillColor(MUTED)
        fonts.draw(canvas, x, area.y - 10, f"{10**power:,}", drawing.TICK, align=0.5)
    return place
