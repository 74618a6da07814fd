"""``hybridplan sweep``: the plan at every combination of values of some numbers, solved in several processes."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Final

from hybridplan.cli.output import ExitCode, print_json, print_table, say
from hybridplan.cli.solving import read_scenario, require_time
from hybridplan.cli.tracing import SeriesFormat
from hybridplan.errors import InvalidInput, Issue

if TYPE_CHECKING:
    from hybridplan.analysis.grid import Grid

_HOW: Final = "Give PATH=1,2,5 or PATH=FROM:TO:COUNT."
_SAY_EVERY_S: Final = 1.0


def sweep_file(
    path: Path, settings: list[str], output: SeriesFormat, jobs: int | None, time_limit_seconds: float | None
) -> ExitCode:
    """Solve the scenario in ``path`` at all combinations of ``settings`` and print one row for each on stdout.

    Progress goes to stderr. Ctrl+C ends it and prints what is solved by then.
    """
    require_time(time_limit_seconds)
    if jobs is not None and jobs < 1:
        raise InvalidInput([Issue("--jobs", "must be 1 or more", str(jobs))])
    values = dict(_read(setting) for setting in settings)
    if len(values) < len(settings):
        raise InvalidInput([Issue("--set", "names a path twice", mend="Give all its values at once.")])
    scenario = read_scenario(path)

    from hybridplan.jobs import sweeping

    with _ctrl_c() as is_stopped:
        found = sweeping.sweep(
            scenario,
            values,
            jobs=jobs,
            time_limit_seconds=time_limit_seconds,
            progress=_progress(),
            is_stopped=is_stopped,
        )
    say(*_remarks(found))
    _print(found, output)
    return _verdict(found)


def _read(setting: str) -> tuple[str, list[float]]:
    """Path and values of one ``--set``."""
    path, sign, text = setting.partition("=")
    if not (path.strip() and sign and text.strip()):
        raise InvalidInput([Issue("--set", "is no path with values", setting, mend=_HOW)])
    parts = text.split(":")
    if len(parts) == 1:
        return path.strip(), [_number(setting, part) for part in text.split(",")]
    if len(parts) != 3:
        raise InvalidInput([Issue("--set", "is no range", setting, mend=_HOW)])
    start, stop = _number(setting, parts[0]), _number(setting, parts[1])
    return path.strip(), _steps(setting, start, stop, parts[2])


def _steps(setting: str, start: float, stop: float, text: str) -> list[float]:
    from hybridplan.analysis.grid import MOST_POINTS
    from hybridplan.analysis.sensitivity.field_sweep import spread

    try:
        count = int(text)
    except ValueError:
        count = 0
    if not 2 <= count <= MOST_POINTS:
        raise InvalidInput([Issue("--set", f"needs a count from 2 to {MOST_POINTS:,}", setting, mend=_HOW)])
    return spread(start, stop, count)


def _number(setting: str, text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise InvalidInput([Issue("--set", f"{text.strip() or 'nothing'} is no number", setting, mend=_HOW)]) from None


@contextmanager
def _ctrl_c() -> Iterator[Callable[[], bool]]:
    """Inside, the first Ctrl+C only asks to stop; the second one interrupts."""
    stop = threading.Event()

    def ask(_number: int, _frame: object) -> None:
        stop.set()
        signal.signal(signal.SIGINT, signal.default_int_handler)

    before = signal.signal(signal.SIGINT, ask)
    try:
        yield stop.is_set
    finally:
        signal.signal(signal.SIGINT, before)


def _progress() -> Callable[[str], None]:
    last = [monotonic()]

    def tell(text: str) -> None:
        if monotonic() - last[0] >= _SAY_EVERY_S:
            last[0] = monotonic()
            say(text)

    return tell


def _remarks(found: Grid) -> list[str]:
    lines = []
    if not found.complete:
        lines.append(f"Stopped: {len(found.points)} of {found.asked} points.")
    messages = dict.fromkeys(at.point.message for at in found.points if at.point.message)
    return lines + [f"error: {message}" for message in messages]


def _verdict(found: Grid) -> ExitCode:
    """Done only where every point has a proven plan or a proof that there is none, and some point has a plan."""
    from hybridplan.analysis.sensitivity.points import INVALID
    from hybridplan.plan import SolveStatus

    ends = {at.point.status for at in found.points}
    if INVALID in ends:
        return ExitCode.BAD_INPUT
    if not found.complete or ends & {SolveStatus.FAILED.value, SolveStatus.NO_PLAN_IN_TIME.value}:
        return ExitCode.NO_ANSWER
    return ExitCode.INFEASIBLE if ends == {SolveStatus.INFEASIBLE.value} else ExitCode.OK


def _print(found: Grid, output: SeriesFormat) -> None:
    from hybridplan.io import exports

    table = found.table()
    if output is SeriesFormat.CSV:
        sys.stdout.write(exports.table_csv(table))
    elif output is SeriesFormat.JSON:
        head = {"paths": list(found.paths), "asked": found.asked, "complete": found.complete}
        print_json({**head, "points": exports.rows(table)})
    else:
        print_table("Cheapest plans, USD over the horizon", table.drop(columns="message"))
