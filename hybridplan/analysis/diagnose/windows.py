"""Deadlines: by how many whole periods a window must end later, or begin earlier."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

from hybridplan.analysis.diagnose.attempt import Search
from hybridplan.analysis.diagnose.ladders import Ladder, Steps
from hybridplan.domain import Block, Window
from hybridplan.domain.periods import periods_in_window
from hybridplan.plan import Relaxation

_Moments = Callable[[Block, Window, list[Window]], list[datetime]]


def deadlines(search: Search) -> Iterator[Ladder]:
    """Per window of work that may not wait without end: a later end, inside its block."""
    yield from _ladders(search, "deadline", _ends)


def starts(search: Search) -> Iterator[Ladder]:
    """The same with an earlier start."""
    yield from _ladders(search, "window_start", _starts)


def _ladders(search: Search, rule: str, moments: _Moments) -> Iterator[Ladder]:
    for key, work in search.scenario.workloads.items():
        if not work.must_serve and work.unserved_share_cap is None:
            continue
        for window_id, window in work.windows.items():
            others = [other for other_id, other in work.windows.items() if other_id != window_id]
            found = moments(search.scenario.horizon.blocks[window.block], window, others)
            if found:
                yield Steps(tuple(_change(rule, key, window_id, window, moment) for moment in found))


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
