"""Bills and usage exports, as far as the hourly list price of an accelerator instance can be read from a line.

A bill mixes everything that was paid. A line counts where it is metered usage of a compute instance by the hour, names
the instance type, and states its unit price; every other line is rejected with what it is instead.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Final

from hybridplan.domain.pool import PurchaseOption
from hybridplan.io.options import Kind
from hybridplan.io.vendor import skus
from hybridplan.io.vendor.context import Context, Recogniser, provider_in
from hybridplan.io.vendor.pricing import Offer, PriceList

_PRICES: Final[frozenset[Kind]] = frozenset({"prices"})
_INSTANCE: Final = re.compile(
    r"\b(?:[a-z]\w*\d\w*(?:-\w+)*\.(?:\d+x?large|x?large|metal|medium|micro|small|nano)\w*)\b"
)
_AZURE_SIZE: Final = re.compile(r"\bStandard_\w+\b")
_HOURS: Final = frozenset({"hour", "hours", "hrs", "hr", "1 hour", "instance-hour"})
_SPOT: Final = re.compile(r"\bspot\b", re.IGNORECASE)
_EMPTY: Final = frozenset({"", "null", "none"})

Line = dict[str, str]
Found = tuple[str, str, str, str, PurchaseOption] | tuple[str, str, str]
"""(provider, region, instance text, price column, option), or (column, value, reason)."""


def _reader(judge: Callable[[Line], Found]) -> Callable[[Context], None]:
    def read(context: Context) -> None:
        prices = PriceList(context)
        for line, cells in context.table.rows:
            row = dict(zip(context.table.columns, (cell.strip() for cell in cells), strict=True))
            found = judge(row)
            if len(found) == 3:
                context.report.reject(line, *found)
                continue
            provider, region, text, column, option = found
            instance = instance_in(text)
            known = skus.accelerators_of(instance) if instance else None
            if known is None:
                shown, reason = (instance or text)[:60], "names no instance type with an accelerator that is known"
                context.report.reject(line, "instance type", shown, reason)
                continue
            usd = prices.price(line, column, row[column])
            if usd is not None:
                prices.add(
                    Offer((line,), column, row[column], provider, region, known[0], option, instance, known[1], usd)
                )
        prices.finish()

    return read


def instance_in(text: str) -> str:
    """The first instance type that a text names, "" where it names none."""
    match = _AZURE_SIZE.search(text) or _INSTANCE.search(text)
    return match[0] if match else ""


def _focus(row: Line) -> Found:
    category, unit = row.get("ChargeCategory", ""), row.get("PricingUnit", "") or row.get("ConsumedUnit", "")
    currency = row.get("PricingCurrency") or row.get("BillingCurrency") or "USD"
    if category.casefold() != "usage":
        return "ChargeCategory", category, "is no usage (a purchase, a credit, a tax or an adjustment)"
    if row.get("ServiceCategory", "Compute").casefold() != "compute":
        return "ServiceCategory", row["ServiceCategory"], "is no compute"
    if unit.casefold() not in _HOURS:
        return "PricingUnit", unit, "is not priced by the hour"
    if currency.upper() not in {"USD", "NULL"}:
        return "BillingCurrency", currency, "is not USD"
    if row.get("ListUnitPrice", "").casefold() in _EMPTY:
        return "ListUnitPrice", row.get("ListUnitPrice", ""), "the line has no list unit price"
    pricing = row.get("PricingCategory", "Standard").casefold()
    option: PurchaseOption = "interruptible" if pricing == "dynamic" else "on_demand"
    region = row.get("RegionId") or row.get("Region") or ""
    if region.casefold() in _EMPTY:
        return "RegionId", region, "the line names no region"
    provider = provider_in(row.get("ProviderName", "")) or row.get("ProviderName", "") or "unknown"
    named = " ".join(
        row.get(name, "") for name in ("x_InstanceType", "SkuMeter", "ChargeDescription", "SkuPriceDetails")
    )
    return provider, region, named, "ListUnitPrice", option


def _cur(row: Line) -> Found:
    kind, unit = row["lineItem/LineItemType"], row.get("pricing/unit", "")
    usage = row.get("lineItem/UsageType", "")
    if kind not in {"Usage", "DiscountedUsage", "SavingsPlanCoveredUsage"}:
        return "lineItem/LineItemType", kind, "is no usage (a tax, a fee, a credit or a refund)"
    if row.get("lineItem/ProductCode") != "AmazonEC2":
        return "lineItem/ProductCode", row.get("lineItem/ProductCode", ""), "is no compute instance"
    if unit.casefold() not in _HOURS:
        return "pricing/unit", unit, "is not priced by the hour"
    column = "pricing/publicOnDemandRate"
    if "SpotUsage" in usage:
        column = "lineItem/UnblendedRate"
    if not row.get(column):
        return column, "", "the line has no public rate"
    region = row.get("product/regionCode") or row.get("product/region") or ""
    if not region:
        return "product/regionCode", "", "the line names no region"
    named = " ".join((row.get("product/instanceType", ""), usage, row.get("lineItem/LineItemDescription", "")))
    return "aws", region, named, column, "interruptible" if "SpotUsage" in usage else "on_demand"


def _azure(row: Line) -> Found:
    lower = {name.casefold(): value for name, value in row.items()}
    column = next((name for name in row if name.casefold() in {"effectiveprice", "resourcerate", "unitprice"}), "")
    unit = lower.get("unitofmeasure", "")
    if lower.get("metercategory", "") != "Virtual Machines":
        return "MeterCategory", lower.get("metercategory", ""), "is no virtual machine"
    if lower.get("chargetype", "Usage") not in {"Usage", ""}:
        return "chargeType", lower["chargetype"], "is no usage"
    if not column:
        return "effectivePrice", "", "the export has no unit price, only costs without the hours they are for"
    if unit.casefold() not in _HOURS:
        return "unitOfMeasure", unit, "is not priced by the hour"
    if (lower.get("billingcurrency") or lower.get("currency") or "USD").upper() != "USD":
        return "billingCurrency", lower.get("billingcurrency", ""), "is not USD"
    region = (lower.get("resourcelocation") or "").replace(" ", "").lower()
    if not region:
        return "resourceLocation", "", "the line names no region"
    named = " ".join((_service_type(lower.get("additionalinfo", "")), lower.get("metername", "")))
    option: PurchaseOption = "interruptible" if _SPOT.search(lower.get("metername", "")) else "on_demand"
    return "azure", region, named, column, option


def _service_type(info: str) -> str:
    try:
        value = json.loads(info) if info else {}
    except ValueError:
        return ""
    return str(value.get("ServiceType", "")) if isinstance(value, dict) else ""


def _is_focus(context: Context) -> bool:
    return context.has("BillingPeriodStart", "ChargePeriodStart", "ChargeCategory", "BilledCost")


def _is_cur(context: Context) -> bool:
    return context.has("lineItem/LineItemType", "lineItem/UsageAmount")


def _is_azure(context: Context) -> bool:
    lower = {column.casefold() for column in context.table.columns}
    return "metercategory" in lower and bool({"usagedatetime", "date"} & lower)


BILLS: Final = (
    Recogniser("FOCUS cost and usage", _PRICES, _is_focus, _reader(_focus)),
    Recogniser("AWS cost and usage report", _PRICES, _is_cur, _reader(_cur)),
    Recogniser("Azure usage export", _PRICES, _is_azure, _reader(_azure)),
)
