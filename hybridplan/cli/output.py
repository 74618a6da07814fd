"""What commands share: exit codes, reading a file within its size limit, JSON on stdout and messages on stderr."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sequence
from enum import IntEnum, StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hybridplan.errors import InvalidInput, Issue
from hybridplan.settings import MAX_UPLOAD_MB

if TYPE_CHECKING:
    import pandas as pd

BYTES_PER_MB = 1_000_000


class ExitCode(IntEnum):
    """How a command ended; documented in README.md."""

    OK = 0
    BAD_INPUT = 2
    INFEASIBLE = 3
    NO_ANSWER = 4


class Format(StrEnum):
    """Form of what is printed."""

    JSON = "json"
    TABLE = "table"


def read_file(path: Path) -> bytes:
    """The bytes of ``path``; raises :class:`InvalidInput` where it cannot be read or is larger than allowed."""
    limit_mb = MAX_UPLOAD_MB.read()
    limit = int(limit_mb * BYTES_PER_MB)
    try:
        with path.open("rb") as file:
            data = file.read(limit + 1)
    except OSError as error:
        reason = (error.strerror or type(error).__name__).lower()
        raise InvalidInput([Issue(str(path), f"cannot be read: {reason}", mend="Check the path.")]) from error
    if len(data) > limit:
        mend = f"Split it, or raise {MAX_UPLOAD_MB.name}."
        raise InvalidInput([Issue(str(path), f"is larger than {limit_mb:g} MB", mend=mend)])
    return data


def say(*lines: str) -> None:
    """Print messages on stderr."""
    for line in lines:
        print(line, file=sys.stderr)


def say_issues(issues: Iterable[Issue]) -> None:
    """Print every issue on stderr, errors first, each with its severity."""
    for issue in sorted(issues, key=lambda issue: issue.severity):
        say(f"{issue.severity}: {issue}")


def print_json(value: Any) -> None:
    """Print ``value`` as JSON on stdout, in ASCII so that no terminal refuses it; NaN is a fault and raises."""
    print(json.dumps(value, indent=2, allow_nan=False))


def print_table(title: str, table: pd.DataFrame) -> None:
    """Print a titled table on stdout, or that it has no rows."""
    print(f"\n{title}")
    print("  none" if table.empty else table.to_string(index=False, float_format="{:,.6g}".format))


def print_records(title: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Like :func:`print_table`, from rows."""
    import pandas as pd

    print_table(title, pd.DataFrame(rows, columns=list(columns)))
