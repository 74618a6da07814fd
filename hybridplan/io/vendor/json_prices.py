"""Price lists in nested JSON: prices by region inside each instance; savings by region, system and instance type."""

from __future__ import annotations

import json
import math
from typing import Any, Final

from hybridplan.domain.pool import PurchaseOption
from hybridplan.errors import InvalidInput
from hybridplan.io import catalogue
from hybridplan.io.options import Kind
from hybridplan.io.vendor import skus
from hybridplan.io.vendor.context import Context, Recogniser
from hybridplan.io.vendor.pricing import Offer, PriceList, accelerators
from hybridplan.units import HOURS_PER_MONTH

_PRICES: Final[frozenset[Kind]] = frozenset({"prices"})
_KEYS: Final[tuple[tuple[str, PurchaseOption], ...]] = (("onDemand", "on_demand"), ("reserved", "reserved"))
_FREQUENCY: Final = {0: 0.025, 1: 0.075, 2: 0.125, 3: 0.175, 4: 0.25}
"""Middle of each class of the advisor (< 5 %, 5-10, 10-15, 15-20, > 20 %): share interrupted in a month."""


def _is_nested(context: Context) -> bool:
    document = context.table.document
    return (
        isinstance(document, list)
        and bool(document)
        and all(isinstance(item, dict) and isinstance(item.get("pricing"), dict) for item in document)
    )


def _read_nested(context: Context) -> None:
    prices = PriceList(context)
    why = "the publisher's reserved price: one year, standard, nothing paid upfront"
    context.report.assume("reserved", "as published", why)
    for line, item in enumerate(context.table.document, start=1):
        instance = str(item.get("apiName") or item.get("name") or "")
        number = accelerators(_text(item.get("gpuCount")), context)
        if isinstance(number, str):
            context.report.reject(line, "gpuCount", _text(item.get("gpuCount")), number)
            continue
        by_region = {region: offer for region, offer in item["pricing"].items() if isinstance(offer, dict) and offer}
        if not by_region:
            context.report.reject(line, "pricing", instance, "the entry has no prices")
            continue
        sku = prices.sku(line, str(item.get("gpu") or ""), instance)
        provider = context.provider(instance)
        for region, offer in by_region.items():
            for key, option in _KEYS:
                cell = _text(offer.get(key))
                column = f"pricing.{region}.{key}"
                usd = prices.price(line, column, cell) if cell or option == "on_demand" else None
                if usd is not None:
                    extra = {"term_years": 1.0} if option == "reserved" else {}
                    prices.add(
                        Offer((line,), column, cell, provider, region, sku, option, instance, number, usd, extra=extra)
                    )
    prices.finish()


def _is_advisor_table(context: Context) -> bool:
    return context.has("region", "os", "instance_type", "savings_pct_vs_on_demand", "interruption_range_index")


def _is_advisor(context: Context) -> bool:
    document = context.table.document
    return isinstance(document, dict) and isinstance(document.get("spot_advisor"), dict)


def _read_advisor(context: Context) -> None:
    """Flatten the nesting to numbered lines, in the order of the file, then read them as the flat table."""
    table = context.table
    table.columns = ["region", "os", "instance_type", "savings_pct_vs_on_demand", "interruption_range_index"]
    table.rows = []
    for region, systems in table.document["spot_advisor"].items():
        for system, types in systems.items() if isinstance(systems, dict) else ():
            for instance, entry in types.items() if isinstance(types, dict) else ():
                values = entry if isinstance(entry, dict) else {}
                cells = [region, system, instance, _text(values.get("s")), _text(values.get("r"))]
                table.rows.append((len(table.rows) + 1, cells))
    _read_advisor_table(context)


def _read_advisor_table(context: Context) -> None:
    why = "the advisor gives a saving in percent; it is applied to the bundled on-demand price, which has another date"
    context.report.assume("interruptible", "on demand x (1 - saving)", why)
    why = "the middle of the monthly class, spread evenly over 730 hours"
    context.report.assume("interruptions_per_hour", "-ln(1 - share) / 730", why)
    known = _on_demand()
    prices = PriceList(context)
    at = [
        context.at(c) for c in ("region", "os", "instance_type", "savings_pct_vs_on_demand", "interruption_range_index")
    ]
    for line, cells in context.table.rows:
        region, system, instance, saving_cell, class_cell = (cells[i].strip() for i in at)
        saving, frequency = context.number(saving_cell), context.number(class_cell)
        base = known.get((region, instance))
        if system.casefold() != "linux":
            context.report.reject(line, "os", system, "only Linux prices are used")
        elif isinstance(saving, str) or saving >= 100:
            reason = saving if isinstance(saving, str) else "a saving of 100 % and more is none"
            context.report.reject(line, "savings_pct_vs_on_demand", saving_cell, reason)
        elif saving < 0:
            reason = "interruptible would be dearer than on demand"
            context.report.reject(line, "savings_pct_vs_on_demand", saving_cell, reason)
        elif isinstance(frequency, str) or frequency not in _FREQUENCY:
            context.report.reject(line, "interruption_range_index", class_cell, "is no class from 0 to 4")
        elif base is None:
            reason = f"the bundled catalogue has no on-demand price of it in {region}, so the saving has no base"
            context.report.reject(line, "instance_type", instance, reason)
        else:
            sku, number, usd = base
            rate = -math.log(1.0 - _FREQUENCY[int(frequency)]) / HOURS_PER_MONTH
            total = usd * number * (1.0 - saving / 100.0)
            place = (context.options.provider or "aws", region)
            extra = {"interruptions_per_hour": round(rate, 9)}
            column = "savings_pct_vs_on_demand"
            prices.add(
                Offer((line,), column, saving_cell, *place, sku, "interruptible", instance, number, total, extra=extra)
            )
    prices.finish()


