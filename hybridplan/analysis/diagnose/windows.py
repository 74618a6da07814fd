"""Deadlines: by how many whole periods a window must end later, or begin earlier."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from hybridplan.analysis.diagnose.attempt import Search, fewest
from hybridplan.domain import Block, Window
from hybridplan.domain.periods import periods_in_window
from hybridplan.plan import Relaxation


def windows(search: Search) -> Iterator[Relaxation]:
    """Per window of work that may not wait without end: a later end, and an earlier start, inside its block."""
    for key, work in search.scenario.workloads.items():
        if (not work.must_serve and work.unserved_share_cap is None) or key in search.hopeless:
            continue
        for window_id, window in work.windows.items():
            others = [other for other_id, other in work.windows.items() if other_id != window_id]
            for rule, moments in (("deadline", _ends), ("window_start", _starts)):
                offers = [
                    _change(rule, key, window_id, window, moment)
                    for moment in moments(search.scenario.horizon.blocks[window.block], window, others)
                ]
                found = fewest(search, offers)
                if found is not None:
                    yield found


def furthest(search: Search) -> Iterator[Relaxation]:
    """Each such window ended as late as it may be."""
    for key, work in search.scenario.workloads.items():
        for window_id, window in work.windows.items():
            others = [other for other_id, other in work.windows.items() if other_id != window_id]
            moments = _ends(search.scenario.horizon.blocks[window.block], window, others)
            if moments and (work.must_serve or work.unserved_share_cap is not None):
                yield _change("deadline", key, window_id, window, moments[-1])


def _ends(block: Block, window: Window, others: list[Window]) -> list[datetime]:
    """Ends of the periods after its last one, up to the next window."""
    last = periods_in_window(block, window.start, window.end).stop
    wall = min((other.start for other in others if other.start >= window.end), default=block.end)
    found = [_edge(block, place) for place in range(last + 1, block.periods + 1)]
    return [moment for moment in found if window.end < moment <= wall]


def _starts(block: Block, window: Window, others: list[Window]) -> list[datetime]:
    """Starts of the periods before its first one, down to the window before."""
    first = periods_in_window(block, window.start, window.end).start
    wall = max((other.end for other in others if other.end <= window.start), default=block.start)
    found = [_edge(block, place) for place in range(first - 1, -1, -1)]
    return [moment for moment in found if wall <= moment < window.start]


def _edge(block: Block, place: int) -> datetime:
    return block.start.astimezone(UTC) + timedelta(hours=block.period_hours * place)


def _change(rule: str, key: str, window_id: str, window: Window, moment: datetime) -> Relaxation:
    field, now = ("end", window.end) if rule == "deadline" else ("start", window.start)
    hours = abs(moment - now) / timedelta(hours=1)
    path, value = f"workloads/{key}/windows/{window_id}/{field}", moment.astimezone(now.tzinfo).isoformat()
    return Relaxation(rule, f"{key}:{window_id}", hours, "h", False, path, value)
