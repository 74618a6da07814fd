"""A table with all that belongs to it: heading, count, the grid, its issues by row, and the download."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from hybridplan.errors import Issue
from hybridplan.io import forms
from hybridplan.ui.downloads import download_table
from hybridplan.ui.editors.columns import Table
from hybridplan.ui.editors.frames import view
from hybridplan.ui.editors.grid import Lens, grid
from hybridplan.ui.editors.problems import RowIssue, all_issues, issue_frame, issues_in
from hybridplan.ui.editors.rows import rows
from hybridplan.ui.messages import safe, show_issues
from hybridplan.ui.session import workspace


def table_section(
    table: Table,
    *,
    empty: str,
    note: str = "",
    lens: Lens | None = None,
    found: Callable[[], Sequence[RowIssue]] | None = None,
) -> None:
    """Draw the table with its heading. ``empty``: what to say and do where it has no row yet.

    ``lens``: of a table that shows a part of the document in another form; then ``found`` gives its issues.
    """
    part = lens.get(workspace().document) if lens else workspace().document
    # Each part has a container of its own: a grid that moves because a message comes or goes above it drops the cell
    # that is being typed.
    with st.container():
        st.subheader(table.title, anchor=False)
        if note:
            st.caption(note)
        if not rows(part, table):
            st.info(empty, icon=":material/info:")
    with st.container():
        all_fields = table.has_more and st.toggle(
            "All fields",
            key=f"all:{table.name}",
            persist_state="session",
            help=safe(f"Show every field of a {table.noun}."),
        )
        grid(table, all_fields=all_fields, lens=lens)
    with st.container():
        row_issues(table) if found is None else show_row_issues(table, found())
    _downloads(table)


def _downloads(table: Table) -> None:
    """The table in our own form where there is one, with its template; else as it is shown."""
    document = workspace().document
    if table.name not in {form.name for form in forms.FORMS}:
        frame = view(document, table, table.columns).frame
        for column in (column for column in table.columns if column.labels):
            frame[column.field] = frame[column.field].map(column.text, na_action="ignore")
        download_table(frame.rename(columns={column.field: column.label for column in table.columns}), table.name)
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
        help=safe(f"{hint} ({name})"),
    )


def drawer(title: str, icon: str, draw: Callable[[], None]) -> bool:
    """A part of the page that is built only while it is open: what is closed costs nothing when a cell is edited.

    Returns whether it is open.
    """
    place = st.expander(title, icon=icon, key=f"drawer:{title}", on_change="rerun")
    if place.open:
        with place:
            draw()
    return bool(place.open)


def tables_drawer(title: str, icon: str, draw: Callable[[], None], tables: Sequence[Table]) -> None:
    """Tables that belong together, in a drawer; their issues are shown also while that is closed."""
    if not drawer(title, icon, draw):
        for table in tables:
            with st.container():
                row_issues(table)


def table_drawer(table: Table, title: str, icon: str, *, empty: str, note: str = "") -> None:
    """A table that is not always needed, in a drawer; its issues are shown also while that is closed."""
    open_now = drawer(title, icon, lambda: table_section(table, empty=empty, note=note))
    if not open_now:
        with st.container():
            row_issues(table)


def row_issues(table: Table) -> None:
    """What is wrong in this table, by row and column; nothing where all is well."""
    ws = workspace()
    show_row_issues(table, issues_in(table, ws.document, all_issues(ws.document, ws.issues)))


def show_row_issues(table: Table, found: Sequence[RowIssue]) -> None:
    """Say what was found in a table, by row and column."""
    if not found:
        return
    errors = sum(one.issue.severity == "error" for one in found)
    text = f"{table.title}: {errors} to mend" if errors else f"{table.title}: {len(found)} to check"
    (st.error if errors else st.warning)(safe(text), icon=":material/error:" if errors else ":material/warning:")
    st.dataframe(issue_frame(found), hide_index=True, alt=f"Issues of the table {table.title}")


def issues_under(*prefixes: str, title: str = "", but: Sequence[str] = ()) -> None:
    """The issues about single values whose path begins with one of ``prefixes``, and with none of ``but``."""
    found = [issue for issue in workspace().issues if _is_under(issue, prefixes) and not _is_under(issue, but)]
    show_issues(found, title=title)


def _is_under(issue: Issue, prefixes: Sequence[str]) -> bool:
    return any(issue.path == prefix or issue.path.startswith(f"{prefix}.") for prefix in prefixes)
