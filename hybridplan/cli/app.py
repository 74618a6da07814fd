"""The commands and their options. Each command's work stands in its own module, imported when it is called."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from hybridplan.cli import options
from hybridplan.cli.comparing import Rows
from hybridplan.cli.drilling import Answer
from hybridplan.cli.output import ExitCode, Format, say, say_issues
from hybridplan.cli.tracing import SeriesFormat
from hybridplan.errors import HybridplanError, InvalidInput

app = typer.Typer(
    name="hybridplan",
    help="Plan the capacity and cost of a hybrid-cloud AI estate.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

FormatOption = Annotated[Format, typer.Option("--format", help="Form of the output.")]


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run the command line and exit: 0 done, 2 bad input, 3 infeasible, 4 no answer. Never shows a traceback."""
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(AttributeError):
            stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    sys.exit(_run(arguments))


def _run(arguments: Sequence[str] | None) -> int:
    try:
        return int(app(arguments, prog_name="hybridplan", standalone_mode=True) or 0)
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else ExitCode.BAD_INPUT
    except InvalidInput as error:
        say_issues(error.issues)
        return ExitCode.BAD_INPUT
    except HybridplanError as error:
        say(f"error: {error}")
    except KeyboardInterrupt:
        say("stopped")
    except BrokenPipeError:
        # The reader of stdout has gone: keep the interpreter from complaining again at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except Exception as error:
        say(f"error: hybridplan failed unexpectedly ({type(error).__name__}: {error})")
    return ExitCode.NO_ANSWER


@app.command()
def solve(
    scenario: Annotated[Path, typer.Argument(help="Scenario: JSON, or a workbook of ours.", metavar="SCENARIO")],
    output: FormatOption = Format.TABLE,
    time_limit: Annotated[
        float | None, typer.Option("--time-limit", help="Longest time in seconds.", metavar="S")
    ] = None,
    offer_residency: Annotated[
        bool,
        typer.Option("--offer-residency", help="Where there is no plan: consider residency and security rules too."),
    ] = False,
) -> None:
    """Solve a scenario and print the plan with its certificate."""
    from hybridplan.cli.solving import solve_file

    raise typer.Exit(solve_file(scenario, output, time_limit, offer_residency=offer_residency))


@app.command()
def report(
    scenario: Annotated[Path, typer.Argument(help="Scenario file (JSON or workbook).", metavar="SCENARIO")],
    output: options.ReportOutput,
    time_limit: Annotated[
        float | None, typer.Option("--time-limit", help="Longest time in seconds.", metavar="S")
    ] = None,
) -> None:
    """Solve a scenario and write the report, or another file to hand over; the file's ending says which."""
    from hybridplan.cli.reporting import report_file

    raise typer.Exit(report_file(scenario, output, time_limit))


@app.command()
def frontier(
    scenario: Annotated[Path, typer.Argument(help="Scenario file (JSON or workbook).", metavar="SCENARIO")],
    against: options.Against,
    of: Annotated[str, typer.Option("--of", help="Workload whose latency is meant.", metavar="WORKLOAD")] = "",
    points: Annotated[int, typer.Option("--points", help="How many plans.", metavar="N")] = 25,
    output: options.Series = SeriesFormat.TABLE,
    time_limit: Annotated[
        float | None, typer.Option("--time-limit", help="Longest time in seconds, for all.", metavar="S")
    ] = None,
) -> None:
    """Trace what each step of a second aim costs, from the cheapest plan to the strictest cap that leaves one."""
    from hybridplan.cli.tracing import frontier_of_file

    raise typer.Exit(frontier_of_file(scenario, against, of, points, output, time_limit))


