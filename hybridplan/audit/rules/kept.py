"""Kept: one decision for the whole horizon, at most what is installed; all of it where cost is sunk."""

from __future__ import annotations

import numpy as np

from hybridplan.audit.ledger import Ledger
from hybridplan.audit.rows import Rows, once, scale_of


def kept(ledger: Ledger) -> list[Rows]:
    """kept <= installed (avoidable), kept = installed (sunk); accelerators of the owned pools."""
    owned = [
        (code, pool) for code, pool in enumerate(ledger.scenario.pools.values()) if pool.purchase_option == "owned"
    ]
    records = [ledger.axes.pools[code] for code, _ in owned]
    said = ledger.kept_said[[code for code, _ in owned]]
    installed = np.array([pool.capacity_accelerators for _, pool in owned], dtype=np.float64)
    is_sunk = np.array([pool.owned_cost == "sunk" for _, pool in owned], dtype=bool)
    units, scale = ["accelerators"] * len(owned), scale_of(said, installed)
    return [
        once("more is kept than is installed", records, units, said - installed, scale),
        once(
            "less is kept than is installed, though its cost is sunk",
            records,
            units,
            np.where(is_sunk, installed - said, 0.0),
            scale,
        ),
    ]
