"""Pools that grow and shrink: what stood before, what was started, and what has been there long enough."""

from __future__ import annotations

from collections.abc import Callable
from math import ceil
from typing import Final

import numpy as np

from hybridplan.audit.axes import Floats, Ints
from hybridplan.audit.ledger import Ledger
from hybridplan.domain import Pool
from hybridplan.domain.features import is_always_on

_ROUNDING: Final = 1e-9


def is_elastic(pool: Pool) -> bool:
    """Whether n is a decision of its own: neither all that is up, nor the least that holds the load."""
    if is_always_on(pool):
        return False
    return (
        pool.purchase_option == "owned"
        or pool.ramp_up_accelerators_per_hour is not None
        or pool.ramp_down_accelerators_per_hour is not None
        or pool.lead_time_hours > 0
        or pool.min_provisioned_accelerators > 0
        or pool.min_busy_share > 0
        or pool.min_on_hours > 0
        or pool.start_usd_per_node > 0
        or pool.whole_nodes
    )


def elastic_codes(ledger: Ledger, wanted: Callable[[Pool], object] = lambda pool: True) -> Ints:
    """(E,) codes of the elastic pools for which ``wanted`` says something that is true."""
    pools = enumerate(ledger.scenario.pools.values())
    return np.array([code for code, pool in pools if is_elastic(pool) and wanted(pool)], dtype=np.int64)


def per_pool(ledger: Ledger, codes: Ints, value: Callable[[Pool], float | None]) -> Floats:
    """(E, 1) a field of each pool; None becomes NaN."""
    pools = list(ledger.scenario.pools.values())
    return np.array([value(pools[code]) for code in codes.tolist()], dtype=np.float64).reshape(len(codes), 1)


def before(ledger: Ledger, codes: Ints) -> Floats:
    """(E, T) n in the period before.

    The first period of a block follows its own last one; that of the first block follows the initial number, if given.
    """
    found: Floats = ledger.provisioned[codes][:, ledger.axes.previous]
    for row, initial in enumerate(_initial(ledger, codes)):
        if initial is not None:
            found[row, :1] = initial
    return found


def started(ledger: Ledger, codes: Ints) -> Floats:
    """(E, T) max(n - n before, 0): accelerators that were not there in the period before."""
    return np.maximum(ledger.provisioned[codes] - before(ledger, codes), 0.0)


def ready(ledger: Ledger, codes: Ints) -> Floats:
    """(E, T) the least of n in this period and the L before it, L = lead time / h rounded up: past its lead time."""
    n = ledger.provisioned[codes]
    least = n.copy()
    initial = _initial(ledger, codes)
    for row, pool in enumerate(_pools(ledger, codes)):
        if pool.lead_time_hours <= 0:
            continue
        for number, (_, block) in enumerate(ledger.axes.blocks):
            periods = ledger.axes.block_slices[number]
            back = _periods(pool.lead_time_hours, block.period_hours)
            stands = initial[row] if number == 0 else None
            least[row, periods] = _window_min(_with_past(n[row, periods], back, stands), back + 1)
    return least


def started_lately(ledger: Ledger, codes: Ints) -> Floats:
    """(E, T) sum of starts over the last M periods with this one, M = minimum hours / h rounded up.

    Nothing was started before a horizon with an initial number.
    """
    starts = started(ledger, codes)
    total = np.zeros_like(starts)
    initial = _initial(ledger, codes)
    for row, pool in enumerate(_pools(ledger, codes)):
        for number, (_, block) in enumerate(ledger.axes.blocks):
            periods = ledger.axes.block_slices[number]
            window = _periods(pool.min_on_hours, block.period_hours)
            past = 0.0 if number == 0 and initial[row] is not None else None
            if window:
                sums = np.cumsum(np.append(0.0, _with_past(starts[row, periods], window - 1, past)))
                total[row, periods] = sums[window:] - sums[:-window]
    return total


def peak(ledger: Ledger, codes: Ints) -> Floats:
    """(E, T) the largest n of the pool in the block: the size by which its rows are judged."""
    found = np.zeros((len(codes), len(ledger.axes.hours)))
    for periods in ledger.axes.block_slices:
        found[:, periods] = np.abs(ledger.provisioned[codes, periods]).max(axis=1, keepdims=True)
    return found


def _pools(ledger: Ledger, codes: Ints) -> list[Pool]:
    pools = list(ledger.scenario.pools.values())
    return [pools[code] for code in codes.tolist()]


def _initial(ledger: Ledger, codes: Ints) -> list[float | None]:
    return [pool.initial_provisioned_accelerators for pool in _pools(ledger, codes)]


def _periods(duration_hours: float, period_hours: float) -> int:
    """Whole periods that hold this time."""
    return max(ceil(duration_hours / period_hours - _ROUNDING), 0)


def _with_past(values: Floats, back: int, stands: float | None) -> Floats:
    """``back`` earlier values before these: all ``stands``, or else round the block."""
    past = np.take(values, np.arange(-back, 0), mode="wrap") if stands is None else np.full(back, stands)
    return np.concatenate([past, values])


def _window_min(values: Floats, width: int) -> Floats:
    """The least of each ``width`` neighbours, by doubling; NaN stays."""
    span, least = 1, values
    while 2 * span <= width:
        least, span = np.minimum(least[:-span], least[span:]), 2 * span
    rest = width - span
    return np.minimum(least[: len(least) - rest], least[rest:]) if rest else least
