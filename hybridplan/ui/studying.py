"""Studies from the pages: the button, progress with Cancel, the result so far, and the result of exactly these inputs.

Nothing is solved in the process of the pages, and nothing is written: shared views have studies too.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import streamlit as st

from hybridplan.domain import Scenario
from hybridplan.jobs import JobState, Request, get_pool
from hybridplan.ui import session
from hybridplan.ui.emphasis import main_button
from hybridplan.ui.messages import safe

_POLL_S: Final = 0.25
_PATIENCE_S: Final = 0.4
_QUICK_PATIENCE_S: Final = 1.2
"""A study that ends within this is shown in the run that began it, without a poll. Most take longer, and then the page
should soon say so; one that keeps its basis rarely does."""
_OVERTAKEN: Final = "Given up for another solve of yours: only one runs at a time. Start it again when that has ended."
_INCOMPLETE: Final = "The time limit came first: this is what was found until then."


def run(
    study: str,
    scenario: Scenario,
    options: Mapping[str, Any] | None = None,
    *,
    key: str,
    label: str,
    at_once: bool = False,
    draw_partial: Callable[[Any], None] | None = None,
    help: str | None = None,
) -> Any | None:
    """The result of a study of exactly this scenario and these options, or None where there is none (yet).

    Draws, at the present place, the button with ``label`` that asks for it; while it runs its progress with Cancel, and
    what ``draw_partial`` makes of the result so far; and why there is no result. Inputs that changed give the running
    study up. ``key`` names this place on the page. ``at_once``: asked for without a button, as for a slider; only one
    place of a page may do so, since a visitor has one live solve.
    """
    asked = session.slot(f"study:{key}", _Asked)
    request = Request.of(scenario, study, options)
    state = _state(asked, request, at_once=at_once)
    if state.is_live:
        st.fragment(_progress, run_every=_POLL_S)(asked, draw_partial)
        return None
    result = get_pool().found(request.key)
    if result is None or getattr(result, "complete", True) is False:
        _draw_end(asked, state, result)
        st.button(
            safe(label),
            key=f"study_{key}",
            icon=":material/play_arrow:",
            type=main_button(False),
            on_click=asked.ask,
            help=None if help is None else safe(help),
        )
    if result is None and asked.partial is not None and draw_partial is not None:
        draw_partial(asked.partial)
    return result


def _state(asked: _Asked, request: Request, *, at_once: bool) -> JobState:
    """How the study stands that this place asked for, after asking for it where that is wanted."""
    pool, visitor = get_pool(), session.visitor()
    if asked.key not in ("", request.key):
        pool.cancel(visitor, asked.key)
        asked.forget()
    wants = asked.wants or (at_once and not asked.key and pool.found(request.key) is None)
    asked.wants = False
    if wants:
        asked.forget()
        asked.key = pool.submit(request.scenario, visitor, request.study, json.loads(request.options))
        return pool.wait(asked.key, visitor, _QUICK_PATIENCE_S if request.keeps_basis else _PATIENCE_S)
    return pool.state(asked.key, visitor) if asked.key else JobState("unknown")


@dataclass(eq=False)
class _Asked:
    """What this place of a page asked for last, and the result so far that was shown of it."""

    key: str = ""
    wants: bool = False
    """The button was pressed and the run that follows has not come to this place yet."""
    was_cancelled: bool = False
    partial: object = None

    def ask(self) -> None:
        self.wants = True

    def cancel(self) -> None:
        self.was_cancelled = True
        get_pool().cancel(session.visitor(), self.key)

    def forget(self) -> None:
        self.key, self.was_cancelled, self.partial = "", False, None


def _draw_end(asked: _Asked, state: JobState, result: object) -> None:
    """Why there is no result, or only a part of one."""
    # The end of a study is forgotten when another one of the same visitor ends.
    is_given_up = result is None and bool(asked.key) and state.phase in ("cancelled", "unknown")
    if state.phase == "failed":
        st.error(safe(state.error), icon=":material/error:")
    elif is_given_up and not asked.was_cancelled:
        st.info(safe(_OVERTAKEN), icon=":material/info:")
    elif is_given_up:
        st.caption("Cancelled." + (" What was found until then is shown." if asked.partial is not None else ""))
    elif result is not None:
        st.caption(safe(_INCOMPLETE))


def _progress(asked: _Asked, draw_partial: Callable[[Any], None] | None) -> None:
    """Runs by itself while a study is under way; when it ends the whole page runs once more."""
    state = get_pool().state(asked.key, session.visitor())
    if not state.is_live:
        st.rerun()
    if state.partial is not None:
        asked.partial = state.partial
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button("Cancel", key=f"cancel_study_{asked.key}", icon=":material/stop:", on_click=asked.cancel)
        st.badge(safe(_progress_text(state)), icon=":material/hourglass_top:", color="blue")
    if asked.partial is not None and draw_partial is not None:
        draw_partial(asked.partial)


def _progress_text(state: JobState) -> str:
    if state.phase == "queued":
        return f"Waiting, number {state.position} in the queue"
    return f"{state.seconds:.0f} s. {state.message}"