def _on_demand() -> dict[tuple[str, str], tuple[str, float, float]]:
    """(region, instance type) -> SKU, accelerators, USD per accelerator-hour on demand at AWS, from the catalogue."""
    try:
        table = catalogue.prices("aws", purchase_option="on_demand")
    except InvalidInput:
        return {}
    names = ("region", "instance_type", "sku", "accelerators_per_node", "price_usd_per_accelerator_hour")
    rows = zip(*(table[name] for name in names), strict=True)
    return {(str(r), str(kind)): (str(sku), float(n), float(usd)) for r, kind, sku, n, usd in rows}


def _is_default_prices(context: Context) -> bool:
    document = context.table.document
    return isinstance(document, dict) and {"CPU", "RAM", "storage"} <= set(document)


def _read_default_prices(context: Context) -> None:
    """Fallback prices of a cost monitor: each key is a line; only that of a GPU whose model is chosen can be used."""
    prices = PriceList(context)
    model = context.options.aliases.get("GPU")
    context.table.columns = ["key", "value"]
    entries = [(key, _text(value)) for key, value in context.table.document.items() if key not in _DESCRIPTION]
    context.table.rows = [(i, [key, value]) for i, (key, value) in enumerate(entries, start=1)]
    for line, (key, value) in context.table.rows:
        if key != "GPU":
            context.report.reject(line, key, value, "is no price of an accelerator")
        elif model is None:
            reason = "is a price of any accelerator, whatever its model; give the model as alias of GPU"
            context.report.reject(line, key, value, reason)
        else:
            usd = prices.price(line, key, value)
            if usd is not None:
                provider, region = context.provider(), context.options.region or "global"
                prices.add(Offer((line,), key, value, provider, region, model, "on_demand", "", 1.0, usd))
    prices.finish()


_DESCRIPTION: Final = frozenset({"provider", "description"})


def _is_uploaded(context: Context) -> bool:
    return context.has("InstanceID", "Region", "AssetClass", "InstanceType", "MarketPriceHourly")


def _read_uploaded(context: Context) -> None:
    """Prices that an own cluster uploads to its cost monitor: nodes by name, GPUs by model."""
    prices = PriceList(context)
    context.report.assume("purchase_option", "owned", "the list is what an own cluster uploads for its own hardware")
    at = context.at
    for line, cells in context.table.rows:
        kind, name = cells[at("AssetClass")].strip(), cells[at("InstanceID")].strip()
        instance, cell = cells[at("InstanceType")].strip(), cells[at("MarketPriceHourly")]
        known = skus.accelerators_of(instance)
        if kind.casefold() != "gpu" and known is None:
            reason = "is a node, and how many accelerators it holds is not said"
            context.report.reject(line, "AssetClass", name, reason)
            continue
        usd = prices.price(line, "MarketPriceHourly", cell)
        if usd is not None:
            sku, number = known or (prices.sku(line, name.replace("_", " ")), 1.0)
            region = cells[at("Region")].strip() or context.options.region or "global"
            provider = context.options.provider or "own"
            prices.add(Offer((line,), "MarketPriceHourly", cell, provider, region, sku, "owned", instance, number, usd))
    prices.finish()


def _text(value: Any) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value)


JSON_PRICES: Final = (
    Recogniser("nested price list by region", _PRICES, _is_nested, _read_nested),
    Recogniser("spot advisor", _PRICES, _is_advisor, _read_advisor),
    Recogniser("spot advisor, flat", _PRICES, _is_advisor_table, _read_advisor_table),
    Recogniser("default prices of a cost monitor", _PRICES, _is_default_prices, _read_default_prices),
    Recogniser("price upload of an own cluster", _PRICES, _is_uploaded, _read_uploaded),
)
