"""Sites: places with one provider, region and jurisdiction."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from hybridplan.domain.record import Date, Identifier, NonNegative, Positive, Record, Text

SiteKind = Literal["private", "public", "edge"]
Apart = Literal["site", "zone", "provider"]
"""What two places of the same data must not share: their failure domain."""


class Site(Record):
    """A place where accelerators stand or users sit."""

    name: Text = ""
    kind: SiteKind
    provider: Identifier
    region: Text = ""
    zone: Identifier | None = None
    """What the site as a whole shares a failure with, e.g. an availability zone or a power grid."""
    jurisdiction: Identifier
    """Country or area whose law applies, e.g. an ISO 3166 code such as DE."""
    pue: Annotated[float, Field(ge=1, le=5)] = 1.0
    """Power usage effectiveness: facility power / IT power."""
    electricity_usd_per_kwh: NonNegative | None = None
    grid_carbon_g_per_kwh: NonNegative | None = None
    """Location-based average, grams of CO2 equivalent per kWh."""
    storage_usd_per_gb_month: NonNegative | None = None
    """Price of keeping 1 GB for a month of 730 hours; needed where copies of datasets or results are kept."""
    it_power_limit_kw: Positive | None = None
    """Most IT power (before PUE) of all pools of the site in any period; absent: not limited."""
    rack_units_limit: Positive | None = None
    """Most rack units that owned accelerators, kept and bought, may take; absent: not limited."""
    attributes: tuple[Identifier, ...] = ()
    """What the site offers, e.g. encryption_in_use; pools add their own."""
    rates_source: Text = ""
    rates_date: Date | None = None
    notes: Text = ""


def failure_domain(site_id: str, site: Site, apart: Apart) -> str | None:
    """The failure domain of what a site keeps: itself, its zone, or its provider; None: its zone is not known.

    Zones of single pools say nothing here: data is kept by the site.
    """
    return {"site": site_id, "zone": site.zone, "provider": site.provider}[apart]
