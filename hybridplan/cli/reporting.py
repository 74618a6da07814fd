"""``hybridplan report``: solve a scenario and write a file to hand over; the exit code says how the solve ended."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from hybridplan.cli.output import BYTES_PER_MB, ExitCode, say
from hybridplan.cli.solving import read_scenario, reasons, require_time, verdict
from hybridplan.errors import InvalidInput, Issue

if TYPE_CHECKING:
    from hybridplan.report.files import Kind

_WHAT: Final[dict[Kind, str]] = {
    "html": "report",
    "pdf": "report",
    "xlsx": "workbook",
    "csv": "hourly costs",
    "json": "scenario",
    "zip": "report and all other files",
}


def report_file(path: Path, output: Path, time_limit_seconds: float | None) -> ExitCode:
    """Solve the scenario in ``path`` and write ``output``; what was written, and reasons, go to stderr.

    Without a plan the report says why; the files that would be empty are not written.
    """
    require_time(time_limit_seconds)
    kind = _kind(output)
    scenario = read_scenario(path)

    from hybridplan.analysis import planner
    from hybridplan.report.files import files

    plan = planner.solve(scenario, time_limit_seconds=time_limit_seconds)
    code = verdict(plan)
    say(*reasons(plan, code))
    made = files(plan, made_at=datetime.now(UTC))
    if kind in made:
        _write(output, made[kind].build(), _WHAT[kind])
    else:
        say(f"not written: {output} (there is no plan for it to hold; .html and .pdf say why)")
    return code


def _kind(output: Path) -> Kind:
    """What is asked for; raises :class:`InvalidInput` before the solve for what could not be written after it."""
    ending = output.suffix.lower().removeprefix(".")
    for kind in _WHAT:
        if kind == ending:
            if not output.absolute().parent.is_dir():
                raise InvalidInput([Issue("--output", "names a folder that does not exist", str(output.parent))])
            return kind
    endings = ", ".join(f".{kind}" for kind in _WHAT)
    raise InvalidInput([Issue("--output", f"must end in one of {endings}", str(output))])


def _write(output: Path, data: bytes, what: str) -> None:
    try:
        output.write_bytes(data)
    except OSError as error:
        reason = (error.strerror or type(error).__name__).lower()
        raise InvalidInput([Issue("--output", f"cannot be written: {reason}", str(output))]) from error
    say(f"written: {output} ({what}, {max(len(data) / BYTES_PER_MB, 0.1):.1f} MB)")
