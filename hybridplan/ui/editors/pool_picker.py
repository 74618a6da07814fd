"""Add a pool from the catalogue: cloud, region, SKU, purchase option, with price, source and date in sight."""

from __future__ import annotations

import math

import pandas as pd
import streamlit as st

from hybridplan.io import catalogue
from hybridplan.ui.downloads import download_table
from hybridplan.ui.editors.catalogue_pools import PRICE_COLUMNS, add_pool
from hybridplan.ui.emphasis import main_button
from hybridplan.ui.messages import safe
from hybridplan.ui.session import slot, workspace

_LABELS = {
    "sku": "SKU",
    "purchase_option": "Purchase option",
    "term_years": "Term (years)",
    "instance_type": "Instance type",
    "accelerators_per_node": "Node size (accelerators)",
    "price_usd_per_accelerator_hour": "Price (USD per accelerator-hour)",
    "source": "Source",
    "as_of": "Date",
}


def pool_picker() -> None:
    """The picker; Add puts the pool, its site and the links that are known into the scenario, undoable."""
    found = _offers()
    if found is None:
        return
    st.dataframe(
        found[list(PRICE_COLUMNS)],
        hide_index=True,
        column_config=dict(_LABELS),
        placeholder="",
        alt="Prices in the catalogue",
    )
    download_table(found, "catalogue-prices")
    left, right = st.columns(2)
    row = left.selectbox(
        "Offer", range(len(found)), format_func=lambda position: _offer_text(found, position), key="picker:offer"
    )
    count = right.number_input(
        "Quota, or committed (accelerators)", value=8.0, min_value=0.0, format="%g", key="picker:count"
    )
    if st.button("Add pool", type=main_button(), icon=":material/add:", key="picker:add"):
        ws = workspace()
        offer = {str(key): value for key, value in found.iloc[row if row < len(found) else 0].to_dict().items()}
        added = add_pool(ws.document, offer, count)
        slot("picker:notes", list[str])[:] = [f"Added pool {added.pool}.", *added.notes]
        ws.commit(added.document, f"Add pool {added.pool} from the catalogue", rebuild=True)
    notes = slot("picker:notes", list[str])
    if notes:
        st.success("\n".join(f"- {safe(note)}" for note in notes), icon=":material/check:")


def _offers() -> pd.DataFrame | None:
    """The catalogue's prices for the chosen provider, region and SKU; None before the choice is complete."""
    first, second, third = st.columns(3)
    every = catalogue.prices()
    providers = sorted(set(every["provider"]), key=lambda name: (name not in ("aws", "azure", "gcp"), name))
    provider = first.selectbox("Cloud", providers, key="picker:provider")
    regions = sorted(set(every.loc[every["provider"] == provider, "region"]))
    places = catalogue.regions().set_index(["provider", "region"])["location"].to_dict()
    region = second.selectbox(
        "Region",
        regions,
        format_func=lambda name: f"{name} ({place})" if (place := places.get((provider, name))) else name,
        key=f"picker:region:{provider}",
    )
    here = every[(every["provider"] == provider) & (every["region"] == region)]
    sku = third.selectbox("SKU", sorted(set(here["sku"])), key=f"picker:sku:{provider}:{region}")
    found = here[here["sku"] == sku].sort_values("price_usd_per_accelerator_hour", kind="stable")
    return found.reset_index(drop=True) if len(found) else None


def _offer_text(found: pd.DataFrame, position: int) -> str:
    row = found.iloc[position if position < len(found) else 0]
    years = float(row["term_years"])
    term = f" {years:g} y" if math.isfinite(years) else ""
    price = float(row["price_usd_per_accelerator_hour"])
    option = str(row["purchase_option"]).replace("_", " ")
    return f"{option}{term}, {row['instance_type']}: {price:.4g} USD per accelerator-hour ({row['as_of']})"
