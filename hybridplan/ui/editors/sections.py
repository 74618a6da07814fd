"""A table with all that belongs to it: heading, count, the grid, its issues by row, and the download."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from hybridplan.errors import Issue
from hybridplan.io import forms
from hybridplan.ui.downloads import download_table
from hybridplan.ui.editors.columns import Table
from hybridplan.ui.editors.frames import view
from hybridplan.ui.editors.grid import grid
from hybridplan.ui.editors.problems import all_issues, issue_frame, issues_in
from hybridplan.ui.editors.rows import rows
from hybridplan.ui.messages import safe, show_issues
from hybridplan.ui.session import workspace


def table_section(table: Table, *, empty: str, note: str = "") -> None:
    """Draw the table with its heading. ``empty``: what to say and do where it has no row yet."""
    # Each part has a container of its own: a grid that moves because a message comes or goes above it drops the cell
    # that is being typed.
    with st.container():
        st.subheader(table.title, anchor=False)
        if note:
            st.caption(note)
        if not rows(workspace().document, table):
            st.info(empty, icon=":material/info:")
    with st.container():
        all_fields = table.has_more and st.toggle(
            "All fields", key=f"all:{table.name}", persist_state="session", help=f"Show every field of a {table.noun}."
        )
        grid(table, all_fields=all_fields)
    with st.container():
        row_issues(table)
    _downloads(table)


def _downloads(table: Table) -> None:
    """The table in our own form where there is one, with its template; else as it is shown."""
    document = workspace().document
    if table.name not in {form.name for form in forms.FORMS}:
        shown = view(document, table, table.columns)
        labels = {column.field: column.label for column in table.columns}
        download_table(shown.frame.rename(columns=labels), table.name)
        return
    with st.container(horizontal=True):
        _csv(
            "CSV",
            f"{table.name}.csv",
            lambda: forms.to_csv(document, table.name),
            "This table, to be edited and imported",
        )
        _csv(
            "Template", f"{table.name}-template.csv", lambda: forms.template(table.name), "Columns and one example row"
        )


def _csv(label: str, name: str, text: Callable[[], str], hint: str) -> None:
    st.download_button(
        label,
        data=lambda: text().encode(),
        file_name=name,
        mime="text/csv",
        key=f"file:{name}",
        on_click="ignore",
        icon=":material/download:",
        type="tertiary",
        help=f"{hint} ({name})",
    )


def drawer(title: str, icon: str, draw: Callable[[], None]) -> None:
    """A part of the page that is built only while it is open: what is closed costs nothing when a cell is edited."""
    place = st.expander(title, icon=icon, key=f"drawer:{title}", on_change="rerun")
    if place.open:
        with place:
            draw()


def row_issues(table: Table) -> None:
    """What is wrong in this table, by row and column; nothing where all is well."""
    ws = workspace()
    found = issues_in(table, ws.document, all_issues(ws.document, ws.issues))
    if not found:
        return
    errors = sum(one.issue.severity == "error" for one in found)
    text = f"{table.title}: {errors} to mend" if errors else f"{table.title}: {len(found)} to check"
    (st.error if errors else st.warning)(safe(text), icon=":material/error:" if errors else ":material/warning:")
    st.dataframe(issue_frame(found), hide_index=True, alt=f"Issues of the table {table.title}")


def issues_under(*prefixes: str, title: str = "") -> None:
    """The issues about single values whose path begins with one of ``prefixes``."""
    ws = workspace()
    show_issues([issue for issue in ws.issues if _is_under(issue, prefixes)], title=title)


def _is_under(issue: Issue, prefixes: Sequence[str]) -> bool:
    return any(issue.path == prefix or issue.path.startswith(f"{prefix}.") for prefix in prefixes)
