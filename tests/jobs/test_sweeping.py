"""Sweeps in real processes: killed, hung and broken ones lose no point and double none; stopping frees the machine."""

from __future__ import annotations

import os
import signal
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from pool_parts import is_process, pids, scenario

import hybridplan as hp
from hybridplan.analysis.grid import Grid
from hybridplan.analysis.sensitivity.paths import with_values
from hybridplan.analysis.sensitivity.points import Point
from hybridplan.domain import Scenario
from hybridplan.io import catalogue, scenario_json
from hybridplan.jobs.running import Limits
from hybridplan.jobs.sweeping import Crew
from hybridplan.model.solve import optimise

COUNT = 12


@pytest.fixture
def make_crew(_tasks_can_be_imported: None, tmp_path: Path) -> Callable[..., Crew]:
    """Two workers for the points 0 to 11, each of which does what ``does`` says; they leave marks in tmp_path."""

    def make(does: Callable[[int], str] = lambda _: "", seconds: float = 20.0, **options: object) -> Crew:
        settings = {"limits": Limits(seconds, 2.0, 0.5), "jobs": 2, "task": "pool_tasks:runner"} | options
        return Crew(lambda n: scenario(str(n), does(n), tmp_path / "marks"), COUNT, **settings)  # type: ignore[arg-type]

    return make


def names(folder: Path) -> list[str]:
    return [line.split()[1] for line in (folder / "marks").read_text().splitlines()]


def silent(points: dict[int, Point]) -> None:
    pass


def check_all(points: dict[int, Point], without: tuple[int, ...] = ()) -> None:
    """Every point is there, and has the figure of its own scenario."""
    assert sorted(points) == list(range(COUNT))
    assert {n: p.objective_usd for n, p in points.items() if n not in without} == {
        n: 2.0 * n for n in range(COUNT) if n not in without
    }


def test_every_point_is_solved_once(make_crew: Callable[..., Crew], tmp_path: Path) -> None:
    told: list[int] = []
    points = make_crew().solve(lambda points: told.append(len(points)))
    check_all(points)
    assert Counter(names(tmp_path)) == Counter(map(str, range(COUNT)))
    assert told == sorted(set(told))
    assert told[-1] == COUNT


def test_no_more_processes_than_cores_or_points(make_crew: Callable[..., Crew]) -> None:
    cores = os.cpu_count() or 1
    assert make_crew(jobs=1000).jobs == min(cores, COUNT)
    assert make_crew(jobs=None).jobs == min(cores, COUNT)
    assert make_crew(jobs=1).jobs == 1


def test_killing_workers_in_mid_sweep_loses_and_doubles_no_point(
    make_crew: Callable[..., Crew], tmp_path: Path
) -> None:
    """Each kill hits a worker with a point under way or between two: at most that point is begun a second time."""
    killed: list[int] = []

    def kill(points: dict[int, Point]) -> None:
        victim = pids(tmp_path / "marks")[-1]
        if len(killed) < 3 and victim not in killed:
            os.kill(victim, signal.SIGKILL)
            killed.append(victim)

    check_all(make_crew(lambda _: "sleep 0.1").solve(kill))
    assert len(killed) == 3
    begun = Counter(names(tmp_path))
    assert set(begun) == set(map(str, range(COUNT)))
    assert sum(begun.values()) <= COUNT + len(killed)


def test_a_point_that_always_ends_its_worker_is_reported_and_costs_no_other(
    make_crew: Callable[..., Crew], tmp_path: Path
) -> None:
    """Tried once and twice again."""
    points = make_crew(lambda n: "die" if n == 4 else "", retries=2).solve(silent)
    check_all(points, without=(4,))
    assert (points[4].status, points[4].objective_usd) == ("failed", None)
    assert "ended each time" in points[4].message
    assert Counter(names(tmp_path))["4"] == 3


@pytest.mark.parametrize(
    ("does", "status", "said"),
    [("raise", "failed", "RuntimeError"), ("refuse", "failed", "pools.x"), ("sleep 60", "no_plan_in_time", "0.3 s")],
)
def test_a_point_without_an_answer_says_why(make_crew: Callable[..., Crew], does: str, status: str, said: str) -> None:
    points = make_crew(lambda n: does if n == 4 else "", seconds=0.3).solve(silent)
    check_all(points, without=(4,))
    assert points[4].status == status
    assert said in points[4].message


