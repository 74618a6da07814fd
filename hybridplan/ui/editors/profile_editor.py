"""The editor of one profile: chart, tools that change all periods at once, and a grid of its values."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

import streamlit as st

from hybridplan.charts import demand as demand_chart
from hybridplan.domain import Block
from hybridplan.io import catalogue
from hybridplan.ui.downloads import download_table
from hybridplan.ui.editors import profiles
from hybridplan.ui.editors.cells import text_of
from hybridplan.ui.editors.columns import SCALAR, Column, Table
from hybridplan.ui.editors.frames import view
from hybridplan.ui.editors.grid import Lens, grid
from hybridplan.ui.editors.profiles import Place, Values
from hybridplan.ui.editors.rows import Document, section
from hybridplan.ui.messages import safe
from hybridplan.ui.session import Workspace, workspace
from hybridplan.ui.views.parts import chart, look

_WEEK_COLUMNS: Final = {
    "requests_per_second": "requests",
    "input_tokens_per_second": "input tokens",
    "output_tokens_per_second": "output tokens",
}
_TOOLS: Final = (
    "Scale by a factor",
    "Shift in time",
    "Repeat one day",
    "Set every period to one value",
    "Take the shape of a real service week",
)


def profile_editor(
    field: profiles.Field,
    names: Mapping[str, str],
    *,
    label: str,
    question: str,
    unit_of: Callable[[str], str],
    empty: str,
) -> None:
    """Choose a record (``names`` by id) and a block, see its profile, and change it.

    ``label``: what a value is. ``question``: title of the chart, about ``{name}``. ``unit_of``: unit of a value by id
    of the record. ``empty``: what it means to have no profile.
    """
    ws = workspace()
    blocks = list(section(ws.document, "horizon.blocks"))
    place = _choose(field, names, blocks)
    if place is None:
        return
    block = profiles.block_at(ws.document, place.block)
    values = profiles.values_at(ws.document, place)
    unit = unit_of(place.record)
    if not values:
        st.caption(safe(empty))
    if block is not None and values:
        _chart(ws.document, place, block, values, question, unit)
    if block is None:
        st.warning(safe(f"Mend block {place.block} first: its start, periods or period length cannot be read."))
    elif not ws.read_only:
        _tools(ws, place, block, values)
    periods = max(len(values), block.periods if block else 0)
    if periods:
        table = _table(place, label, unit)
        lens = _lens(place, periods)
        grid(table, lens=lens)
        frame = view(lens.get(workspace().document), table, table.columns).frame
        labels = {column.field: column.label for column in table.columns}
        download_table(frame.rename(columns=labels), f"profile-{place.record}-{place.block}")


def misfit_notice() -> None:
    """Profiles that no longer fit their blocks, and the two ways to make them fit."""
    ws = workspace()
    found = profiles.misfits(ws.document)
    if not found:
        return
    short = [misfit for misfit in found if misfit.values < misfit.periods]
    long = [misfit for misfit in found if misfit.values > misfit.periods]
    st.warning(
        f"{len(found)} profile(s) do not fit the number of periods of their block. Nothing is filled up or cut unless "
        "you say so.",
        icon=":material/straighten:",
    )
    lines = [f"{m.place.record}, {m.place.block}: {m.values} values for {m.periods} periods" for m in found[:8]]
    st.markdown("\n".join(f"- {safe(line)}" for line in lines))
    if ws.read_only:
        return
    with st.container(horizontal=True):
        if short and st.button(f"Repeat {len(short)} short profile(s) from their start", icon=":material/repeat:"):
            ws.commit(profiles.fitted(ws.document, short), "Repeat profiles to fit", rebuild=True)
        if long and st.button(f"Cut {len(long)} long profile(s) at their end", icon=":material/content_cut:"):
            ws.commit(profiles.fitted(ws.document, long), "Cut profiles to fit", rebuild=True)


def _choose(field: profiles.Field, names: Mapping[str, str], blocks: list[str]) -> Place | None:
    if not names or not blocks:
        st.info("There is nothing to show yet: add a record and a block first.", icon=":material/info:")
        return None
    left, right = st.columns(2)
    record = left.selectbox(
        "Profile of", list(names), format_func=lambda key: names.get(key, key), key=f"profile:{field}"
    )
    block = right.selectbox("Block", blocks, key=f"profile-block:{field}")
    return Place(field, record if record in names else next(iter(names)), block if block in blocks else blocks[0])


def _name(document: Document, place: Place) -> str:
    """The record's name, as charts of the plan call it; its id where it has none."""
    record = section(document, place.section).get(place.record)
    return text_of(record.get("name")) or place.record if isinstance(record, Mapping) else place.record


