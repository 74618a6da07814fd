"""Options of ``hybridplan import``, one for each thing that a file may leave open."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from hybridplan.cli.comparing import Rows
from hybridplan.cli.drilling import Answer
from hybridplan.cli.tracing import Aim, SeriesFormat
from hybridplan.io.alignment import ShortTrace
from hybridplan.io.numbers import Decimal
from hybridplan.io.options import Kind

KindOption = Annotated[Kind, typer.Option("--kind", help="What the file holds.")]
TimeZone = Annotated[
    str | None, typer.Option("--timezone", help="IANA zone of times without offset; else UTC is assumed.")
]
DecimalSign = Annotated[Decimal | None, typer.Option("--decimal", help="Decimal sign; else '.' is assumed.")]
Unit = Annotated[str | None, typer.Option("--unit", help="What a trace counts, e.g. requests or output_tokens.")]
Throughput = Annotated[
    float | None, typer.Option("--throughput", help="Work units per hour of one thing in use; else 1 is assumed.")
]
Mapping = Annotated[
    list[str] | None,
    typer.Option("--mapping", metavar="FIELD=COLUMN", help="Our field and the column that holds it; repeatable."),
]
Aliases = Annotated[
    list[str] | None,
    typer.Option("--alias", metavar="CODE=SKU", help="SKU of an accelerator code of the file; repeatable."),
]
Short = Annotated[
    ShortTrace | None, typer.Option("--short-trace", help="How a trace goes on that is shorter than --hours.")
]
Hours = Annotated[int | None, typer.Option("--hours", help="Hours that a trace must cover.")]
Workload = Annotated[str | None, typer.Option("--workload", help="Id of the workload that a trace belongs to.")]
Provider = Annotated[str | None, typer.Option("--provider", help="Provider, where the file names none.")]
Region = Annotated[str | None, typer.Option("--region", help="Region, where the file names none.")]
Site = Annotated[str | None, typer.Option("--site", help="Site of the pools that a node list becomes.")]
AsOf = Annotated[str | None, typer.Option("--as-of", metavar="DATE", help="Date of the prices, e.g. 2026-06-01.")]
Source = Annotated[str | None, typer.Option("--source", help="Source to note; else the file name.")]
ReportOutput = Annotated[
    Path,
    typer.Option(
        "--output",
        metavar="FILE",
        help=".html or .pdf: report; .xlsx: workbook; .csv: hourly costs (FOCUS); .json: scenario; .zip: all of them.",
    ),
]
WeeksOutput = Annotated[
    Path, typer.Option("-o", "--output", metavar="OUT.json", help="Where the new scenario is written.")
]
WeeksLater = Annotated[
    int,
    typer.Option(
        "--later", min=-520, max=520, metavar="WEEKS", help="Start the blocks so many weeks later; 52: next year."
    ),
]
Settings = Annotated[
    list[str],
    typer.Option(
        "--set",
        metavar="PATH=VALUES",
        help="Dotted path of a number of the scenario, and 1,2,5 or FROM:TO:COUNT; repeatable.",
    ),
]
Against = Annotated[Aim, typer.Option("--against", help="What the costs are traded against.")]
Series = Annotated[SeriesFormat, typer.Option("--format", help="Form of the output.")]
Compared = Annotated[Rows, typer.Option("--rows", help="Which table CSV holds.")]
DeletedDays = Annotated[
    float | None,
    typer.Option("--deleted-days", min=0, metavar="N", help="Days in the bin; else HYBRIDPLAN_MAX_DELETED_DAYS."),
]
PlanDays = Annotated[
    float | None,
    typer.Option("--plan-days", min=0, metavar="N", help="Days that a plan is kept; else HYBRIDPLAN_MAX_PLAN_DAYS."),
]
When = Annotated[
    str | None,
    typer.Option("--period", metavar="TIME", help="When, e.g. 2026-11-24T14:00:00+01:00; else the hour it hurts most."),
]
Answered = Annotated[
    Answer, typer.Option("--answer", help="What the plan has ready, or the hour solved again, also with more rented.")
]
Keep = Annotated[bool, typer.Option("--keep-unpromised", help="Work without a promise runs on where it survives.")]
Pairs = Annotated[
    bool, typer.Option("--pairs", help="Only with and without residency, latency and promises, side by side.")
]
