"""A second scenario to draw beside the one that is open: a bundled example, or the latest version in the library."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import streamlit as st

from hybridplan.domain import Scenario, parse
from hybridplan.errors import StoreError
from hybridplan.ui import cache
from hybridplan.ui.messages import safe
from hybridplan.ui.workspace import Document, Workspace

_NONE: Final = ""
_EXAMPLE, _SAVED = "example:", "saved:"


@dataclass(frozen=True)
class Other:
    """A scenario with the name under which it was chosen."""

    name: str
    scenario: Scenario


def choose(ws: Workspace, label: str, key: str) -> Other | None:
    """A list of scenarios to choose from; None where none is chosen, or the chosen one cannot be read, which is said.

    A shared view shows nothing else of this server, so it offers examples only.
    """
    names = _names(ws)
    code = st.selectbox(safe(label), list(names), format_func=names.__getitem__, key=key, persist_state="session")
    if code not in names or code == _NONE:
        return None
    try:
        document = _document(code)
    except (StoreError, KeyError):
        st.warning("This scenario cannot be read now.", icon=":material/warning:")
        return None
    scenario, _ = parse(document)
    if scenario is None:
        st.warning("This scenario has errors, so it has no plans. Open and mend it.", icon=":material/warning:")
        return None
    return Other(names[code], scenario)


def _names(ws: Workspace) -> dict[str, str]:
    """Names by code, no two alike."""
    found = {_NONE: "None"} | {_EXAMPLE + key: f"{name} (example)" for key, name in cache.bundled().items()}
    if not ws.read_only:
        try:
            found |= {_SAVED + entry.id: f"{entry.name} (library)" for entry in cache.library().scenarios()}
        except StoreError:
            st.caption("The library does not answer now, so only examples can be chosen.")
    seen: dict[str, int] = {}
    for code, name in found.items():
        seen[name] = seen.get(name, 0) + 1
        found[code] = name if seen[name] == 1 else f"{name} {seen[name]}"
    return found


def _document(code: str) -> Document:
    if code.startswith(_EXAMPLE):
        return cache.bundled_document(code.removeprefix(_EXAMPLE))
    return cache.library().get(code.removeprefix(_SAVED)).document or {}
