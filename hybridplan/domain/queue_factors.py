"""How much longer than the mean a percentile of the latency is, at a processor-sharing accelerator under load.

Made by ``python -m benchmarks.queue_factors`` (exact numbers rounded up, a simulation with error bars beside them; see
docs/queue_factors.md): Poisson arrivals, exponential work, random routing, one accelerator sharing itself among all
requests present. The mean itself, service time / (1 - load), holds for work of any distribution; percentiles do not:
work with a heavy tail exceeds them, at p99 by about a half.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

LOADS: Final = tuple(round(0.05 * step, 2) for step in range(20))
"""Busy / assigned, 0 to 0.95."""

FACTORS: Final[Mapping[str, tuple[float, ...]]] = MappingProxyType(
    {
        "p50": (
            *(0.694, 0.682, 0.671, 0.659, 0.646, 0.634, 0.621, 0.608, 0.595, 0.581),
            *(0.567, 0.552, 0.537, 0.521, 0.505, 0.488, 0.471, 0.453, 0.434, 0.415),
        ),
        "p90": (
            *(2.303, 2.312, 2.322, 2.332, 2.343, 2.354, 2.366, 2.378, 2.391, 2.404),
            *(2.417, 2.431, 2.446, 2.460, 2.476, 2.492, 2.508, 2.525, 2.544, 2.563),
        ),
        "p95": (
            *(2.996, 3.034, 3.074, 3.115, 3.157, 3.200, 3.244, 3.290, 3.336, 3.384),
            *(3.432, 3.482, 3.533, 3.585, 3.638, 3.693, 3.750, 3.809, 3.869, 3.932),
        ),
        "p99": (
            *(4.606, 4.757, 4.910, 5.066, 5.223, 5.382, 5.544, 5.709, 5.877, 6.048),
            *(6.223, 6.403, 6.588, 6.779, 6.975, 7.178, 7.389, 7.607, 7.834, 8.070),
        ),
    }
)
"""Percentile / mean at each of LOADS, rounded up."""
_ROUNDING: Final = 1e-9
SAME: Final = 1e-12
"""Relative difference below which a stretch meets a tabulated one."""


def factor_at(statistic: str, load: float) -> float:
    """Upper factor at this load; 1 for the mean. Between tabulated loads two upper bounds hold, the smaller counts.

    The factor itself lies between those of its neighbours, so it is at most their larger one; and factor / (1 - load)
    grows with the load, so it is at most that of the next tabulated load. Raises ValueError for a load outside 0 to
    0.95, KeyError for an unknown statistic.
    """
    if not 0.0 <= load <= LOADS[-1] + _ROUNDING:
        raise ValueError(f"factors are known for loads from 0 to {LOADS[-1]}, not for {load!r}")
    if statistic == "mean":
        return 1.0
    table = FACTORS[statistic]
    above = next(i for i, known in enumerate(LOADS) if load <= known + _ROUNDING)
    larger = max(table[max(above - 1, 0)], table[above])
    return min(larger, table[above] * max(1.0, (1.0 - load) / (1.0 - LOADS[above])))


def largest_load(statistic: str, stretch: float, most: float) -> float:
    """Largest load up to ``most`` with factor / (1 - load) <= ``stretch``, by :func:`factor_at`; 0 or less: none.

    ``stretch``: the latency that is left for service and queue, over the service time. Raises KeyError for an unknown
    statistic.
    """
    if statistic == "mean":
        return min(most, 1.0 - 1.0 / stretch)
    table = FACTORS[statistic]
    for above in range(len(LOADS) - 1, 0, -1):
        low, high = LOADS[above - 1], LOADS[above]
        if low >= most:
            continue
        if table[above] / (1.0 - high) <= stretch * (1.0 + SAME):
            return min(high, most)
        inside = 1.0 - max(table[above - 1], table[above]) / stretch
        if inside > low:
            return min(inside, most)
    return min(0.0, 1.0 - table[0] / stretch)
