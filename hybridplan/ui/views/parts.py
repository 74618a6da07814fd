"""Parts that the pages share: sentences, charts, tables with their download, and the state of the answer."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final
from zoneinfo import ZoneInfo

import pandas as pd
import streamlit as st

from hybridplan.analysis import format as fmt
from hybridplan.analysis import registry
from hybridplan.analysis.sentences import diagnosis, status
from hybridplan.analysis.sentences.next_step import PageName
from hybridplan.charts import Figure, theme
from hybridplan.domain import DisplayCurrency
from hybridplan.plan import Diagnosis, Plan, SolveStatus
from hybridplan.ui import session, studying, tabs
from hybridplan.ui.downloads import download_table
from hybridplan.ui.messages import safe
from hybridplan.ui.sitemap import PAGES
from hybridplan.ui.workspace import Workspace

_CHART_CONFIG: Final = {"displaylogo": False, "scrollZoom": False, "responsive": True}
_SIGNIFICANT: Final = {"money": 3, "amount": 4, "close": 6}
_STAYS_PX: Final = 212
_STAYS_LETTERS: Final = 48
_PERIOD_NAMES: Final = {"plan": "For the plan", "hour": "Per hour", "year": "Per year"}


def look() -> theme.Theme:
    """The charts' theme that fits the page: light unless the page is dark."""
    return theme.DARK if st.context.theme.type == "dark" else theme.LIGHT


def paragraph(text: str) -> None:
    """One plain sentence; nothing in it is read as Markdown."""
    st.markdown(safe(text))


def bullets(lines: Iterable[str]) -> None:
    """Sentences as a list; nothing in them is read as Markdown."""
    st.markdown("\n".join(f"- {safe(line)}" for line in lines))


def tiles(figures: Iterable[tuple[str, str, str]]) -> None:
    """Key figures side by side: name, value, note. They go on in a further line rather than being cut."""
    with st.container(horizontal=True):
        for name, value, note in figures:
            st.metric(safe(name), safe(value), border=True, delta=safe(note), delta_color="off", delta_arrow="off")


def chart(fig: Figure, key: str, alt: str, *, on_select: Callable[[], None] | None = None) -> None:
    """A chart with a name for screen readers. ``on_select``: called when a mark is clicked, which the widget
    ``chart:<key>`` then holds.
    """
    options: dict[str, Any] = {} if on_select is None else {"on_select": on_select, "selection_mode": "points"}
    st.plotly_chart(fig, theme=None, key=f"chart:{key}", config=_CHART_CONFIG, alt=alt, **options)


@dataclass(frozen=True)
class Column:
    """How one column of a table is shown: its heading (with unit), and a format for numbers ("" for text).

    A format of printf, ``localized``, ``money``, ``amount`` or ``close``: the last three are localized too, with three,
    four and six significant digits on the page. Files have all digits.
    """

    label: str
    format: str = ""
    help: str = ""


def table(frame: pd.DataFrame, columns: dict[str, Column], name: str, *, height: int | None = None) -> None:
    """A table of the given columns, with a button that downloads it as ``name``.csv, under the same headings.

    The first column stays where the others are moved sideways, as far as it leaves room for them.
    """
    exact = frame[list(columns)]
    shown = exact.copy()
    config: dict[str, Any] = {}
    for place, (key, column) in enumerate(columns.items()):
        helped = safe(column.help) if column.help else None
        stays = place == 0 and len(columns) > 2
        if column.format:
            if digits := _SIGNIFICANT.get(column.format):
                shown[key] = exact[key].astype(float).map(partial(fmt.round_significant, digits=digits))
            form = "localized" if digits else column.format
            config[key] = st.column_config.NumberColumn(column.label, format=form, help=helped, pinned=stays)
        else:
            width = _width(shown[key], column.label, stays=stays)
            config[key] = st.column_config.TextColumn(column.label, help=helped, width=width, pinned=stays)
    options: dict[str, Any] = {} if height is None else {"height": height}
    alt = name.replace("-", " ")
    st.dataframe(shown, column_config=config, hide_index=True, alt=alt, placeholder=fmt.NO_VALUE, **options)
    download_table(exact.rename(columns={key: column.label for key, column in columns.items()}), name)


def _width(texts: pd.Series[str], heading: str, *, stays: bool) -> int:
    """Pixels for the longest text of a column, up to 420; the browser alone would cut it.

    A column that ``stays`` takes no more than 60 % of a screen 390 px wide, above which Streamlit lets it move; but one
    of which too much would be cut is shown whole instead.
    """
    longest = max((len(str(one)) for one in texts), default=0)
    most = _STAYS_PX if stays and longest <= _STAYS_LETTERS else 420
    return min(most, 24 + 7 * max(longest, len(heading)))


