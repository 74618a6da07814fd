"""Offers from a price list, screened: no 0, no placeholder, no price above 10 x its median, no spot above on demand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from statistics import median
from typing import Any, Final

from hybridplan.domain.pool import PurchaseOption
from hybridplan.io.report import count
from hybridplan.io.vendor import skus
from hybridplan.io.vendor.context import Context

MOST_TIMES_MEDIAN: Final = 10.0
_SAME_PRICE_SIZES: Final = 3
"""One price for so many sizes of the same accelerator stands for no price at all."""
KNOWN_PLACEHOLDERS: Final = frozenset({700.0})
"""Printed for both purchase options by a widely used catalogue where the provider publishes no price."""


@dataclass(slots=True)
class Offer:
    """USD per hour of one instance, and the lines it was read from (a host and its accelerators stand apart)."""

    lines: tuple[int, ...]
    column: str
    shown: str
    provider: str
    region: str
    sku: str
    option: PurchaseOption
    instance_type: str
    accelerators: float
    usd_per_hour: float
    zone: str = ""
    extra: dict[str, Any] | None = None
    """Further fields of the row."""

    @property
    def usd_per_accelerator(self) -> float:
        """Price of one accelerator with its share of the host."""
        return self.usd_per_hour / self.accelerators


class PriceList:
    """Collects the offers of one file and writes those that pass as rows."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.offers: list[Offer] = []
        self._known = skus.names()
        self._by_name: dict[tuple[str, float | None], str | None] = {}

    def price(self, line: int, column: str, cell: str) -> float | None:
        """A positive price of a cell; None where it is none, after noting why."""
        value = self.context.money(cell)
        report = self.context.report
        if isinstance(value, str):
            report.reject(line, column, cell, value)
        elif value == 0:
            report.reject(line, column, cell, "a price of 0 is a gap in the list, not an offer")
        elif value < 0:
            report.reject(line, column, cell, "is negative")
        else:
            return value
        return None

    def sku(self, line: int, name: str, instance_type: str = "", memory_gb: float | None = None) -> str:
        """The catalogue's SKU, or the name as it is given, noted as unknown."""
        key = (name, memory_gb)
        if key not in self._by_name:
            self._by_name[key] = skus.canonical(name, self.context.options.aliases, memory_gb)
        # The instance type is the most exact name, but a person's alias goes before it.
        found = None if name in self.context.options.aliases else self._known.get(skus.folded(instance_type))
        found = found or self._by_name[key]
        if found:
            return found
        self.context.report.unknown_skus[name] = self.context.report.unknown_skus.get(name, 0) + 1
        return skus.spelled(name)

    def add(self, offer: Offer) -> None:
        """Take an offer for the screening."""
        self.offers.append(offer)

    def finish(self) -> None:
        """Screen all offers together, and write rows."""
        report = self.context.report
        passed = self._without_placeholders()
        passed = self._without_outliers(passed)
        passed = self._without_dear_spot(passed)
        as_of, source = (self.context.as_of, self.context.source) if passed else (None, "")
        fractions = 0
        seen: dict[tuple[Any, ...], int] = {}
        for offer in passed:
            key = (
                *(offer.provider, offer.region, offer.zone, offer.sku, offer.option, offer.instance_type),
                *(offer.accelerators, offer.usd_per_hour, (offer.extra or {}).get("term_years")),
            )
            if key in seen:
                report.reject(offer.lines[0], offer.column, offer.shown, f"says the same as line {seen[key]}")
                continue
            seen[key] = offer.lines[0]
            fractions += offer.accelerators < 1
            report.rows.append(_row(offer, source, as_of))
            report.used.update(offer.lines)
        if fractions:
            report.warn(
                f"{count(fractions, 'price')} of a fraction of an accelerator: divided by the fraction, "
                "so they are prices of a whole one"
            )
        for name, lines in sorted(report.unknown_skus.items()):
            times = count(lines, "line")
            report.warn(f"accelerator {name!r} ({times}) has no catalogue name and is kept as it is; add an alias")

    def _refuse(self, offer: Offer, reason: str) -> None:
        self.context.report.reject(offer.lines[0], offer.column, offer.shown, reason)

    def _without_placeholders(self) -> list[Offer]:
        times = Counter(offer.usd_per_hour for offer in self.offers)
        sizes: dict[tuple[str, str, str, str, float], set[float]] = {}
        for offer in self.offers:
            if times[offer.usd_per_hour] < _SAME_PRICE_SIZES:
                continue
            key = (offer.region, offer.zone, offer.sku, offer.option, offer.usd_per_hour)
            sizes.setdefault(key, set()).add(offer.accelerators)
        passed = []
        for offer in self.offers:
            same = sizes.get((offer.region, offer.zone, offer.sku, offer.option, offer.usd_per_hour), ())
            if len(same) >= _SAME_PRICE_SIZES or offer.usd_per_hour in KNOWN_PLACEHOLDERS:
                self._refuse(offer, f"{offer.usd_per_hour:g} is a placeholder: it stands for every size alike")
            else:
                passed.append(offer)
        return passed

    def _without_outliers(self, offers: list[Offer]) -> list[Offer]:
        groups: dict[tuple[str, str], list[float]] = {}
        for offer in offers:
            groups.setdefault((offer.sku, offer.option), []).append(offer.usd_per_accelerator)
        of_file = {key: median(values) for key, values in groups.items()}
        of_catalogue = skus.catalogue_medians()
        passed = []
        for offer in offers:
            price = offer.usd_per_accelerator
            typical = of_file[(offer.sku, offer.option)]
            usual = of_catalogue.get(offer.sku)
            if price > MOST_TIMES_MEDIAN * typical:
                self._refuse(offer, _too_dear(price, typical, f"{offer.sku} {offer.option} in this file"))
            elif usual is not None and price > MOST_TIMES_MEDIAN * usual:
                self._refuse(offer, _too_dear(price, usual, f"{offer.sku} in the bundled catalogue"))
            else:
                passed.append(offer)
        return passed

    def _without_dear_spot(self, offers: list[Offer]) -> list[Offer]:
        spot = {offer.lines for offer in offers if offer.option == "interruptible"}
        on_demand = {
            (offer.lines, offer.instance_type): offer.usd_per_hour
            for offer in offers
            if offer.option == "on_demand" and offer.lines in spot
        }
        passed = []
        for offer in offers:
            usual = on_demand.get((offer.lines, offer.instance_type)) if offer.option == "interruptible" else None
            if usual is not None and offer.usd_per_hour > usual:
                self._refuse(offer, f"interruptible at {offer.usd_per_hour:g} is dearer than on demand ({usual:g})")
            else:
                passed.append(offer)
        return passed