def _chart(document: Document, place: Place, block: Block, values: Values, question: str, unit: str) -> None:
    times, clock = profiles.clock(document, block)
    numbers = profiles.numbers_of(values)[: len(times)]
    mean, peak = profiles.mean_and_peak(numbers)
    figure = demand_chart.profile(
        times[: len(numbers)],
        numbers,
        look(),
        question=question.format(name=_name(document, place)),
        unit=unit,
        period_hours=block.period_hours,
        clock=clock,
    )
    chart(figure, place.path, f"Profile of {place.record}")
    st.caption(safe(f"Mean {mean:,.4g}, peak {peak:,.4g} {unit}; {len(values)} values."))


def _tools(ws: Workspace, place: Place, block: Block, values: Values) -> None:
    with st.expander("Change all periods at once", icon=":material/tune:"):
        tool = st.selectbox("Tool", _TOOLS, key=f"tool:{place.field}")
        result: Values | None = None
        if tool == _TOOLS[0]:
            factor = st.number_input("Factor (x)", value=1.1, min_value=0.0, format="%g", key="tool-factor")
            result = profiles.scaled(values, factor)
        elif tool == _TOOLS[1]:
            by = st.number_input("Later by (periods; negative: earlier)", value=1, step=1, key="tool-shift")
            result = profiles.shifted(values, int(by))
        elif tool == _TOOLS[2]:
            result = _one_day(block, values)
        elif tool == _TOOLS[3]:
            level = st.number_input("Value", value=1.0, min_value=0.0, format="%g", key="tool-level")
            result = [level] * block.periods
        else:
            result = _service_week(place, block, values)
        if st.button("Apply", key=f"tool-apply:{place.field}", disabled=not result) and result:
            ws.commit(profiles.with_values(ws.document, place, result), f"{tool} for {place.record}", rebuild=True)


def _one_day(block: Block, values: Values) -> Values | None:
    day = st.number_input("Day (1 = first day of the block)", value=1, min_value=1, step=1, key="tool-day")
    try:
        return profiles.day_repeated(values, int(day), block.period_hours)
    except ValueError as error:
        st.caption(safe(f"Not possible: {error}."))
        return None


def _service_week(place: Place, block: Block, values: Values) -> Values:
    week = catalogue.service_week()
    column = st.selectbox("Shape of", list(_WEEK_COLUMNS), format_func=_WEEK_COLUMNS.__getitem__, key="tool-week")
    mean, _ = profiles.mean_and_peak(values)
    key = f"tool-mean:{place.path}:{mean}"  # another profile begins at its own mean
    wanted = st.number_input("Mean of the block", value=mean or 100.0, min_value=0.0, format="%g", key=key)
    st.caption(
        safe(
            f"Source: {week['source'].iloc[0]}, {week['as_of'].iloc[0]}. Its first hour has no published date: shift "
            "it to where your week begins. Longer blocks repeat it."
        )
    )
    return profiles.shaped(week[column].tolist(), block.periods, block.period_hours, wanted)


def _table(place: Place, label: str, unit: str) -> Table:
    return Table(
        f"profile:{place.path}",
        f"Profile of {place.record}",
        "period",
        ("profile", "*"),
        (
            Column("period", "Period", "key", locked=True, width="medium"),
            Column(SCALAR, f"{label} ({unit})", "number"),
        ),
        grows=False,
    )


def _lens(place: Place, periods: int) -> Lens:
    """The profile as one row per period. Cells beyond its last value stay no values until something is typed there."""

    def get(document: Document) -> Document:
        values = profiles.values_at(document, place)
        names = profiles.starts(document, place.block, periods)
        return {"profile": dict(zip(names, [*values, *[None] * (periods - len(values))], strict=True))}

    def put(document: Document, part: Document) -> Document:
        values, before = list(part["profile"].values()), len(profiles.values_at(document, place))
        while len(values) > before and values[-1] is None:
            values.pop()
        return profiles.with_values(document, place, values)

    what = "demand" if place.field == "demand_units_per_hour" else "share that is up"
    return Lens(get, put, f"Edit {what} of {place.record}")
