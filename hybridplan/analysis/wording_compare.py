"""Templates of sentences that hold scenarios against each other; see :mod:`hybridplan.analysis.wording`."""

from __future__ import annotations

from typing import Final

COMPARE: Final[dict[str, str]] = {
    "compare.against": "Everything is held against {first}.",
    "compare.span": "The scenarios plan different lengths of time ({hours}), so amounts are per year.",
    "compare.stopped": "Time was up before every plan was found: what is missing is said below.",
    "compare.no_first": "{first} has no plan, so there is nothing to hold the others against: {why}",
    "compare.no_plan": "{name} has no plan: {why}",
    "compare.why.infeasible": "not all of its rules can be met at once. Open it and solve it to see which would have "
    "to give way.",
    "compare.why.no_plan_in_time": "none was found in time.",
    "compare.why.failed": "the solve did not end with a plan that passes its check.",
    "compare.inputs_none": "No input differs from {first}.",
    "compare.inputs_words": "Only texts differ from {first} ({count}): nothing that a plan depends on.",
    "compare.inputs": "{count} from {first} in ways that can change a plan.",
    "compare.same": "It costs the same as {first}, {money}{over}.",
    "compare.less": "It costs {money}{share} less than {first}{over}{why}.",
    "compare.more": "It costs {money}{share} more than {first}{over}{why}.",
    "compare.with_penalties": ", penalties included",
    "compare.because": ", because {causes} changed",
    "compare.together": "That goes together with {others}.",
    "compare.input": "{what} ({before} to {after})",
    "compare.with": "{what} added",
    "compare.without": "{what} left out",
    "compare.more_inputs": "{count} more",
    "compare.terms": "By term: {parts}.",
    "compare.term": "{term} {change}",
    "compare.unserved": "Not served: {share} of {workload} ({before} in {first}).",
    "compare.served": "It serves the same share of every workload as {first}.",
    "compare.moves_none": "No work runs elsewhere than in {first}.",
    "compare.moves": "Busy accelerator-hours by pool: {parts}.",
    "compare.move": "{pool} {change}",
    "compare.carbon": "It emits {tonnes} t CO₂e {word} than {first}{over}.",
    "compare.closest": "Of all its cheapest plans this is the one closest to the plan of {first}: ties move nothing.",
    "compare.plainly.mixed_integer": "Its plan has whole numbers, for which the cheapest plan closest to that of "
    "{first} is not looked for: some of the moves may be ties.",
    "compare.plainly.conic": "Its plan has curved terms, for which the cheapest plan closest to that of {first} is not "
    "looked for: some of the moves may be ties.",
    "compare.plainly.owned_first": "Its plan uses owned capacity first, for which the cheapest plan closest to that of "
    "{first} is not looked for: some of the moves may be ties.",
    "compare.plainly.not_proven": "Its plan is not proven cheapest, so the closest one to that of {first} is not "
    "looked for: some of the moves may be ties.",
    "compare.plainly.horizon": "It plans other hours than {first}, so where the work runs cannot be held against it "
    "hour by hour.",
    "compare.plainly.not_found": "The cheapest plan closest to that of {first} was not found in time: some of the "
    "moves may be ties.",
    "compare.figure.unserved_share": "Not served (largest share of a workload)",
    "compare.figure.objective": "Cost and penalties",
    "compare.figure.cost": "Cost",
    "compare.figure.carbon": "Carbon (location-based)",
    "compare.figure.busy": "Busy",
    "compare.figure.utilisation": "Owned and committed, busy",
    "compare.figure.provider_share": "Largest share of a public provider",
    "compare.figure.gap": "Gap to the proven bound",
}
