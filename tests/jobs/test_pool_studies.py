"""Studies in the pool: kept by what was asked, in the same lane as plans, and what-ifs one after the other."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from pool_parts import PATIENCE_S, is_process, pids, scenario, solve, until

from hybridplan.jobs import Request, SolvePool

MakePool = Callable[..., SolvePool]


def test_a_study_gets_its_options_and_is_kept_by_them(make_pool: MakePool, tmp_path: Path) -> None:
    pool, marks = make_pool(), tmp_path / "marks"
    asked = scenario("a", marks=marks)
    found = solve(pool, asked, study="tornado", share=0.1, of=["x", "y"]).result
    assert (found.study, found.options) == ("tornado", {"share": 0.1, "of": ["x", "y"]})
    again = solve(pool, asked, "bob", study="tornado", of=["x", "y"], share=0.1)
    assert again.result is found
    assert len(pids(marks)) == 1
    assert pool.found(Request.of(asked, "tornado", {"of": ["x", "y"], "share": 0.1}).key) is found
    assert solve(pool, asked, study="tornado", share=0.2).result.options == {"share": 0.2}
    assert pool.result(asked.content_hash) is None  # a study is no plan
    assert solve(pool, asked).plan is not None


def test_options_that_are_no_json_are_refused_at_once() -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        Request.of(scenario("a"), "tornado", {"share": float("nan")})


def test_results_so_far_arrive_before_the_end(make_pool: MakePool) -> None:
    pool = make_pool()
    key = pool.submit(scenario("a", "steps 40 0.02"), "ann", "frontier")
    seen: list[int] = []

    def has_ended() -> bool:
        state = pool.state(key, "ann")
        if state.partial is not None:
            seen.append(state.partial.step)  # type: ignore[attr-defined]
        return not state.is_live

    until(has_ended)
    assert len(set(seen)) > 1
    assert seen == sorted(seen)
    assert pool.state(key, "ann").partial is None
    assert pool.found(key).complete  # type: ignore[attr-defined]


def test_a_result_that_the_time_limit_ended_is_worked_out_again(make_pool: MakePool, tmp_path: Path) -> None:
    pool, marks = make_pool(), tmp_path / "marks"
    for _ in range(2):
        assert solve(pool, scenario("a", "stop", marks), study="frontier").phase == "done"
    assert len(pids(marks)) == 2


@pytest.mark.parametrize(("first", "second"), [("plan", "frontier"), ("frontier", "plan"), ("what_if", "plan")])
def test_plans_and_studies_overtake_each_other(make_pool: MakePool, tmp_path: Path, first: str, second: str) -> None:
    pool, marks = make_pool(), tmp_path / "marks"
    older = pool.submit(scenario("a", "sleep 60", marks), "ann", first)
    until(lambda: bool(pids(marks)))
    assert solve(pool, scenario("a"), study=second).phase == "done"
    assert pool.state(older, "ann").phase in ("unknown", "cancelled")
    assert not is_process(pids(marks)[0])


def test_six_impatient_clicks_leave_one_live_solve(make_pool: MakePool, tmp_path: Path) -> None:
    """On three slots, so that nothing but the rule of one live solve keeps the older ones from going on."""
    pool, marks = make_pool(slots=3), tmp_path / "marks"
    studies = ["plan", "frontier", "what_if", "tornado", "plan", "frontier"]
    for number, study in enumerate(studies):
        key = pool.submit(scenario(str(number), "sleep 60", marks), "ann", study)
        time.sleep(0.3)
    until(lambda: marks.exists() and marks.read_text().split()[-1] == "5")
    until(lambda: [is_process(pid) for pid in dict.fromkeys(pids(marks))] == [False] * (len(pids(marks)) - 1) + [True])
    assert pool.state(key, "ann").phase == "running"


def test_cancel_of_one_study_leaves_another_alone(make_pool: MakePool) -> None:
    pool = make_pool()
    key = pool.submit(scenario("a", "sleep 1"), "ann", "frontier")
    pool.cancel("ann", Request.of(scenario("b"), "frontier").key)
    assert pool.state(key, "ann").is_live
    pool.cancel("ann", key)
    assert pool.state(key, "ann").phase == "cancelled"


def test_what_ifs_of_a_visitor_stay_in_one_process(make_pool: MakePool, tmp_path: Path) -> None:
    """Each process counts its turns: four in a row in one of two processes are its turns 1 to 4."""
    pool, marks = make_pool(slots=2), tmp_path / "marks"
    turns = [solve(pool, scenario(name, "", marks), study="what_if").result.turn for name in "abcd"]
    assert turns == [1, 2, 3, 4]
    busy = pool.submit(scenario("z", "sleep 60", marks), "bob", "what_if")
    until(lambda: len(pids(marks)) == 5)
    assert solve(pool, scenario("e", "", marks), study="what_if").phase == "done"
    assert pool.state(busy, "bob").is_live


def test_a_slider_that_is_dragged_waits_for_the_move_under_way(make_pool: MakePool, tmp_path: Path) -> None:
    """Killing the worker at each move would cost its start and its basis; two at once would be two live solves."""
    pool, marks = make_pool(slots=2), tmp_path / "marks"
    assert solve(pool, scenario("first", "", marks), study="what_if").phase == "done"
    for name in "abcdef":
        key = pool.submit(scenario(name, "sleep 0.2", marks), "ann", "what_if")
        time.sleep(0.05)
    assert pool.wait(key, "ann", PATIENCE_S).phase == "done"
    assert len(set(pids(marks))) == 1
    assert marks.read_text().split()[-1] == "f"


def test_back_to_a_move_under_way_is_no_new_solve(make_pool: MakePool, tmp_path: Path) -> None:
    pool, marks = make_pool(), tmp_path / "marks"
    pool.submit(scenario("a", "sleep 0.5", marks), "ann", "what_if")
    until(lambda: bool(pids(marks)))
    pool.submit(scenario("b", "", marks), "ann", "what_if")
    assert solve(pool, scenario("a", "sleep 0.5", marks), study="what_if").phase == "done"
    assert len(pids(marks)) == 1


def test_a_slider_does_not_wait_behind_studies_that_wait(make_pool: MakePool) -> None:
    """One slot: a long study runs, another waits; of the what-ifs that come then the first is the next."""
    pool = make_pool()
    running = pool.submit(scenario("a", "sleep 60"), "v0", "frontier")
    until(lambda: pool.state(running, "v0").phase == "running")
    studies = ["frontier", "what_if", "what_if", "plan"]
    keys = [pool.submit(scenario(str(n)), f"v{n}", study) for n, study in enumerate(studies, start=1)]
    assert [pool.state(key, f"v{n}").position for n, key in enumerate(keys, start=1)] == [3, 1, 2, 4]


def test_a_cancelled_what_if_ends_at_once(make_pool: MakePool, tmp_path: Path) -> None:
    pool, marks = make_pool(), tmp_path / "marks"
    pool.submit(scenario("a", "sleep 60", marks), "ann", "what_if")
    until(lambda: bool(pids(marks)))
    pool.cancel("ann")
    began = time.monotonic()
    until(lambda: not is_process(pids(marks)[0]))
    assert time.monotonic() - began < 2.0  # promised: Cancel frees the machine within 2 s


def test_keys_tell_studies_and_options_apart() -> None:
    asked = scenario("a")
    options = [{}, {"points": 5}, {"points": 6}]
    keys = [Request.of(asked, *of).key for of in itertools.product(("plan", "frontier", "what_if"), options)]
    assert len(set(keys)) == 9
    assert Request.of(asked).key == asked.content_hash
