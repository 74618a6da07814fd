"""Private lines beside links: prices without a line, and lines that gain nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from hybridplan.domain.checks.fields import unit_of
from hybridplan.errors import Issue

if TYPE_CHECKING:
    from hybridplan.domain.link import Link
    from hybridplan.domain.scenario import Scenario

_PRICES: Final = ("private_usd_per_gbps_hour", "private_usd_per_hour", "private_usd_per_gb")


def check_lines(scenario: Scenario) -> Iterator[Issue]:
    """Warnings about the private line of every link."""
    for key, link in scenario.links.items():
        here = f"links.{key}"
        if not link.max_private_gbps:
            yield from _no_line(here, link)
            continue
        price = link.private_usd_per_gb
        if link.gbps is None and (price is None or price >= link.usd_per_gb):
            yield Issue(
                f"{here}.max_private_gbps",
                "gains nothing: the link is not limited, and data on the private line is not cheaper",
                f"{link.max_private_gbps:g}",
                "Gbit/s",
                "Enter gbps of the link, or private_usd_per_gb below usd_per_gb.",
                "warning",
            )
        if not link.private_usd_per_gbps_hour and not link.private_usd_per_hour:
            message, mend = "the private line costs nothing while it is there", "Check that this is meant."
            unit = unit_of("private_usd_per_gbps_hour")
            yield Issue(f"{here}.private_usd_per_gbps_hour", message, "0", unit, mend, "warning")


def _no_line(here: str, link: Link) -> Iterator[Issue]:
    for field in _PRICES:
        value = getattr(link, field)
        if value:
            message = "has no effect: no private line may be bought"
            mend = "Enter max_private_gbps, or remove it."
            yield Issue(f"{here}.{field}", message, f"{value:g}", unit_of(field), mend, "warning")
