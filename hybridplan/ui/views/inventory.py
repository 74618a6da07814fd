"""Inventory: sites, pools, what may be committed or bought, links and data, with totals, the catalogue and imports."""

from __future__ import annotations

from typing import Final

import streamlit as st

from hybridplan.io.importing import Kind
from hybridplan.ui import session
from hybridplan.ui.editors import maintenance_table, overviews
from hybridplan.ui.editors.data_tables import COPIES, DATASETS, LINES
from hybridplan.ui.editors.inventory_tables import GROWTH, LINKS, POOLS, SITES
from hybridplan.ui.editors.maintenance_table import MAINTENANCE
from hybridplan.ui.editors.pool_picker import pool_picker
from hybridplan.ui.editors.profile_editor import misfit_notice, profile_editor
from hybridplan.ui.editors.purchase_tables import (
    COMMITMENTS,
    EXPANSIONS,
    HARDWARE,
    SPEND,
    SPEND_RATES,
    TIER_TERMS,
    TIERS,
)
from hybridplan.ui.editors.rows import section
from hybridplan.ui.editors.sections import drawer, table_drawer, table_section, tables_drawer
from hybridplan.ui.importing import import_panel
from hybridplan.ui.views.empty import first_steps
from hybridplan.ui.views.parts import Column, table

_KINDS: Final[tuple[Kind, ...]] = ("pools", "prices", "sites", "links", "datasets")
_TOTALS: Final = {
    "site": Column("Site"),
    "sku": Column("SKU"),
    "owned": Column("Owned (accelerators)", "%g"),
    "committed": Column("Committed (accelerators)", "%g"),
    "on_demand": Column("On-demand quota (accelerators)", "%g"),
    "interruptible": Column("Interruptible quota (accelerators)", "%g"),
}


def show() -> None:
    """The page."""
    ws = session.workspace()
    if not section(ws.document, "pools"):
        first_steps("There is no pool yet, so nothing can be served. Load the demo, add a pool, or import a file.")
    if not ws.read_only:
        drawer("Import a file", ":material/upload_file:", lambda: import_panel(_KINDS))
        drawer("Add a pool from the catalogue", ":material/add_circle:", pool_picker)
        st.caption(
            "Type or paste into the tables; a paste may run past the last row. Cells with a list take only what is in "
            "it. Whatever you type is kept; what cannot be used is listed below its table."
        )
    _totals()
    table_section(SITES, empty="There is no site yet: add the places where accelerators stand or users sit.")
    table_section(POOLS, empty="There is no pool yet: add one from the catalogue, in the table, or by an import.")
    table_drawer(
        GROWTH,
        "Growing and shrinking: lead times, ramps, least amounts, starts",
        ":material/trending_up:",
        empty="There is no pool yet.",
        note="How what is provisioned may change over time. With nothing entered it follows the load at once. An owned "
        "pool that may not power down is always on.",
    )
    _purchases()
    _links_and_data()
    table_section(
        MAINTENANCE,
        empty="No maintenance is entered, so all of every pool is up all the time.",
        note="One row for each time in which not all of a pool is up, from the start of a period to the end of one.",
        lens=maintenance_table.lens(ws),
        found=lambda: maintenance_table.issues(ws, ws.issues),
    )
    drawer("Maintenance: share of a pool that is up, by hour", ":material/build:", _maintenance)


def _purchases() -> None:
    """What is committed and owned, and what may be."""
    tables_drawer(
        "Owned hardware: what may be bought, what retires, and space",
        ":material/memory:",
        _hardware,
        (EXPANSIONS, HARDWARE),
    )
    tables_drawer(
        "Price tiers: rented pools whose price changes with the quantity",
        ":material/stairs:",
        _tiers,
        (TIER_TERMS, TIERS),
    )
    table_section(
        COMMITMENTS,
        empty="There is no commitment. Reserved pools need one: it brings their capacity and their fee.",
        note="Signed already, or on offer: the plan takes as many new ones as pay for themselves, up to New at most.",
    )
    tables_drawer(
        "Spend commitments: USD per hour that cover on-demand pools at lower rates",
        ":material/savings:",
        _spend,
        (SPEND, SPEND_RATES),
    )


def _hardware() -> None:
    table_section(
        EXPANSIONS,
        empty="Nothing may be bought yet: name an owned pool that may grow.",
        note="The plan buys as many as pay for themselves, up to At most. From their arrival on they cost the same in "
        "every hour.",
    )
    table_section(
        HARDWARE,
        empty="There is no owned pool.",
        note="Limits of space and power stand in the table of sites (All fields).",
    )


def _tiers() -> None:
    table_section(
        TIER_TERMS, empty="There is no rented pool.", note="Counts only for pools that have a tier in the table below."
    )
    table_section(TIERS, empty="There is no tier, so one list price holds for any quantity.")


def _spend() -> None:
    table_section(
        SPEND,
        empty="There is no spend commitment (savings plan).",
        note="They add no capacity. What is not spent in an hour is lost.",
    )
    table_section(SPEND_RATES, empty="There is no rate: a spend commitment covers only pools that are listed here.")


def _data() -> None:
    table_section(
        DATASETS,
        empty="There is no dataset: add data that work must have at the site where it runs.",
        note="Which workload needs it: see Demand. Sites that hold a copy need a storage price (All fields).",
    )
    table_section(
        COPIES,
        empty="There is no copy, so work that needs a dataset runs at its home only.",
        note="Besides the one at home. Every copy costs storage, and what changes is sent to it.",
    )


def _links_and_data() -> None:
    table_section(
        LINKS,
        empty="There is no link, so work can only run where its users are.",
        note="One row per direction. Within a site traffic is free and instant; without a link there is no route.",
    )
    table_drawer(
        LINES,
        "Private lines: bandwidth that may be bought beside a link",
        ":material/cable:",
        empty="There is no link yet.",
        note="The plan takes as much of a line as pays for itself, and sends over it what is cheaper there or finds no "
        "room on the link.",
    )
    tables_drawer(
        "Datasets: data that work needs where it runs, and its copies", ":material/database:", _data, (DATASETS, COPIES)
    )


def _totals() -> None:
    found = overviews.capacity(session.workspace().document)
    if len(found):
        st.subheader("What each site provides", anchor=False)
        table(found, _TOTALS, "capacity-by-site")


def _maintenance() -> None:
    misfit_notice()
    pools = section(session.workspace().document, "pools")
    profile_editor(
        "up_share",
        {key: key for key in pools},
        label="Share that is up",
        question="How much of {name} is up?",
        unit_of=lambda _: "share, 0 to 1",
        empty="No maintenance is entered, so all of it is up all the time. Set every period to 1, then lower some.",
    )
