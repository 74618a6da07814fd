"""Recognised formats of vendors and public data sets, told by their header signature; one small module per family."""

from __future__ import annotations

from typing import Final

from hybridplan.io.vendor.bills import BILLS
from hybridplan.io.vendor.carbon import CARBON
from hybridplan.io.vendor.catalogue_list import CATALOGUE_LIST
from hybridplan.io.vendor.context import Context, Recogniser
from hybridplan.io.vendor.instance_prices import INSTANCE_PRICES
from hybridplan.io.vendor.inventory import NODE_LIST
from hybridplan.io.vendor.json_prices import JSON_PRICES
from hybridplan.io.vendor.network import NETWORK
from hybridplan.io.vendor.occupancy import OCCUPANCY
from hybridplan.io.vendor.rates import RATES
from hybridplan.io.vendor.refused import REFUSED
from hybridplan.io.vendor.traces import GENERATION_TRACE, REQUEST_TRACES

RECOGNISERS: Final[tuple[Recogniser, ...]] = (
    CATALOGUE_LIST,
    *INSTANCE_PRICES,
    *JSON_PRICES,
    *BILLS,
    NODE_LIST,
    *REQUEST_TRACES,
    GENERATION_TRACE,
    *RATES,
    *OCCUPANCY,
    *NETWORK,
    *CARBON,
    *REFUSED,
)
"""In the order of trying: the first that matches reads the file."""


def recognise(context: Context) -> Recogniser | None:
    """The first format whose signature the table bears; one that serves the wanted kind goes before others."""
    found = [recogniser for recogniser in RECOGNISERS if recogniser.matches(context)]
    return next((r for r in found if context.kind in r.kinds), found[0] if found else None)
