"""Columns of the table: those of FOCUS 1.2 that a plan can fill, the ones that every FOCUS file has, and our own."""

from __future__ import annotations

from typing import Final

MONEY: Final = ("BilledCost", "EffectiveCost", "ListCost", "ContractedCost")
"""USD of all occurrences of the period."""
NUMBERS: Final = frozenset(
    {
        *MONEY,
        "PricingQuantity",
        "ListUnitPrice",
        "ContractedUnitPrice",
        "ConsumedQuantity",
        "CommitmentDiscountQuantity",
        "x_Weight",
    }
)

COLUMNS: Final = (
    "BillingAccountId",
    "BillingAccountName",
    "SubAccountId",
    "BillingCurrency",
    "BillingPeriodStart",
    "BillingPeriodEnd",
    "ChargePeriodStart",
    "ChargePeriodEnd",
    "ChargeCategory",
    "ChargeClass",
    "ChargeFrequency",
    "ChargeDescription",
    *MONEY,
    "PricingCategory",
    "PricingQuantity",
    "PricingUnit",
    "ListUnitPrice",
    "ContractedUnitPrice",
    "ConsumedQuantity",
    "ConsumedUnit",
    "CommitmentDiscountId",
    "CommitmentDiscountName",
    "CommitmentDiscountCategory",
    "CommitmentDiscountType",
    "CommitmentDiscountStatus",
    "CommitmentDiscountQuantity",
    "CommitmentDiscountUnit",
    "ProviderName",
    "PublisherName",
    "InvoiceIssuerName",
    "RegionId",
    "RegionName",
    "ServiceCategory",
    "ServiceName",
    "ServiceSubcategory",
    "ResourceId",
    "ResourceName",
    "ResourceType",
    "SkuId",
    "x_Workload",
    "x_Site",
    "x_Pool",
    "x_Term",
    "x_PurchaseOption",
    "x_BlockLabel",
    "x_Weight",
    "x_IsPlanned",
)
"""FOCUS columns first, then our own, which begin with x_ as the specification asks."""
