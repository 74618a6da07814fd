"""``hybridplan typical-weeks``: a year of demand into typical weeks of a scenario, with what they get wrong."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from hybridplan.cli.output import ExitCode, Format, print_json, print_table, read_file, say
from hybridplan.cli.solving import read_scenario
from hybridplan.errors import InvalidInput, Issue

if TYPE_CHECKING:
    from hybridplan.analysis.typical_weeks import TypicalWeeks
    from hybridplan.domain import Scenario

_SHOWN = 10
"""Most rejected lines that are named."""


def weeks_of_file(
    path: Path, year: Path, count: int, *, extreme: bool, weeks_later: int, output: Path, form: Format
) -> ExitCode:
    """Write the scenario in ``path`` with ``count`` typical weeks of ``year`` to ``output``; print weeks and errors."""
    scenario = read_scenario(path)
    rows = _rows(year)

    from hybridplan.analysis.typical_weeks import typical_weeks
    from hybridplan.io import scenario_json

    found = typical_weeks(
        scenario, rows, count, extreme=extreme, weeks_later=weeks_later, source=f"typical weeks of {year.name}"
    )
    text = scenario_json.dump(found.scenario)
    try:
        output.write_text(text, encoding="utf-8")
    except OSError as error:
        reason = (error.strerror or type(error).__name__).lower()
        raise InvalidInput([Issue(str(output), f"cannot be written: {reason}", mend="Check the path.")]) from error
    if form is Format.JSON:
        print_json(_report(found))
    else:
        _print(found, scenario)
    say(f"written: {output}")
    return ExitCode.OK


def _rows(path: Path) -> list[dict[str, Any]]:
    """The rows of the demand form in ``path``; raises :class:`InvalidInput` where a line is rejected."""
    from hybridplan.io.importing import import_file

    result = import_file(read_file(path), path.name, "demand")
    say(*(f"warning: {warning}" for warning in result.warnings))
    if result.rejected:
        more = len(result.rejected) - _SHOWN
        issues = [
            Issue(f"{path.name}, line {one.line}" if one.line else path.name, one.reason, one.value)
            for one in result.rejected[:_SHOWN]
        ]
        issues += [Issue(path.name, f"{more:,} more lines are rejected")] if more > 0 else []
        raise InvalidInput(issues)
    return result.rows


def _report(found: TypicalWeeks) -> dict[str, Any]:
    weeks = found.weeks.assign(
        **{name: [one.isoformat() for one in found.weeks[name]] for name in ("start", "taken_from")}
    )
    return {
        "year_hours": found.year_hours,
        "unit": found.unit,
        "weeks": weeks.to_dict("records"),
        "errors": [
            {key: (value if isinstance(value, str) else _finite(value)) for key, value in row.items()}
            for row in found.errors.to_dict("records")
        ],
        "averaged": list(found.averaged),
        "peak_outside": found.peak_outside,
    }


def _finite(value: float) -> float | None:
    return float(value) if abs(value) < float("inf") else None


def _print(found: TypicalWeeks, scenario: Scenario) -> None:
    from hybridplan.analysis import labels
    from hybridplan.analysis.sentences import blocks

    names = labels.workloads(scenario)
    for line in blocks.found_weeks(found, names, scenario.horizon.time_zone):
        print(line)
    weeks = found.weeks.drop(columns="taken_from")
    print_table("Weeks", weeks.assign(start=[one.isoformat(timespec="minutes") for one in found.weeks["start"]]))
    units = {key: work.unit for key, work in scenario.workloads.items()}
    rows = blocks.named_errors(found, names, units)
    shares = [name for name in rows.columns if name.endswith("_share")]
    percents = {f"{name.removesuffix('_share')}_percent": rows[name] * 100 for name in shares}
    first = rows[["name", "unit", "year_peak", "weeks_peak"]].rename(columns={"name": "workload"})
    print_table("Errors against the year", first.assign(**percents))
