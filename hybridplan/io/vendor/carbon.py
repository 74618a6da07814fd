"""Grid carbon and PUE by region, and hourly carbon signals (their mean), into rates of sites."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from hybridplan.io.options import Kind
from hybridplan.io.report import count
from hybridplan.io.vendor.context import Context, Recogniser, as_id, provider_in
from hybridplan.units import GRAMS_PER_TONNE

_SITES: Final[frozenset[Kind]] = frozenset({"sites"})
_LARGEST_G: Final = 2000.0
"""No grid emits more, in g CO2e per kWh."""


@dataclass(frozen=True)
class _Layout:
    """Columns of one layout; several carbon columns are tried in order."""

    name: str
    region: str
    carbon: tuple[str, ...]
    provider: str = ""
    fixed_provider: str = ""
    pue: str = ""
    year: str = ""
    grams: float = 1.0
    """g CO2e per kWh of one unit of the column."""
    also: tuple[str, ...] = ()


_LAYOUTS: Final = (
    _Layout(
        "carbon by Google region",
        "Google Cloud Region",
        ("Grid carbon intensity (gCO2eq / kWh)",),
        fixed_provider="gcp",
    ),
    _Layout(
        "cloud region metadata",
        "cloud-region",
        ("grid-carbon-intensity-average-consumption-annual", "grid-carbon-intensity-average-production-annual"),
        provider="cloud-provider",
        pue="power-usage-effectiveness",
        year="year",
    ),
    _Layout("grid factors in tonnes", "Region", ("CO2e (metric ton/kWh)",), grams=GRAMS_PER_TONNE, also=("Source",)),
    _Layout("carbon impact by region", "region", ("impact",), provider="provider", also=("offsetRatio",)),
)


def _recogniser(layout: _Layout) -> Recogniser:
    needed = (
        layout.region,
        layout.carbon[0],
        *(c for c in (layout.provider, layout.pue, layout.year) if c),
        *layout.also,
    )
    return Recogniser(layout.name, _SITES, lambda context: context.has(*needed), lambda context: _read(context, layout))


def _read(context: Context, layout: _Layout) -> None:
    report = context.report
    if layout.grams != 1:
        report.assume("unit", "metric tons per kWh", f"multiplied by {layout.grams:,.0f} to grams")
    best: dict[tuple[str, str], tuple[str, int, dict[str, Any]]] = {}
    for line, cells in context.table.rows:
        row = dict(zip(context.table.columns, (cell.strip() for cell in cells), strict=True))
        found = _rates(context, layout, line, row)
        if found is None:
            continue
        key = (found["provider"], found["region"])
        year = row.get(layout.year, "")
        other = best.get(key)
        if other is not None and other[0] >= year:
            report.reject(line, layout.region, key[1], f"line {other[1]} gives the same region, and is not older")
            continue
        if other is not None:
            report.reject(other[1], layout.region, key[1], f"line {line} gives the same region, and is newer")
        best[key] = (year, line, found)
    for year, line, found in best.values():
        report.rows.append({**found, "rates_source": context.source, "rates_date": _date(context, year)})
        report.used.add(line)


def _date(context: Context, year: str) -> str | None:
    return f"{year}-12-31" if year and not context.options.as_of else context.as_of


def _rates(context: Context, layout: _Layout, line: int, row: dict[str, str]) -> dict[str, Any] | None:
    region = row[layout.region]
    if not region:
        context.report.reject(line, layout.region, "", "is empty")
        return None
    found: dict[str, Any] = {}
    column = next((name for name in layout.carbon if row.get(name)), "")
    if column:
        grams = context.number(row[column])
        fault = grams if isinstance(grams, str) else _fault(grams * layout.grams)
        if fault:
            context.report.reject(line, column, row[column], fault)
            return None
        found["grid_carbon_g_per_kwh"] = round(float(grams) * layout.grams, 6)
    if layout.pue and row[layout.pue]:
        pue = context.number(row[layout.pue])
        if isinstance(pue, str) or not 1 <= pue <= 5:
            reason = pue if isinstance(pue, str) else "is no PUE (1 to 5)"
            context.report.reject(line, layout.pue, row[layout.pue], reason)
        else:
            found["pue"] = pue
    if not found:
        context.report.reject(line, layout.carbon[0], "", "the line gives neither carbon nor PUE")
        return None
    named = row.get(layout.provider, "")
    provider = layout.fixed_provider or provider_in(named) or (as_id(named).lower() if named else context.provider())
    return {"provider": provider, "region": region, **found}


def _fault(grams: float) -> str:
    return (
        "" if 0 <= grams <= _LARGEST_G else f"{grams:g} g CO2e per kWh is no grid (0 to {_LARGEST_G:g}); check the unit"
    )


def _is_signal(context: Context) -> bool:
    return context.has("timestamp", "carbon_intensity") or context.has("datetime", "zone_name", "carbon_intensity_avg")


def _read_signal(context: Context) -> None:
    """An hourly signal of one grid: its mean, since a site has one rate."""
    column = "carbon_intensity" if context.has("carbon_intensity") else "carbon_intensity_avg"
    zones: dict[str, list[float]] = {}
    for line, cells in context.table.rows:
        cell = cells[context.at(column)]
        grams = context.number(cell)
        fault = grams if isinstance(grams, str) else _fault(grams)
        if fault or isinstance(grams, str):
            context.report.reject(line, column, cell, fault)
            continue
        zone = cells[context.at("zone_name")].strip() if context.has("zone_name") else context.options.region or "grid"
        zones.setdefault(zone, []).append(grams)
        context.report.used.add(line)
    for zone, values in zones.items():
        why = f"a site has one rate; {count(len(values), 'value')} were averaged"
        context.report.assume("grid_carbon_g_per_kwh", "mean of the signal", why)
        context.report.rows.append(
            {
                "provider": context.options.provider or "own",
                "region": zone,
                "grid_carbon_g_per_kwh": round(sum(values) / len(values), 6),
                "rates_source": context.source,
                "rates_date": context.as_of,
            }
        )


CARBON: Final = (
    *(_recogniser(layout) for layout in _LAYOUTS),
    Recogniser("carbon signal", _SITES, _is_signal, _read_signal),
)
