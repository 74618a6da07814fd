"""What owned accelerators cost per hour: from purchase price, yearly cost and finance, put into an owned pool."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

import streamlit as st
from pydantic import ValidationError
from pydantic_core import to_json

from hybridplan.domain import Finance
from hybridplan.domain.prices import owned_price_usd_per_hour
from hybridplan.ui.editors.fields import with_value
from hybridplan.ui.editors.rows import Document, section
from hybridplan.ui.messages import safe
from hybridplan.ui.session import workspace

_FORMULA: Final = (
    # One fraction a line: on a narrow screen two in one paragraph run into each other.
    "\n\n"
    r"$\dfrac{\text{annuity}(C, r, n, s) + \text{yearly cost}}{8760}$ with annuity"
    "\n\n"
    r"$\dfrac{r\,(C - sC(1+r)^{-n})}{1 - (1+r)^{-n}}$"
    "\n\n"
    r"for purchase price $C$, interest $r$, "
    r"life $n$ years, salvage share $s$"
)


def owned_price_calculator() -> None:
    """The calculator; its result is put into the chosen owned pool by a button, undoable."""
    ws = workspace()
    try:
        finance = Finance.model_validate_json(to_json(section(ws.document, "finance")), strict=True)
    except ValidationError:
        st.warning("Mend the finance fields above first.", icon=":material/warning:")
        return
    left, right = st.columns(2)
    capex = left.number_input(
        "Purchase price (USD per accelerator, with its share of node and network)",
        value=33_000.0,
        min_value=0.0,
        format="%g",
        key="capex",
        persist_state="session",
    )
    yearly = right.number_input(
        "Yearly cost (USD per accelerator: staff, space, support)",
        value=3_000.0,
        min_value=0.0,
        format="%g",
        key="yearly",
        persist_state="session",
    )
    price = owned_price_usd_per_hour(capex, finance.interest_rate, finance.life_years, finance.salvage_share, yearly)
    st.metric("Owned price (USD per accelerator-hour)", f"{price:.3g}")
    st.caption(f"Paid in every hour, used or not: {_FORMULA}.")
    pools = section(ws.document, "pools")
    owned = [key for key, pool in pools.items() if isinstance(pool, dict) and pool.get("purchase_option") == "owned"]
    if ws.read_only:
        return
    if not owned:
        st.info("There is no owned pool to put it into.", icon=":material/info:")
        return
    pool = st.selectbox("Owned pool", owned, key="capex-pool")
    if st.button(safe(f"Put {price:.4g} USD per accelerator-hour into {pool}"), key="capex-apply"):
        basis = (
            f"calculated: {capex:,.0f} USD each, interest {finance.interest_rate:.3g}, {finance.life_years:g} years, "
            f"salvage share {finance.salvage_share:g}, {yearly:,.0f} USD a year"
        )
        ws.commit(_with_price(ws.document, pool, price, basis), f"Set owned price of {pool}", rebuild=True)


def _with_price(document: Document, pool: str, price: float, basis: str) -> Document:
    today = datetime.now(UTC).date().isoformat()
    fields = {
        "price_usd_per_accelerator_hour": float(f"{price:.6g}"),
        "price_source": basis[:200],
        "price_date": today,
    }
    for field, value in fields.items():
        document = with_value(document, ("pools", pool, field), value)
    return document
