"""The editable tables of sites, pools and links, and the price and rate views of the same records."""

from __future__ import annotations

from typing import Final

from hybridplan.ui.editors.attributes import of_links, of_places
from hybridplan.ui.editors.columns import SCALAR, AutoId, Column, Table, picked, view_of

ID_HINT: Final = "A short id that never changes meaning: letters, digits and . _ : > - only."
DATE_HINT: Final = "YYYY-MM-DD"
ZONE_HINT: Final = "What shares a failure, e.g. an availability zone or a power grid. Empty: none."

SITES: Final = Table(
    "sites",
    "Sites",
    "site",
    ("sites", "*"),
    (
        Column("id", "Id", "key", ID_HINT),
        Column("name", "Name", hint="What people call the place."),
        Column("kind", "Kind", "choice", "Own, rented, or at the edge.", ("private", "public", "edge")),
        Column("provider", "Provider", hint="Who runs it. Provider discounts go by this name."),
        Column("region", "Region", hint="The provider's own name of the region."),
        Column("jurisdiction", "Jurisdiction", hint="Whose law applies: an ISO 3166 code such as DE."),
        Column("zone", "Zone", hint=ZONE_HINT, basic=False),
        Column(
            "attributes",
            "Attributes",
            "list",
            "What the site offers: pick standard names, or type others. Work may require them.",
            offered=of_places,
        ),
        Column(
            "pue", "PUE (facility power / IT power)", "number", "1 to 5; 1 adds no overhead.", basic=False, default=1
        ),
        Column(
            "electricity_usd_per_kwh",
            "Electricity (USD per kWh)",
            "number",
            "Needed where a pool pays its energy apart.",
            basic=False,
        ),
        Column(
            "grid_carbon_g_per_kwh",
            "Grid carbon (g CO2e per kWh)",
            "number",
            "Location-based yearly average.",
            basic=False,
        ),
        Column(
            "storage_usd_per_gb_month",
            "Storage (USD per GB and month)",
            "number",
            "Needed where copies of datasets or results are kept; 23 USD per TB are 0.023.",
            basic=False,
        ),
        Column(
            "it_power_limit_kw",
            "Power at most (kW of IT)",
            "number",
            "Of all pools here together, before PUE. Empty: not limited.",
            basic=False,
        ),
        Column(
            "rack_units_limit",
            "Space at most (rack units)",
            "number",
            "Of owned accelerators, kept and bought. Empty: not limited.",
            basic=False,
        ),
        Column("rates_source", "Source of these rates", hint="Of PUE, electricity, carbon, storage.", basic=False),
        Column("rates_date", "Date of these rates", hint=DATE_HINT, basic=False),
        Column("notes", "Notes", basic=False),
    ),
)

GROWING: Final = (
    Column(
        "can_power_down",
        "May power down",
        "flag",
        "Owned pools only. On: what is not needed is switched off and draws no power. Off: all of it is always on.",
        default=False,
    ),
    Column(
        "lead_time_hours",
        "Lead time (hours)",
        "number",
        "From ordering an accelerator until work runs on it; billed from the order. 15 minutes are 0.25.",
        default=0,
    ),
    Column(
        "ramp_up_accelerators_per_hour",
        "Ramp up (accelerators per hour)",
        "number",
        "What is provisioned grows by at most this. Empty: by any number at once.",
    ),
    Column(
        "ramp_down_accelerators_per_hour",
        "Ramp down (accelerators per hour)",
        "number",
        "It shrinks by at most this. Empty: by any number at once.",
    ),
    Column(
        "min_provisioned_accelerators",
        "At least (accelerators)",
        "number",
        "Provisioned in every period, fewer only where fewer are up.",
        default=0,
    ),
    Column(
        "min_busy_share",
        "At least busy (share, 0 to 1)",
        "share",
        "What is provisioned must be at least this busy; 30% or 0.3.",
        default=0,
    ),
    Column("min_on_hours", "Stays on at least (hours)", "number", "Once started.", default=0),
    Column("start_usd_per_node", "Start (USD per node)", "number", "Paid whenever a node is started.", default=0),
    Column(
        "initial_provisioned_accelerators",
        "On before the start (accelerators)",
        "number",
        "Before the first block. Empty: each block follows its own end, as a week follows a week.",
    ),
)
"""How a pool grows and shrinks over time: in a table of its own."""

