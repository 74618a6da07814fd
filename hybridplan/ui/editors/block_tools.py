"""Blocks beside their table: add one like another (growth), fill one from another, remove one with all on it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import streamlit as st

from hybridplan.errors import InvalidInput, Issue
from hybridplan.ui.editors import block_changes
from hybridplan.ui.editors.cells import text_of
from hybridplan.ui.editors.profiles import block_at, misfits
from hybridplan.ui.editors.rows import Document, section
from hybridplan.ui.messages import show_issues
from hybridplan.ui.session import slot, workspace


@dataclass
class _Tried:
    """View state: why the last change was not made."""

    issues: list[Issue] = field(default_factory=list)


def block_tools() -> None:
    """Draw the tools; every change is undoable."""
    ws = workspace()
    blocks = [key for key in section(ws.document, "horizon.blocks") if block_at(ws.document, key)]
    if not blocks:
        st.info("Add a block to the table first.", icon=":material/info:")
        return
    tried = slot("block-tools", _Tried)
    if misfits(ws.document):
        st.warning("Make all profiles fit their blocks first.", icon=":material/straighten:")
    else:
        _add(tried, blocks)
        _fill(tried, blocks)
    _remove(tried, blocks)
    show_issues(tried.issues, title="The blocks stay as they are")


def _add(tried: _Tried, blocks: list[str]) -> None:
    document, names = workspace().document, _names(workspace().document)
    first, second, third = st.columns(3)
    # After the last block there is room for one more; after an earlier one often another block.
    last = f"growth:block:{blocks[-1]}"
    chosen = first.selectbox("Copy block", blocks, len(blocks) - 1, names.__getitem__, key=last)
    source = _choice(chosen, blocks)
    label = second.text_input("Label", key="growth:label", placeholder="as copied, and how much later")
    new = third.text_input("Id", key="growth:id", placeholder=block_changes.free_id(document, source)).strip()
    first, second = st.columns(2)
    days = int(first.number_input("Starts later by (days)", value=91, step=1, key="growth:days"))
    begin = second.text_input("Or starts at", key="growth:start", placeholder=_when(document, source, days)).strip()
    first, second, third = st.columns(3)
    record = section(document, "horizon.blocks")[source]
    factor = first.number_input("Demand, x that of the copied one", value=2.0, format="%g", key="growth:factor")
    as_copied = {name: _as(record, name) for name in ("weight", "price_factor")}
    weight = second.number_input(
        "Weight (occurrences)", value=None, format="%g", key="growth:weight", placeholder=as_copied["weight"]
    )
    price = third.number_input(
        "Price factor (x)", value=None, format="%g", key="growth:price", placeholder=as_copied["price_factor"]
    )
    st.caption("Its profiles, windows and maintenance come along, on the same hours of the local clock.")
    if st.button("Add the block", icon=":material/trending_up:", key="growth:add"):
        fields = {
            "start": begin or block_changes.later(document, record["start"], days),
            "label": label.strip() or _label(record, source, begin, days),
            "demand_factor": _times(record.get("demand_factor", 1), factor),
            "weight": weight,
            "price_factor": price,
        }
        name = new or block_changes.free_id(document, source)
        _change(tried, lambda: block_changes.added(document, source, name, fields), f"Add block {name}")


def _fill(tried: _Tried, blocks: list[str]) -> None:
    if len(blocks) < 2:
        return
    st.markdown("**Take demand, windows and maintenance from another block**")
    names, (first, second) = _names(workspace().document), st.columns(2)
    source = _choice(first.selectbox("From block", blocks, format_func=names.__getitem__, key="fill:from"), blocks)
    others = [key for key in blocks if key != source]
    target = _choice(second.selectbox("Into block", others, format_func=names.__getitem__, key="fill:into"), others)
    st.caption("What stands in the second block now is replaced. Its start, weight and factors stay.")
    if st.button("Copy", icon=":material/content_copy:", key="fill:apply"):
        document = workspace().document
        _change(tried, lambda: block_changes.filled(document, source, target), f"Fill {target} from {source}")


def _remove(tried: _Tried, blocks: list[str]) -> None:
    if len(blocks) < 2:
        return
    st.markdown("**Remove a block with its demand, windows and maintenance**")
    names = _names(workspace().document)
    block = _choice(st.selectbox("Block to remove", blocks, format_func=names.__getitem__, key="remove:block"), blocks)
    if st.button("Remove it", icon=":material/delete:", key="remove:apply"):
        document = workspace().document
        _change(tried, lambda: block_changes.removed(document, block), f"Remove block {block}")


def _change(tried: _Tried, make: Callable[[], Document], what: str) -> None:
    """Take the change in, or say why not."""
    try:
        document = make()
    except InvalidInput as error:
        tried.issues = list(error.issues)
        return
    tried.issues = []
    workspace().commit(document, what, rebuild=True)
    st.rerun()


def _choice(chosen: str | None, names: list[str]) -> str:
    return chosen if chosen in names else names[0]


def _names(document: Document) -> dict[str, str]:
    """Labels of the blocks by id, each with its id."""
    records = section(document, "horizon.blocks").items()
    texts = {key: text_of(one.get("label", "")) if isinstance(one, dict) else "" for key, one in records}
    return {key: f"{label} ({key})" if label else key for key, label in texts.items()}


def _when(document: Document, source: str, days: int) -> str:
    return text_of(block_changes.later(document, section(document, "horizon.blocks")[source]["start"], days))


def _label(record: dict[str, Any], source: str, begin: str, days: int) -> str:
    return f"{record.get('label') or source}, {f'from {begin}' if begin else f'{days} days later'}"[:200]


def _as(record: dict[str, Any], name: str) -> str:
    return f"{float(record.get(name, 1)):g}, as copied"


def _times(old: Any, factor: float) -> float:
    return float(f"{float(old) * factor:.10g}")
