"""Which dialog is open: Streamlit allows one at a time, so opening one closes the other."""

from __future__ import annotations

from hybridplan.ui import session


class _Open:
    """``visit``: number of the visit to a page during which the dialog called ``name`` is open."""

    def __init__(self) -> None:
        self.name = ""
        self.visit = -1


def show(name: str) -> None:
    """Open a dialog, until it is closed or the page is left (for callbacks)."""
    state = session.slot("dialog", _Open)
    state.name, state.visit = name, session.workspace().visit


def close() -> None:
    """Close the dialog that is open (for callbacks)."""
    session.slot("dialog", _Open).visit = -1


def is_open(name: str) -> bool:
    """True where this dialog is to be drawn."""
    state = session.slot("dialog", _Open)
    return state.name == name and state.visit == session.workspace().visit
