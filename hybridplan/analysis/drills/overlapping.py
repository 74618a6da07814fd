"""From failures to states: times in which the same contingencies are down."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from hybridplan.analysis.drills.being_down import State
from hybridplan.analysis.drills.random_failures import Events
from hybridplan.audit.axes import Floats, Ints

Row = tuple[int, float, float, float]
"""Run, begin, end, and when the failure began that is down longest."""


class Times(NamedTuple):
    """Times in which one state holds, each array (S,); hours since the start of the run."""

    run: Ints
    begins: Floats
    ends: Floats
    since: Floats
    """When the failure began that is down longest."""


def times_by_state(events: Events) -> dict[State, Times]:
    """All times in which anything is down, by what is down."""
    events = _sorted(events)
    cluster = _clusters(events)
    alone = np.bincount(cluster, minlength=1)[cluster] == 1 if len(cluster) else np.zeros(0, dtype=bool)
    found: dict[State, Times] = {}
    for code in np.unique(events.contingency[alone]).tolist():
        mine = alone & (events.contingency == code)
        begins = events.begins[mine]
        found[code,] = Times(events.run[mine], begins, events.ends[mine], begins)
    rows: dict[State, list[Row]] = {}
    together = np.flatnonzero(~alone)
    for places in np.split(together, np.flatnonzero(np.diff(cluster[together])) + 1):
        if len(places):
            _cut(events, places, rows)
    for state, entries in rows.items():
        found[state] = _joined(found.get(state), _times(entries))
    return found


def _joined(known: Times | None, more: Times) -> Times:
    if known is None:
        return more
    return Times(
        np.concatenate([known.run, more.run]),
        np.concatenate([known.begins, more.begins]),
        np.concatenate([known.ends, more.ends]),
        np.concatenate([known.since, more.since]),
    )


def _times(rows: list[Row]) -> Times:
    run, begins, ends, since = zip(*rows, strict=True)
    return Times(np.array(run, dtype=np.int64), np.array(begins), np.array(ends), np.array(since))


def _sorted(events: Events) -> Events:
    order = np.lexsort((events.contingency, events.begins, events.run))
    return Events(events.run[order], events.contingency[order], events.begins[order], events.ends[order])


def _clusters(events: Events) -> Ints:
    """(E,) number of the cluster: failures of a run that follow each other without a time in which all is up."""
    if not len(events.run):
        return np.zeros(0, dtype=np.int64)
    apart = events.run * (2.0 * float(events.ends.max()) + 1.0)
    until = np.maximum.accumulate(apart + events.ends)
    is_new = np.concatenate([[True], (apart + events.begins)[1:] >= until[:-1]])
    found: Ints = np.cumsum(is_new) - 1
    return found


def _cut(events: Events, places: Ints, rows: dict[State, list[Row]]) -> None:
    """Cut a cluster wherever something begins or ends; what is down stands in the order of its begin."""
    begins, ends = events.begins[places].tolist(), events.ends[places].tolist()
    codes, run = events.contingency[places].tolist(), int(events.run[places[0]])
    changes = [(when, 1, e) for e, when in enumerate(begins)] + [(when, 0, e) for e, when in enumerate(ends)]
    down: dict[int, None] = {}
    since = 0.0
    for when, is_begin, e in sorted(changes):
        if down and when > since:
            first, *others = down
            state = (codes[first], *sorted(codes[other] for other in others))
            rows.setdefault(state, []).append((run, since, when, begins[first]))
        if is_begin:
            down[e] = None
        else:
            down.pop(e, None)
        since = when
