"""What a person may say about a file that it does not say itself: controls of the preview, options of the command."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, get_args

from hybridplan.io.alignment import CHOICES, ShortTrace
from hybridplan.io.numbers import Decimal
from hybridplan.io.times import zone_fault

Kind = Literal["prices", "pools", "workloads", "links", "demand", "trace", "sites", "datasets", "contingencies"]
KINDS: tuple[Kind, ...] = get_args(Kind)


@dataclass(frozen=True)
class ImportOptions:
    """Answers to what a file leaves open. None: not said, so an assumption is taken and reported."""

    time_zone: str | None = None
    """IANA zone of times without offset. Assumed: UTC."""
    decimal: Decimal | None = None
    """Decimal sign. Assumed: '.'."""
    unit: str | None = None
    """What a trace counts: requests, input_tokens, output_tokens, tokens or accelerator-hours, as far as it says."""
    throughput: float | None = None
    """Traces of things in use (accelerators, nodes, instances): work units per hour of one of them. Assumed: 1."""
    mapping: Mapping[str, str] = field(default_factory=dict)
    """Our field -> column of the file, for files of no known form."""
    short_trace: ShortTrace | None = None
    """How a trace that is shorter than ``hours`` goes on; without it, it is rejected."""
    hours: int | None = None
    """Hours that a trace must cover: its rows are fitted to exactly so many."""
    workload: str | None = None
    """Id of the workload that a trace belongs to. Assumed: from the file name."""
    provider: str | None = None
    region: str | None = None
    site: str | None = None
    """Site of the pools that a node list becomes."""
    as_of: str | None = None
    """ISO date of the prices. Assumed: the date in the file name."""
    source: str | None = None
    """Assumed: the file name."""
    aliases: Mapping[str, str] = field(default_factory=dict)
    """Accelerator code of the file -> SKU, before the catalogue's aliases."""

    def faults(self) -> list[tuple[str, str, str]]:
        """Options that cannot be used: (name, value, reason)."""
        found = []
        if self.time_zone is not None and (fault := zone_fault(self.time_zone)):
            found.append(("time_zone", self.time_zone, fault))
        if self.decimal not in (None, ".", ","):
            found.append(("decimal", str(self.decimal), "is neither '.' nor ','"))
        if self.throughput is not None and not 0 < self.throughput < float("inf"):
            found.append(("throughput", str(self.throughput), "is not a positive number"))
        if self.short_trace is not None and self.short_trace not in CHOICES:
            found.append(("short_trace", str(self.short_trace), f"is none of {', '.join(CHOICES)}"))
        if self.hours is not None and not 0 < self.hours <= 100_000:
            found.append(("hours", str(self.hours), "is not a number of hours from 1 to 100,000"))
        if self.as_of is not None and not _is_date(self.as_of):
            found.append(("as_of", self.as_of, "is not a date like 2026-06-01"))
        return found


def _is_date(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
