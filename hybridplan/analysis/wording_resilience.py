"""Templates of sentences on the forms of promises and on drills; see :mod:`hybridplan.analysis.wording`."""

from __future__ import annotations

from typing import Final

RESILIENCE: Final[dict[str, str]] = {
    "form.none": "No promise",
    "form.cold": "Cold",
    "form.shared": "Shared",
    "form.dedicated": "Dedicated",
    "form.given": "As it stands",
    "form.how": "Dedicated: standby that waits for one workload alone. Shared: all promised work shares whatever "
    "survives, held-back capacity included; work without a promise stops. Cold: the same, and what on-demand pools "
    "can grow by within each workload's recovery time.",
    "report.no_promise": "No work is promised to go on. What is shown runs on where it survives.",
    "forms.nothing": "There is no promise to price.",
    "forms.with": "With the promises as they stand the plan costs {with_usd} over {span}, without them {none_usd}: "
    "they cost {usd}{rate}.",
    "forms.free": "The promises as they stand cost nothing: with and without them the plan costs {with_usd} over "
    "{span}.",
    "forms.not_comparable": "With the promises as they stand {given} of demand is not served at worst, without them "
    "{none}: so this is no bill alone, it counts the penalty for that too.",
    "forms.breaks": "Without promises {broken} of {all} (workload and failure) would not be kept: at worst {left} of "
    "what is served goes on.",
    "forms.breaks_none": "Without promises all of them would be kept too, as the plan happens to run. Nothing holds "
    "it to that.",
    "forms.extra": "{form}: {usd} more than no promise{rate}.",
    "forms.extra_none": "{form}: no more than no promise.",
    "forms.impossible": "{form}: impossible. No plan keeps every promise in this form and meets every rule.",
    "forms.no_plan": "{form}: no plan was found in time, so its cost is not known.",
    "forms.failed": "{form}: the solve failed, so its cost is not known.",
    "forms.unproven": "{form} is not proven cheapest: the least possible cost may be up to {usd} lower.",
    "forms.cold": "Cold is flagged as an assumption: it counts on {pools} being there to rent {minutes} after a "
    "failure, when others may want them too.",
    "forms.cold_nothing": "Cold is the same as shared here: no on-demand pool can grow within the recovery times that "
    "are given (a recovery time, and a ramp of the pool, are needed).",
    "promise.shared": "{workloads}: shared. After a failure this runs on whatever survives and is provisioned, "
    "held-back capacity included, in common; work without a promise stops.",
    "promise.cold": "{workloads}: cold. This is flagged as an assumption: it counts on {pools} being there to rent "
    "within {minutes} of a failure.",
    "promise.cold_nothing": "{workloads}: cold, but nothing can grow within {minutes} of a failure, so this is the "
    "same as shared.",
}
