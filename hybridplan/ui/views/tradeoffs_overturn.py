"""The price at which the plan no longer takes an offer, by re-solves: part of What to buy on Trade-offs."""

from __future__ import annotations

from typing import Final

import streamlit as st

from hybridplan.analysis import format as fmt
from hybridplan.analysis import labels
from hybridplan.analysis.sensitivity.paths import describe
from hybridplan.analysis.sentences import break_even as turning
from hybridplan.domain import Scenario
from hybridplan.io.workbook_inputs import join
from hybridplan.ui import studying
from hybridplan.ui.messages import safe
from hybridplan.ui.views import parts

_RANGE: Final = (0.25, 5.0)
"""Prices that are looked at, as factors on the price as it is."""
_CLOSE: Final = 0.005
"""Width of the bracket that is left, as a share of the price as it is."""


def show(scenario: Scenario) -> None:
    """Choose an offer and look for its price; nothing where no offer has a single price."""
    paths = _prices(scenario)
    if not paths:
        return
    st.header("Up to which price is an offer taken?", anchor=False)
    parts.paragraph(
        "The figures above leave the rest of the plan as it is. Here the whole plan is solved anew at other prices of "
        "one offer, to find the price above which it takes none."
    )
    names = labels.offers(scenario)
    left = [name for offer, name in names.items() if offer not in paths]
    if left:
        st.caption(safe(f"Not in the list, as there is no single price to change: {fmt.shortened(left)}."))
    chosen = st.selectbox("Offer", list(paths), format_func=names.__getitem__, key="overturn:offer")
    field = describe(scenario, paths.get(chosen) or next(iter(paths.values())))
    now = field.value or 0.0
    options = {
        "path": field.path,
        "start": now * _RANGE[0],
        "stop": now * _RANGE[1],
        "outcome": {"kind": "purchased", "record": chosen},
        "tolerance": now * _CLOSE,
    }
    found = studying.run("break_even", scenario, options, key="overturn", label="Look for the price")
    if found is None:
        return
    first, *rest = turning.summary(found, scenario)
    (st.success if found.value is not None else st.info)(safe(f"{field.label}: {first}"), icon=":material/swap_vert:")
    parts.bullets(rest)


def _prices(scenario: Scenario) -> dict[str, str]:
    """Path of the price of each offer that has one price above 0, by ``kind/id``."""
    found = {}
    for offer in labels.offers(scenario):
        kind, _, key = offer.partition("/")
        if kind == "commitment" and scenario.commitments[key].fee_usd_per_accelerator_hour > 0:
            found[offer] = join(("commitments", key, "fee_usd_per_accelerator_hour"))
        elif kind == "expansion" and scenario.expansions[key].capex_usd_per_accelerator > 0:
            found[offer] = join(("expansions", key, "capex_usd_per_accelerator"))
        elif kind == "private_line" and scenario.links[key].private_usd_per_gbps_hour > 0:
            found[offer] = join(("links", key, "private_usd_per_gbps_hour"))
        elif kind == "spend_commitment":
            rates = scenario.spend_commitments[key].rates_usd_per_accelerator_hour
            if len(rates) == 1:
                found[offer] = join(("spend_commitments", key, "rates_usd_per_accelerator_hour", next(iter(rates))))
    return found
