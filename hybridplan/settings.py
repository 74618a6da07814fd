"""Settings read from the environment; each is documented in README.md, and a test proves both lists agree."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Final

from hybridplan.errors import InvalidInput, Issue


@dataclass(frozen=True)
class Setting:
    """One environment variable with a number: its name, default, unit and meaning."""

    name: str
    default: float
    unit: str
    meaning: str

    def read(self) -> float:
        """The value in force; raises :class:`InvalidInput` where the variable holds no positive number."""
        text = os.environ.get(self.name, "")
        if not text:
            return self.default
        try:
            value = float(text)
        except ValueError:
            value = float("nan")
        if not 0 < value < float("inf"):
            raise InvalidInput(
                [Issue(self.name, "is not a positive number", text, self.unit, f"Unset it for {self.default:g}.")]
            )
        return value


SOLVE_SECONDS: Final = Setting("HYBRIDPLAN_SOLVE_SECONDS", 60, "s", "Longest time of one solve.")
MAX_UPLOAD_MB: Final = Setting("HYBRIDPLAN_MAX_UPLOAD_MB", 25, "MB", "Largest file that is read.")
MAX_ROWS: Final = Setting("HYBRIDPLAN_MAX_ROWS", 200_000, "rows", "Most rows of one table.")
MAX_COLUMNS: Final = Setting("HYBRIDPLAN_MAX_COLUMNS", 200, "columns", "Most columns of one table.")
MAX_CELL_CHARS: Final = Setting("HYBRIDPLAN_MAX_CELL_CHARS", 1000, "characters", "Longest cell of one table.")
MAX_ROUTE_PERIODS: Final = Setting(
    "HYBRIDPLAN_MAX_ROUTE_PERIODS", 500_000, "routes x periods", "Largest model that is solved."
)
MAX_WORKER_GB: Final = Setting("HYBRIDPLAN_MAX_WORKER_GB", 4, "GiB", "Memory limit of one solve worker.")
MAX_DRAFT_DAYS: Final = Setting(
    "HYBRIDPLAN_MAX_DRAFT_DAYS", 90, "days", "Drafts that nobody has changed for longer are deleted at start."
)
MAX_DELETED_DAYS: Final = Setting(
    "HYBRIDPLAN_MAX_DELETED_DAYS", 30, "days", "Scenarios deleted longer ago are removed by `hybridplan purge`."
)
MAX_PLAN_DAYS: Final = Setting(
    "HYBRIDPLAN_MAX_PLAN_DAYS", 90, "days", "Kept plans that are older are removed by `hybridplan purge`."
)
DATABASE_URL_VARIABLE: Final = "HYBRIDPLAN_DATABASE_URL"
DATA_DIR_VARIABLE: Final = "HYBRIDPLAN_DATA_DIR"
ALLOWED_HOSTS_VARIABLE: Final = "HYBRIDPLAN_ALLOWED_HOSTS"

SETTINGS: Final = (
    SOLVE_SECONDS,
    MAX_UPLOAD_MB,
    MAX_ROWS,
    MAX_COLUMNS,
    MAX_CELL_CHARS,
    MAX_ROUTE_PERIODS,
    MAX_WORKER_GB,
    MAX_DRAFT_DAYS,
    MAX_DELETED_DAYS,
    MAX_PLAN_DAYS,
)
