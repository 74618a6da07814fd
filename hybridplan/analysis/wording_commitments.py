"""Templates of sentences on commitments; see :mod:`hybridplan.analysis.wording`."""

from __future__ import annotations

from typing import Final

COMMITMENTS: Final[dict[str, str]] = {
    # how each is used
    "commitment.size": "{held} {accelerator} in {pool}",
    "commitment.size_more": "{held} and {new} more {accelerator} in {pool}",
    "commitment.size_new": "{new} new {accelerator} in {pool}",
    "commitment.spend": "{held} per hour",
    "commitment.spend_more": "{held} and {new} more per hour",
    "commitment.spend_new": "{new} new per hour",
    "commitment.used": "{name}, {size}: {share} used; {unused} of {usd} over {span} are paid and not used.",
    "commitment.all_used": "{name}, {size}: always used, {usd} over {span}.",
    "commitment.not_in_service": "{name} is not in service in any block that is planned.",
    "commitment.none": "{name}: nothing is committed.",
    "commitment.price": "An hour of use costs {effective}, against {rented} on demand; it breaks even at a use of "
    "{share}.",
    "commitment.price_alone": "An hour of use costs {effective}; the same cannot be rented on demand here.",
    "commitment.all": "Of {usd} of commitments over {span}, {unused} ({share}) are paid and not used.",
    "commitment.all_whole": "All commitments together cost {usd} over {span}, and all of it is used.",
    # advice
    "commit.buy": "Commit to {count} more {accelerator} in {pool}{nodes} under {name}: used {use} of the time, they "
    "cost {fee} a year.",
    "commit.spend": "Commit to {usd} more per hour under {name}: used {use}, it costs {fee} a year.",
    "commit.nodes": " ({count} of {step})",
    "commit.exact": "The plan itself takes {exact}; nobody commits to part of a node, and the rest costs {money} a "
    "year.",
    "commit.exact_down": "The plan itself takes {exact}; a whole further node is not on offer.",
    "commit.less_than_node": "Commit to nothing more under {name}: the plan takes {exact}, less than a node of {step}, "
    "and a whole one is not on offer.",
    "commit.rounded_loss": "Rounded up it does not pay: let the plan count whole nodes in {pool}, or take fewer.",
    "commit.instead": "The same hours rented on demand would cost {value} a year, {net} more.",
    "commit.instead_same": "The same hours rented on demand would cost as much.",
    "commit.instead_loss": "The same hours rented on demand would cost {value} a year, {net} less: the plan commits "
    "for capacity or a rule, not for this price.",
    "commit.alone": "The same cannot be rented on demand here, so there is no price to hold it against.",
    "commit.none": "Commit to nothing more under {name}: at this fee the plan takes none.",
    "commit.payback": "Payback: the fee of the whole term is earned after {years} of {term}, even if all stood idle "
    "from then on.",
    "commit.payback_never": "Payback: not within the term of {term}, against renting on demand.",
    "commit.payback_no_term": "Payback: the term is not given, so it cannot be said; against renting it earns {share} "
    "of its fee hour by hour.",
    "commit.no_payback": "Payback: nothing to pay back.",
    "commit.break_even": "Break-even: a use of {share}, by the cheapest price on demand.",
    "commit.no_break_even": "Break-even: none, as the same cannot be rented on demand.",
    "commit.never_breaks_even": "Break-even: none; even if always used, it would be dearer than renting on demand.",
    "commit.overturn": "What would overturn it, where the same can be rented instead: a fee above {usd} per "
    "accelerator-hour, against {given} now; or a use below {share}, against {use} planned.",
    "commit.overturn_spend": "What would overturn it, where the same can be rented instead: a use below {share}, "
    "against {use} planned; or rates {more} higher.",
    "commit.overturn_rates_lower": "What would overturn it: nothing in these prices; it is not cheaper than renting.",
    "commit.overturn_none": "What would overturn it: a fee below about {usd} per accelerator-hour, against {given} "
    "now, by the hours in which the same is rented in this plan.",
    "commit.overturn_never": "What would overturn it: more work. No lower fee alone would, as this plan rents none "
    "of the same while it would run.",
    "commit.overturn_unknown": "What would overturn it: other work that is busy more than {share} of the time.",
    "commit.overturn_not_told": "What would overturn it cannot be told from this plan: try other fees under "
    "Trade-offs, Sensitivity.",
    "commit.how": "Figures of new commitments hold them against renting the same at the cheapest price on demand, with "
    "what is held already used first. Without the offer the plan could run some of the work elsewhere, so the whole "
    "plan may gain less.",
    # bills
    "billing.reconciled": "Over whole terms what is billed is what the plan counts: {usd}. Within the plan {billed} "
    "are billed and {effective} counted.",
    "billing.inside": "Within the plan {usd} are billed, and as much is counted.",
    "billing.before": "Of the whole terms, {usd} were billed before the plan begins.",
    "billing.after": "Of the whole terms, {usd} will be billed after the plan ends.",
    "billing.unknown": "Not in the bills: {names}. Part of it is paid upfront, and the term is not given.",
    "billing.vendor_same": "A vendor that spends each hour's commitment where it saves most, narrow commitments first, "
    "bills the same as is planned.",
    "billing.vendor_more": "The plan spends commitments where they save most together. A vendor that takes narrow ones "
    "first, each where it saves most, would bill {more} more: {usd} over {span} for the pools that are covered.",
    # decisions on the overview
    "bought.commitments": "The plan commits to {parts}.",
    "bought.commitment": "{count} more {accelerator} in {pool} ({name})",
    "bought.spend": "{usd} more per hour ({name})",
    "bought.hardware": "It buys {parts}.",
    "bought.expansion": "{count} {accelerator} for {pool} ({name})",
    "bought.line": "a private line of {gbps} Gbit/s from {link}",
    "bought.copies": "It makes copies: {parts}.",
    "bought.copy": "{dataset} at {site}",
    "bought.nothing": "Nothing is bought or newly committed to: what is on offer does not pay in this plan.",
    "bought.repeated": "What to buy and commit to rests on {span} repeated as a year.",
    "next.purchases": "Before you sign: the plan buys or commits to {parts}. See payback, break-even and what would "
    "overturn each under Commitments and hardware.",
    "assumed.purchases": "What is bought or committed to is one number for the whole plan. Offers, terms and prices "
    "are as given, and the blocks stand for the time that is planned.",
    "assumed.data": "Data change at a steady rate, and each first copy is made once, from the start of the plan.",
    # limits
    "limit.new_commitment": "One more on offer under {name} ({unit}) would save {usd} over {span}, its fee counted.",
    "limit.spend_commitment": "One more USD per hour committed under {name} would save {usd} over {span}{rate_limit}, "
    "before it is paid.",
    "limit.covered": "One more {accelerator} in {pool} that may be covered would save {usd} over {span}{rate_limit}.",
    "limit_name.new_commitment": "New commitments on offer",
    "limit_name.spend_commitment": "Spend commitment",
    "limit_name.covered": "Covered accelerators",
}
