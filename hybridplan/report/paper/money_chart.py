"""The chart of costs: one bar per plan, stacked by term."""

from __future__ import annotations

from typing import Any, Final

from hybridplan.analysis import cost, key_figures, labels
from hybridplan.analysis import format as fmt
from hybridplan.charts import cost as cost_chart
from hybridplan.charts import theme
from hybridplan.charts.series import capped
from hybridplan.plan import Plan
from hybridplan.report.paper import drawing, fonts
from hybridplan.report.paper.drawing import Area, Drawing, Entry, Legend
from hybridplan.report.paper.styles import MUTED, SMALL, TEXT

_LABEL: Final = 96.0
_BAR: Final = 14.0
_GAP: Final = 7.0


def by_term(plan: Plan, width: float, period: fmt.Period = "plan") -> Drawing | None:
    """The plan beside its baselines; penalties are hatched, and left out (and said to be) where they would dwarf the
    costs. None where nothing costs anything."""
    names = key_figures.plan_names(plan)
    table = key_figures.in_currency(plan, cost.by_term(plan), list(names), period)
    hidden = cost_chart.penalties_dwarf(table, list(names))
    shown = table.loc[~table["is_penalty"].astype(bool)] if hidden else table
    if shown.empty:
        return None
    paint = theme.colours([str(term) for term in table["term"]], theme.LIGHT)
    rows = capped(shown.assign(size=shown[list(names)].max(axis=1)), "term", "size")
    rows = rows.groupby(["term", "is_penalty"], sort=False)[list(names)].sum().reset_index()
    looks = [
        Entry(_named(str(term)), paint.get(str(term), theme.LIGHT.other), "/" if penalty else "")
        for term, penalty in zip(rows["term"], rows["is_penalty"], strict=True)
    ]
    unit = key_figures.money_unit(plan, period) + (", penalties left out" if hidden else "")
    bars = {names[key]: rows[key].astype(float).tolist() for key in names}
    return _bars(bars, looks, unit, width)


def _named(term: str) -> str:
    return "Other" if term == theme.OTHER else labels.term(term)


def _total(parts: list[float], looks: list[Entry]) -> str:
    """What a bar adds up to: costs, and apart from them penalties, which nobody pays."""
    costs, penalties = (
        sum(part for part, look in zip(parts, looks, strict=True) if bool(look.hatch) is hatched)
        for hatched in (False, True)
    )
    return fmt.number(costs) + (f" + {fmt.number(penalties)} penalties" if penalties > 0 else "")


def _bars(bars: dict[str, list[float]], looks: list[Entry], unit: str, width: float) -> Drawing:
    legend = Legend(looks, width)
    totals = {name: _total(parts, looks) for name, parts in bars.items()}
    end = max(fonts.width(words, SMALL, bold=True) for words in totals.values()) + 8
    foot = 26.0 + legend.height
    tall = len(bars) * (_BAR + _GAP) + _GAP

    def paint(canvas: Any) -> None:
        area = Area(_LABEL, foot, width - _LABEL - end, tall)
        values = drawing.ticks(max(sum(parts) for parts in bars.values()))
        words, size = drawing.scaled(values)
        drawing.value_axis(canvas, area, values, words, upright=False)
        canvas.setFillColor(MUTED)
        fonts.draw(canvas, area.x + area.width / 2, foot - 21, f"{size} {unit}".strip(), drawing.TICK, align=0.5)
        for place, (name, parts) in enumerate(bars.items()):
            y = foot + tall - (place + 1) * (_BAR + _GAP)
            canvas.setFillColor(TEXT)
            fonts.draw(canvas, 0, y + 4, fonts.shortened(name, _LABEL - 6, SMALL), SMALL, bold=place == 0)
            at = area.x
            for part, look in zip(parts, looks, strict=True):
                wide = area.width * part / values[-1]
                if wide > 0:
                    right = at + wide
                    drawing.filled(canvas, [(at, y), (right, y), (right, y + _BAR), (at, y + _BAR)], look)
                at += wide
            canvas.setFillColor(TEXT)
            fonts.draw(canvas, at + 4, y + 4, totals[name], SMALL, bold=place == 0)
        drawing.edge(canvas, area)
        legend.draw(canvas, 0, legend.height)

    return Drawing(width, foot + tall + 2, paint)