def test_stopping_frees_the_machine_and_keeps_what_is_solved(make_crew: Callable[..., Crew], tmp_path: Path) -> None:
    """Of each chunk (0 to 5, 6 to 11) the first two are quick; then both workers sleep."""
    found: dict[int, Point] = {}
    asked: list[float] = []

    def is_stopped() -> bool:
        if len(found) == 4 and len(pids(tmp_path / "marks")) == 6:
            asked.append(time.monotonic())
            return True
        return False

    points = make_crew(lambda n: "" if n % 6 < 2 else "sleep 60").solve(found.update, is_stopped)
    assert time.monotonic() - asked[0] < 2.0  # promised: Cancel frees the machine within 2 s
    assert sorted(points) == [0, 1, 6, 7]
    assert not [pid for pid in set(pids(tmp_path / "marks")) if is_process(pid)]


def test_an_exception_of_the_caller_ends_all_processes(make_crew: Callable[..., Crew], tmp_path: Path) -> None:
    def interrupt(points: dict[int, Point]) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        make_crew(lambda n: "sleep 60" if n else "").solve(interrupt)
    assert not [pid for pid in set(pids(tmp_path / "marks")) if is_process(pid)]


def test_workers_that_cannot_start_leave_points_that_say_so(make_crew: Callable[..., Crew]) -> None:
    points = make_crew(task="no_such_module:runner").solve(silent)
    assert {point.message for point in points.values()} == {"No worker process could be started."}
    assert len(points) == COUNT


@pytest.mark.usefixtures("_tasks_can_be_imported")
def test_a_fault_of_ours_is_raised_and_not_waited_for() -> None:
    def broken(number: int) -> Scenario:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        Crew(broken, 3, limits=Limits(5.0, 2.0), jobs=2, task="pool_tasks:runner").solve(silent)


def children() -> list[int]:
    return [int(pid) for task in Path("/proc/self/task").iterdir() for pid in (task / "children").read_text().split()]


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="finds processes in /proc")
def test_points_equal_single_solves_also_when_a_planner_is_killed() -> None:
    demo = scenario_json.load(catalogue.data_dir() / "scenarios" / "demo.json")
    block = next(iter(demo.horizon.blocks))
    values = {"policy.carbon_usd_per_tonne": [0.0, 300.0], f"horizon.blocks.{block}.demand_factor": [0.6, 0.9, 1.2]}
    killed: list[int] = []

    def kill_one(found: Grid) -> None:
        alive = set(children())
        if not killed and alive:
            killed.append(alive.pop())
            os.kill(killed[0], signal.SIGKILL)

    found = hp.sweep(demo, values, jobs=2, partial=kill_one)
    assert killed
    assert found.complete
    assert [at.values for at in found.points] == [(carbon, x) for carbon in (0.0, 300.0) for x in (0.6, 0.9, 1.2)]
    for at in found.points:
        alone = optimise(with_values(demo, dict(zip(found.paths, at.values, strict=True))))
        assert at.point.objective_usd == pytest.approx(alone.objective_usd, rel=1e-6)
    rising = [at.point.objective_usd for at in found.points[:3]]
    assert rising == sorted(rising, key=float)


def test_values_that_are_not_valid_are_points_that_say_so() -> None:
    """150 servers for an hour at 0.30 USD: 45 USD."""
    path = "pools.public.price_usd_per_accelerator_hour"
    reference = scenario_json.load(catalogue.data_dir() / "scenarios" / "reference_avoidable.json")
    found = hp.sweep(reference, {path: [-1.0, 0.3]}, jobs=1)
    table = found.table()
    assert list(table[path]) == [-1.0, 0.3]
    assert list(table["status"]) == ["invalid", "optimal"]
    assert table["objective_usd"].iloc[1] == pytest.approx(45.0)
    assert path in table["message"].iloc[0]


@pytest.mark.parametrize(
    "values", [{}, {"pools.public.busy_kw": []}, {"pools.none.busy_kw": [1.0]}, {"x": [1.0] * 20_000}]
)
def test_what_cannot_be_swept_is_refused(values: dict[str, list[float]]) -> None:
    reference = scenario_json.load(catalogue.data_dir() / "scenarios" / "reference_avoidable.json")
    with pytest.raises(hp.InvalidInput):
        hp.sweep(reference, values)