@app.command()
def compare(
    scenarios: Annotated[list[Path], typer.Argument(help="Two to four scenario files.", metavar="SCENARIO...")],
    output: options.Series = SeriesFormat.TABLE,
    rows: options.Compared = Rows.FIGURES,
    time_limit: Annotated[
        float | None, typer.Option("--time-limit", help="Longest time in seconds, for all.", metavar="S")
    ] = None,
) -> None:
    """Hold scenarios against the first: inputs, figures, costs by term, and where work runs elsewhere."""
    from hybridplan.cli.comparing import compare_files

    raise typer.Exit(compare_files(scenarios, output, rows, time_limit))


@app.command()
def sweep(
    scenario: Annotated[Path, typer.Argument(help="Scenario file (JSON or workbook).", metavar="SCENARIO")],
    settings: options.Settings,
    jobs: Annotated[
        int | None, typer.Option("--jobs", help="Processes; else one for each core, which is also the most.")
    ] = None,
    output: options.Series = SeriesFormat.TABLE,
    time_limit: Annotated[
        float | None, typer.Option("--time-limit", help="Longest time in seconds, for each point.", metavar="S")
    ] = None,
) -> None:
    """Solve a scenario at every combination of values of some of its numbers; Ctrl+C prints what there is."""
    from hybridplan.cli.sweeping import sweep_file

    raise typer.Exit(sweep_file(scenario, settings, output, jobs, time_limit))


@app.command()
def ledger(
    scenario: Annotated[Path, typer.Argument(help="Scenario file (JSON or workbook).", metavar="SCENARIO")],
    output: options.Series = SeriesFormat.TABLE,
    most_solves: Annotated[int, typer.Option("--most-solves", help="Most plans that are solved.", metavar="N")] = 200,
    time_limit: Annotated[
        float | None, typer.Option("--time-limit", help="Longest time in seconds, for all.", metavar="S")
    ] = None,
    pairs: options.Pairs = False,
) -> None:
    """Price every rule: what the plan would cost without it alone, and without one after another down to none."""
    from hybridplan.cli.pricing_rules import ledger_of_file, pairs_of_file

    if pairs:
        raise typer.Exit(pairs_of_file(scenario, output, time_limit))
    raise typer.Exit(ledger_of_file(scenario, output, most_solves, time_limit))


@app.command()
def drill(
    scenario: Annotated[Path, typer.Argument(help="Scenario file (JSON or workbook).", metavar="SCENARIO")],
    contingency: Annotated[str, typer.Option("--contingency", help="Id of what fails.", metavar="ID")],
    period: options.When = None,
    answer: options.Answered = Answer.STORED,
    output: FormatOption = Format.TABLE,
    keep_unpromised: options.Keep = False,
    time_limit: Annotated[
        float | None, typer.Option("--time-limit", help="Longest time in seconds.", metavar="S")
    ] = None,
) -> None:
    """Let something fail in one hour of the plan, and print what goes on, from where, and which promises are kept."""
    from hybridplan.cli.drilling import drill_file

    raise typer.Exit(
        drill_file(scenario, contingency, period, answer, output, time_limit, keep_unpromised=keep_unpromised)
    )


@app.command()
def replay(
    scenario: Annotated[Path, typer.Argument(help="Scenario file (JSON or workbook).", metavar="SCENARIO")],
    years: Annotated[float, typer.Option("--years", help="Years of each run.", metavar="Y")] = 1.0,
    runs: Annotated[int, typer.Option("--runs", help="How many runs.", metavar="N")] = 1000,
    seed: Annotated[int, typer.Option("--seed", help="Equal seeds give equal failures.", metavar="N")] = 1,
    output: FormatOption = Format.TABLE,
    keep_unpromised: options.Keep = False,
    time_limit: Annotated[
        float | None, typer.Option("--time-limit", help="Longest time in seconds.", metavar="S")
    ] = None,
) -> None:
    """Fail and repair everything at random over years of the plan, and print how much of the demand is served."""
    from hybridplan.cli.drilling import replay_file

    raise typer.Exit(replay_file(scenario, years, runs, seed, output, time_limit, keep_unpromised=keep_unpromised))


