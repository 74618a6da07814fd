"""Tiered prices: how much of what is provisioned lies in which tier."""

from __future__ import annotations

from dataclasses import dataclass

import cvxpy as cp
import numpy as np
import scipy.sparse as sp

from hybridplan.model.periods import Array
from hybridplan.model.price_tiers import PriceTiers
from hybridplan.model.variables import Wholes, variable, whole_variable


@dataclass(frozen=True)
class Tiers:
    """Usage of pools whose price changes with the quantity; rows as in :mod:`hybridplan.model.price_tiers`."""

    usd: cp.Expression | None = None
    """USD over the horizon, elementwise, of all tiered pools; None where there are none."""
    definitions: tuple[cp.Constraint, ...] = ()


def build_tiers(tiers: PriceTiers, provisioned: cp.Expression, most: Array, made: Wholes) -> Tiers:
    """Variables and rows of all tiers; ``provisioned`` is n and ``most`` its largest values, (P, T).

    graduated: s[j] <= width[j], and where the price falls s[j - 1] >= width[j - 1] z[j], s[j] <= width[j] z[j];
    volume: low[j] z[j] <= s[j] <= high[j] z[j], sum of z = 1. In both sum of s = quantity.
    """
    if not tiers.cells:
        return Tiers()
    width, is_last = tiers.widths(most)
    amount, chosen = variable("tier_amount", width), tiers.chosen
    reached = whole_variable(made, "tiers", tiers.within(most)[chosen].astype(float))
    rules = [tiers.of_cell @ amount == tiers.quantities @ cp.vec(provisioned, order="F")]
    # What may be provisioned bounds the last tier; a second row beside that one would take a part of its dual.
    plain = np.setdiff1d(np.flatnonzero(~is_last), chosen)
    if plain.size:
        rules.append(amount[plain] <= width[plain])
    if chosen.size:
        room = np.where(is_last & made.is_fixed, 2.0, 1.0) * width
        rules.append(amount[chosen] <= cp.multiply(room[chosen], reached))
        rules += _from_below(tiers, width, amount, reached, made)
    return Tiers(cp.multiply(tiers.usd, amount), tuple(rules))


def _from_below(
    tiers: PriceTiers, width: Array, amount: cp.Expression, reached: cp.Expression, made: Wholes
) -> list[cp.Constraint]:
    """A tier counts only where the one before is full, or, where one price holds for all, where it is reached."""
    chosen, rules = tiers.chosen, list[cp.Constraint]()
    volume = np.flatnonzero(tiers.is_volume[chosen])
    falling = np.flatnonzero(~tiers.is_volume[chosen])
    if falling.size:
        before = chosen[falling] - 1
        rules.append(amount[before] >= cp.multiply(width[before], reached[falling]))
    if volume.size:
        rules.append(amount[chosen[volume]] >= cp.multiply(tiers.low[chosen[volume]], reached[volume]))
        if not made.is_fixed:
            cells, where = np.unique(tiers.cell[chosen[volume]], return_inverse=True)
            shape = (len(cells), len(volume))
            one_each = sp.csr_array((np.ones(len(volume)), (where, np.arange(len(volume)))), shape=shape)
            rules.append(one_each @ reached[volume] == 1.0)
    return rules
