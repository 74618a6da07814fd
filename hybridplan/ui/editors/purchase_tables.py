"""The editable tables of what is or may be committed and bought: commitments of both kinds, expansions, price tiers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from hybridplan.ui.editors.columns import SCALAR, AutoId, Column, Table, picked, view_of
from hybridplan.ui.editors.inventory_tables import DATE_HINT, ID_HINT, POOLS

_TIME: Final = "e.g. 2027-01-01T00:00+01:00; without an offset, the time zone of the horizon is taken."
_TERM: Final = (
    Column(
        "starts",
        "From",
        "time",
        f"It runs in blocks that start then or later: {_TIME} Empty: from the beginning.",
        basic=False,
        width="medium",
    ),
    Column(
        "ends",
        "Until",
        "time",
        f"It no longer runs in blocks that start then or later: {_TIME} Empty: to the end.",
        width="medium",
    ),
    Column(
        "term_years",
        "Term (years)",
        "number",
        "How long it is signed for; 36 months are 3. Matters only for what is billed when.",
        basic=False,
    ),
    Column(
        "upfront_share",
        "Paid at the start (share, 0 to 1)",
        "share",
        "Of all payments of the term; the rest is billed by the hour. Changes bills, not the cost.",
        basic=False,
        default=0,
    ),
)
_SOURCE: Final = (
    Column("price_source", "Price source", basic=False),
    Column("price_date", "Price date", hint=DATE_HINT, basic=False),
    Column("notes", "Notes", basic=False),
)

COMMITMENTS: Final = Table(
    "commitments",
    "Commitments",
    "commitment",
    ("commitments", "*"),
    (
        Column("id", "Id", "key", ID_HINT),
        Column("name", "Name"),
        Column("pool", "Reserved pool", "choice", "The pool that it backs.", section="pools"),
        Column("accelerators", "Committed (accelerators)", "number", "Signed already: paid in any case.", default=0),
        Column(
            "fee_usd_per_accelerator_hour",
            "Fee (USD per accelerator-hour)",
            "number",
            "Paid in every hour, used or not: all payments of the term spread over its hours.",
        ),
        Column(
            "max_new_accelerators",
            "New at most (accelerators)",
            "number",
            "How many more may be committed; the plan chooses one number for all blocks. 0: none.",
            default=0,
        ),
        Column("min_new_accelerators", "New at least (accelerators)", "number", "As agreed.", basic=False, default=0),
        *_TERM,
        Column("price_source", "Fee source"),
        Column("price_date", "Fee date", hint=DATE_HINT),
        Column("notes", "Notes", basic=False),
    ),
)

FEES: Final = view_of(
    COMMITMENTS,
    "fees",
    "Fees by commitment",
    ("id",),
    picked(COMMITMENTS, "fee_usd_per_accelerator_hour", "price_source", "price_date"),
)

SPEND: Final = Table(
    "spend_commitments",
    "Spend commitments",
    "spend commitment",
    ("spend_commitments", "*"),
    (
        Column("id", "Id", "key", ID_HINT),
        Column("name", "Name"),
        Column(
            "usd_per_hour",
            "Committed (USD per hour)",
            "number",
            "Signed already: paid in every hour. What is not spent in an hour is lost.",
            default=0,
        ),
        Column(
            "max_new_usd_per_hour",
            "New at most (USD per hour)",
            "number",
            "How much more may be committed; the plan chooses one amount for all blocks. 0: none.",
            default=0,
        ),
        Column("min_new_usd_per_hour", "New at least (USD per hour)", "number", "As agreed.", basic=False, default=0),
        *_TERM,
        *_SOURCE,
    ),
    elsewhere=("rates_usd_per_accelerator_hour",),
)

SPEND_RATES: Final = Table(
    "spend_rates",
    "Rates of spend commitments",
    "rate",
    ("spend_commitments", "*", "rates_usd_per_accelerator_hour", "*"),
    (
        Column("commitment", "Spend commitment", "key", section="spend_commitments"),
        Column("pool", "On-demand pool", "key", "A pool that it covers; it must have no price tiers.", section="pools"),
        Column(
            SCALAR,
            "Rate (USD per accelerator-hour)",
            "number",
            "What one covered accelerator takes of the commitment in an hour, in place of its on-demand price.",
        ),
    ),
)

EXPANSIONS: Final = Table(
    "expansions",
    "Purchases",
    "purchase",
    ("expansions", "*"),
    (
        Column("id", "Id", "key", ID_HINT),
        Column("name", "Name"),
        Column("pool", "Owned pool", "choice", "The pool that grows.", section="pools"),
        Column(
            "max_accelerators",
            "At most (accelerators)",
            "number",
            "The plan chooses one number for all blocks; in whole nodes where the pool counts them.",
        ),
        Column("min_accelerators", "At least (accelerators)", "number", basic=False, default=0),
        Column(
            "capex_usd_per_accelerator",
            "Purchase price (USD per accelerator)",
            "number",
            "With its share of node, rack and network. Paid back over its life, used or not.",
        ),
        Column(
            "lead_time_blocks",
            "Arrives after (blocks)",
            "number",
            "0: there from the first block. 1: from the second block on.",
            default=0,
        ),
        Column("life_years", "Life (years)", "number", "Empty: that of the assumptions."),
        Column(
            "interest_rate",
            "Interest (share per year)",
            "share",
            "8% or 0.08. Empty: that of the assumptions.",
            basic=False,
        ),
        Column(
            "salvage_share",
            "Left at the end (share, 0 to 1)",
            "share",
            "What it sells for, of the purchase price. Empty: that of the assumptions.",
            basic=False,
        ),
        Column(
            "staff_usd_per_accelerator_year",
            "Staff (USD per accelerator and year)",
            "number",
            basic=False,
            default=0,
        ),
        Column(
            "space_usd_per_accelerator_year",
            "Space (USD per accelerator and year)",
            "number",
            "Racks and floor, without energy.",
            basic=False,
            default=0,
        ),
        *_SOURCE,
    ),
)


def _is_owned(record: Any) -> bool:
    """Owned pools, and others that have a value here, so that no value is out of reach."""
    return isinstance(record, Mapping) and (
        record.get("purchase_option") == "owned" or bool({"retires", "rack_units_per_accelerator"} & set(record))
    )


def _is_rented(record: Any) -> bool:
    """Rented pools, and others that have tiers all the same."""
    return isinstance(record, Mapping) and (
        record.get("purchase_option") in ("on_demand", "interruptible")
        or bool({"tier_form", "tier_basis"} & set(record))
    )


HARDWARE: Final = view_of(
    POOLS,
    "hardware",
    "Retirement and space",
    ("id", "capacity_accelerators"),
    (
        *picked(POOLS, "owned_cost"),
        Column(
            "retires",
            "Retires",
            "time",
            f"Gone, and no longer paid, in blocks that start then or later: {_TIME} Empty: stays.",
            width="medium",
        ),
        Column(
            "rack_units_per_accelerator",
            "Space (rack units per accelerator)",
            "number",
            "An 8-way server of 8 rack units: 1. Counts toward the limit of its site.",
            default=0,
        ),
    ),
    only=_is_owned,
    repeated=("owned_cost",),
)

TIER_TERMS: Final = view_of(
    POOLS,
    "tier_terms",
    "How tiers count",
    ("id", "price_usd_per_accelerator_hour"),
    (
        Column(
            "tier_basis",
            "Quantity counted over",
            "choice",
            "The whole horizon: accelerator-hours over all that is planned. Each hour: accelerators in each period by "
            "itself. In files: horizon, hour.",
            ("hour", "horizon"),
            (("hour", "each hour"), ("horizon", "the whole horizon")),
            default="horizon",
        ),
        Column(
            "tier_form",
            "Price of a tier holds for",
            "choice",
            "What lies in it: each tier has its own price. All, once reached: the price of the tier reached holds for "
            "all. In files: graduated, volume.",
            ("graduated", "volume"),
            (("graduated", "what lies in it"), ("volume", "all, once reached")),
            default="graduated",
        ),
    ),
    only=_is_rented,
)

TIERS: Final = Table(
    "price_tiers",
    "Price tiers",
    "tier",
    ("pools", "*", "price_tiers", "*"),
    (
        Column("pool", "Rented pool", "key", "On demand or interruptible.", section="pools"),
        Column("tier", "Id", "key", "Left empty: numbered.", basic=False),
        Column(
            "from_quantity",
            "From (accelerators or accelerator-hours)",
            "number",
            "Where it begins: accelerators in an hour, or accelerator-hours over the horizon; see the table above.",
        ),
        Column(
            "usd_per_accelerator_hour",
            "List price from there (USD per accelerator-hour)",
            "number",
            "Before discounts. Below the first tier the pool's own list price holds.",
        ),
    ),
    auto_id=AutoId(prefix="t"),
)