POOLS: Final = Table(
    "pools",
    "Pools",
    "pool",
    ("pools", "*"),
    (
        Column("id", "Id", "key", ID_HINT),
        Column("site", "Site", "choice", "Where the accelerators stand.", section="sites"),
        Column("sku", "SKU", hint="Accelerator type, as in the throughput table: H100, A100-80GB, L4."),
        Column(
            "purchase_option",
            "Purchase option",
            "choice",
            "owned: installed here. reserved: capacity and fee stand on commitments. on_demand, interruptible (spot): "
            "billed on what is provisioned.",
            ("owned", "reserved", "on_demand", "interruptible"),
        ),
        Column(
            "capacity_accelerators",
            "Capacity (accelerators)",
            "number",
            "Owned: installed. Rented: quota. Reserved: 0, since commitments bring the capacity.",
        ),
        Column(
            "price_usd_per_accelerator_hour",
            "List price (USD per accelerator-hour)",
            "number",
            "Before any discount. Owned: the yearly cost spread over all hours. Reserved: 0.",
        ),
        Column("discount_share", "Own discount (share, 0 to 1)", "share", "Overrides the provider's; 5% or 0.05."),
        Column("held_back_share", "Held back (share, 0 to 1)", "share", "Kept free as headroom; below 1.", default=0),
        Column(
            "accelerators_per_node",
            "Node size (accelerators)",
            "number",
            "Whole nodes are shown in these steps.",
            default=1,
        ),
        Column(
            "whole_nodes",
            "Whole nodes only",
            "flag",
            "On: provisioned (or kept, where owned and always on) in whole nodes. Off: parts of a node count too.",
            basic=False,
            default=False,
        ),
        Column(
            "interconnect",
            "Interconnect",
            hint="How its accelerators talk to each other, e.g. nvlink or infiniband: picks the scaling points.",
            basic=False,
        ),
        Column("name", "Name"),
        Column("price_source", "Price source", hint="Where the price comes from."),
        Column("price_date", "Price date", hint=DATE_HINT),
        Column(
            "price_includes_energy",
            "Price includes energy",
            "flag",
            "Off: energy is paid apart, at the electricity price of the pool or its site.",
            basic=False,
            default=True,
        ),
        Column(
            "electricity_usd_per_kwh",
            "Own electricity price (USD per kWh)",
            "number",
            "Overrides the site's.",
            basic=False,
        ),
        Column(
            "owned_cost",
            "Owned cost",
            "choice",
            "sunk: paid whatever is decided. avoidable: paid on what is kept.",
            ("sunk", "avoidable"),
            basic=False,
            default="sunk",
        ),
        Column(
            "busy_kw",
            "Busy power (kW per accelerator)",
            "number",
            "At the wall with its share of the host, before PUE.",
            basic=False,
            default=0,
        ),
        Column("idle_kw", "Idle power (kW per accelerator)", "number", "At the wall.", basic=False, default=0),
        Column(
            "efficiency",
            "Efficiency (share, 0 to 1)",
            "share",
            "Share of the nominal throughput that this pool reaches.",
            basic=False,
            default=1,
        ),
        Column(
            "interruptions_per_hour",
            "Interruptions (per accelerator-hour)",
            "number",
            "Interruptible pools only.",
            basic=False,
            default=0,
        ),
        Column(
            "attributes", "Attributes", "list", "What the pool offers beyond its site.", offered=of_places, basic=False
        ),
        Column("zone", "Own zone", hint="Where it differs from the zone of its site.", basic=False),
        Column("unit", "Unit counted", hint="accelerator, or e.g. vCPU.", basic=False, default="accelerator"),
        Column("notes", "Notes", basic=False),
    ),
    elsewhere=(
        "up_share",
        "retires",
        "rack_units_per_accelerator",
        "tier_basis",
        "tier_form",
        "price_tiers",
        *(column.field for column in GROWING),
    ),
)

LINKS: Final = Table(
    "links",
    "Links",
    "link",
    ("links", "*"),
    (
        Column("id", "Id", "key", "Left empty: from>to.", basic=False),
        Column("from_site", "From site", "choice", "One row per direction.", section="sites"),
        Column("to_site", "To site", "choice", section="sites"),
        Column("round_trip_ms", "Round trip (ms)", "number"),
        Column("usd_per_gb", "Transfer price (USD per GB)", "number", default=0),
        Column("gbps", "Bandwidth (Gbit/s)", "number", "Empty: not limited."),
        Column(
            "usd_per_hour",
            "Fixed price (USD per hour)",
            "number",
            "Of the link as it is, e.g. a VPN; paid in every hour.",
            basic=False,
            default=0,
        ),
        Column(
            "attributes",
            "Attributes",
            "list",
            "What the link offers, e.g. encryption_in_transit. Work and datasets may require it.",
            offered=of_links,
            basic=False,
        ),
        Column("source", "Source"),
        Column("as_of", "Date", hint=DATE_HINT),
        Column("notes", "Notes", basic=False),
    ),
    auto_id=AutoId(fields=("from_site", "to_site")),
    elsewhere=("max_private_gbps", "private_usd_per_gbps_hour", "private_usd_per_hour", "private_usd_per_gb"),
)

DISCOUNTS: Final = Table(
    "discounts",
    "Discounts by provider",
    "discount",
    ("policy", "provider_discount_share", "*"),
    (
        Column("provider", "Provider", "key", "As written in the table of sites."),
        Column(SCALAR, "Discount on list prices (share, 0 to 1)", "share", "5% or 0.05; a pool's own goes first."),
    ),
)

RATES: Final = view_of(
    SITES,
    "rates",
    "Rates by site",
    ("id",),
    picked(
        SITES,
        "electricity_usd_per_kwh",
        "pue",
        "grid_carbon_g_per_kwh",
        "storage_usd_per_gb_month",
        "rates_source",
        "rates_date",
    ),
)

PRICES: Final = view_of(
    POOLS,
    "prices",
    "Prices by pool",
    ("id",),
    picked(POOLS, "price_usd_per_accelerator_hour", "discount_share", "price_source", "price_date"),
)

GROWTH: Final = view_of(POOLS, "growth", "Growing and shrinking", ("id", "purchase_option"), GROWING)
