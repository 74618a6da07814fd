"""``hybridplan verify``: the published cases, solved now."""

from __future__ import annotations

import math
from dataclasses import asdict
from typing import Any

from hybridplan.cli.output import ExitCode, Format, print_json, print_records, say


def verify_cases(output: Format) -> ExitCode:
    """Print one row per published figure; 4 where one differs."""
    from hybridplan.analysis.published import cases

    results = cases()
    if output is Format.JSON:
        print_json([{key: _finite(value) for key, value in asdict(result).items()} for result in results])
    else:
        columns = ("case", "quantity", "expected", "got", "unit", "passed", "source")
        rows = [
            (r.name, r.quantity, f"{r.expected:.10g}", f"{r.got:.10g}", r.unit, r.passed, r.source) for r in results
        ]
        print_records("Published cases", columns, rows)
    failed = [result for result in results if not result.passed]
    say(f"{len(results) - len(failed)} of {len(results)} published figures reproduced")
    return ExitCode.NO_ANSWER if failed else ExitCode.OK


def _finite(value: Any) -> Any:
    """JSON knows no NaN: a figure that could not be computed becomes null."""
    return None if isinstance(value, float) and not math.isfinite(value) else value
