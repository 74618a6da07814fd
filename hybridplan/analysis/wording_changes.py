"""Templates of what would change advice; see :mod:`hybridplan.analysis.wording`, :mod:`hybridplan.analysis.advice`."""

from __future__ import annotations

from typing import Final

CHANGES: Final[dict[str, str]] = {
    # the next step
    "next.change.value": "What would change this: a cost of its own above {usd} over {span} for one more "
    "{accelerator}.{holds}",
    "next.change.quota": "What would change this: paying {usd} more over {span} for one more {accelerator} there "
    "than its rent.{holds}",
    "next.change.link": "What would change this: a price above {usd} over {span} for one more Gbit/s.",
    "next.change.carbon_cap": "What would change this: a tonne of CO₂e that costs you more than {usd} elsewhere.",
    "next.change.provider_share": "What would change this: one more percent there being a risk that is worth more "
    "than {usd} over {span} to you.",
    "next.change.unserved": "What would change this: room for {quantity} {unit} of {workload} more on pools that it "
    "may use, or a loss below {usd} for each that is left.",
    "next.change.idle": "What would change this: {hours} accelerator-hours more of work there over {span}, which "
    "make it {share} busy.",
    "next.change.estimates": "What would change this: measured throughput for {hours} of those accelerator-hours.",
    "next.change.prices": "What would change this: prices of {day} or later.",
    "next.change.demand": "What would change this: nothing that is on offer here. Demand decides what comes next.",
    "next.change.purchases": "For {name}. {overturn}",
    "next.change.purchases_none": "What would change this: the prices on offer decide; none has a figure of its own.",
    # against simple rules
    "saving.change.less": "What would change this: costs that are {saving} lower for {baseline} alone.",
    "saving.change.same": "What would change this: nothing on offer; other demand or prices decide.",
    "saving.change.dearer": "What would change this: {money} less for this plan, or the same rules for both.",
    "saving.change.breaks": "What would change this: only rules that allow what it breaks.",
    "saving.change.unserved": "What would change this: the same work served by both, now {gap} of it apart.",
    # whole nodes
    "nodes.change.cost": "What would change this: parts of nodes and replicas would cost {extra} less; nothing else "
    "would.",
    "nodes.change.same": "What would change this: nothing on offer, as it costs nothing extra.",
    "nodes.change.short": "What would change this: room for one more node or replica in each of the {count}.",
    "nodes.change.over_budget": "What would change this: a budget that is {over} higher.",
    "nodes.change.over_carbon": "What would change this: a cap that is {over} t higher.",
    # what to buy
    "buying.change.none": "What would overturn it cannot be told from the numbers that were tried: the price "
    "decides, {price} a year now.",
    "buying.change.impossible": "What would overturn it: no price would; rules decide that leave no plan with one "
    "more.",
    "commit.change.not_in_service": "What would overturn it: service when a block begins, between {first} and {last}.",
    "hardware.change.too_late": "What would overturn it: a lead time of at most {most} blocks, against {now} now.",
    "line.change.none": "What would overturn it: more than {gb} GB per hour in the mean, which would pay for a line "
    "of 1 Gbit/s; or traffic that does not fit the link.",
    "line.change.never": "What would overturn it: traffic that does not fit the link. Its data alone would not: full "
    "all the time, a line of 1 Gbit/s saves {saved} per hour and costs {fixed}.",
    "bought.change.one": "For {name}. {overturn}",
    "bought.change.none": "What would change this: the prices on offer decide; none has a figure of its own.",
    "bought.change.copies": "What would change this: prices of storage and of data on links decide; without the "
    "copies the plan is not cheaper.",
    # the plan as a whole
    "headline.change.limit": "What would change this most, of all that limits it: {limit}",
    "headline.change.none": "What would change this: no limit is worth money, so only other prices or other demand.",
    "headline.change.unknown": "What would change this: prices and demand decide. Trade-offs, Sensitivity finds from "
    "which value on.",
    "promise.change.kept": "What would change this: a promise above {left}, or two failures at once.",
    "promise.change.all": "What would change this: only two failures at once, as all of it goes on.",
}
