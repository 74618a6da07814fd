"""IT power of every pool: the quantity that energy and carbon are charged on."""

from __future__ import annotations

import cvxpy as cp

from hybridplan.model.data import Data
from hybridplan.model.decisions import Decisions


def it_kw(decisions: Decisions, data: Data) -> cp.Expression:
    """busy_kw y + idle_kw (n - y), before PUE; (P, T)."""
    swing = (data.busy_kw - data.idle_kw)[:, None]
    return cp.multiply(swing, decisions.busy_by_pool) + cp.multiply(data.idle_kw[:, None], decisions.provisioned)
