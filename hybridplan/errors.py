"""Problems with input and with solving, said so that a person can mend them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Issue:
    """One fault in what was given: what, where, and how to mend it.

    ``path`` names the record and field (``pools.fra-h100.price_usd_per_accelerator_hour``);
    ``value`` is what was found, as text; ``unit`` is the unit the field expects ("" where it has none).
    """

    path: str
    message: str
    value: str = ""
    unit: str = ""
    mend: str = ""
    severity: Literal["error", "warning"] = "error"

    def __str__(self) -> str:
        found = f" (found {self.value})" if self.value else ""
        unit = f" [{self.unit}]" if self.unit else ""
        mend = f" {self.mend}" if self.mend else ""
        return f"{self.path}{unit}: {self.message}{found}.{mend}"


class HybridplanError(Exception):
    """Base of every error that hybridplan raises on purpose."""


class InvalidInput(HybridplanError):
    """Input that cannot be planned; carries every issue that was found, not only the first."""

    def __init__(self, issues: Iterable[Issue]) -> None:
        self.issues: tuple[Issue, ...] = tuple(issues)
        super().__init__("\n".join(str(issue) for issue in self.issues))

    def __reduce__(self) -> tuple[type[InvalidInput], tuple[tuple[Issue, ...]]]:
        return (InvalidInput, (self.issues,))


class SolveFailed(HybridplanError):
    """The solver raised, died, or its answer did not pass the certificate."""


class StoreError(HybridplanError):
    """A draft or scenario could not be read from or written to the database."""
