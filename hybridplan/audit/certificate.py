"""The certificate of a plan: the rules hold, the money agrees, and a bound says how much better any plan could be."""

from __future__ import annotations

from math import isfinite
from typing import Final, Literal

from hybridplan.audit.report import AuditReport
from hybridplan.audit.residuals import TOLERANCE
from hybridplan.plan import Certificate
from hybridplan.units import MAGNITUDE_MIN

FLOOR_USD: Final = MAGNITUDE_MIN
"""Least USD against which a difference is judged: the smallest amount a scenario may state."""
FLOOR_OF_CONSTANT: Final = 1e-8
"""And at least this share of the constants: below it the difference of two rounded sums holds no digits."""


def decided_usd(objective_usd: float, constant_usd: float, floor_usd: float = FLOOR_USD) -> float:
    """The scale of gaps: max(|objective - constants|, ``floor_usd``, 1e-8 x |constants|), in USD."""
    return max(abs(objective_usd - constant_usd), floor_usd, FLOOR_OF_CONSTANT * abs(constant_usd))


def gap(objective_usd: float, bound_usd: float, constant_usd: float, floor_usd: float = FLOOR_USD) -> float:
    """(objective - bound) / :func:`decided_usd`; NaN where either is not finite."""
    if not (isfinite(objective_usd) and isfinite(bound_usd)):
        return float("nan")
    return (objective_usd - bound_usd) / decided_usd(objective_usd, constant_usd, floor_usd)


def certify(
    report: AuditReport,
    optimised_usd: float,
    bound_usd: float,
    bound_source: Literal["weak duality", "solver", "none"],
    tolerance: float = TOLERANCE,
    *,
    tangent_error_usd: float = 0.0,
    relaxation_bound_usd: float | None = None,
    floor_usd: float = FLOOR_USD,
) -> Certificate:
    """Judge a plan by its audit and a bound.

    It passes when every rule holds, the audited objective less ``tangent_error_usd`` equals ``optimised_usd`` (the
    optimiser's own), the bound is a finite number, and the plan does not cost less than the bound; the last two within
    ``tolerance`` relative to what is decided (:func:`decided_usd`). A plan far above its bound still passes: it is
    sound, only not proven cheapest.

    ``tangent_error_usd``: audited less modelled cost of curved terms. Straight lines below a curve can only
    under-estimate it, so it lies between 0 and what the curved terms cost. ``relaxation_bound_usd``: with whole things,
    a second bound that the plan must not be below. ``floor_usd``: least USD against which differences are judged; an
    interior point ends near 0, not at it.
    """
    objective = report.objective_usd
    scale = decided_usd(objective, report.constant_usd, floor_usd)
    difference = abs(objective - tangent_error_usd - optimised_usd) / scale
    distance = gap(objective, bound_usd, report.constant_usd, floor_usd)
    failures = [*report.failures, *_tangents(report, tangent_error_usd, tolerance * scale)]
    if not difference <= tolerance:
        failures.append(f"objective: audited {objective!r} USD, optimised {optimised_usd!r} USD")
    if bound_source == "none" or not isfinite(bound_usd):
        failures.append(f"bound: there is no finite bound ({bound_usd!r} USD)")
    elif not distance >= -tolerance:
        failures.append(f"bound: {bound_usd!r} USD is above the plan's {objective!r} USD, so one of the two is wrong")
    if relaxation_bound_usd is not None:
        relaxed = gap(objective, relaxation_bound_usd, report.constant_usd, floor_usd)
        if not relaxed >= -tolerance:
            failures.append(f"bound without whole numbers: {relaxation_bound_usd!r} USD, the plan {objective!r} USD")
    return Certificate(
        passed=bool(report.ok) and not failures,
        rules_checked=report.rules_checked,
        max_residual=report.max_residual,
        worst_rule=report.worst_rule,
        bound_usd=bound_usd,
        gap=distance,
        bound_source=bound_source,
        optimised_usd=optimised_usd,
        failures=tuple(failures),
        tangent_error_usd=tangent_error_usd,
        relaxation_bound_usd=relaxation_bound_usd,
    )


def _tangents(report: AuditReport, error_usd: float, tolerance_usd: float) -> list[str]:
    """What is wrong with the error of the straight lines, if anything."""
    curved = sum(report.penalty_usd.get(term, 0.0) for term in ("congestion", "balance"))
    if -tolerance_usd <= error_usd <= curved + tolerance_usd:
        return []
    return [f"straight lines: {error_usd!r} USD below the curved terms, which cost {curved!r} USD"]
