"""What the reader of a link sees beside the pages: what is shown, the way to a copy, and what the copy changed."""

from __future__ import annotations

from typing import Final

import streamlit as st

from hybridplan.analysis import format as fmt
from hybridplan.domain import DisplayCurrency, parse
from hybridplan.plan import Plan
from hybridplan.ui import cache, clock, library, session, solving, tabs
from hybridplan.ui.messages import safe
from hybridplan.ui.views import library_compare, parts
from hybridplan.ui.workspace import Copied, Shown, Workspace

_SAME_SHARE: Final = 1e-6
"""Costs that differ by less than this share are said to be the same: no plan is more exact."""


def open_section(ws: Workspace) -> None:
    """Show the tab that the link names, when its page is entered."""
    named = session.section()
    if named and ws.scenario is not None:
        tabs.choose(session.page(), ws.scenario, named)


def draw_banner(ws: Workspace) -> None:
    """Over a shared view: what it is, how long it is there, and the way to a copy of one's own."""
    if not ws.read_only:
        return
    text = _inside_text() if ws.shown is None else _stored_text(ws.shown)
    if ws.scenario is None:
        text += " It has faults, so it has no answer. They can be mended in a copy only."
    st.info(text, icon=":material/visibility:")
    st.button(
        "Explore a copy",
        key="explore_copy",
        icon=":material/edit:",
        help="A draft of your own, to change as you like; what was shared with you stays as it is",
        on_click=session.explore_copy,
    )


def draw_no_library() -> None:
    """In place of the library: why a shared view has none."""
    parts.paragraph(
        "A shared view shows one scenario and nothing else of this server, so the library is not part of it. "
        "Explore a copy (the button is above) to save a version of your own there."
    )


def draw_copied(ws: Workspace) -> None:
    """Over a draft that began at a link: what it is a copy of, and what differs since; nothing over other drafts."""
    copied = ws.copied
    if copied is None or ws.read_only:
        return
    st.caption(safe(_copied_text(copied)))
    drawer = st.expander(
        "What changed since this link", key="copied_drawer", icon=":material/difference:", on_change="rerun"
    )
    if drawer.open:
        with drawer:
            parts.paragraph(_cost_text(ws, copied))
            library_compare.draw_table(
                copied.document, ws.document, "The link and your copy", "In the link", "In your copy", name="copy"
            )


def _stored_text(shown: Shown) -> str:
    """As Markdown: what is seen, for whom, whether it changes, and until when."""
    by = f" by {shown.author}" if shown.author else ""
    what = f"version {shown.number}, saved {clock.when(shown.saved_at)}{by}"
    label = [safe(f"Shared as: {shown.label}.")] if shown.label else []
    says = [
        f"**Read only: {safe(shown.name)}**, {safe(what)}.",
        *label,
        safe(_latest_text(shown) if shown.follows_latest else _fixed_text(shown)),
        safe(f"It works until {clock.when(shown.expires_at)}." if shown.expires_at else "It works until withdrawn."),
    ]
    return " ".join(says)


def _latest_text(shown: Shown) -> str:
    return f"This link always shows the latest version, which is version {shown.number} now."


def _fixed_text(shown: Shown) -> str:
    newer = shown.latest - shown.number
    text = f"This link always shows version {shown.number}, which never changes"
    if newer <= 0:
        return f"{text}; it is the latest."
    there_are = "is 1 newer version" if newer == 1 else f"are {newer} newer versions"
    return f"{text}. There {there_are}, which it does not show."


def _inside_text() -> str:
    return safe(
        "Shared view, read only: you see a scenario that someone sent you inside the link, solved again here. "
        "You cannot change theirs."
    )


def _copied_text(copied: Copied) -> str:
    if copied.number == 0 or copied.saved_at is None:
        return f"Your copy of {copied.name}, from a link with everything inside."
    by = f" by {copied.author}" if copied.author else ""
    return f"Your copy of {copied.name}, version {copied.number}, saved {clock.when(copied.saved_at)}{by}."


def _cost_text(ws: Workspace, copied: Copied) -> str:
    """What both plans cost, in one sentence; or why that cannot be said."""
    mine = ws.plan
    if mine is None or mine.objective_usd is None or ws.is_stale or ws.solving:
        return "Solve your copy to compare its cost with that of the link."
    theirs = _plan_of(ws, copied)
    if theirs is None or theirs.objective_usd is None:
        return "The plan of the link is not kept here any more, so the costs are not compared."
    return compared(theirs, mine)


def compared(theirs: Plan, mine: Plan) -> str:
    """What both plans cost; with their penalties where those differ too."""
    currency, hours = mine.scenario.display_currency, mine.scenario.horizon.plan_hours
    if hours != theirs.scenario.horizon.plan_hours:
        return "The copy and the link plan for different spans of time, so their costs are not compared."
    costs = [sum(plan.cost_usd.values()) for plan in (theirs, mine)]
    penalties = [sum(plan.penalty_usd.values()) for plan in (theirs, mine)]
    shown = [fmt.money(usd, currency) for usd in costs]
    text = f"For {fmt.span(hours)} your copy costs {shown[1]}; the plan of the link costs {shown[0]}"
    text += f", so yours costs {_step(costs, currency)}."
    if _differ(penalties):
        text += (
            f" Penalties (for work not served, waiting or uneven use) are {fmt.money(penalties[1], currency)} in your "
            f"copy and {fmt.money(penalties[0], currency)} in the link."
        )
    return text


def _step(usd: list[float], currency: DisplayCurrency) -> str:
    if not _differ(usd):
        return "the same"
    size = fmt.money(abs(usd[1] - usd[0]), currency)
    share = f" ({fmt.share(abs(usd[1] / usd[0] - 1))})" if usd[0] else ""
    return f"{size}{share} {'more' if usd[1] > usd[0] else 'less'}"


def _differ(usd: list[float]) -> bool:
    return abs(usd[1] - usd[0]) > _SAME_SHARE * max(abs(usd[0]), abs(usd[1]))


def _plan_of(ws: Workspace, copied: Copied) -> Plan | None:
    """The plan of what the link showed: from this session, the solver's memory, or the library."""
    if ws.copied_plan is None:
        scenario, _ = parse(copied.document)
        if scenario is not None:
            ws.copied_plan = solving.known(scenario) or library.kept_plan(copied.document, cache.library())
    return ws.copied_plan
