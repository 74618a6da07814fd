"""What a reader of outside tables reports: rejected lines with their reasons, assumptions, warnings."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Rejected:
    """One line that was not accepted, or a cell of it: where, what was found, and why. Line 0 is the file itself."""

    line: int
    column: str
    value: str
    reason: str


@dataclass(frozen=True, slots=True)
class Assumption:
    """A choice that the reader took because the file does not say; ``name`` is the option that changes it, if any."""

    name: str
    value: str
    why: str


@dataclass
class Report:
    """Collects what comes out of one file: rows, the lines they came from, and everything that a person must see."""

    rows: list[dict[str, Any]] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    assumptions: dict[str, Assumption] = field(default_factory=dict)
    used: set[int] = field(default_factory=set)
    """Lines that at least one row rests on."""
    unknown_skus: dict[str, int] = field(default_factory=dict)
    """Accelerator codes without a catalogue name -> number of lines."""

    def reject(self, line: int, column: str, value: str, reason: str) -> None:
        """Note a line, or a cell of it, as not accepted."""
        self.rejected.append(Rejected(line, column, shown(value), reason))

    def assume(self, name: str, value: str, why: str) -> None:
        """Note an assumption once; the first reason given stands."""
        self.assumptions.setdefault(name, Assumption(name, value, why))

    def warn(self, text: str) -> None:
        """Note a warning once."""
        if text not in self.warnings:
            self.warnings.append(text)

    def fail(self, reason: str, column: str = "", value: str = "") -> None:
        """Note a fault of the file as a whole."""
        self.reject(0, column, value, reason)


def shown(value: str) -> str:
    """A cell as it is reported: no longer than a line, control characters as escapes."""
    text = value if value.isprintable() else value.encode("unicode_escape", "backslashreplace").decode("ascii")
    return text if len(text) <= 80 else text[:77] + "..."


def count(number: int, noun: str) -> str:
    """``1 row``, ``2 rows``."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
