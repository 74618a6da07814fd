"""Templates of words on what rules cost and on plans near the cheapest; see :mod:`hybridplan.analysis.wording`."""

from __future__ import annotations

from typing import Final

RULES: Final[dict[str, str]] = {
    # near the cheapest: {limit} is money, {decided} what the slack is a share of
    "near.headline": "All of these plans serve at least as much as the cheapest one and cost at most {limit} more over "
    "{span}: {share} of what the plan decides ({decided}). What is paid whatever is decided does not count.",
    "near.headline_exact": "All of these plans cost the same as the cheapest one and serve at least as much: ties.",
    "near.least_provider": "Least at {record}",
    "near.least_pool": "Least on {record}",
    "near.most_owned": "Most on what is owned",
    "near.fewest_providers": "Fewest providers",
    "near.closest": "Closest to today",
    "near.hours": "{amount} accelerator-hours in place of {optimum}",
    "near.hours_same": "{amount} accelerator-hours, as in the cheapest plan",
    "near.none": "no work at all there, in place of {optimum} accelerator-hours",
    "near.none_already": "the cheapest plan has no work there either",
    "near.providers": "{amount} in place of {optimum}",
    "near.providers_same": "{amount}, as in the cheapest plan",
    "near.changes": "{amount} accelerator-hours run elsewhere or at another time than today, in place of {optimum}",
    "near.changes_same": "{amount} accelerator-hours run elsewhere or at another time than today, as in the cheapest "
    "plan",
    "near.costs": "{name}: {what}, for {money} more ({share}).",
    "near.costs_nothing": "{name}: {what}, at the same cost.",
    "near.failed": "{name}: no plan was found ({outcome}).",
    "near.late": "{name}: not looked for, the time was up.",
    "near.curved": "{name}: not looked for. It needs whole numbers, and curved terms are solved exactly here: choose "
    "straight lines for them.",
    "near.proof_hours": "No plan within the slack does better than {bound} accelerator-hours (proven{whose}).",
    "near.proof_providers": "No plan within the slack does with fewer than {bound} (proven by the solver).",
    "near.by_solver": " by the solver",
    "near.today_rule": "Today is taken to be what a simple rule does: what is owned first, then the cheapest rented.",
    "near.today_plan": "Today is the plan that was given.",
    "near.range": "{pool} is busy between {least} and {most} accelerator-hours in every plan within {slack} of the "
    "cheapest; {optimum} in the cheapest.",
    "near.range_fixed": "{pool} is busy for {most} accelerator-hours in every plan within {slack} of the cheapest.",
    "near.range_unused": "{pool} is not used in any plan within {slack} of the cheapest.",
    "near.range_free": "{pool} is busy for at most {most} accelerator-hours in every plan within {slack} of the "
    "cheapest, and some do without it; {optimum} in the cheapest.",
    "near.incomplete": "The time was up before everything was looked at: what is missing is marked.",
    "near.heading": "{name}: a plan within {slack} of the cheapest",
    "near.certificate": "Its rules were checked and its money was counted again from its tables. It costs {money} more "
    "than the cheapest plan ({share} of what is decided), and {gap} of what it decides is the most that any plan could "
    "save.",
}
