"""What is done once per server process, so that no visitor waits for it."""

from __future__ import annotations

import gc
import logging
import threading
from typing import Final

from hybridplan.domain import parse
from hybridplan.errors import StoreError
from hybridplan.jobs import get_pool
from hybridplan.settings import MAX_DRAFT_DAYS
from hybridplan.ui import cache, holders

_LOG: Final = logging.getLogger(__name__)
_LOCK: Final = threading.Lock()
_DONE: Final[list[bool]] = []


def once() -> None:
    """Start the workers, purge old drafts, and take what is imported by now out of garbage collection.

    Streamlit collects garbage after every run of the script; with everything that was imported in it, that takes most
    of a run. The second and later calls do nothing.
    """
    with _LOCK:
        if _DONE:
            return
        _DONE.append(True)
        get_pool().is_present = holders.is_present
        try:
            cache.draft_store().purge(MAX_DRAFT_DAYS.read())
        except StoreError as error:
            _LOG.warning("drafts cannot be saved: %s", error)
        gc.collect()
        gc.freeze()


def solve_first_page(patience_s: float) -> bool:
    """Solve what a first visit opens, so that it is there at once; False where that took longer than ``patience_s``."""
    scenario, _ = parse(cache.first_document())
    if scenario is None:
        return False
    key = get_pool().submit(scenario, holders.SERVER)
    return not get_pool().wait(key, holders.SERVER, patience_s).is_live
