"""Which of the inputs that differ may be called a cause: those of a limit that binds and has a price."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from hybridplan.analysis import labels
from hybridplan.analysis.compare import inputs
from hybridplan.analysis.compare.result import Entrant, proven_apart
from hybridplan.analysis.differences import Difference
from hybridplan.analysis.promises import promised
from hybridplan.domain import Scenario
from hybridplan.plan import Plan

_LEAST_SHARE: Final = 1e-6
"""Part of the objective below which the price of a limit is rounding."""

_CAPACITY: Final = ("capacity", "one_more_accelerator", "kept")
_OF_POOL: Final[dict[str, tuple[tuple[str, ...], int]]] = {
    "capacity_accelerators": (_CAPACITY, 1),
    "held_back_share": (_CAPACITY, -1),
    "up_share": (_CAPACITY, 1),
    "lead_time_hours": (("provisioning",), -1),
    "ramp_up_accelerators_per_hour": (("ramp_up",), 1),
    "ramp_down_accelerators_per_hour": (("ramp_down",), 1),
    "min_provisioned_accelerators": (("min_provisioned",), -1),
    "min_busy_share": (("min_busy",), -1),
    "min_on_hours": (("min_on",), -1),
}
_OF_WORKLOAD: Final[dict[str, tuple[tuple[str, ...], int]]] = {
    "demand_units_per_hour": (("rigid_demand",), -1),
    "windows": (("window_demand",), -1),
    "must_serve": (("must_serve",), -1),
    "unserved_share_cap": (("unserved_cap",), 1),
    "promised_share": (("promise",), -1),
    "promise_form": (("promise",), -1),
    "parallel_limit_accelerators": (("parallel_limit",), 1),
    "interruptible_share_cap": (("interruptible_share",), 1),
    "latency_objective_ms": (("latency",), 1),
    "mean_latency_cap_ms": (("mean_latency",), 1),
}
_OF_OTHERS: Final[dict[tuple[str, str], tuple[tuple[str, ...], int]]] = {
    ("links", "gbps"): (("link_bandwidth", "one_more_gbps"), 1),
    ("links", "max_private_gbps"): (("private_line",), 1),
    ("sites", "rack_units_limit"): (("site_space",), 1),
    ("sites", "it_power_limit_kw"): (("site_power",), 1),
    ("commitments", "max_new_accelerators"): (("new_commitment",), 1),
    ("spend_commitments", "max_new_usd_per_hour"): (("new_commitment",), 1),
    ("spend_commitments", "usd_per_hour"): (("spend_commitment",), 1),
    ("expansions", "max_accelerators"): (("bought",), 1),
    ("datasets", "min_copies"): (("copies",), -1),
}
_OF_POLICY: Final[dict[str, tuple[str, int]]] = {
    "budget": ("budget", 1),
    "carbon_cap": ("carbon_cap", 1),
    "provider_share_cap": ("provider_share", 1),
    "max_providers": ("max_providers", 1),
    "min_providers": ("min_providers", -1),
    "provider_counts_from_accelerator_hours": ("min_providers", -1),
}
_FORMS: Final = ("cold", "shared", "dedicated")
"""Forms of promises, the loosest first."""


@dataclass(frozen=True)
class Cause:
    """An input that differs, and whether it is a cause of the difference in cost: see :func:`causes`."""

    difference: Difference
    is_cause: bool
    limit: str = ""
    """The limit that the input belongs to; empty where it belongs to none."""
    record: str = ""


def causes(first: Entrant, other: Entrant) -> list[Cause]:
    """Every differing input that a plan may depend on, causes first.

    An input is a cause where its limit binds with a price in one of both plans (a tighter limit in the plan under it, a
    looser one in the plan without it), and where that price explains the direction in which the objective went. Prices
    of plans with whole numbers hold these fixed, so none of them makes a cause; rules on the number of providers are
    taken back and tried instead (``Entrant.rules``). An input that alone differs is the cause where it is proven that
    the one scenario costs more than the other.
    """
    rise, both = _objective(other) - _objective(first), (first.plan.scenario, other.plan.scenario)
    found = [_cause(first, other, one, rise) for one in inputs.of_pair(first, other) if inputs.matters(one.path, both)]
    if len(found) == 1 and _same_hours(both) and proven_apart(first.plan, other.plan):
        return [replace(found[0], is_cause=True)]
    return sorted(found, key=lambda cause: not cause.is_cause)


def _same_hours(both: tuple[Scenario, Scenario]) -> bool:
    """Amounts are told per year where they differ, and then more of an objective may be less."""
    return both[0].horizon.plan_hours == both[1].horizon.plan_hours


def _cause(first: Entrant, other: Entrant, difference: Difference, rise: float) -> Cause:
    found = _limit(first.plan.scenario, other.plan.scenario, difference.path)
    if found is None:
        return Cause(difference, False)
    limits, record, sign = found
    step = sign * _step(first.plan.scenario, other.plan.scenario, difference.path, math.inf if sign > 0 else 0.0)
    explains = step != 0 and math.isfinite(rise) and rise * step < 0
    is_linear = "mixed_integer" not in (first.plan.kind, other.plan.kind)
    has_price = any(_has_price(entrant.plan, limits, record) for entrant in (first, other))
    is_tried = difference.path in other.rules
    return Cause(difference, is_tried or (explains and is_linear and has_price), limits[0], record)


def _limit(first: Scenario, other: Scenario, path: str) -> tuple[tuple[str, ...], str, int] | None:
    """Limits that an input belongs to, their record ("" any), and whether more of the input loosens (1) them."""
    section, _, rest = path.partition(".")
    if section == "policy":
        return _of_policy(first, other, rest)
    if section == "horizon" and rest.endswith(".demand_factor"):
        return ("rigid_demand", "window_demand"), "", -1
    for record in _records(first, other, section):
        if not rest.startswith(f"{record}."):
            continue
        name = rest.removeprefix(f"{record}.").split(".")[0]
        if (section, name) in _OF_OTHERS:
            limits, sign = _OF_OTHERS[section, name]
            return limits, record, sign
        if section == "commitments" and name == "accelerators" and record in first.commitments:
            return _CAPACITY, first.commitments[record].pool, 1
        by_name = {"pools": _OF_POOL, "workloads": _OF_WORKLOAD}.get(section, {})
        if name in by_name:
            return by_name[name][0], record, by_name[name][1]
    return None


def _of_policy(first: Scenario, other: Scenario, rest: str) -> tuple[tuple[str, ...], str, int] | None:
    """The same for what stands below the policy. A failure that came or went counts where both promise some work."""
    if rest.startswith("contingencies."):
        key = rest.removeprefix("contingencies.")
        is_whole = key in first.policy.contingencies or key in other.policy.contingencies
        return (("promise",), key, -1) if is_whole and promised(first).keys() & promised(other).keys() else None
    limit = _OF_POLICY.get(rest.split(".")[0])
    return None if limit is None else ((limit[0],), "", limit[1])


def _records(first: Scenario, other: Scenario, section: str) -> Iterator[str]:
    """Ids of both scenarios that may begin a path, longest first: ids may hold dots."""
    ids = [key for one in (first, other) for key in getattr(one, section, {}) if section != "horizon"]
    return iter(sorted(dict.fromkeys(ids), key=lambda key: -len(key)))


def _has_price(plan: Plan, limits: Sequence[str], record: str) -> bool:
    """Whether one of these limits of the record is worth money in the plan."""
    prices = plan.shadow_prices
    if prices.empty:
        return False
    rows = prices.loc[prices["limit"].isin(list(limits))]
    if record:
        owner = labels.window_owners(plan.scenario)
        mine = [record in (str(key), owner.get(str(key)), *str(key).split("/")) for key in rows["record"]]
        rows = rows.loc[mine]
    least = _LEAST_SHARE * max(abs(plan.objective_usd or 0.0), 1.0)
    return float(rows["usd_per_unit"].astype(float).abs().sum()) > least


def _step(first: Scenario, other: Scenario, path: str, absent: float) -> float:
    """Whether the input grew (1), fell (-1), or neither can be said (0); ``absent``: what none of it stands for."""
    if path.startswith("policy.contingencies."):
        key = path.removeprefix("policy.contingencies.")
        return float(key in other.policy.contingencies) - float(key in first.policy.contingencies)
    before, after = (_size(_at(scenario.model_dump(mode="json"), path), absent) for scenario in (first, other))
    if math.isnan(before) or math.isnan(after):
        return 0.0
    return float(after > before) - float(after < before)


def _at(node: Any, path: str) -> Any:
    """The value at a dotted path of a document; ids may hold dots."""
    if not path:
        return node
    if isinstance(node, dict):
        for key in sorted(node, key=lambda key: -len(key)):
            if path == key or path.startswith(f"{key}."):
                return _at(node[key], path[len(key) + 1 :])
    if isinstance(node, list):
        head, _, tail = path.partition(".")
        return _at(node[int(head) - 1], tail) if head.isdigit() and 0 < int(head) <= len(node) else math.nan
    return None


def _size(value: Any, absent: float) -> float:
    """A number to compare: the sum of a profile, the amount of a budget or cap."""
    if value is None:
        return absent
    if isinstance(value, bool | int | float):
        return float(value)
    if value in _FORMS:
        return float(_FORMS.index(value))
    if isinstance(value, list) and all(isinstance(one, int | float) for one in value):
        return math.fsum(value)
    if isinstance(value, dict):
        amount = value.get("usd", value.get("tonnes", value.get("volume_units")))
        return math.nan if amount is None else float(amount)
    return math.nan


def _objective(entrant: Entrant) -> float:
    usd = entrant.plan.objective_usd
    return math.nan if usd is None else usd