def money_column(frame: pd.DataFrame, column: str, currency: DisplayCurrency) -> pd.Series[float]:
    """US dollars as numbers of the display currency, for a column of the format ``money``."""
    return frame[column].astype(float) * currency.units_per_usd


def clock(moment: object, zone: ZoneInfo) -> str:
    """A moment in local time with its offset, as text; a dash where there is none."""
    if not isinstance(moment, pd.Timestamp):
        return fmt.NO_VALUE
    return moment.tz_convert(zone).isoformat(timespec="minutes")


def short_clock(moment: object, zone: ZoneInfo) -> str:
    """A moment in local time without its offset, ``2026-06-01 18:00``; a dash where there is none."""
    return moment.tz_convert(zone).strftime("%Y-%m-%d %H:%M") if isinstance(moment, pd.Timestamp) else fmt.NO_VALUE


def see(components: Iterable[str], key: str) -> None:
    """Buttons to the tabs of the Plan page on which these costs and limits are seen."""
    wanted = {registry.seen_in(one) for one in components}
    with st.container(horizontal=True):
        for title in (title for title in registry.TABS.values() if title in wanted):
            st.button(
                safe(title),
                key=f"see:{key}:{title}",
                type="tertiary",
                icon=":material/arrow_forward:",
                on_click=session.choose,
                args=(tabs.key("plan"), title),
            )


def period_choice(key: str) -> fmt.Period:
    """Money for the plan, per hour or per year: a choice that stays as long as the visit."""
    chosen = st.segmented_control(
        "Show money",
        fmt.PERIODS,
        default="plan",
        required=True,
        format_func=_PERIOD_NAMES.__getitem__,
        key=f"period:{key}",
        persist_state="session",
        label_visibility="collapsed",
    )
    return chosen or "plan"


def link_to(page: PageName, label: str = "") -> None:
    """A link to another page that keeps what is open."""
    entry = next(entry for entry in PAGES if entry.name == page)
    st.page_link(
        f"pages/{page}.py", label=safe(label or f"Go to {entry.title}"), icon=entry.icon, query_params=session.address()
    )


def block_choice(names: dict[str, str], key: str) -> str:
    """Which block to show; no control where there is only one."""
    keys: Sequence[str] = list(names)
    if len(keys) == 1:
        return keys[0]
    chosen = st.selectbox("Show block", keys, format_func=names.__getitem__, key=f"block:{key}")
    return chosen if chosen in names else keys[0]


def plan_to_show(ws: Workspace) -> Plan | None:
    """The plan where there is one to show, with a word where it is stale; else what happened and what to do."""
    plan = ws.plan
    if ws.solving:
        st.info(safe(status.solving_page()), icon=":material/hourglass_top:")
    elif plan is not None and ws.is_stale:
        st.warning(safe(status.stale_page(_errors(ws))), icon=":material/history:")
    if plan is not None and plan.status.has_plan and plan.tables is not None:
        return plan
    if not ws.solving:
        _no_plan(ws, plan)
    return None


def _errors(ws: Workspace) -> int:
    return sum(issue.severity == "error" for issue in ws.issues)


def _no_plan(ws: Workspace, plan: Plan | None) -> None:
    errors = _errors(ws)
    text = safe(status.no_plan(plan, errors))
    if plan is None:
        (st.error if errors else st.info)(text, icon=":material/edit_note:" if errors else ":material/play_arrow:")
        for page in ("inventory", "demand", "assumptions") if errors else ("inventory", "demand"):
            link_to(page)
        return
    st.error(text, icon=":material/block:")
    if plan.status is SolveStatus.INFEASIBLE:
        _causes(plan)
        link_to("inventory")
        link_to("demand")
    else:
        link_to("method", "See on Method what the solver said")


def _causes(plan: Plan) -> None:
    """What would make a plan possible; changes of residency and security rules only when they are asked for."""
    shown, answer = plan.diagnosis, st.container()
    if shown is not None and shown.withheld:
        options = {"offer_residency": True}
        asked = studying.run("diagnosis", plan.scenario, options, key="diagnosis", label=diagnosis.ask())
        shown = asked if isinstance(asked, Diagnosis) else shown
    opening, *changes = diagnosis.changes(plan.scenario, shown)
    with answer:
        paragraph(opening)
        bullets(changes)
        for line in diagnosis.withheld(plan.scenario, shown):
            paragraph(line)
