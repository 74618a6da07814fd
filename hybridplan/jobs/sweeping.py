"""Sweeps over local worker processes: many scenarios that differ little, each process going on from its last basis."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Final, cast

from hybridplan.analysis import grid
from hybridplan.analysis.grid import Grid, GridPoint
from hybridplan.analysis.sensitivity.points import Point
from hybridplan.analysis.studies import SWEEP_POINT
from hybridplan.domain import Scenario
from hybridplan.errors import InvalidInput
from hybridplan.jobs.chunks import Chunks
from hybridplan.jobs.process import Stopped, TimeIsUp, WorkerEnded, WorkerProcess, unpickled
from hybridplan.jobs.protocol import Kind
from hybridplan.jobs.request import Request
from hybridplan.jobs.running import STUDIES, WARM_UP_S, Limits
from hybridplan.plan import SolveStatus
from hybridplan.settings import MAX_WORKER_GB, SOLVE_SECONDS

RETRIES: Final = 2
"""How often a point is solved again whose worker was lost."""
_LOOK_S: Final = 0.1

Points = dict[int, Point]


def sweep(
    scenario: Scenario,
    values: Mapping[str, Sequence[float]],
    *,
    jobs: int | None = None,
    time_limit_seconds: float | None = None,
    progress: Callable[[str], None] | None = None,
    partial: Callable[[Grid], None] | None = None,
    is_stopped: Callable[[], bool] = lambda: False,
) -> Grid:
    """The cheapest plan at every combination of ``values``, by dotted path, solved in ``jobs`` processes.

    ``jobs`` is at most one for each core, which is also the default; ``time_limit_seconds`` holds for each point
    (HYBRIDPLAN_SOLVE_SECONDS). ``progress`` and ``partial`` are called in the caller's thread as points come in. Once
    ``is_stopped`` says so, all processes are killed and what is solved by then is returned. Raises
    :class:`InvalidInput` for a path that is no number of the scenario; a value that is not valid gives a point that
    says so.
    """
    places, paths = grid.combinations(scenario, values), tuple(values)

    def so_far(points: Points) -> Grid:
        found = tuple(GridPoint(places[number], points[number]) for number in sorted(points))
        return Grid(paths, found, len(places))

    def tell(points: Points) -> None:
        if progress is not None:
            progress(f"{len(points)} of {len(places)} points")
        if partial is not None:
            partial(so_far(points))

    crew = Crew(
        lambda number: grid.changed(scenario, paths, places[number]),
        len(places),
        jobs=jobs,
        limits=limits(time_limit_seconds),
    )
    return so_far(crew.solve(tell, is_stopped))


def limits(time_limit_seconds: float | None) -> Limits:
    """Limits of one point; the settings' where none is given."""
    return Limits(SOLVE_SECONDS.read() if time_limit_seconds is None else time_limit_seconds, MAX_WORKER_GB.read())


