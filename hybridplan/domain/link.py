"""Links: directed pairs of sites."""

from __future__ import annotations

from hybridplan.domain.record import Date, Identifier, NonNegative, Positive, Record, Text


class Link(Record):
    """A directed pair of sites. Within a site traffic is free, instant and unlimited; no link, no route."""

    from_site: Identifier
    to_site: Identifier
    round_trip_ms: NonNegative
    usd_per_gb: NonNegative = 0.0
    gbps: Positive | None = None
    """Bandwidth in decimal gigabits per second; absent: not limited."""
    source: Text = ""
    as_of: Date | None = None
    notes: Text = ""
