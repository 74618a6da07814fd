"""Templates of sentences on the forms of promises and on drills; see :mod:`hybridplan.analysis.wording`."""

from __future__ import annotations

from typing import Final

RESILIENCE: Final[dict[str, str]] = {
    "form.none": "No promise",
    "form.cold": "What survives or starts in time (cold)",
    "form.shared": "What survives (shared)",
    "form.dedicated": "Standby of its own (dedicated)",
    "form.given": "As it stands",
    "form.how": "Standby of its own waits for one workload alone. What survives is shared by all promised work, "
    "held-back capacity included; work without a promise stops. What starts in time is what on-demand pools can grow "
    "by within each workload’s recovery time.",
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
    "forms.extra": "{form} costs {usd} more than no promise{rate}.",
    "forms.extra_none": "{form} costs no more than no promise.",
    "forms.impossible": "{form}: impossible. No plan keeps every promise in this form and meets every rule.",
    "forms.no_plan": "{form}: no plan was found in time, so its cost is not known.",
    "forms.failed": "{form}: the solve failed, so its cost is not known.",
    "forms.unproven": "{form} is not proven cheapest: the least possible cost may be up to {usd} lower.",
    "forms.cold": "What starts in time (cold) is flagged as an assumption: it counts on {pools} being there to rent "
    "within {minutes} of a failure, when others may want them too.",
    "forms.cold_nothing": "Cold is the same as shared here: nothing can start within the recovery times that are "
    "given. It takes an on-demand pool with a ramp, and a recovery time longer than its lead time.",
    "promise.shared": "{workloads}: kept by what survives (shared), held-back capacity included; work without a "
    "promise stops then.",
    "promise.cold": "{workloads}: kept by what survives or starts in time (cold). This is flagged as an assumption: "
    "it counts on {pools} being there to rent within {minutes} of a failure.",
    "promise.cold_nothing": "{workloads}: kept by what survives or starts in time (cold), but nothing can start "
    "within {minutes} of a failure.",
}
