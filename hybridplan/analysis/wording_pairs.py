"""Templates of sentences on pairs with and without rules; see :mod:`hybridplan.analysis.wording`."""

from __future__ import annotations

from typing import Final

PAIRS: Final[dict[str, str]] = {
    "pair.residency": "Residency",
    "pair.latency": "Latency objectives",
    "pair.promise": "Going on after a failure",
    "pairs.none": "There is no residency, no latency objective and no promise here, so there is nothing to compare.",
    "pairs.costs": "{name}: {usd} over {span}, or {year} per year ({share} of what the plan can decide). With: "
    "{with_usd}; without: {without_usd}.",
    "pairs.nothing": "{name}: costs nothing now. With and without it the plan costs {with_usd} over {span}.",
    "pairs.serves_more": "{name}: {usd} over {span}, but this is no bill alone: with it {with_share} of a demand stays "
    "unserved at most, without it {without_share}, and the penalty for that is counted.",
    "pairs.possible": "{name}: with it there is no plan, without it there is one.",
    "pairs.unknown": "{name}: not known ({status}).",
    "pairs.range": "Between {least} and {most}, as far as was proven.",
    "pairs.how": "Each pair is two plans, both checked: the plan as it is, and solved again without these rules on any "
    "record. The pairs do not add up: rules stand in for each other. Latency is the mean of round trip and service "
    "time of the work that the rules are on, without queues on both sides.",
    "pairs.late": "The time was up before every plan was solved: what is missing has no figure.",
}
