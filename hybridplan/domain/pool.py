"""Resource pools: interchangeable accelerators of one SKU at one site under one purchase option."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AwareDatetime, Field

from hybridplan.domain.record import (
    Date,
    Identifier,
    NonNegative,
    Positive,
    Profile,
    Record,
    Share,
    ShareBelowOne,
    Text,
)

PurchaseOption = Literal["owned", "reserved", "on_demand", "interruptible"]
OwnedCost = Literal["sunk", "avoidable"]


class PriceTier(Record):
    """A lower (or higher) list price from some quantity on."""

    from_quantity: Positive
    """Where it begins: accelerators provisioned in a period (per hour), or accelerator-hours over the horizon."""
    usd_per_accelerator_hour: NonNegative


class Pool(Record):
    """Interchangeable units of one SKU at one site under one purchase option.

    ``price_usd_per_accelerator_hour`` is the list price. What it is charged on depends on the purchase option:
    on_demand and interruptible: accelerators provisioned; owned: accelerators kept, in every hour;
    reserved: must be 0 (the fee stands on the commitment).
    """

    name: Text = ""
    site: Identifier
    zone: Identifier | None = None
    """What it shares a failure with inside or across sites; absent: the zone of its site."""
    sku: Identifier
    unit: Identifier = "accelerator"
    """What is counted; a CPU pool may say vCPU. Field names keep saying accelerators."""
    purchase_option: PurchaseOption
    capacity_accelerators: NonNegative
    """Owned: installed. On demand, interruptible: quota. Reserved: must be 0 (capacity comes from commitments)."""
    price_usd_per_accelerator_hour: NonNegative
    price_tiers: dict[Identifier, PriceTier] = Field(default_factory=dict)
    """Rented pools: list prices from larger quantities on; ``price_usd_per_accelerator_hour`` holds from 0."""
    tier_form: Literal["graduated", "volume"] = "graduated"
    """graduated: each tier's price holds for what lies in it; volume: the price of the tier reached holds for all."""
    tier_basis: Literal["hour", "horizon"] = "horizon"
    """What the quantity is counted over: each period by itself, or the whole horizon."""
    discount_share: Share | None = None
    """Own discount on the list price; overrides the provider's discount of the policy."""
    price_includes_energy: bool = True
    """False: energy is charged apart, at ``electricity_usd_per_kwh`` of the pool or else of its site."""
    electricity_usd_per_kwh: NonNegative | None = None
    owned_cost: OwnedCost = "sunk"
    """Owned pools only: sunk is paid whatever is decided; avoidable is paid on what is kept."""
    retires: AwareDatetime | None = None
    """Owned pools: what is installed now is gone, and no longer paid, in every block that starts then or later."""
    rack_units_per_accelerator: NonNegative = 0.0
    """Owned pools: space that one installed accelerator takes of ``rack_units_limit`` of its site."""
    busy_kw: NonNegative = 0.0
    """Power of one busy accelerator at the wall with its share of the host, before PUE."""
    idle_kw: NonNegative = 0.0
    held_back_share: ShareBelowOne = 0.0
    efficiency: Annotated[float, Field(gt=0, le=1)] = 1.0
    """Share of a workload's nominal throughput that this pool reaches."""
    interruptions_per_hour: NonNegative = 0.0
    """Interruptible pools: expected interruptions of one accelerator per hour."""
    accelerators_per_node: Annotated[int, Field(ge=1, le=10_000)] = 1
    whole_nodes: bool = False
    """True: provisioned (owned pools that are always on: kept) in whole nodes of ``accelerators_per_node``."""
    interconnect: Identifier | None = None
    """How its accelerators talk to each other, e.g. nvlink or infiniband; picks the scaling points of a workload."""
    can_power_down: bool = False
    """Owned pools: what is not needed may be switched off and then draws no idle power; else all of it is on."""
    ramp_up_accelerators_per_hour: Positive | None = None
    """Most accelerators by which what is provisioned may grow in an hour; absent: any number."""
    ramp_down_accelerators_per_hour: Positive | None = None
    lead_time_hours: NonNegative = 0.0
    """Time from provisioning an accelerator (it is billed from then) until work can run on it."""
    min_provisioned_accelerators: NonNegative = 0.0
    """At least this many are provisioned in every period (fewer where fewer are up)."""
    min_busy_share: Share = 0.0
    """What is provisioned must be at least this busy."""
    min_on_hours: NonNegative = 0.0
    """What has been started stays provisioned at least this long."""
    start_usd_per_node: NonNegative = 0.0
    """Paid whenever a node of ``accelerators_per_node`` is started; parts of a node pay their part."""
    initial_provisioned_accelerators: NonNegative | None = None
    """Provisioned before the first block; absent: every block follows its own end, as a week follows a week."""
    up_share: dict[Identifier, Profile] = Field(default_factory=dict)
    """Per block: share of the capacity that is up in each period (maintenance); absent: 1."""
    attributes: tuple[Identifier, ...] = ()
    price_source: Text = ""
    price_date: Date | None = None
    notes: Text = ""
