"""Owned accelerators fit the racks of their site."""

from __future__ import annotations

from dataclasses import dataclass

import cvxpy as cp
import numpy as np

from hybridplan.model.component import Rows
from hybridplan.model.data import Data
from hybridplan.model.decisions import Decisions
from hybridplan.model.periods import Array


@dataclass(frozen=True)
class SiteSpace:
    """sum over the owned pools of a site of rack units x (what stands of what is kept + what has arrived) <= limit."""

    name: str = "site_space"
    fields: tuple[str, ...] = ("sites.rack_units_limit", "pools.rack_units_per_accelerator")

    def rows(self, decisions: Decisions, data: Data) -> Rows | None:
        """One row per site with a limit and block in which something there is decided, in rack units.

        Where more may stand than there is (``Data.roomy``), one for each site and block.
        """
        pools, offers = list(data.scenario.pools.values()), data.offers
        units = np.array([p.rack_units_per_accelerator * (p.purchase_option == "owned") for p in pools], dtype=float)
        first = np.array(list(data.periods.first.values()), dtype=np.intp)
        kept, bought, right, records, periods = list[Array](), list[Array](), list[float](), list[str](), list[int]()
        for key, site in data.scenario.sites.items():
            if site.rack_units_limit is None:
                continue
            here = units * np.array([pool.site == key for pool in pools], dtype=float)
            for t in first.tolist():
                of_kept = (here * data.standing.share[:, t])[data.avoidable]
                of_new = here[offers.pool] * offers.present[:, t]
                is_asked = data.roomy and here.any()
                if not (of_kept.any() or of_new.any() or is_asked):
                    continue
                fixed = np.where(data.avoidable, 0.0, data.capacity) * data.standing.share[:, t]
                kept.append(of_kept)
                bought.append(of_new)
                right.append(site.rack_units_limit - float(here @ fixed))
                records.append(key)
                periods.append(t)
        if not records:
            return None
        lhs: cp.Expression = cp.Constant(np.zeros(len(records)))
        if decisions.kept.size:
            lhs = lhs + np.array(kept) @ decisions.kept
        if offers.records:
            lhs = lhs + np.array(bought) @ decisions.purchases.sizes
        ones = np.ones(len(records))
        return Rows(lhs, np.array(right), "<=", tuple(records), ones, "rack units", False, np.array(periods))
