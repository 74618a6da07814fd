"""Drawing on a page: hatched areas, legends, axes with ticks. All lengths in points, y upwards."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import pandas as pd
from reportlab.lib.colors import HexColor
from reportlab.platypus import Flowable

from hybridplan.report.paper import fonts
from hybridplan.report.paper.styles import LINE, MUTED, SMALL, TEXT, WHITE

TICK: Final = 7.5
"""Size of the words at ticks."""
_LEGEND_LINE: Final = 12.0
_SWATCH: Final = 9.0
_LARGE: Final = ((1e12, "trillion"), (1e9, "billion"), (1e6, "million"))
_STEPS: Final = (5 / 60, 0.25, 0.5, 1, 2, 3, 6, 12, 24, 48, 72, 168, 336, 672)
"""Hours between ticks of a time axis."""


class Drawing(Flowable):  # type: ignore[misc]
    """A drawing of a fixed size."""

    def __init__(self, width: float, height: float, paint: Callable[[Any], None]) -> None:
        super().__init__()
        self.width, self.height, self._paint = width, height, paint
        # Its caption belongs to it.
        self.keepWithNext = 1

    def wrap(self, *_: float) -> tuple[float, float]:
        """Its size, whatever there is."""
        return self.width, self.height

    def draw(self) -> None:
        """Called by reportlab with the origin at the lower left corner."""
        self._paint(self.canv)


@dataclass(frozen=True)
class Area:
    """The rectangle inside the axes."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class Entry:
    """One entry of a legend: a swatch, a line or a mark."""

    name: str
    colour: str
    hatch: str = ""
    shape: str = "box"
    """box, line, or one of the marks of :func:`mark`."""


class Legend:
    """Entries in rows that fit the width; a long name is shortened visibly."""

    def __init__(self, entries: Sequence[Entry], width: float) -> None:
        most = 0.5 * width - _SWATCH - 20
        self.rows: list[list[tuple[float, str, Entry]]] = [[]]
        at = 0.0
        for entry in entries:
            name = fonts.shortened(entry.name, most, SMALL)
            wide = _SWATCH + 5 + fonts.width(name, SMALL) + 14
            if self.rows[-1] and at + wide - 14 > width:
                self.rows.append([])
                at = 0.0
            self.rows[-1].append((at, name, entry))
            at += wide
        self.height = _LEGEND_LINE * len(self.rows) + 4 if entries else 0.0

    def draw(self, canvas: Any, x: float, top: float) -> None:
        """From ``top`` down."""
        for line, row in enumerate(self.rows):
            base = top - _LEGEND_LINE * (line + 1) + 3
            for at, name, entry in row:
                self._swatch(canvas, x + at, base, entry)
                canvas.setFillColor(TEXT)
                fonts.draw(canvas, x + at + _SWATCH + 5, base, name, SMALL)

    def _swatch(self, canvas: Any, x: float, base: float, entry: Entry) -> None:
        if entry.shape == "box":
            filled(canvas, [(x, base - 1), (x + _SWATCH, base - 1), (x + _SWATCH, base + 7), (x, base + 7)], entry)
        elif entry.shape == "line":
            canvas.saveState()
            canvas.setStrokeColor(HexColor(entry.colour))
            canvas.setLineWidth(1.3)
            canvas.line(x, base + 3, x + _SWATCH, base + 3)
            canvas.restoreState()
        else:
            mark(canvas, x + _SWATCH / 2, base + 3, entry)


def filled(canvas: Any, corners: Sequence[tuple[float, float]], look: Entry) -> None:
    """A polygon in the colour and hatching of ``look``."""
    path = canvas.beginPath()
    path.moveTo(*corners[0])
    for corner in corners[1:]:
        path.lineTo(*corner)
    path.close()
    canvas.saveState()
    canvas.setFillColor(HexColor(look.colour))
    if look.hatch:
        canvas.clipPath(path, stroke=0, fill=1)
        xs, ys = [c[0] for c in corners], [c[1] for c in corners]
        _hatch(canvas, look.hatch, min(xs), min(ys), max(xs), max(ys))
    else:
        canvas.drawPath(path, stroke=0, fill=1)
    canvas.restoreState()


def _hatch(canvas: Any, kind: str, left: float, low: float, right: float, high: float) -> None:
    """White lines (/, x) or dots (.) over a rectangle; they hang on the page, so that neighbours agree."""
    gap, tall = 5.0, high - low
    canvas.setStrokeColor(WHITE)
    canvas.setFillColor(WHITE)
    canvas.setLineWidth(0.6)
    if kind == ".":
        for row in range(math.floor(low / gap), math.ceil(high / gap) + 1):
            for column in range(math.floor(left / gap), math.ceil(right / gap) + 1):
                x, y = (column + 0.5 * (row % 2)) * gap, row * gap
                canvas.rect(x - 0.5, y - 0.5, 1, 1, stroke=0, fill=1)
        return
    first, last = math.floor((left - tall) / gap), math.ceil((right + tall) / gap)
    for place in range(first, last + 1):
        x = place * gap
        canvas.line(x, low, x + tall, high)
        if kind == "x":
            canvas.line(x, high, x + tall, low)


