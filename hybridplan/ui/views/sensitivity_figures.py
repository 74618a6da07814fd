"""Charts and tables of sensitivity studies, made from their results."""

from __future__ import annotations

from typing import Final

import pandas as pd

from hybridplan.analysis import labels
from hybridplan.analysis.sensitivity.break_even import BreakEven, Look
from hybridplan.analysis.sensitivity.field_sweep import FieldSweep
from hybridplan.analysis.sensitivity.points import Point
from hybridplan.analysis.sensitivity.price_ranges import PriceRanges
from hybridplan.analysis.sensitivity.tornado import Bar, Tornado
from hybridplan.analysis.sentences import break_even as turning
from hybridplan.analysis.sentences import sensitivity as say
from hybridplan.charts import Figure, theme
from hybridplan.charts import sensitivity as charts
from hybridplan.charts.series import Key
from hybridplan.domain import DisplayCurrency, Scenario
from hybridplan.ui.views.parts import Column

MOST_BARS: Final = 15


def tornado_chart(found: Tornado, scenario: Scenario, look: theme.Theme) -> Figure:
    """The longest bars, in the display currency."""
    currency = scenario.display_currency
    rows = [
        [bar.label, *(_money(bar.change_usd(end), currency) for end in (bar.low, bar.high)), *_values(bar)]
        for bar in found.bars[:MOST_BARS]
    ]
    table = pd.DataFrame(rows, columns=["label", "low", "high", "low_text", "high_text"])
    return charts.tornado(table, look, question=say.tornado_question(), axis=say.tornado_axis(scenario))


def tornado_table(found: Tornado, scenario: Scenario) -> tuple[pd.DataFrame, dict[str, Column]]:
    """Every assumption with both ends."""
    code = scenario.display_currency.code
    rows = []
    for bar in found.bars:
        row: list[object] = [bar.label, say.amount(bar.now, bar.unit)]
        for end, value in zip((bar.low, bar.high), _values(bar), strict=True):
            change = _money(bar.change_usd(end), scenario.display_currency)
            row += [value, change, _percent(end.unserved_share), say.ended(end.status)]
        rows.append(row)
    columns = {
        "assumption": Column("Assumption"),
        "now": Column("Now"),
        "low": Column("Lower"),
        "low_change": Column(f"Change ({code})", "%.4g"),
        "low_unserved": Column("Not served (%)", "%.3g", "Largest share of a workload."),
        "low_status": Column("Plan"),
        "high": Column("Higher"),
        "high_change": Column(f"Change, higher ({code})", "%.4g"),
        "high_unserved": Column("Not served, higher (%)", "%.3g"),
        "high_status": Column("Plan, higher"),
    }
    return pd.DataFrame(rows, columns=list(columns)), columns


def _values(bar: Bar) -> list[str]:
    return [say.amount(end.value, bar.unit) for end in (bar.low, bar.high)]


def _money(usd: float | None, currency: DisplayCurrency) -> float | None:
    return None if usd is None else usd * currency.units_per_usd


def _percent(share: float | None) -> float | None:
    return None if share is None else share * 100.0


def sweep_charts(found: FieldSweep, scenario: Scenario, look: theme.Theme) -> list[tuple[str, Figure]]:
    """Cost over the value, and busy hours over it of the pools that change, with a key for each."""
    field, currency = found.field, scenario.display_currency
    table = pd.DataFrame(
        [[point.value, _exact(point, currency), None] for point in found.points], columns=["value", "money", "holds"]
    )
    across = say.value_axis(field)
    axes = charts.Axes(say.sweep_question(), across, say.money_axis(scenario))
    out = [("sweep-cost", charts.curve(table, look, axes, now=field.value))]
    moving = found.moving_pools()
    hours = pd.DataFrame(
        [[point.value, pool, point.busy_hours[pool]] for point in found.points if point.has_plan for pool in moving],
        columns=["value", "pool", "hours"],
    )
    if moving:
        options = {key: pool.purchase_option for key, pool in scenario.pools.items()}
        key = Key(labels.pools(scenario), {name: str(option) for name, option in options.items()})
        axes = charts.Axes(say.busy_question(), across, "Busy accelerator-hours")
        out.append(("sweep-busy", charts.busy(hours, key, look, axes)))
    return out


def _exact(point: Point, currency: DisplayCurrency) -> float | None:
    return None if point.objective_usd is None else point.objective_usd * currency.units_per_usd


