"""Chunks: every point is handed out until it is done, and neighbours stay together."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from hybridplan.jobs.chunks import Chunks


def test_without_losses_each_worker_walks_along_its_chunk() -> None:
    """Ten points for two workers: 0 to 4 and 5 to 9."""
    chunks = Chunks(10, 2, retries=2)
    assert [chunks.take(0) for _ in range(3)] == [0, 1, 2]
    assert [chunks.take(1) for _ in range(3)] == [5, 6, 7]


def test_an_idle_worker_takes_the_later_half_of_what_is_left() -> None:
    """Worker 1 has done 5 to 9; of the 0 to 4 of worker 0, which has begun 0, it takes 3 and 4 (half of 1 to 4)."""
    chunks = Chunks(10, 2, retries=2)
    assert chunks.take(0) == 0
    assert [chunks.take(1) for _ in range(7)] == [5, 6, 7, 8, 9, 3, 4]
    assert [chunks.take(0), chunks.take(0), chunks.take(0)] == [1, 2, None]


def test_a_lost_point_comes_first_and_not_for_ever() -> None:
    chunks = Chunks(3, 1, retries=1)
    assert chunks.take(0) == 0
    assert chunks.lost(0)
    assert not chunks.is_empty
    assert chunks.take(0) == 0
    assert not chunks.lost(0)
    assert [chunks.take(0) for _ in range(3)] == [1, 2, None]
    assert chunks.is_empty


@given(st.integers(0, 40), st.integers(1, 5), st.integers(0, 3), st.data())
def test_no_point_is_left_out_or_done_twice(count: int, workers: int, retries: int, data: st.DataObject) -> None:
    chunks = Chunks(count, workers, retries)
    under_way: dict[int, int] = {}
    ends: Counter[int] = Counter()
    while True:
        worker = data.draw(st.integers(0, workers - 1))
        if worker in under_way:
            point = under_way.pop(worker)
            if data.draw(st.booleans()) and chunks.lost(point):
                continue
            ends[point] += 1
        elif (taken := chunks.take(worker)) is not None:
            under_way[worker] = taken
        elif not under_way:
            break
    assert chunks.is_empty
    assert ends == Counter(range(count))
