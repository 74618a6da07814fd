"""Links to an entry of the library: who has them, what they show, how often they were opened; withdrawing one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

import pandas as pd
import streamlit as st

from hybridplan.analysis import format as fmt
from hybridplan.store import Entry, Link
from hybridplan.ui import cache, clock
from hybridplan.ui.messages import safe
from hybridplan.ui.views import library_acts, library_compare, parts
from hybridplan.ui.views.parts import Column

_STATES: Final = {"active": "Works", "expired": "Expired", "revoked": "Withdrawn"}
_COLUMNS: Final = {
    "number": Column("Link", "%d", "Counted from the first link of this entry"),
    "state": Column("State"),
    "label": Column("For whom"),
    "shows": Column("Shows"),
    "until": Column("Works until"),
    "opened": Column("Opened (times)", "%d", "Counted at most once a minute"),
    "last": Column("Last opened"),
    "author": Column("Made by"),
    "made": Column("Made"),
}


def draw(entry: Entry) -> None:
    """Draw the tab; raises :class:`StoreError` where the library does not answer."""
    links = cache.library().links(entry.id)
    if not links:
        st.info("No links yet. The Share button, on every page, makes one to what is open.", icon=":material/link:")
        return
    parts.table(_frame(entry, links), _COLUMNS, "share-links")
    st.caption("Openings are counted at most once a minute. Nobody can see here what the address of a link is.")
    link = _choose(entry, links)
    if link.state == "active":
        _draw_withdraw(link)
    _draw_since(entry, link)


def _frame(entry: Entry, links: Sequence[Link]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "number": list(_numbers(links).values()),
            "label": [link.label or fmt.NO_VALUE for link in links],
            "shows": [_shows(entry, link) for link in links],
            "author": [link.author or fmt.NO_VALUE for link in links],
            "made": [clock.when(link.created_at) for link in links],
            "until": [_until(link) for link in links],
            "opened": [link.opened for link in links],
            "last": [_moment(link.last_opened_at) for link in links],
            "state": [_state(link) for link in links],
        }
    )


def _numbers(links: Sequence[Link]) -> dict[str, int]:
    """The number of each link, by its id: two of them may be alike in all else that is shown."""
    return {link.id: len(links) - position for position, link in enumerate(links)}


def _shows(entry: Entry, link: Link) -> str:
    return f"Latest ({entry.latest.number} now)" if link.version is None else f"Version {link.version}"


def _until(link: Link) -> str:
    return clock.when(link.expires_at) if link.expires_at else "No end"


def _state(link: Link) -> str:
    when = f" {clock.when(link.revoked_at)}" if link.revoked_at else ""
    return f"{_STATES[link.state]}{when}"


def _moment(moment: datetime | None) -> str:
    return clock.when(moment) if moment else "Never"


def _choose(entry: Entry, links: Sequence[Link]) -> Link:
    by_id = {link.id: link for link in links}
    numbers = _numbers(links)
    names = {link.id: f"Link {numbers[link.id]} {_name(entry, link)}" for link in links}
    return by_id[st.selectbox("Link", list(by_id), format_func=names.__getitem__, key=f"link:{entry.id}")]


def _name(entry: Entry, link: Link) -> str:
    whom = f"for {link.label or 'nobody in particular'}"
    return f"{whom}: {_shows(entry, link).lower()}, made {clock.when(link.created_at)} ({_STATES[link.state].lower()})"


def _draw_withdraw(link: Link) -> None:
    with st.popover("Withdraw", icon=":material/link_off:"):
        parts.paragraph(
            "Whoever opens this link, reloads it, or goes to another page of it, then sees nothing any more. "
            "This cannot be undone; a new link can be made. "
            "Copies that were made from it stay with those who made them."
        )
        st.button(
            "Withdraw this link",
            key=f"withdraw:{link.id}",
            icon=":material/link_off:",
            on_click=library_acts.withdraw,
            args=(link,),
        )


def _draw_since(entry: Entry, link: Link) -> None:
    """What the latest version has that the link does not show."""
    if link.version is None:
        st.caption("It shows the latest version, so nothing changed since.")
        return
    if link.version == entry.latest.number:
        st.caption(safe(f"Version {link.version} is the latest: nothing changed since."))
        return
    drawer = st.expander("What changed since", key=f"since:{link.id}", icon=":material/difference:", on_change="rerun")
    if drawer.open:
        with drawer:
            library_compare.draw_since(entry, link.version)