def _too_dear(price: float, typical: float, of_what: str) -> str:
    return (
        f"{price:.4g} USD per accelerator-hour is more than {MOST_TIMES_MEDIAN:g} x the median of {of_what} "
        f"({typical:.4g}); check the unit"
    )


def _row(offer: Offer, source: str, as_of: str | None) -> dict[str, Any]:
    row: dict[str, Any] = {
        "provider": offer.provider,
        "region": offer.region,
        "sku": offer.sku,
        "purchase_option": offer.option,
        "instance_type": offer.instance_type,
        "accelerators_per_node": max(1, round(offer.accelerators)),
        "price_usd_per_accelerator_hour": round(offer.usd_per_accelerator, 9),
        "source": source,
        "as_of": as_of,
    }
    if offer.zone:
        row["zone"] = offer.zone
    if offer.accelerators < 1:
        row["accelerators_per_instance"] = offer.accelerators
    return row | offer.extra if offer.extra else row


def accelerators(cell: str, context: Context) -> float | str:
    """A positive number of accelerators of an instance (a fraction is allowed), or the reason why not."""
    value = context.number(cell)
    if isinstance(value, str):
        return value
    return value if 0 < value <= 100_000 else "is not a number of accelerators"


def texts(values: Iterable[str]) -> str:
    """A short list in words."""
    found = list(dict.fromkeys(values))
    return ", ".join(found[:6]) + (f" and {len(found) - 6} more" if len(found) > 6 else "")
