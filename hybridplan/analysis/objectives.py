"""Latency objectives that move, and what moves with them."""

from __future__ import annotations


def after_failure_ms(given: float | None, objective_ms: float) -> float | None:
    """The objective while something has failed, in ms, beside this one while nothing has: as it is given, but never the
    stricter of the two, which no scenario may state; None where there is no other one."""
    return None if given is None else max(given, objective_ms)