class Crew:
    """Solves the points ``0 .. count - 1``, whose scenarios ``scenario_at`` gives, in several processes; use it once.

    A process that dies takes no point along: what it had under way is solved by another one, up to ``retries`` times,
    and is then reported as failed. ``task`` is what the workers load.
    """

    def __init__(
        self,
        scenario_at: Callable[[int], Scenario],
        count: int,
        *,
        limits: Limits,
        jobs: int | None = None,
        retries: int = RETRIES,
        task: str = STUDIES,
    ) -> None:
        cores = os.cpu_count() or 1
        self.jobs = max(1, min(cores if jobs is None else jobs, cores, count))
        self._scenario_at, self._count, self._limits, self._task = scenario_at, count, limits, task
        self._retries = retries
        self._chunks = Chunks(count, self.jobs, retries)
        self._changed = threading.Condition()
        self._points: Points = {}
        self._under_way = 0
        self._stopped = False
        self._fault: BaseException | None = None

    def solve(self, tell: Callable[[Points], None], is_stopped: Callable[[], bool] = lambda: False) -> Points:
        """All points, or those that were solved when ``is_stopped`` said so; ``tell`` is called as they come in."""
        threads = [threading.Thread(target=self._guarded, args=(n,), name=f"sweep-{n}") for n in range(self.jobs)]
        for thread in threads:
            thread.start()
        told, was_stopped = 0, False
        try:
            while any(thread.is_alive() for thread in threads) and not was_stopped:
                told = self._tell(tell, told, _LOOK_S)
                was_stopped = is_stopped()
        finally:
            self._stop()
            for thread in threads:
                thread.join()
        if self._fault is not None:
            raise self._fault
        if not was_stopped:
            for number in range(self._count):
                self._points.setdefault(number, _failed("No worker process could be started."))
        self._tell(tell, told, 0.0)
        return self._points

    def _tell(self, tell: Callable[[Points], None], told: int, patience_s: float) -> int:
        """Tell of points beyond the first ``told``, once there are any; returns how many are told of."""
        with self._changed:
            self._changed.wait_for(lambda: len(self._points) > told, patience_s)
            points = dict(self._points)
        if len(points) > told:
            tell(points)
        return len(points)

    def _stop(self) -> None:
        with self._changed:
            self._stopped = True
            self._changed.notify_all()

    def _guarded(self, number: int) -> None:
        """A fault of ours ends the sweep: were its thread only to end, others would wait for its point for ever."""
        try:
            self._work(number)
        except BaseException as fault:
            self._fault = fault
            self._stop()

    def _work(self, number: int) -> None:
        """One process after another, until nothing is left to do or one cannot even be started."""
        starts = 0
        while starts <= self._retries and self._is_needed():
            worker = WorkerProcess(self._task, self._limits.memory_gib)
            try:
                worker.warm_up(WARM_UP_S, lambda: not self._stopped)
                starts = 0
                self._serve(number, worker)
                return
            except (WorkerEnded, TimeIsUp):
                starts += 1
            except Stopped:
                return
            finally:
                worker.kill()

    def _is_needed(self) -> bool:
        with self._changed:
            return not self._stopped and not (self._chunks.is_empty and self._under_way == 0)

    def _serve(self, number: int, worker: WorkerProcess) -> None:
        """Solve points in a worker. Raises :class:`WorkerEnded` when it is gone, or must not be used any more."""
        while (at := self._next(number)) is not None:
            try:
                point, is_sound = self._solved(worker, at)
            except WorkerEnded:
                with self._changed:
                    will_be_tried = self._chunks.lost(at)
                self._put(at, None if will_be_tried else _failed("Its worker process ended each time it was tried."))
                raise
            self._put(at, point)
            if not is_sound:
                raise WorkerEnded

    def _next(self, number: int) -> int | None:
        """The next point for a worker, after waiting for those that others may still lose; None at the end."""
        with self._changed:
            while not self._stopped:
                at = self._chunks.take(number)
                if at is not None:
                    self._under_way += 1
                    return at
                if self._under_way == 0:
                    return None
                self._changed.wait()
        return None

    def _put(self, at: int, point: Point | None) -> None:
        """A point is under way no more; None: it was lost and will be tried again."""
        with self._changed:
            self._under_way -= 1
            if point is not None:
                assert at not in self._points
                self._points[at] = point
            self._changed.notify_all()

    def _solved(self, worker: WorkerProcess, at: int) -> tuple[Point, bool]:
        """A point, and whether its worker may go on. Raises :class:`WorkerEnded` and :class:`Stopped`."""
        try:
            request = Request.of(self._scenario_at(at), SWEEP_POINT)
        except InvalidInput as error:
            return grid.invalid(error), True
        seconds = self._limits.seconds
        worker.ask(request, seconds)
        try:
            kind, content = worker.answer(
                seconds + self._limits.grace_s, lambda: not self._stopped, lambda _: None, lambda _: None
            )
        except TimeIsUp:
            message = f"No answer within the time limit of {seconds:g} s."
            return Point(0.0, SolveStatus.NO_PLAN_IN_TIME.value, message=message), False
        if kind is Kind.RESULT:
            point = cast(Point, unpickled(content))
            return point, point.status != SolveStatus.FAILED
        return _failed(content.decode("utf-8", "replace")), kind is Kind.REFUSED


def _failed(message: str) -> Point:
    return Point(0.0, SolveStatus.FAILED.value, message=message)
