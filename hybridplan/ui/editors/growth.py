"""A later block with growth: a block again, later, with its profiles and windows and a demand factor."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import streamlit as st

from hybridplan.ui.editors.profiles import block_at, misfits, values_at, with_values
from hybridplan.ui.editors.profiles import places as profile_places
from hybridplan.ui.editors.rows import Document, section
from hybridplan.ui.session import workspace


def growth_tool() -> None:
    """Draw the tool; Add puts the later block into the scenario, undoable."""
    ws = workspace()
    blocks = [key for key in section(ws.document, "horizon.blocks") if block_at(ws.document, key)]
    if not blocks:
        st.info("Add a block to the table first.", icon=":material/info:")
        return
    first, second, third = st.columns(3)
    block = first.selectbox("Copy block", blocks, key="growth:block")
    days = second.number_input("Starts later by (days)", value=91, min_value=1, step=1, key="growth:days")
    factor = third.number_input("Demand factor (x)", value=2.0, min_value=0.0, format="%g", key="growth:factor")
    st.caption("Its profiles, windows and maintenance come along, moved by the same time; weight and prices stay.")
    if misfits(ws.document):
        st.warning("Make all profiles fit their blocks first.", icon=":material/straighten:")
    elif st.button("Add the later block", icon=":material/trending_up:", key="growth:add"):
        document = later_block(ws.document, block if block in blocks else blocks[0], int(days), factor)
        ws.commit(document, f"Add a block {int(days)} days after {block}", rebuild=True)


def later_block(document: Document, block: str, days: int, factor: float) -> Document:
    """The document with ``block`` once more, ``days`` later, at ``factor`` x its demand factor.

    Demand and maintenance profiles are copied; windows are copied and moved by as many days.
    """
    blocks = section(document, "horizon.blocks")
    old = blocks[block]
    new = next(name for n in range(2, len(blocks) + 3) if (name := f"{block}-{n}") not in blocks)
    label = str(old.get("label") or block)
    record = {
        **old,
        "label": f"{label}, {days} days later"[:200],
        "start": _later(old["start"], days),
        "demand_factor": float(f"{float(old.get('demand_factor', 1)) * factor:.10g}"),
    }
    out = {**document, "horizon": {**section(document, "horizon"), "blocks": {**blocks, new: record}}}
    for place in profile_places(document):
        if place.block == block:
            out = with_values(out, place.in_block(new), values_at(document, place))
    works = {key: _with_windows(work, block, new, days) for key, work in section(out, "workloads").items()}
    return {**out, "workloads": works}


def _with_windows(work: Any, block: str, new: str, days: int) -> Any:
    windows = section(work, "windows") if isinstance(work, dict) else {}
    copies = {
        f"{key}-{new}": {
            **one,
            "block": new,
            "start": _later(one.get("start"), days),
            "end": _later(one.get("end"), days),
        }
        for key, one in windows.items()
        if isinstance(one, dict) and one.get("block") == block
    }
    return {**work, "windows": {**windows, **copies}} if copies else work


def _later(text: Any, days: int) -> Any:
    """The same wall-clock offset ``days`` later; what is no time stays as it is."""
    try:
        return (datetime.fromisoformat(text) + timedelta(days=days)).isoformat()
    except (TypeError, ValueError):
        return text
