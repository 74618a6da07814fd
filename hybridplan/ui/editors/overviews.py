"""Tables that sum up what stands in a document, also while parts of it are invalid."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Final

import pandas as pd

from hybridplan.domain import Scenario
from hybridplan.domain.prices import contracted_price_usd, discount_share
from hybridplan.ui.editors.cells import text_of
from hybridplan.ui.editors.rows import Document, section

OLD_AFTER_DAYS: Final = 180
CAPACITY_COLUMNS: Final = ("site", "sku", "owned", "committed", "on_demand", "interruptible")
PRICE_COLUMNS: Final = (
    "check",
    "what",
    "record",
    "list_price",
    "unit",
    "discount_share",
    "contracted_price",
    "as_of",
    "age_days",
    "source",
)
_USD_HOUR: Final = "USD per accelerator-hour"
_USD_EACH: Final = "USD per accelerator"


def capacity(document: Document) -> pd.DataFrame:
    """Accelerators by site and SKU: owned, committed (behind reserved pools), and quotas on demand and interruptible.

    CAPACITY_COLUMNS; entries that are no numbers are left out.
    """
    pools = section(document, "pools")
    lines: list[tuple[str, str, str, float]] = []
    for pool in pools.values():
        if isinstance(pool, Mapping) and pool.get("purchase_option") in ("owned", "on_demand", "interruptible"):
            count = _number(pool.get("capacity_accelerators"))
            lines.append((text_of(pool.get("site")), text_of(pool.get("sku")), str(pool["purchase_option"]), count))
    for commitment in section(document, "commitments").values():
        pool = pools.get(str(commitment.get("pool"))) if isinstance(commitment, Mapping) else None
        if isinstance(pool, Mapping):
            count = _number(commitment.get("accelerators"))
            lines.append((text_of(pool.get("site")), text_of(pool.get("sku")), "committed", count))
    frame = pd.DataFrame(lines, columns=["site", "sku", "option", "accelerators"])
    wide = frame.pivot_table(index=["site", "sku"], columns="option", values="accelerators", aggfunc="sum", sort=False)
    wide = wide.reindex(columns=list(CAPACITY_COLUMNS[2:])).fillna(0.0).astype("float64")
    return wide.reset_index()[list(CAPACITY_COLUMNS)]


def prices(document: Document, scenario: Scenario | None, today: date) -> pd.DataFrame:
    """Every price of the document with its source, date and age: PRICE_COLUMNS.

    ``check`` says what is doubtful: no source, no date, or older than OLD_AFTER_DAYS. The contracted price (list price
    less discount) needs a valid scenario and is NaN without one.
    """
    lines = [
        *_pool_prices(document, scenario),
        *_tier_prices(document, scenario),
        *_plain_prices(document, "commitments", "commitment", "fee_usd_per_accelerator_hour", _USD_HOUR, _PRICE_NAMES),
        *_spend_rates(document),
        *_plain_prices(document, "sites", "electricity", "electricity_usd_per_kwh", "USD per kWh", _RATE_NAMES),
        *_plain_prices(document, "expansions", "purchase", "capex_usd_per_accelerator", _USD_EACH, _PRICE_NAMES),
        *_plain_prices(document, "sites", "storage", "storage_usd_per_gb_month", "USD per GB and month", _RATE_NAMES),
        *_plain_prices(document, "links", "transfer", "usd_per_gb", "USD per GB", _LINK_NAMES),
        *_plain_prices(document, "links", "link", "usd_per_hour", "USD per hour", _LINK_NAMES),
        *(
            line
            for field, unit in _LINE_PRICES.items()
            for line in _plain_prices(document, "links", "private line", field, unit, _LINK_NAMES)
        ),
    ]
    out = []
    for line in lines:
        age = _age_days(line["as_of"], today)
        out.append({**line, "age_days": age, "check": _check(line["list_price"], line["source"], age)})
    frame = pd.DataFrame(out, columns=list(PRICE_COLUMNS))
    text = dict.fromkeys(("check", "what", "record", "unit", "source", "as_of"), "str")
    numbers = dict.fromkeys(("list_price", "discount_share", "contracted_price", "age_days"), "float64")
    return frame.astype(text | numbers)


_PRICE_NAMES: Final = ("price_source", "price_date")
_RATE_NAMES: Final = ("rates_source", "rates_date")
_LINK_NAMES: Final = ("source", "as_of")
_LINE_PRICES: Final = {
    "private_usd_per_gbps_hour": "USD per Gbit/s and hour",
    "private_usd_per_hour": "USD per hour",
    "private_usd_per_gb": "USD per GB",
}


def _pool_prices(document: Document, scenario: Scenario | None) -> Iterator[dict[str, Any]]:
    for pool_id, pool in section(document, "pools").items():
        if not isinstance(pool, Mapping) or pool.get("purchase_option") == "reserved":
            continue  # the fee of a reserved pool stands on its commitment
        valid = scenario.pools.get(pool_id) if scenario else None
        yield {
            "what": "pool",
            "record": pool_id,
            "list_price": _number(pool.get("price_usd_per_accelerator_hour")),
            "unit": _USD_HOUR,
            "discount_share": discount_share(scenario, valid) if scenario and valid else float("nan"),
            "contracted_price": contracted_price_usd(scenario, valid) if scenario and valid else float("nan"),
            "source": text_of(pool.get("price_source")),
            "as_of": text_of(pool.get("price_date")),
        }


def _tier_prices(document: Document, scenario: Scenario | None) -> Iterator[dict[str, Any]]:
    """List prices of tiers; the discount of the pool lowers them too."""
    for pool_id, pool in section(document, "pools").items():
        tiers = pool.get("price_tiers") if isinstance(pool, Mapping) else None
        valid = scenario.pools.get(pool_id) if scenario else None
        share = discount_share(scenario, valid) if scenario and valid else float("nan")
        for tier_id, tier in tiers.items() if isinstance(tiers, Mapping) else ():
            if isinstance(tier, Mapping):
                price = _number(tier.get("usd_per_accelerator_hour"))
                line = _line("price tier", f"{pool_id}: {tier_id}", price, _USD_HOUR, pool, _PRICE_NAMES)
                yield {**line, "discount_share": share, "contracted_price": price * (1 - share)}


def _spend_rates(document: Document) -> Iterator[dict[str, Any]]:
    for record_id, record in section(document, "spend_commitments").items():
        rates = record.get("rates_usd_per_accelerator_hour") if isinstance(record, Mapping) else None
        for pool_id, rate in rates.items() if isinstance(rates, Mapping) else ():
            yield _line("spend rate", f"{record_id}: {pool_id}", _number(rate), _USD_HOUR, record, _PRICE_NAMES)


def _plain_prices(
    document: Document, name: str, what: str, field: str, unit: str, provenance: tuple[str, str]
) -> Iterator[dict[str, Any]]:
    """Prices that are given; 0 on a link is what it means to give none."""
    for record_id, record in section(document, name).items():
        given = record.get(field) if isinstance(record, Mapping) else None
        if given is not None and not (name == "links" and given == 0):
            yield _line(what, record_id, _number(record[field]), unit, record, provenance)


def _line(
    what: str, name: str, price: float, unit: str, record: Mapping[str, Any], provenance: tuple[str, str]
) -> dict[str, Any]:
    """A price to which no discount applies."""
    return {
        "what": what,
        "record": name,
        "list_price": price,
        "unit": unit,
        "discount_share": float("nan"),
        "contracted_price": price,
        "source": text_of(record.get(provenance[0])),
        "as_of": text_of(record.get(provenance[1])),
    }


def _age_days(text: str, today: date) -> float:
    try:
        return float((today - date.fromisoformat(text)).days)
    except ValueError:
        return float("nan")


def _check(price: float, source: str, age: float) -> str:
    found = []
    if price != price:
        found.append("no price")
    if not source:
        found.append("no source")
    if age != age:
        found.append("no date")
    elif age > OLD_AFTER_DAYS:
        found.append(f"older than {OLD_AFTER_DAYS} days")
    return f"⚠ {', '.join(found)}" if found else "ok"


def _number(value: Any) -> float:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else float("nan")
