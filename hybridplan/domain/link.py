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
    usd_per_hour: NonNegative = 0.0
    """Fixed price of the link as it is (a VPN, a direct connection), paid in every hour."""
    max_private_gbps: NonNegative = 0.0
    """Bandwidth of a private line beside it that may be bought, one number for the whole horizon; 0: none on offer."""
    private_usd_per_gbps_hour: NonNegative = 0.0
    private_usd_per_hour: NonNegative = 0.0
    """Fixed price of the private line, paid in every hour once any of it is bought."""
    private_usd_per_gb: NonNegative | None = None
    """Price of data on the private line; absent: that of the link."""
    attributes: tuple[Identifier, ...] = ()
    """What it offers, e.g. encryption_in_transit."""
    source: Text = ""
    as_of: Date | None = None
    notes: Text = ""
