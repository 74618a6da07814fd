"""Prices of limits with the range in which they hold: each limit a little looser and tighter, solved anew."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

import pandas as pd

from hybridplan.analysis import limits, purchases
from hybridplan.analysis.sensitivity.paths import NumericPath, describe
from hybridplan.analysis.sensitivity.points import PointSolver
from hybridplan.analysis.wording import say
from hybridplan.domain import Scenario
from hybridplan.io.workbook_inputs import join
from hybridplan.plan import SolveStatus

HOLDS: Final = 0.01
"""A price holds while the mean change per unit differs from that of the first step by at most this share."""
_DOUBLINGS: Final = 8
_STEP: Final = 0.01
"""First step, as a share of the limit, where one more of it is no whole thing."""
_COUNT_FROM: Final = 10
"""From so many accelerators on the first step is one accelerator."""
_LEAST_USD: Final = 1e-6
_PLACES: Final = {
    "one_more_gbps": ("links", "gbps"),
    "parallel_limit": ("workloads", "parallel_limit_accelerators"),
    "latency": ("workloads", "latency_objective_ms"),
    "mean_latency": ("workloads", "mean_latency_cap_ms"),
    "interruptible_share": ("workloads", "interruptible_share_cap"),
    "unserved_cap": ("workloads", "unserved_share_cap"),
    "ramp_up": ("pools", "ramp_up_accelerators_per_hour"),
    "ramp_down": ("pools", "ramp_down_accelerators_per_hour"),
    "new_commitment": ("spend_commitments", "max_new_usd_per_hour"),
    "spend_commitment": ("spend_commitments", "usd_per_hour"),
    "bought": ("expansions", "max_accelerators"),
    "site_space": ("sites", "rack_units_limit"),
    "site_power": ("sites", "it_power_limit_kw"),
    "private_line": ("links", "max_private_gbps"),
}
"""Limits of a record: the section and field in which they stand. Each is looser where the number is larger."""
_POLICY: Final = {
    "budget": ("policy", "budget", "usd"),
    "carbon_cap": ("policy", "carbon_cap", "tonnes"),
    "provider_share": ("policy", "provider_share_cap"),
}
COLUMNS: Final = (
    "limit",
    "unit",
    "now",
    "step",
    "saves_usd_per_unit",
    "holds_to",
    "tighter_status",
    "costs_usd_per_unit",
    "holds_from",
)


@dataclass(frozen=True)
class PriceRange:
    """What one unit more of a limit saves, and one unit less costs, by re-solves with steps of ``step``.

    ``holds_to`` and ``holds_from``: the furthest values tried at which the mean per unit is within 1 % of the first
    step's. Tighter figures are None where ``tighter_status`` says that no plan is left one step below.
    """

    field: NumericPath
    limit: str
    """Code of the limit whose price led here."""
    step: float
    saves_usd_per_unit: float | None
    holds_to: float | None
    tighter_status: str
    costs_usd_per_unit: float | None
    holds_from: float | None


@dataclass(frozen=True)
class PriceRanges:
    """The limits worth most, dearest first; empty where no limit is worth money at the margin."""

    status: str
    """How the plan as it is ended; without one there are no prices."""
    ranges: tuple[PriceRange, ...]
    limits: int
    """How many limits were to be looked at."""
    solves: int
    complete: bool

    def table(self) -> pd.DataFrame:
        """One row per limit: COLUMNS."""
        rows = [
            [one.field.label, one.field.unit, one.field.value, *map(vars(one).get, COLUMNS[3:])] for one in self.ranges
        ]
        return pd.DataFrame(rows, columns=list(COLUMNS))


def price_ranges(
    scenario: Scenario,
    *,
    most: int = 8,
    time_limit_seconds: float | None = None,
    progress: Callable[[str], None] | None = None,
    partial: Callable[[PriceRanges], None] | None = None,
) -> PriceRanges:
    """What the ``most`` limits with the highest shadow prices are really worth per unit, and how far that holds.

    Limits: capacity, bandwidth, budget, cap on carbon, share of a provider, parallel limit, latency objectives and
    caps, cap on interruptible work, growth per hour. Values are net of what the unit itself costs. Stops with what it
    has after ``time_limit_seconds`` (HYBRIDPLAN_SOLVE_SECONDS).
    """
    solver, tell = PointSolver(scenario, time_limit_seconds), progress or (lambda text: None)
    tell(say("sensitivity.base"))
    plan = solver.priced()
    if plan is None or plan.objective_usd is None:
        late = SolveStatus.NO_PLAN_IN_TIME.value
        status = late if plan is None else plan.status.value
        return PriceRanges(status, (), 0, solver.solves, status != late)
    rows = limits.binding(plan)
    asked = list(_fields(scenario, list(zip(rows["limit"], rows["record"], strict=True))))[:most]
    found: list[PriceRange] = []
    for number, (limit, field) in enumerate(asked, start=1):
        tell(say("sensitivity.assumption", number=str(number), all=str(len(asked)), label=field.label))
        one = _Study(solver, field, plan.objective_usd).range(limit)
        if one is None:
            break
        found.append(one)
        if partial is not None:
            partial(PriceRanges(plan.status.value, tuple(found), len(asked), solver.solves, False))
    return PriceRanges(plan.status.value, tuple(found), len(asked), solver.solves, len(found) == len(asked))


def _fields(scenario: Scenario, binding: list[tuple[str, str]]) -> Iterator[tuple[str, NumericPath]]:
    """The numbers in which binding limits stand, each once; limits that are no number of the scenario are left out."""
    seen = set()
    for limit, record in binding:
        path = _path(scenario, limit, record)
        if path is not None and path not in seen:
            seen.add(path)
            field = describe(scenario, join(path))
            if field.value:
                yield limit, field


def _path(scenario: Scenario, limit: str, record: str) -> tuple[str, ...] | None:
    if limit in _POLICY:
        return _POLICY[limit]
    if limit == limits.ONE_MORE_ACCELERATOR and record in scenario.pools:
        if scenario.pools[record].purchase_option != "reserved":
            return "pools", record, "capacity_accelerators"
        return _committed(scenario, record)
    if limit == "new_commitment" and record in scenario.commitments:
        return "commitments", record, "max_new_accelerators"
    section, field = _PLACES.get(limit, ("", ""))
    return (section, record, field) if section and record in getattr(scenario, section) else None


def _committed(scenario: Scenario, pool: str) -> tuple[str, ...] | None:
    """The first commitment behind a reserved pool that is held now and in service in some block."""
    for key, one in scenario.commitments.items():
        serves = any(purchases.hours_between(scenario, one.starts, one.ends).values())
        if one.pool == pool and one.accelerators > 0 and serves:
            return "commitments", key, "accelerators"
    return None


class _Study:
    """One number, looked at above and below what it is."""

    def __init__(self, solver: PointSolver, field: NumericPath, base_usd: float) -> None:
        assert field.value
        self._solver, self._field, self._base_usd = solver, field, base_usd
        self._now = field.value
        is_count = field.unit.startswith("accelerators") and field.value >= _COUNT_FROM
        self._step = 1.0 if is_count else _STEP * field.value
        self._last = ""
        """How the last solve ended."""

    def range(self, limit: str) -> PriceRange | None:
        """Both directions; None where no time is left."""
        up, down = self._direction(1.0), self._direction(-1.0)
        if not self._solver.has_time:
            return None
        (saves, holds_to, _), (costs, holds_from, status) = up, down
        return PriceRange(self._field, limit, self._step, saves, holds_to, status, costs, holds_from)

    def _direction(self, sign: float) -> tuple[float | None, float | None, str]:
        """USD per unit that looser saves (sign 1) or tighter costs (-1), how far that holds, and how one step ended."""
        first = self._usd(sign * self._step)
        status = self._last
        if first is None:
            return None, None, status
        if abs(first) <= _LEAST_USD:
            return 0.0, None, status
        rate = first / self._step
        return rate, self._now + sign * self._furthest(sign, rate), status

    def _usd(self, added: float) -> float | None:
        """USD by which a change moves the objective, counted as a gain for more and a loss for less."""
        value = self._now + added
        point = self._solver.at({self._field.path: value}, value)
        self._last = "no_plan_in_time" if point is None else point.status
        if point is None or point.objective_usd is None:
            return None
        return (self._base_usd - point.objective_usd) * (1.0 if added > 0 else -1.0)

    def _furthest(self, sign: float, rate: float) -> float:
        """Largest change tried over which the mean per unit is the rate: doubled, then halved steps."""

        def holds(size: float) -> bool:
            if sign < 0 and size >= self._now:
                return False
            usd = self._usd(sign * size)
            return usd is not None and abs(usd / size - rate) <= HOLDS * abs(rate)

        good = step = self._step
        for _ in range(_DOUBLINGS):
            if not holds(good + step):
                break
            good, step = good + step, 2.0 * step
        while step > self._step:
            step /= 2.0
            if holds(good + step):
                good += step
        return good
