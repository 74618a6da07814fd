"""The pool with real worker processes: the latest wins, and nothing that a solve does takes the server along."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from pool_parts import PATIENCE_S, is_process, pids, scenario, solve, until

from hybridplan.jobs import SolvePool
from hybridplan.plan import SolveStatus


def test_a_solve_returns_the_plan_and_keeps_it(make_pool: Callable[..., SolvePool], tmp_path: Path) -> None:
    pool, marks = make_pool(), tmp_path / "marks"
    asked = scenario("a", marks=marks)
    state = solve(pool, asked)
    assert state.phase == "done"
    assert state.plan is not None
    assert state.plan.content_hash == asked.content_hash
    assert pool.result(asked.content_hash) is state.plan
    assert solve(pool, asked, "bob").plan is state.plan
    assert len(pids(marks)) == 1  # the second visitor was given what was kept


def test_an_unknown_scenario_has_no_result(make_pool: Callable[..., SolvePool]) -> None:
    pool = make_pool()
    assert pool.state("0" * 64, "ann").phase == "unknown"
    assert pool.result("0" * 64) is None


def test_one_worker_serves_one_solve_after_another(make_pool: Callable[..., SolvePool]) -> None:
    pool = make_pool()
    states = [solve(pool, scenario(name)) for name in "abc"]
    assert len({state.plan.solver.name for state in states if state.plan}) == 1


def test_what_a_solver_prints_does_not_reach_the_protocol(make_pool: Callable[..., SolvePool]) -> None:
    assert solve(make_pool(), scenario("a", "print")).phase == "done"


def test_progress_and_the_time_limit_are_passed_on(make_pool: Callable[..., SolvePool]) -> None:
    pool = make_pool(seconds=7.0)
    key = pool.submit(scenario("a", "limit"), "ann")
    until(lambda: pool.state(key, "ann").message == "limit 7")
    assert pool.wait(key, "ann", PATIENCE_S).phase == "done"


def test_the_latest_of_one_visitor_wins_and_the_older_worker_is_gone(
    make_pool: Callable[..., SolvePool], tmp_path: Path
) -> None:
    pool, marks = make_pool(), tmp_path / "marks"
    older = pool.submit(scenario("old", "sleep 60", marks), "ann")
    until(lambda: bool(pids(marks)))
    assert solve(pool, scenario("new")).phase == "done"
    assert pool.state(older, "ann").phase in ("unknown", "cancelled")
    assert not is_process(pids(marks)[0])


def test_six_impatient_solves_end_in_one(make_pool: Callable[..., SolvePool], tmp_path: Path) -> None:
    """Six submissions in a row: the first may have begun; of the rest only the last runs."""
    pool, marks = make_pool(), tmp_path / "marks"
    for name in "abcdef":
        key = pool.submit(scenario(name, "sleep 0.2", marks), "ann")
    assert pool.wait(key, "ann", PATIENCE_S).phase == "done"
    assert len(pids(marks)) <= 2
    assert marks.read_text().split()[-1] == "f"


def test_a_solve_that_two_wait_for_goes_on_when_one_leaves(make_pool: Callable[..., SolvePool]) -> None:
    pool, shared = make_pool(), scenario("shared", "sleep 1")
    key = pool.submit(shared, "ann")
    pool.submit(shared, "bob")
    pool.cancel("ann")
    assert pool.state(key, "ann").phase == "cancelled"
    assert pool.wait(key, "bob", PATIENCE_S).phase == "done"


def test_cancel_ends_the_process_and_frees_the_slot(make_pool: Callable[..., SolvePool], tmp_path: Path) -> None:
    pool, marks = make_pool(), tmp_path / "marks"
    key = pool.submit(scenario("a", "sleep 60", marks), "ann")
    until(lambda: bool(pids(marks)))
    pool.cancel("ann")
    assert pool.state(key, "ann").phase == "cancelled"
    until(lambda: not is_process(pids(marks)[0]))
    assert solve(pool, scenario("b")).phase == "done"


def test_a_visitor_who_left_stops_the_solve(make_pool: Callable[..., SolvePool], tmp_path: Path) -> None:
    present = {"ann"}
    pool, marks = make_pool(is_present=lambda visitor: visitor in present), tmp_path / "marks"
    pool.submit(scenario("a", "sleep 60", marks), "ann")
    until(lambda: bool(pids(marks)))
    present.clear()
    until(lambda: not is_process(pids(marks)[0]))


def test_the_queue_tells_positions_and_has_an_end(make_pool: Callable[..., SolvePool]) -> None:
    """One slot: the first runs, two wait as 1 and 2, the fourth is refused in words."""
    pool = make_pool(queue_limit=2)
    running = pool.submit(scenario("0", "sleep 60"), "v0")
    until(lambda: pool.state(running, "v0").phase == "running")
    keys = [pool.submit(scenario(str(n), "sleep 60"), f"v{n}") for n in (1, 2, 3)]
    states = [pool.state(key, f"v{n}") for n, key in enumerate(keys, start=1)]
    assert [(state.phase, state.position) for state in states[:2]] == [("queued", 1), ("queued", 2)]
    assert states[2].phase == "failed"
    assert "busy" in states[2].error
    pool.cancel("v1")
    assert pool.state(keys[1], "v2").position == 1


@pytest.mark.parametrize(
    ("does", "words"),
    [("die", "without an answer"), ("crash", "without an answer"), ("raise", "RuntimeError"), ("eat", "memory")],
)
def test_a_solve_that_dies_is_told_in_words_and_the_next_one_works(
    make_pool: Callable[..., SolvePool], does: str, words: str
) -> None:
    pool = make_pool()
    state = solve(pool, scenario("a", does))
    assert (state.phase, state.plan) == ("failed", None)
    assert words in state.error
    assert "secret" not in state.error
    assert solve(pool, scenario("b")).phase == "done"


def test_a_hard_limit_ends_what_does_not_stop(make_pool: Callable[..., SolvePool], tmp_path: Path) -> None:
    pool, marks = make_pool(seconds=0.3, grace_s=0.3), tmp_path / "marks"
    state = solve(pool, scenario("a", "sleep 60", marks))
    assert state.phase == "failed"
    assert "time limit of 0.3 s" in state.error
    until(lambda: not is_process(pids(marks)[0]))
    assert solve(pool, scenario("b")).phase == "done"


def test_input_that_is_refused_keeps_the_worker(make_pool: Callable[..., SolvePool], tmp_path: Path) -> None:
    pool, marks = make_pool(), tmp_path / "marks"
    assert "pools.x: is wrong" in solve(pool, scenario("a", "refuse", marks)).error
    assert solve(pool, scenario("b", "", marks)).phase == "done"
    assert len(set(pids(marks))) == 1


def test_a_plan_that_failed_is_shown_but_solved_again_in_a_new_process(
    make_pool: Callable[..., SolvePool], tmp_path: Path
) -> None:
    pool, marks = make_pool(), tmp_path / "marks"
    for _ in range(2):
        state = solve(pool, scenario("a", "fail", marks))
        assert state.plan is not None
        assert state.plan.status is SolveStatus.FAILED
    assert len(set(pids(marks))) == 2


def test_a_task_that_cannot_be_loaded_is_told_in_words(make_pool: Callable[..., SolvePool]) -> None:
    state = solve(make_pool(task="no_such_module:solve"), scenario("a"))
    assert state.phase == "failed"
    assert "without an answer" in state.error


_SERVER = """
import sys, time
from hybridplan.jobs import SolvePool
from pool_parts import scenario
if __name__ == "__main__":
    pool = SolvePool(slots=1, seconds=60, memory_gib=2, task="pool_tasks:runner")
    pool.submit(scenario("a", "sleep 60", sys.argv[1]), "ann")
    time.sleep(60)
"""


@pytest.mark.usefixtures("_tasks_can_be_imported")
def test_no_worker_outlives_a_killed_server(tmp_path: Path) -> None:
    marks = tmp_path / "marks"
    server = subprocess.Popen([sys.executable, "-c", _SERVER, str(marks)])
    until(lambda: bool(pids(marks)))
    os.kill(server.pid, signal.SIGKILL)
    server.wait(10)
    until(lambda: not is_process(pids(marks)[0]))
