"""Who has which draft open: a draft that another live browser tab holds is opened as a copy."""

from __future__ import annotations

import threading
import time
from typing import Final

from streamlit import runtime
from streamlit.runtime.scriptrunner import get_script_run_ctx

SERVER: Final = "server"
"""Name under which the server itself solves, before the first visitor."""

_LOCK: Final = threading.Lock()
_HOLDERS: Final[dict[str, str]] = {}
_PATIENCE_S: Final = (0.0, 0.1, 0.2)
"""On a reload the old connection may close a moment after the new one opens."""


def session_id() -> str:
    """Streamlit's id of the browser tab that runs this script."""
    context = get_script_run_ctx()
    return context.session_id if context else ""


def is_live(session: str) -> bool:
    """True where a browser tab is connected under this session id."""
    return runtime.exists() and runtime.get_instance().is_active_session(session)


def is_present(visitor: str) -> bool:
    """False where a visitor's tab is known to be gone; a solve that only it waits for may stop."""
    return not runtime.exists() or visitor == SERVER or is_live(visitor)


def claim(key: str) -> bool:
    """Hold the draft ``key`` for this tab; False where another live tab holds it."""
    mine = session_id()
    for pause in _PATIENCE_S:
        time.sleep(pause)
        with _LOCK:
            holder = _HOLDERS.get(key, mine)
            if holder == mine or not is_live(holder):
                _forget_dead()
                _HOLDERS[key] = mine
                return True
    return False


def release(key: str) -> None:
    """Let go of the draft ``key`` if this tab holds it."""
    with _LOCK:
        if _HOLDERS.get(key) == session_id():
            del _HOLDERS[key]


def _forget_dead() -> None:
    for key in [key for key, holder in _HOLDERS.items() if not is_live(holder)]:
        del _HOLDERS[key]
