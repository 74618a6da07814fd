"""The scenario menu: new, duplicate, open, save to a file or the library, rename, reset; and undo and redo.

A shared view has none of it but the file.
"""

from __future__ import annotations

import json
import re
from typing import Final, Literal

import streamlit as st

from hybridplan.errors import Issue
from hybridplan.io import scenario_file, scenario_json
from hybridplan.io.workbook_inputs import PREFIX
from hybridplan.settings import MAX_UPLOAD_MB
from hybridplan.ui import cache, session
from hybridplan.ui.messages import safe, show_issues
from hybridplan.ui.views import library_save
from hybridplan.ui.workspace import Workspace

_FILE_ISSUES: Final = "open_file_issues"


def draw(ws: Workspace) -> None:
    """Undo, redo and the menu; in a shared view the file only."""
    if ws.read_only:
        save_button(ws, key="save_file", width="content")
        return
    _draw_history(ws)
    with st.popover("Scenario", icon=":material/folder_open:"):
        _draw_own(ws)
        library_save.draw_form(ws)
        _draw_open()
        save_button(ws, key="save_file")


def save_button(ws: Workspace, *, key: str, width: Literal["stretch", "content"] = "stretch") -> None:
    """Download the scenario as a file, as typed where it has errors."""
    st.download_button(
        "Save as a file",
        data=lambda: file_text(ws),
        file_name=file_name(ws.name),
        mime="application/json",
        key=key,
        icon=":material/download:",
        on_click="ignore",
        width=width,
    )


def file_text(ws: Workspace) -> str:
    """The scenario file; where the document has errors, the document as typed."""
    if ws.scenario is not None:
        return scenario_json.dump(ws.scenario)
    return json.dumps(ws.document, indent=2, ensure_ascii=False)


def file_name(name: str) -> str:
    """A file name that every system accepts: ``A week (copy)`` becomes ``a-week-copy.json``."""
    plain = re.sub(r"[^a-z0-9]+", "-", name.casefold()).strip("-")[:60]
    return f"{plain or 'scenario'}.json"


def _draw_history(ws: Workspace) -> None:
    st.button(
        "Undo",
        key="undo",
        icon=":material/undo:",
        shortcut="Mod+Shift+Z",
        disabled=not ws.can_undo,
        help=safe(f"Take back: {ws.next_undo}") if ws.can_undo else None,
        on_click=lambda: session.workspace().undo(),
    )
    st.button(
        "Redo",
        key="redo",
        icon=":material/redo:",
        shortcut="Mod+Shift+Y",
        disabled=not ws.can_redo,
        help=safe(f"Do again: {ws.next_redo}") if ws.can_redo else None,
        on_click=lambda: session.workspace().redo(),
    )


def _draw_own(ws: Workspace) -> None:
    key = f"name:{ws.epoch}:{ws.name}"
    st.text_input("Name", value=ws.name, key=key, max_chars=200, on_change=_rename, args=(key,))
    with st.container(horizontal=True):
        st.button("New", key="new", icon=":material/add:", on_click=_new)
        st.button("Duplicate", key="duplicate", icon=":material/content_copy:", on_click=_duplicate)
        st.button(
            "Reset",
            key="reset",
            icon=":material/restart_alt:",
            disabled=not ws.is_changed,
            help="Back to the scenario as it was opened or last saved to the library (can be undone)",
            on_click=lambda: session.workspace().reset(),
        )


def _draw_open() -> None:
    names = cache.bundled()
    if names:
        chosen = st.selectbox("Open an example", list(names), format_func=names.__getitem__, key="bundled")
        st.button("Open the example", key="open_bundled", on_click=_open_bundled, args=(chosen,), width="stretch")
    key = _file_key(session.workspace())
    st.file_uploader(
        "Open a scenario file",
        type=list(scenario_file.SUFFIXES),
        help="A file that was saved here, or the Excel workbook of a plan: its input sheets are read",
        key=key,
        max_upload_size=int(MAX_UPLOAD_MB.read()),
        on_change=_open_file,
        args=(key,),
    )
    show_issues(session.slot(_FILE_ISSUES, list), title="This file was not opened")


def _file_key(ws: Workspace) -> str:
    return f"scenario_file:{ws.epoch}"


def _rename(key: str) -> None:
    """Nothing where the field is that of an earlier scenario: a browser that has not heard yet that it is gone still
    sends what it held, and Streamlit takes that for a change.
    """
    ws = session.workspace()
    if not key.startswith(f"name:{ws.epoch}:"):
        return
    name = " ".join(str(session.widget(key)).split())
    if name:
        ws.commit({**ws.document, "name": name}, "Rename")


def _new() -> None:
    session.open_document(cache.empty_document())


def _duplicate() -> None:
    ws = session.workspace()
    duplicate = session.open_document({**ws.document, "name": f"{ws.name[:190]} (copy)"}, copied=ws.copied)
    duplicate.plan, duplicate.copied_plan = ws.plan, ws.copied_plan


def _open_bundled(key: str) -> None:
    session.open_document(cache.bundled_document(key))


def _open_file(key: str) -> None:
    """Nothing for a file that was opened already: see :func:`_rename`."""
    if key != _file_key(session.workspace()):
        return
    issues: list[Issue] = session.slot(_FILE_ISSUES, list)
    issues.clear()
    upload = session.widget(key)
    if upload is None:
        return
    scenario, found = scenario_file.read(upload.getvalue())
    if scenario is None:
        issues.extend(found)
    else:
        ws = session.open_document(scenario.to_dict())
        unread = [issue for issue in found if issue.path.startswith(PREFIX)]
        ws.notice = " ".join(f"{issue.path}: {issue.message}." for issue in unread)
