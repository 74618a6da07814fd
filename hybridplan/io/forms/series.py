"""Values by period into a document: demand and maintenance by their instants, traces by position from their start."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from hybridplan.domain import Block
from hybridplan.errors import InvalidInput, Issue
from hybridplan.io.alignment import ShortTrace, ShortTraceFault, fit
from hybridplan.io.forms.periods import Document, blocks_of, places, records
from hybridplan.io.forms.spec import Form
from hybridplan.io.forms.write import unit_per_hour

Row = dict[str, Any]
Profiles = dict[str, dict[str, dict[int, float]]]
"""Record -> block -> position -> value."""


def apply_periods(document: Document, form: Form, rows: list[Row], short_trace: ShortTrace | None = None) -> None:
    """Set the profiles of each record, block by block, from rows that name the start of a period.

    A block must be covered whole, unless ``short_trace`` says how to continue. Raises :class:`InvalidInput` with the
    number of periods that are missing, the times that start no period, the records that do not exist, and units that
    are not the workload's own.
    """
    blocks = blocks_of(document)
    found = records(document, form.section)
    issues = [] if blocks else [Issue("horizon.blocks", "there is no block to put values on", mend="Add a block.")]
    issues += _unknown_records(form, rows, found) + _other_units(rows, found)
    key, value_name = form.keys[0], form.columns[1].name
    profiles, strays = _placed(rows, key, value_name, blocks)
    for name, times in strays.items():
        issues.append(
            Issue(
                f"{form.section}.{name}.{form.part}",
                f"{len(times):,} times start no period of the horizon",
                times[0],
                mend="Use the starts of the periods, or import the file as a trace.",
            )
        )
    whole: dict[str, dict[str, list[float]]] = {}
    for name, by_block in profiles.items():
        for block_id, values in by_block.items():
            try:
                whole.setdefault(name, {})[block_id] = _complete(values, blocks[block_id], short_trace)
            except ShortTraceFault as fault:
                issues.append(Issue(f"{form.section}.{name}.{form.part}.{block_id}", str(fault)))
    if issues:
        raise InvalidInput(issues)
    for name, complete in whole.items():
        kept = found[name].get(form.part)
        found[name][form.part] = {**(kept if isinstance(kept, dict) else {}), **complete}


def apply_trace(document: Document, rows: list[Row], short_trace: ShortTrace | None) -> None:
    """Set the demand of each workload from hourly rows, by position: hour 0 of the trace is the first period.

    All blocks in their order form one run of hours. Raises :class:`InvalidInput` where the trace is shorter than the
    horizon and nothing was chosen, or where the workload does not exist.
    """
    blocks = blocks_of(document)
    found = records(document, "workloads")
    lengths = [block.period_hours for block in blocks.values() for _ in range(block.periods)]
    issues = [] if blocks else [Issue("horizon.blocks", "there is no block to put values on", mend="Add a block.")]
    fitted: dict[str, list[float]] = {}
    for name, hourly in _hourly(rows).items():
        path = f"workloads.{name}.demand_units_per_hour"
        if name not in found:
            issues.append(
                Issue(f"workloads.{name}", "there is no record with this id", name, mend="Choose a workload.")
            )
            continue
        try:
            fitted[name] = fit(hourly, lengths, short_trace) if lengths else []
        except ShortTraceFault as fault:
            issues.append(Issue(path, str(fault)))
    if issues:
        raise InvalidInput(issues)
    for name, values in fitted.items():
        profiles, start = {}, 0
        for block_id, block in blocks.items():
            profiles[block_id] = values[start : start + block.periods]
            start += block.periods
        found[name]["demand_units_per_hour"] = profiles


def _hourly(rows: list[Row]) -> dict[str, list[float]]:
    series: dict[str, list[tuple[str, float]]] = {}
    for row in rows:
        series.setdefault(str(row["workload_id"]), []).append((str(row["period_start"]), float(row["value"])))
    return {name: [value for _, value in sorted(values)] for name, values in series.items()}


def _placed(
    rows: list[Row], key: str, value_name: str, blocks: dict[str, Block]
) -> tuple[Profiles, dict[str, list[str]]]:
    where = places(blocks)
    profiles: Profiles = {}
    strays: dict[str, list[str]] = {}
    for row in rows:
        name, time = str(row[key]), str(row["period_start"])
        place = where.get(datetime.fromisoformat(time).astimezone(UTC))
        if place is None:
            strays.setdefault(name, []).append(time)
        else:
            profiles.setdefault(name, {}).setdefault(place[0], {})[place[1]] = row[value_name]
    return profiles, strays


def _complete(values: dict[int, float], block: Block, short_trace: ShortTrace | None) -> list[float]:
    given = [values[position] for position in sorted(values)]
    is_whole = len(given) == block.periods
    if is_whole:
        return given
    from_start = sorted(values) == list(range(len(given)))
    if short_trace is None or not from_start:
        gaps = "" if from_start else " (there are gaps)"
        raise ShortTraceFault(
            f"{block.periods - len(given):,} of {block.periods:,} periods are missing{gaps}; "
            "give them, or choose repeat, scale or pad for a series that covers only the beginning"
        )
    return fit(given, [1.0] * block.periods, short_trace)


def _unknown_records(form: Form, rows: list[Row], found: dict[str, Any]) -> list[Issue]:
    names = dict.fromkeys(str(row[form.keys[0]]) for row in rows)
    mend = f"Import the {form.section} first, or correct the id."
    return [
        Issue(f"{form.section}.{name}", "there is no record with this id", name, mend=mend)
        for name in names
        if name not in found
    ]


def _other_units(rows: list[Row], found: dict[str, Any]) -> list[Issue]:
    issues = {}
    for row in rows:
        unit, name = row.get("unit"), str(row.get("workload_id", ""))
        if unit and name in found and unit != (own := unit_per_hour(found[name])):
            issues[name] = Issue(
                f"workloads.{name}.unit", f"the values are in {unit}, the workload counts {own}", mend="Convert them."
            )
    return list(issues.values())
