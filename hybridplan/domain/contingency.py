"""Contingencies: single failures that promised work must survive."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from hybridplan.domain.record import Identifier, Record, Text

if TYPE_CHECKING:
    from hybridplan.domain.pool import Pool
    from hybridplan.domain.site import Site


class Contingency(Record):
    """One failure, by itself: a site, all sites of a provider, or everything interruptible at once."""

    name: Text = ""
    kind: Literal["site", "provider", "spot"]
    record: Identifier | None = None
    """Id of the site, or the provider; absent for ``spot``."""


def fails(contingency: Contingency, pool: Pool, site: Site) -> bool:
    """Whether a pool is lost with it; ``site`` is where the pool stands."""
    if contingency.kind == "site":
        return pool.site == contingency.record
    if contingency.kind == "provider":
        return site.provider == contingency.record
    return pool.purchase_option == "interruptible"
