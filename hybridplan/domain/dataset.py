"""Datasets: data with a home, a size, a rate of change, and copies."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from hybridplan.domain.record import Identifier, NonNegative, Positive, Record, Text
from hybridplan.domain.site import Apart


class Copy(Record):
    """A copy of a dataset at a site other than its home."""

    state: Literal["present", "planned", "choosable"] = "choosable"
    """present: is there already; planned: is made; choosable: is made where the plan gains by it."""


class Dataset(Record):
    """Data that workloads need at the site where they run. Every copy costs storage and is kept in sync with home."""

    name: Text = ""
    home_site: Identifier
    size_gb: Positive
    change_gb_per_hour: NonNegative = 0.0
    """What changes in an hour and must reach every copy in that hour."""
    copies: dict[Identifier, Copy] = Field(default_factory=dict)
    """By site."""
    min_copies: Annotated[int, Field(ge=1, le=100)] = 1
    """At least so many copies, home included, in different failure domains."""
    copies_apart: Apart = "site"
    """What two of these copies must not share; a site without a zone cannot be told apart by it."""
    relay_sites: tuple[Identifier, ...] = ()
    """Sites through which it may pass on its way to a copy; sites that hold a copy may always pass it on."""
    first_copy_gbps: Positive | None = None
    """Bandwidth kept for a first copy while it is made; absent: all of the direct link from home, so that nothing else
    fits there meanwhile."""
    allowed_jurisdictions: tuple[Identifier, ...] = ()
    """Residency: where copies and relays may stand; empty: anywhere."""
    required_attributes: tuple[Identifier, ...] = ()
    """What every site with a copy, and every relay, must offer."""
    required_link_attributes: tuple[Identifier, ...] = ()
    """What every link on the way to a copy must offer, e.g. encryption_in_transit."""
    notes: Text = ""