def sweep_table(found: FieldSweep, scenario: Scenario) -> tuple[pd.DataFrame, dict[str, Column]]:
    """One row per value; pools that work at none of them are left out."""
    return _points_table(found.points, found.field.unit, scenario)


def _points_table(points: tuple[Point, ...], unit: str, scenario: Scenario) -> tuple[pd.DataFrame, dict[str, Column]]:
    code, names = scenario.display_currency.code, labels.pools(scenario)
    used = [key for key in names if any(point.busy_hours.get(key, 0.0) > 0 for point in points)]
    columns = {
        "value": Column(f"Value ({unit})", "%.7g"),
        "plan": Column("Plan"),
        "objective": Column(f"Cost and penalties ({code})", "%.6g"),
        "cost": Column(f"Cost ({code})", "%.6g"),
        "unserved": Column("Not served (%)", "%.3g", "Largest share of a workload."),
        "carbon": Column("CO₂e (t)", "%.4g"),
        **{f"busy:{key}": Column(f"{names[key]} (busy hours)", "%.5g") for key in used},
    }
    rate = scenario.display_currency.units_per_usd
    rows = [
        [
            point.value,
            say.ended(point.status),
            _exact(point, scenario.display_currency),
            None if point.cost_usd is None else point.cost_usd * rate,
            _percent(point.unserved_share),
            point.carbon_tonnes,
            *(point.busy_hours.get(key) for key in used),
        ]
        for point in points
    ]
    return pd.DataFrame(rows, columns=list(columns)), columns


def break_even_chart(found: BreakEven, scenario: Scenario, look: theme.Theme) -> Figure:
    """Cost over the value, with what was looked at on either side and the break-even."""
    looks = _looks(found)
    rows = [[look_.point.value, _exact(look_.point, scenario.display_currency), look_.holds] for look_ in looks]
    table = pd.DataFrame(rows, columns=["value", "money", "holds"]).astype({"holds": object})
    states = tuple(say.sentence_case(turning.state(found.outcome, scenario, holds)) for holds in (False, True))
    axes = charts.Axes(turning.question(), say.value_axis(found.field), say.money_axis(scenario))
    return charts.curve(table, look, axes, now=found.field.value, found=found.value, states=(states[0], states[1]))


def _looks(found: BreakEven) -> list[Look]:
    """What was looked at first and both sides of the break-even, by value."""
    known = {one.point.value: one for one in (*found.looks, *filter(None, (found.below, found.above)))}
    return [known[value] for value in sorted(known)]


def break_even_table(found: BreakEven, scenario: Scenario) -> tuple[pd.DataFrame, dict[str, Column]]:
    """The plans looked at, both sides of the break-even among them."""
    looks = _looks(found)
    frame, columns = _points_table(tuple(one.point for one in looks), found.field.unit, scenario)
    frame.insert(1, "outcome", [turning.looked(found.outcome, scenario, one.holds) for one in looks])
    first, *rest = columns.items()
    return frame, {first[0]: first[1], "outcome": Column("Outcome"), **dict(rest)}


def ranges_table(found: PriceRanges, scenario: Scenario) -> tuple[pd.DataFrame, dict[str, Column]]:
    """One row per limit."""
    code, rate = scenario.display_currency.code, scenario.display_currency.units_per_usd
    rows = []
    for one in found.ranges:
        unit = one.field.unit
        prices = [
            None if usd is None else say.per_unit(usd, unit) * rate
            for usd in (one.saves_usd_per_unit, one.costs_usd_per_unit)
        ]
        ends = [None if value is None else say.plain(value, unit) for value in (one.holds_to, one.holds_from)]
        rows.append(
            [
                one.field.label,
                say.amount(one.field.value or 0.0, unit),
                prices[0],
                ends[0],
                prices[1],
                ends[1],
                say.ended(one.tighter_status),
            ]
        )
    columns = {
        "limit": Column("Limit"),
        "now": Column("Now"),
        "saves": Column(f"One more saves ({code})", "%.4g", "Shares: one percentage point more."),
        "to": Column("Holds up to"),
        "costs": Column(f"One less costs ({code})", "%.4g"),
        "from": Column("Holds down to"),
        "tighter": Column("Plan with less"),
    }
    return pd.DataFrame(rows, columns=list(columns)), columns
