"""Policy: rules and rates that hold for the whole scenario."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from hybridplan.domain.contingency import Contingency
from hybridplan.domain.record import Date, Identifier, NonNegative, Positive, Record, Share, Text


class Budget(Record):
    """All costs of the horizon, sunk included, penalties excluded, must not exceed ``usd``."""

    usd: NonNegative
    per: Literal["horizon", "year"] = "horizon"


class CarbonCap(Record):
    """Location-based carbon of the whole plan, rented pools and idle draw included, must not exceed ``tonnes``."""

    tonnes: NonNegative
    per: Literal["horizon", "year"] = "horizon"


class Balance(Record):
    """A penalty on uneven use of owned and committed pools."""

    form: Literal["largest", "squared"] = "largest"
    """largest: weight x utilisation of the fullest pool; squared: weight x sum over pools of busy^2 / installed."""
    weight_usd_per_hour: Positive
    """largest: USD per hour while the fullest pool is full; squared: per hour and accelerator of a full pool."""


class Policy(Record):
    """Rules and rates for the whole scenario."""

    budget: Budget | None = None
    owned_first: bool = False
    """Lexicographic: first least unserved penalty + paid to others, then least total."""
    carbon_usd_per_tonne: NonNegative = 0.0
    carbon_cap: CarbonCap | None = None
    provider_share_cap: Share | None = None
    """Largest share that any one provider of public or edge sites may carry, of what ``provider_share_of`` says."""
    provider_share_of: Literal["accelerator_hours", "rented_usd"] = "accelerator_hours"
    """accelerator_hours: of all busy accelerator-hours; what is owned, or stands at private sites, counts for no
    provider, but is part of all hours. rented_usd: of all usage and commitment costs of rented pools."""
    min_providers: Annotated[int, Field(ge=0, le=100)] = 0
    """At least so many providers of public or edge sites are used, each for
    ``provider_counts_from_accelerator_hours`` or more; 0: any number."""
    max_providers: Annotated[int, Field(ge=0, le=100)] | None = None
    """At most so many providers of public or edge sites are used; one is used when anything rented of it is
    provisioned; absent: any number."""
    provider_counts_from_accelerator_hours: Positive = 1.0
    """Rented accelerator-hours provisioned over the horizon from which a provider counts for ``min_providers``."""
    provider_fixed_usd_per_hour: dict[Identifier, NonNegative] = Field(default_factory=dict)
    """By provider of public or edge sites: what using it at all costs in every hour of the horizon (support contract,
    staff, reviews)."""
    contingencies: dict[Identifier, Contingency] = Field(default_factory=dict)
    """Single failures, one at a time, after which promised work is still served."""
    balance: Balance | None = None
    queue_form: Literal["exact", "tangents"] = "exact"
    """How curved terms are solved (price or cap on mean latency, squared balance): exact (cones), or by straight lines,
    which whole things need; the error of the lines is shown."""
    provider_discount_share: dict[Identifier, Share] = Field(default_factory=dict)
    """Discount on list prices by provider; a pool's own discount overrides it."""


class Finance(Record):
    """How a purchase becomes a price per accelerator-hour (annuity); used by the owned-price calculator."""

    interest_rate: Annotated[float, Field(ge=0, le=1)] = 0.08
    life_years: Positive = 4.0
    salvage_share: Share = 0.0
    """Share of the purchase price that remains at the end of life."""
    source: Text = ""
    as_of: Date | None = None


class DisplayCurrency(Record):
    """Pages show money in this currency; files stay in USD."""

    code: Annotated[str, Field(pattern=r"^[A-Z]{3}$")] = "USD"
    units_per_usd: Positive = 1.0
    source: Text = ""
    as_of: Date | None = None
