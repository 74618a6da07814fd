"""Percentiles of latency at a processor-sharing accelerator: ``python -m benchmarks.queue_factors [--quick]``.

Two independent ways to the table of ``hybridplan/domain/queue_factors.py``: exact numbers from a Markov chain, and a
simulation with error bars. Time is counted in mean service times, so that the mean latency is 1 / (1 - load).
The full run writes ``docs/queue_factors.csv`` and the table of ``docs/queue_factors.md``; the quick one only prints.
"""

from __future__ import annotations

import argparse
import csv
import heapq
import io
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import eigh_tridiagonal
from scipy.optimize import brentq
from scipy.stats import t as student

from hybridplan.domain.queue_factors import FACTORS, LOADS

DOCS: Final = Path(__file__).resolve().parent.parent / "docs"
PERCENTILES: Final = {"p50": 0.5, "p90": 0.9, "p95": 0.95, "p99": 0.99}
CONFIDENCE: Final = 0.99
SEED: Final = 20260601
REPLICATIONS: Final = 30
REQUESTS: Final = 60_000
"""Requests of one replication at no load; 1 / (1 - load) times as many under load, where neighbours are alike."""
OTHER_LOADS: Final = (0.3, 0.6, 0.9)
"""Loads at which other work than exponential is tried."""
SIGMA: Final = 1.25
"""Of the logarithm of lognormal work: its standard deviation is sqrt(exp(SIGMA^2) - 1) = 1.94 times its mean."""
BEGIN, END = "<!-- table: python -m benchmarks.queue_factors -->", "<!-- end of table -->"

Floats = NDArray[np.float64]
Draw = Callable[[np.random.Generator, int], Floats]


@dataclass(frozen=True)
class Work:
    """A distribution of service times with mean 1: of new requests, and of what is left of those present."""

    new: Draw
    left: Draw
    """Density P(work > x), the remaining work of every request present in the steady state."""


WORKS: Final = {
    "exponential": Work(
        lambda random, count: random.exponential(size=count),
        lambda random, count: random.exponential(size=count),
    ),
    "constant": Work(
        lambda random, count: np.ones(count),
        lambda random, count: random.uniform(size=count),
    ),
    "lognormal": Work(
        lambda random, count: random.lognormal(-(SIGMA**2) / 2, SIGMA, size=count),
        # A uniform part of the size-biased work, which is lognormal again.
        lambda random, count: random.uniform(size=count) * random.lognormal(SIGMA**2 / 2, SIGMA, size=count),
    ),
}


@dataclass(frozen=True)
class Row:
    """One load and statistic: each figure is divided by the mean 1 / (1 - load), the variance by its square."""

    load: float
    statistic: str
    exact: float | None
    used: float | None
    """Exact, rounded up to 3 decimals: what the planner promises."""
    simulated: float
    half_width_99: float
    replications: int
    requests: int
    """Of each replication."""
    seed: int
    work: str = "exponential"


def modes(load: float) -> tuple[Floats, Floats]:
    """Rates r and weights v with P(latency > t) = sum v exp(-r t): (states,), (states,), per mean service time.

    State n = requests present beside a tagged one, which finds n with probability (1 - load) load^n. Another one
    arrives at rate load, one of the others leaves at rate n / (n + 1), the tagged one at 1 / (n + 1). With
    m[n] = load^n (n + 1) the flows balance, m[n] load = m[n + 1] (n + 1) / (n + 2): scaled by sqrt(m) the chain is
    a symmetric tridiagonal matrix. States with less than 1e-20 of the probability are left out.
    """
    states = 1 if load == 0 else math.ceil(math.log(1e-20) / math.log(load)) + 60
    n = np.arange(states)
    rates, vectors = eigh_tridiagonal(np.full(states, 1.0 + load), -np.sqrt(load * n[1:] / (n[1:] + 1)))
    start = (1 - load) * load ** (n / 2) / np.sqrt(n + 1)
    end = load ** (n / 2) * np.sqrt(n + 1)
    return rates, (start @ vectors) * (end @ vectors)


def exact_factors(load: float) -> dict[str, float]:
    """Mean, variance and percentiles by the chain; mean and percentiles x (1 - load), variance x (1 - load)^2."""
    rates, weights = modes(load)
    mean = float((weights / rates).sum())
    found = {"mean": mean * (1 - load), "variance": (float((2 * weights / rates**2).sum()) - mean**2) * (1 - load) ** 2}
    for name, share in PERCENTILES.items():
        found[name] = (1 - load) * brentq(
            lambda t, left=1 - share: float(weights @ np.exp(-rates * t)) - left, 0.0, 50 / (1 - load), xtol=1e-13
        )
    return found


def rounded_up(value: float) -> float:
    """To 3 decimals, never down; what is whole to 1e-9 stays."""
    return math.ceil(value * 1000 - 1e-9) / 1000


def _arrivals(load: float, work: Work, random: np.random.Generator) -> Iterator[tuple[float, float]]:
    """Time since the last request and work of each, without end."""
    while True:
        yield from zip(random.exponential(1 / load, 4096).tolist(), work.new(random, 4096).tolist(), strict=True)


