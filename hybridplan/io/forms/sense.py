"""Values that a record may hold but that look like another unit: warned about, never changed."""

from __future__ import annotations

from typing import Any, Final

from hybridplan.io.report import Report, count
from hybridplan.io.vendor.skus import catalogue_medians

_USUAL: Final[dict[str, tuple[float, float, str]]] = {
    "price_usd_per_accelerator_hour": (0.01, 100.0, "USD per accelerator and hour; a month has 730 hours"),
    "fee_usd_per_accelerator_hour": (0.01, 100.0, "USD per accelerator and hour; a month has 730 hours"),
    "busy_kw": (0.01, 10.0, "kW of one accelerator; 700 W are 0.7"),
    "idle_kw": (0.001, 5.0, "kW of one accelerator; 100 W are 0.1"),
    "electricity_usd_per_kwh": (0.005, 2.0, "USD per kWh; 100 USD per MWh are 0.1"),
    "grid_carbon_g_per_kwh": (1.0, 1500.0, "grams per kWh; 0.4 kg per kWh are 400"),
    "round_trip_ms": (0.01, 1000.0, "milliseconds; 0.02 s are 20"),
    "usd_per_gb": (0.0005, 2.0, "USD per GB; 80 USD per TB are 0.08"),
    "storage_usd_per_gb_month": (1e-4, 2.0, "USD per GB and month; 23 USD per TB are 0.023"),
    "capex_usd_per_accelerator": (100.0, 500_000.0, "USD of one accelerator with its share of node, rack and network"),
    "first_copy_gbps": (0.001, 10_000.0, "gigabits per second; 400 Mbit/s are 0.4"),
    "max_private_gbps": (0.01, 10_000.0, "gigabits per second; 400 Mbit/s are 0.4"),
    "gbps": (0.01, 10_000.0, "gigabits per second; 400 Mbit/s are 0.4"),
    "interruptions_per_hour": (1e-5, 2.0, "interruptions per hour; one a month is 0.00137"),
    "latency_objective_ms": (1.0, 600_000.0, "milliseconds; 2 s are 2000"),
    "service_ms": (0.01, 3_600_000.0, "milliseconds; 2 s are 2000"),
    "mean_latency_cap_ms": (1.0, 600_000.0, "milliseconds; 2 s are 2000"),
    "prefill_tokens_per_second": (10.0, 1e6, "prompt tokens of one request per second"),
    "decode_tokens_per_second": (1.0, 1e5, "output tokens of one request per second"),
    "prompt_tokens": (1.0, 1e6, "tokens of one request"),
    "output_tokens": (1.0, 1e6, "tokens of one request"),
    "term_years": (0.05, 20.0, "years; 36 months are 3"),
    "rates_usd_per_accelerator_hour": (0.01, 100.0, "USD per accelerator and hour; a month has 730 hours"),
    "lead_time_hours": (0.001, 2000.0, "hours; 5 minutes are 0.083, a week is 168"),
    "min_on_hours": (0.01, 2000.0, "hours; 15 minutes are 0.25, a week is 168"),
    "checkpoint_hours": (1e-4, 24.0, "hours; 5 minutes are 0.083"),
    "failures_per_year": (1e-4, 1000.0, "failures in a year of 8,760 hours; one in ten years is 0.1"),
    "repair_hours": (0.01, 2000.0, "hours; 15 minutes are 0.25, a week is 168"),
    "recovery_minutes": (0.1, 10_000.0, "minutes; 30 seconds are 0.5, an hour is 60"),
    "latency_after_failure_ms": (1.0, 600_000.0, "milliseconds; 2 s are 2000"),
    "restart_hours": (1e-4, 24.0, "hours; 5 minutes are 0.083"),
}
"""Field -> usual least and most, and how to tell the unit. A value of 0 is not judged here."""


_PER_ACCELERATOR: Final = frozenset({"price_usd_per_accelerator_hour", "busy_kw", "idle_kw"})
"""Not judged in pools that count something else: a vCPU draws a few watts."""
_FACTOR: Final = 8.0


def warn_unusual(report: Report, key: str) -> None:
    """Warn once per field of the rows about values outside what is usual, which most often is a slip of the unit."""
    for name, (least, most, hint) in _USUAL.items():
        judged = [row for row in report.rows if name not in _PER_ACCELERATOR or _counts_accelerators(row)]
        found = [(str(row.get(key, "")), row[name]) for row in judged if _is_unusual(row.get(name), least, most)]
        if found:
            record, value = found[0]
            report.warn(
                f"{name}: {count(len(found), 'value')} outside the usual {least:g} to {most:g} "
                f"(first: {record}, {value:g}); check the unit ({hint})"
            )


def warn_far_from_catalogue(report: Report) -> None:
    """Warn about pools whose price is far above or below the median of their SKU in the bundled catalogue."""
    medians = catalogue_medians()
    far = []
    for row in report.rows:
        price, usual = row.get("price_usd_per_accelerator_hour"), medians.get(str(row.get("sku")))
        if price and usual and not usual / _FACTOR <= price <= usual * _FACTOR:
            far.append((str(row.get("pool_id", "")), price, usual))
    if far:
        pool, price, usual = far[0]
        report.warn(
            f"price_usd_per_accelerator_hour: {count(len(far), 'price')} more than {_FACTOR:g} times away from the "
            f"bundled list prices (first: {pool}, {price:g}, usual {usual:.3g}); check the unit, day or month for hour"
        )


def _counts_accelerators(row: dict[str, Any]) -> bool:
    return (row.get("unit") or "accelerator") == "accelerator"


def _is_unusual(value: Any, least: float, most: float) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and value != 0 and not least <= value <= most
