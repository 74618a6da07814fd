"""``hybridplan compare``: two to four scenarios held against the first, as tables, CSV or JSON."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from hybridplan.cli.output import ExitCode, print_json, print_table, say
from hybridplan.cli.solving import read_scenario, require_time, verdict
from hybridplan.cli.tracing import SeriesFormat
from hybridplan.errors import InvalidInput, Issue

if TYPE_CHECKING:
    import pandas as pd

    from hybridplan.analysis.compare import Comparison


class Rows(StrEnum):
    """Which table CSV holds."""

    FIGURES = "figures"
    INPUTS = "inputs"
    WATERFALL = "waterfall"
    MOVES = "moves"


def compare_files(paths: list[Path], output: SeriesFormat, rows: Rows, time_limit_seconds: float | None) -> ExitCode:
    """Compare the scenarios in ``paths`` with the first and print what was found; what is missing goes to stderr."""
    require_time(time_limit_seconds)
    if not 2 <= len(paths) <= 4:
        raise InvalidInput([Issue("SCENARIO", "give from 2 to 4 files to compare", str(len(paths)))])
    scenarios = [read_scenario(path) for path in paths]

    from hybridplan.analysis.compare import compare

    names = [path.stem for path in paths]
    found = compare(scenarios[0], scenarios[1:], names=names, time_limit_seconds=time_limit_seconds)
    say(*found.sentences[0])
    _print(found, output, rows)
    return _worst(found)


def _worst(found: Comparison) -> ExitCode:
    """Done only where every scenario has a proven plan; infeasible before no answer."""
    codes = [verdict(entrant.plan) for entrant in found.entrants]
    return next((code for code in (ExitCode.INFEASIBLE, ExitCode.NO_ANSWER) if code in codes), ExitCode.OK)


def _print(found: Comparison, output: SeriesFormat, rows: Rows) -> None:
    from hybridplan.io import exports

    tables: dict[str, pd.DataFrame] = {
        name: getattr(found, name) for name in ("figures", "inputs", "waterfall", "moves")
    }
    if output is SeriesFormat.CSV:
        sys.stdout.write(exports.table_csv(tables[rows.value]))
    elif output is SeriesFormat.JSON:
        lines = {name: list(told) for name, told in zip(found.names, found.sentences, strict=True)}
        head = {"span": found.span, "complete": found.complete, "scenarios": _heads(found)}
        print_json({**head, **{name: exports.rows(table) for name, table in tables.items()}, "sentences": lines})
    else:
        _print_tables(found)


def _heads(found: Comparison) -> list[dict[str, object]]:
    return [
        {
            "name": entrant.name,
            "status": entrant.plan.status.value,
            "objective_usd": entrant.plan.objective_usd,
            "gap": entrant.plan.certificate.gap if entrant.plan.certificate else None,
            "least_change": not entrant.plainly and entrant is not found.entrants[0],
            "as_solved_because": entrant.plainly or None,
        }
        for entrant in found.entrants
    ]


def _print_tables(found: Comparison) -> None:
    from hybridplan.analysis.sentences.comparing import figure_name

    for name, lines in list(zip(found.names, found.sentences, strict=True))[1:]:
        print(f"\n{name}")
        for line in lines:
            print(f"- {line}")
    print_table("Inputs that differ", found.inputs)
    wide = found.figures.pivot(index=["figure", "unit"], columns="name", values="value").reset_index()
    order = list(dict.fromkeys(found.figures["figure"]))
    wide = wide.sort_values("figure", key=lambda codes: codes.map(order.index), kind="stable")
    wide["figure"] = [figure_name(found, str(code)) for code in wide["figure"]]
    print_table("Figures", wide[["figure", "unit", *found.names]])
    span = "per year" if found.span == "year" else "over the horizon"
    print_table(f"What each term adds, in USD {span}", found.waterfall)
    print_table(f"Accelerator-hours {span} that run elsewhere", found.moves)