def latencies(load: float, requests: int, work: Work, random: np.random.Generator) -> Floats:
    """Latency of successive requests at one processor-sharing accelerator from its steady state: (requests,).

    ``served`` is the work done so far for whoever has always been there; a request leaves when it has grown by its
    own work. Arrivals go on until the last of the requests has left, so that long ones are not cut off.
    """
    if load == 0:
        return work.new(random, requests)
    present = [(left, -1) for left in work.left(random, int(random.geometric(1 - load)) - 1).tolist()]
    heapq.heapify(present)
    began: list[float] = []
    latency = np.empty(requests)
    clock = served = arrival = 0.0
    missing = requests
    for gap, size in _arrivals(load, work, random):
        arrival += gap
        while present and (leaves := clock + (present[0][0] - served) * len(present)) <= arrival:
            served, who = heapq.heappop(present)
            clock = leaves
            if 0 <= who < requests:
                latency[who] = clock - began[who]
                missing -= 1
        if not missing:
            break
        if present:
            served += (arrival - clock) / len(present)
        clock = arrival
        heapq.heappush(present, (served + size, len(began)))
        began.append(arrival)
    return latency


def simulated_factors(
    load: float, work: str, replications: int, requests: int, seed: int = SEED
) -> dict[str, tuple[float, float]]:
    """Statistic -> mean over independent replications and half width of its 99 % t-interval; scaled as the exact."""
    values: dict[str, list[float]] = {name: [] for name in ("mean", "variance", *PERCENTILES)}
    for replication in range(replications):
        random = np.random.default_rng([seed, round(100 * load), list(WORKS).index(work), replication])
        latency = latencies(load, requests, WORKS[work], random) * (1 - load)
        values["mean"].append(float(latency.mean()))
        # About the known mean 1: about the sample's own mean it would come out too small.
        values["variance"].append(float(((latency - 1) ** 2).mean()))
        for name, value in zip(PERCENTILES, np.quantile(latency, list(PERCENTILES.values())), strict=True):
            values[name].append(float(value))
    spread = student.ppf((1 + CONFIDENCE) / 2, replications - 1) / math.sqrt(replications)
    return {name: (float(np.mean(v)), float(spread * np.std(v, ddof=1))) for name, v in values.items()}


def rows_at(load: float, work: str, replications: int, requests: int) -> list[Row]:
    """Rows of all statistics; ``requests`` is at no load. Exact percentiles are known for exponential work only."""
    count = round(requests / (1 - load))
    exact = exact_factors(load) if work == "exponential" else {"mean": 1.0}
    return [
        Row(
            load,
            name,
            round(exact[name], 6) if name in exact else None,
            rounded_up(exact[name]) if name in exact and name != "variance" else None,
            round(middle, 5),
            round(half, 5),
            replications,
            count,
            SEED,
            work,
        )
        for name, (middle, half) in simulated_factors(load, work, replications, count).items()
        if name != "variance" or work == "exponential"
    ]


def as_csv(rows: Sequence[Row]) -> str:
    """The rows with a header; what is not known stays empty."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    names = list(Row.__dataclass_fields__)
    writer.writerow(names)
    writer.writerows([getattr(row, name) for name in names] for row in rows)
    return text.getvalue()


def as_table(rows: Sequence[Row]) -> str:
    """Markdown for docs/queue_factors.md: the mean and the high percentiles of each kind of work at a few loads."""
    cells = {(row.work, row.load, row.statistic): f"{row.simulated:.3f} ± {row.half_width_99:.3f}" for row in rows}
    lines = ["| Work | Load | mean x (1 - load) | p50 / mean | p95 / mean | p99 / mean |", "|---|---|---|---|---|---|"]
    for work in WORKS:
        for load in OTHER_LOADS:
            figures = [cells[work, load, name] for name in ("mean", "p50", "p95", "p99")]
            lines.append(f"| {work} | {load} | {' | '.join(figures)} |")
    return "\n".join(lines)


def differences(rows: Sequence[Row]) -> list[str]:
    """Where the planner's own table is not what was computed; empty when all is well."""
    wanted = {(row.load, row.statistic): row.used for row in rows if row.work == "exponential"}
    return [
        f"{name} at load {load}: the planner has {value}, computed {wanted[load, name]}"
        for name, values in FACTORS.items()
        for load, value in zip(LOADS, values, strict=True)
        if value != wanted[load, name]
    ]


def main(arguments: Sequence[str] | None = None) -> int:
    """Compute, print, and (full run) write; 1 when the planner's table differs."""
    parser = argparse.ArgumentParser(description="Percentiles of latency under load: exact and simulated.")
    parser.add_argument("--quick", action="store_true", help="a small simulation; print only")
    quick = parser.parse_args(arguments).quick
    replications, requests = (5, 500) if quick else (REPLICATIONS, REQUESTS)
    rows: list[Row] = []
    for work in WORKS:
        for load in LOADS if work == "exponential" else OTHER_LOADS:
            found = rows_at(load, work, replications, requests)
            rows += found
            shown = (f"{row.statistic} {row.exact} {row.simulated} ± {row.half_width_99}" for row in found)
            print(f"{work} {load}: {'; '.join(shown)}", flush=True)
    if not quick:
        (DOCS / "queue_factors.csv").write_text(as_csv(rows), encoding="utf-8")
        page = DOCS / "queue_factors.md"
        before, _, rest = page.read_text(encoding="utf-8").partition(BEGIN)
        page.write_text(f"{before}{BEGIN}\n{as_table(rows)}\n{END}{rest.partition(END)[2]}", encoding="utf-8")
    wrong = differences(rows)
    print("\n".join(wrong) or "the planner's table is what was computed")
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main())