def mark(canvas: Any, x: float, y: float, look: Entry) -> None:
    """One mark: circle, ring, diamond, cross or bar."""
    canvas.saveState()
    colour = HexColor(look.colour)
    canvas.setStrokeColor(colour)
    canvas.setFillColor(colour if look.shape == "circle" else WHITE)
    canvas.setLineWidth(1.2)
    if look.shape in ("circle", "ring"):
        canvas.circle(x, y, 3, stroke=1, fill=1)
    elif look.shape == "diamond":
        path = canvas.beginPath()
        path.moveTo(x - 3.6, y)
        for dx, dy in ((0, 3.6), (3.6, 0), (0, -3.6)):
            path.lineTo(x + dx, y + dy)
        path.close()
        canvas.drawPath(path, stroke=1, fill=1)
    elif look.shape == "cross":
        canvas.line(x - 2.5, y - 2.5, x + 2.5, y + 2.5)
        canvas.line(x - 2.5, y + 2.5, x + 2.5, y - 2.5)
    else:
        canvas.setLineWidth(2)
        canvas.line(x, y - 6, x, y + 6)
    canvas.restoreState()


def ticks(top: float, most: int = 5) -> list[float]:
    """Round values from 0 to the first one at or above ``top``."""
    if not top > 0:
        return [0.0, 1.0]
    rough = top / most
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(power * factor for factor in (1, 2, 2.5, 5, 10) if power * factor >= rough * (1 - 1e-9))
    return [step * place for place in range(math.ceil(top / step - 1e-9) + 1)]


def scaled(values: Sequence[float]) -> tuple[list[str], str]:
    """Words of ticks, and what they are counted in ("" or million, billion, trillion)."""
    unit, word = next(((size, name) for size, name in _LARGE if values[-1] >= size), (1.0, ""))
    shown = [value / unit for value in values]
    places = next((p for p in range(7) if all(abs(v - round(v, p)) < 1e-9 * max(1.0, abs(v)) for v in shown)), 7)
    return [f"{value:,.{places}f}" for value in shown], word


def time_ticks(first: pd.Timestamp, last: pd.Timestamp, most: int) -> list[tuple[pd.Timestamp, str]]:
    """Round moments between two, at most about ``most``, in words."""
    hours = (last - first) / pd.Timedelta(hours=1)
    step = next((size for size in _STEPS if hours / size <= most), None)
    if step is None:
        months = pd.date_range(first, last, freq="MS")
        return [(month, f"{month:%b %Y}") for month in months[:: max(1, math.ceil(len(months) / most))]]
    found, moment = [], first.normalize()
    while moment <= last:
        if moment >= first:
            found.append((moment, _moment(moment, step)))
        moment += pd.Timedelta(hours=step)
    return found


def _moment(moment: pd.Timestamp, step: float) -> str:
    if step < 24 and (moment.hour or moment.minute):
        return f"{moment:%H:%M}"
    day = f"{moment.day} {moment:%b}"
    return f"{moment:%a} {day}" if 24 <= step < 168 else day


def value_axis(canvas: Any, area: Area, values: Sequence[float], words: Sequence[str], *, upright: bool) -> None:
    """Grid lines with their words: along the left side where ``upright``, else along the foot."""
    top = values[-1]
    canvas.setLineWidth(0.5)
    for value, word in zip(values, words, strict=True):
        canvas.setStrokeColor(LINE)
        canvas.setFillColor(MUTED)
        if upright:
            y = area.y + area.height * value / top
            canvas.line(area.x, y, area.x + area.width, y)
            fonts.draw(canvas, area.x - 4, y - 2.6, word, TICK, align=1.0)
        else:
            x = area.x + area.width * value / top
            canvas.line(x, area.y, x, area.y + area.height)
            fonts.draw(canvas, x, area.y - 10, word, TICK, align=0.5)


def time_axis(canvas: Any, area: Area, first: pd.Timestamp, last: pd.Timestamp, clock: str) -> None:
    """Ticks along the foot, and the name of the clock below them."""
    canvas.setLineWidth(0.5)
    edge = area.x + area.width
    for moment, word in time_ticks(first, last, max(2, int(area.width / 62))):
        x = area.x + area.width * ((moment - first) / (last - first))
        canvas.setStrokeColor(MUTED)
        canvas.line(x, area.y, x, area.y - 3)
        canvas.setFillColor(MUTED)
        wide = fonts.width(word, TICK)
        fonts.draw(canvas, min(x - wide / 2, edge + 8 - wide), area.y - 11, word, TICK)
    fonts.draw(canvas, area.x + area.width / 2, area.y - 22, f"Time ({clock})", TICK, align=0.5)


def edge(canvas: Any, area: Area) -> None:
    """The axes themselves."""
    canvas.setStrokeColor(MUTED)
    canvas.setLineWidth(0.6)
    canvas.line(area.x, area.y, area.x + area.width, area.y)
    canvas.line(area.x, area.y, area.x, area.y + area.height)
