"""Assumptions: prices and rates with source, date and age; finance, budget, caps, carbon and currency."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

import streamlit as st

from hybridplan.ui import session
from hybridplan.ui.editors import overviews
from hybridplan.ui.editors.columns import Column as Typed
from hybridplan.ui.editors.failure_tables import CONTINGENCIES, PROVIDER_PRICES
from hybridplan.ui.editors.fields import Field, draw, form
from hybridplan.ui.editors.inventory_tables import DISCOUNTS, PRICES, RATES
from hybridplan.ui.editors.owned_price import owned_price_calculator
from hybridplan.ui.editors.provider_fields import PROVIDER_NUMBER, PROVIDER_SHARE
from hybridplan.ui.editors.purchase_tables import FEES
from hybridplan.ui.editors.rows import section
from hybridplan.ui.editors.sections import drawer, issues_under, table_drawer, table_section
from hybridplan.ui.editors.usual_failures import usual_failures_button
from hybridplan.ui.importing import import_panel
from hybridplan.ui.messages import safe
from hybridplan.ui.views.parts import Column, table

_PRICE_TABLE: Final = {
    "check": Column("Check", help=f"Marked: no source or date, or older than {overviews.OLD_AFTER_DAYS} days."),
    "what": Column("Price of"),
    "record": Column("Record"),
    "list_price": Column("List price", "%.4g"),
    "unit": Column("Unit"),
    "discount_share": Column("Discount (share)", "%.3g"),
    "contracted_price": Column("Contracted price", "%.4g", help="List price less discount, in the same unit."),
    "as_of": Column("Date"),
    "age_days": Column("Age (days)", "%d"),
    "source": Column("Source"),
}
_POLICY: Final = (
    Field(
        ("policy", "budget", "usd"),
        Typed("usd", "Budget (USD)", "number", "All costs, sunk included, penalties excluded; empty: no budget."),
        whole=True,
    ),
    Field(
        ("policy", "budget", "per"),
        Typed("per", "Budget holds per", "choice", "Or what is planned.", ("horizon", "year"), default="horizon"),
    ),
    Field(
        ("policy", "carbon_usd_per_tonne"),
        Typed("carbon_usd_per_tonne", "Carbon price (USD per tonne CO2e)", "number", default=0),
    ),
)
_CAPS: Final = (
    Field(
        ("policy", "carbon_cap", "tonnes"),
        Typed(
            "tonnes",
            "Cap on carbon (tonnes CO2e)",
            "number",
            "Of the whole plan, rented pools and idle power included; empty: no cap. Pools without power or grid "
            "carbon count as 0.",
        ),
        whole=True,
    ),
    Field(
        ("policy", "carbon_cap", "per"),
        Typed(
            "per", "Cap on carbon holds per", "choice", "Or what is planned.", ("horizon", "year"), default="horizon"
        ),
    ),
)
_OF_TABLES: Final = ("policy.contingencies", "policy.provider_discount_share", "policy.provider_fixed_usd_per_hour")
_OF_PROVIDERS: Final = tuple(".".join(field.path) for field in (*PROVIDER_SHARE, *PROVIDER_NUMBER))
"""Issues that stand elsewhere on the page: below their table, and below the rules on providers."""
_BALANCE: Final = (
    Field(
        ("policy", "balance", "weight_usd_per_hour"),
        Typed(
            "weight_usd_per_hour",
            "Price of uneven use (USD per hour)",
            "number",
            "A penalty, no cost; empty: none. Fullest pool: per hour while it is full. Every pool: per hour and "
            "accelerator of a full pool.",
        ),
        whole=True,
    ),
    Field(
        ("policy", "balance", "form"),
        Typed(
            "form",
            "Uneven use is",
            "choice",
            "Counted over owned and committed pools.",
            ("largest", "squared"),
            (("largest", "how full the fullest pool is"), ("squared", "how full every pool is, squared")),
            default="largest",
        ),
    ),
)
_QUEUE_FORM: Final = Field(
    ("policy", "queue_form"),
    Typed(
        "queue_form",
        "Prices of waiting and uneven use are solved",
        "choice",
        "Concerns a price or cap on mean latency, and squared uneven use: these curves are taken as they are, or as "
        "straight lines. Whole nodes, gangs and one site need straight lines; their error is shown with the plan.",
        ("exact", "tangents"),
        (("exact", "exactly"), ("tangents", "by straight lines")),
        default="exact",
    ),
)
_OWNED_FIRST: Final = Field(
    ("policy", "owned_first"),
    Typed(
        "owned_first",
        "Use what is owned first",
        "flag",
        "Two steps: first the least that is left unserved or paid to others, then the least total cost.",
        default=False,
    ),
)
_FINANCE: Final = (
    Field(
        ("finance", "interest_rate"),
        Typed("interest_rate", "Interest (share per year)", "share", default=0.08),
    ),
    Field(("finance", "life_years"), Typed("life_years", "Life (years)", "number", default=4)),
    Field(
        ("finance", "salvage_share"),
        Typed("salvage_share", "Salvage (share of the purchase price)", "share", "Left at the end of life.", default=0),
    ),
    Field(("finance", "source"), Typed("source", "Source of these rates")),
    Field(("finance", "as_of"), Typed("as_of", "Date of these rates", hint="YYYY-MM-DD")),
)
_CURRENCY: Final = (
    Field(("display_currency", "code"), Typed("code", "Currency code", hint="Three letters, e.g. EUR.", default="USD")),
    Field(
        ("display_currency", "units_per_usd"),
        Typed("units_per_usd", "Rate (units per USD)", "number", "How much of it one US dollar buys.", default=1),
    ),
    Field(("display_currency", "source"), Typed("source", "Source of the rate")),
    Field(("display_currency", "as_of"), Typed("as_of", "Date of the rate", hint="YYYY-MM-DD")),
)


def show() -> None:
    """The page."""
    _prices()
    table_section(PRICES, empty="There is no pool yet: add one on Inventory.", note="List prices, before any discount.")
    table_section(FEES, empty="There is no commitment.")
    table_section(DISCOUNTS, empty="No provider gives a discount. Add a row to lower all its list prices by a share.")
    table_section(
        RATES,
        empty="There is no site yet: add one on Inventory.",
        note="Energy cost = PUE x electricity price x power at the wall. Carbon counts for rented pools too.",
    )
    st.subheader("Budget and policy", anchor=False)
    has_budget = "budget" in section(session.workspace().document, "policy")
    form(_POLICY if has_budget else (_POLICY[0], _POLICY[2]))
    has_cap = "carbon_cap" in section(session.workspace().document, "policy")
    form(_CAPS if has_cap else _CAPS[:1])
    has_balance = "balance" in section(session.workspace().document, "policy")
    form((*(_BALANCE if has_balance else _BALANCE[:1]), _QUEUE_FORM))
    draw(_OWNED_FIRST)
    st.caption("Owned first may cost more in total: it uses owned capacity even where renting would be cheaper.")
    issues_under("policy", title="Budget and policy", but=(*_OF_TABLES, *_OF_PROVIDERS))
    _providers()
    _failures()
    st.subheader("Finance", anchor=False)
    form(_FINANCE)
    issues_under("finance", title="Finance")
    drawer("What does an owned accelerator cost per hour?", ":material/calculate:", owned_price_calculator)
    st.subheader("Display currency", anchor=False)
    st.caption("Pages show money in this currency; files and inputs stay in US dollars.")
    form(_CURRENCY, columns=4)
    issues_under("display_currency", title="Display currency")


def _providers() -> None:
    st.subheader("Providers", anchor=False)
    policy = section(session.workspace().document, "policy")
    has_share = "provider_share_cap" in policy or "provider_share_of" in policy
    has_least = bool(policy.get("min_providers")) or "provider_counts_from_accelerator_hours" in policy
    form(PROVIDER_SHARE if has_share else PROVIDER_SHARE[:1])
    form(PROVIDER_NUMBER if has_least else PROVIDER_NUMBER[:2])
    issues_under(*_OF_PROVIDERS, title="Providers")
    table_drawer(
        PROVIDER_PRICES,
        "What using a provider at all costs",
        ":material/handshake:",
        empty="Using a provider costs nothing beside what is rented.",
        note="A plan pays it for every provider from which it rents anything.",
    )


def _failures() -> None:
    table_section(
        CONTINGENCIES,
        empty="No failure has to be survived. Add one, and give workloads a promised share on Demand.",
        note="One at a time: work with a promised share goes on without what fails. Resilience shows what that takes.",
    )
    usual_failures_button()
    if not session.workspace().read_only:
        drawer("Import failures to survive", ":material/upload_file:", lambda: import_panel(("contingencies",)))


def _prices() -> None:
    ws = session.workspace()
    found = overviews.prices(ws.document, ws.scenario, datetime.now(UTC).date())
    if found.empty:
        return
    st.subheader("Every price and where it comes from", anchor=False)
    doubtful = int((found["check"] != "ok").sum())
    if doubtful:
        old = f"older than {overviews.OLD_AFTER_DAYS} days"
        text = f"{doubtful} of {len(found)} prices have no source or date, or are {old}."
        st.warning(safe(text), icon=":material/history:")
    table(found, _PRICE_TABLE, "prices-and-sources", height=320)
