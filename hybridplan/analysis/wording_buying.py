"""Templates of sentences on what to buy; see :mod:`hybridplan.analysis.wording`."""

from __future__ import annotations

from typing import Final

BUYING: Final[dict[str, str]] = {
    "buying.buy": "Buy {count} more {accelerator} in {pool}{nodes}: they save {value} a year and cost {price}, so "
    "{net} a year is gained.",
    "buying.commit": "Commit to {count} more {accelerator} in {pool}{nodes}: they save {value} a year and cost "
    "{price}, so {net} a year is gained.",
    "buying.saving": "{money} a year",
    "buying.no_saving": "nothing",
    "buying.nodes": " ({count} of {step})",
    "buying.none": "Buy none in {pool}: one more {accelerator} would save {first} and costs {price} a year.",
    "buying.commit_none": "Commit to none in {pool}: one more {accelerator} would save {first} and costs {price} "
    "a year.",
    "buying.impossible": "Buy none in {pool}: with one more {accelerator} no plan keeps all rules.",
    "buying.not_tried": "There was no time to try one more {accelerator} in {pool}.",
    "buying.next": "The next {accelerator} after these would save {next}, and costs {price} a year.",
    "buying.next_node": "Each {accelerator} of the next node after these would save {next}, and costs {price} a year.",
    "buying.payback": "They pay back in {years}, of a life of {life} (savings less yearly cost, undiscounted).",
    "buying.overturn": "What would overturn it: {parts}.",
    "buying.pays_below": "it would pay at a purchase price below {usd}, against {given} now",
    "buying.pays_below_fee": "it would pay at a fee below {usd} per accelerator-hour, against {given} now",
    "buying.never": "no purchase price is low enough, as one more saves no more than its yearly cost",
    "buying.never_fee": "no fee is low enough, as one more saves nothing",
    "buying.fewer": "fewer pay at a purchase price above {usd}",
    "buying.fewer_fee": "fewer pay at a fee above {usd} per accelerator-hour",
    "buying.more": "more pay at a purchase price below {usd}, against {given} now",
    "buying.more_fee": "more pay at a fee below {usd} per accelerator-hour, against {given} now",
    "buying.busy": "One must be busy in {share} of all hours to be cheaper than the cheapest {accelerator} rented on "
    "demand, energy apart.",
    "buying.never_busy": "Even if it were always busy, one would be dearer than the cheapest {accelerator} rented on "
    "demand, energy apart.",
    "buying.not_proven": "Not proven: with whole numbers, or plans that are not proven cheapest, another number may "
    "gain more.",
    "buying.stopped": "Time was up: this is the best number that was tried.",
    "buying.repeated": "A year is counted as {span} repeated: seasons, growth and other weeks are not in it.",
    "buying.alone": "All other pools stay as they are.",
    "buying.mix": "{sku}: {parts}.",
    "buying.mix_part": "{share} {option} (up to {peak} at once, in {hours} of the time)",
    "buying.no_time": "Time was up before the plan as it is was found.",
    "buying.no_plan": "As it is there is no plan, so nothing can be said of what more would save.",
}