@app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(help="CSV, TSV, gzip, JSON, JSON lines or xlsx.", metavar="FILE")],
    kind: options.KindOption,
    output: FormatOption = Format.TABLE,
    timezone: options.TimeZone = None,
    decimal: options.DecimalSign = None,
    unit: options.Unit = None,
    throughput: options.Throughput = None,
    mapping: options.Mapping = None,
    alias: options.Aliases = None,
    short_trace: options.Short = None,
    hours: options.Hours = None,
    workload: options.Workload = None,
    provider: options.Provider = None,
    region: options.Region = None,
    site: options.Site = None,
    as_of: options.AsOf = None,
    source: options.Source = None,
) -> None:
    """Read a table and print its accepted rows, its rejected lines with their reasons, and what was assumed."""
    from hybridplan.cli.importing import import_path, pairs
    from hybridplan.io.options import ImportOptions

    chosen = ImportOptions(
        time_zone=timezone,
        decimal=decimal,
        unit=unit,
        throughput=throughput,
        mapping=pairs("--mapping", mapping),
        aliases=pairs("--alias", alias),
        short_trace=short_trace,
        hours=hours,
        workload=workload,
        provider=provider,
        region=region,
        site=site,
        as_of=as_of,
        source=source,
    )
    raise typer.Exit(import_path(file, kind, chosen, output))


@app.command("typical-weeks")
def typical_weeks(
    scenario: Annotated[Path, typer.Argument(help="Scenario file (JSON or workbook).", metavar="SCENARIO")],
    year: Annotated[Path, typer.Argument(help="Hourly demand of a year, in the demand form.", metavar="YEAR")],
    output: options.WeeksOutput,
    weeks: Annotated[int, typer.Option("--weeks", help="How many typical weeks, 1 to 12.", metavar="N")] = 4,
    extreme: Annotated[bool, typer.Option("--extreme", help="Keep the week with the highest hour as it is.")] = False,
    later: options.WeeksLater = 0,
    form: FormatOption = Format.TABLE,
) -> None:
    """Put typical weeks of a year of demand in place of a scenario's blocks, and print what they get wrong."""
    from hybridplan.cli.weeks import weeks_of_file

    raise typer.Exit(weeks_of_file(scenario, year, weeks, extreme=extreme, weeks_later=later, output=output, form=form))


@app.command()
def schema() -> None:
    """Print the JSON Schema of a scenario file."""
    from hybridplan.cli.listing import print_schema

    print_schema()


@app.command()
def scenarios(output: FormatOption = Format.TABLE) -> None:
    """List the scenarios that come with hybridplan."""
    from hybridplan.cli.listing import print_scenarios

    print_scenarios(output)


@app.command()
def verify(output: FormatOption = Format.TABLE) -> None:
    """Solve the published cases and compare each with its source; fails where one differs."""
    from hybridplan.cli.verifying import verify_cases

    raise typer.Exit(verify_cases(output))


@app.command()
def backup(
    path: Annotated[Path, typer.Argument(help="New file for the copy.", metavar="PATH")],
    output: FormatOption = Format.TABLE,
) -> None:
    """Copy the whole database to a new file; the server may go on meanwhile."""
    from hybridplan.cli import storing

    storing.backup(path, output)


@app.command()
def restore(
    path: Annotated[Path, typer.Argument(help="File that backup wrote.", metavar="PATH")],
    output: FormatOption = Format.TABLE,
) -> None:
    """Put a copy into an empty database; of SQLite or PostgreSQL, into either."""
    from hybridplan.cli import storing

    storing.restore(path, output)


@app.command()
def purge(
    deleted_days: options.DeletedDays = None,
    plan_days: options.PlanDays = None,
    output: FormatOption = Format.TABLE,
) -> None:
    """Remove for good what was deleted, and plans that were kept, long ago."""
    from hybridplan.cli import storing

    storing.purge(deleted_days, plan_days, output)
