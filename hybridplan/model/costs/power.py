"""IT power of every pool: the quantity that energy and carbon are charged on, and that a cap on carbon counts."""

from __future__ import annotations

import cvxpy as cp

from hybridplan.model.data import Data
from hybridplan.model.decisions import Decisions
from hybridplan.model.periods import Array


def it_kw(decisions: Decisions, data: Data) -> cp.Expression:
    """busy_kw y + idle_kw (n - y), before PUE; (P, T)."""
    swing = (data.busy_kw - data.idle_kw)[:, None]
    return cp.multiply(swing, decisions.busy_by_pool) + cp.multiply(data.idle_kw[:, None], decisions.provisioned)


def on_it_energy(per_kwh: Array, decisions: Decisions, data: Data) -> cp.Expression:
    """per_kwh x g h x IT power over the horizon; (P, T). ``per_kwh`` is (P,), of IT energy."""
    return cp.multiply(per_kwh[:, None] * data.periods.weight_hours, it_kw(decisions, data))
