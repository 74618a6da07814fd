"""Templates of words on what rules cost and on plans near the cheapest; see :mod:`hybridplan.analysis.wording`."""

from __future__ import annotations

from typing import Final

RULES: Final[dict[str, str]] = {
    # what rules cost; {record}: what it is on
    "rule_name.owned_first": "Owned first",
    "rule_name.balance": "Price on uneven use",
    "rule_name.provider_share": "Cap on a provider's share",
    "rule_name.provider_count": "Number of providers",
    "rule_name.provider_fixed": "Fees for using a provider",
    "rule_name.budget": "Budget",
    "rule_name.carbon_price": "Carbon price",
    "rule_name.carbon_cap": "Cap on carbon",
    "rule_name.held_back": "Share held back",
    "rule_name.min_provisioned": "Least number on",
    "rule_name.min_busy": "Least use",
    "rule_name.min_on": "Least time on",
    "rule_name.ramps": "Growth and shrinking per hour",
    "rule_name.whole_nodes": "Whole nodes",
    "rule_name.must_buy": "Least number bought",
    "rule_name.must_commit": "Least number newly committed",
    "rule_name.must_spend": "Least spend newly committed",
    "rule_name.backup": "Backup of results",
    "rule_name.least_copies": "Least number of copies",
    "rule_name.whole_replicas": "Gangs",
    "rule_name.parallel_limit": "Parallel limit",
    "rule_name.one_site": "One site",
    "rule_name.interruptible_share": "Cap on interruptible work",
    "rule_name.sites": "Allowed and denied sites",
    "rule_name.attributes": "Required attributes",
    "rule_name.link_attributes": "Required attributes of links",
    "rule_name.data_attributes": "Required attributes for data",
    "rule_name.data_link_attributes": "Required attributes of links for data",
    "rule_name.latency_price": "Price on latency",
    "rule_name.mean_latency": "Cap on mean latency",
    "rule_name.latency": "Latency objective",
    "rule_name.residency": "Residency",
    "rule_name.data_residency": "Residency of data",
    "rule_name.promise": "Promise after a failure",
    "rule_name.unserved_cap": "Cap on what is not served",
    "rule_name.must_serve": "Must be served",
    "rules.on": "{rule} of {record}",
    "rules.none": "There is no rule here beyond demand and capacity.",
    "rules.total": "All {rules} together cost {money} over {span}, or {year} per year: {share} of what the plan "
    "decides. Added up one by one they come to {own}.",
    "rules.stand_in": "{money} are counted more than once in that sum: rules stand in for each other, and several of "
    "them claim the same saving.",
    "rules.together": "{money} are saved only where rules are removed together: one alone leaves the others to bind.",
    "rules.saves": "Without {rule} the plan would cost {money} less over {span}, or {year} per year, and serve the "
    "same.",
    "rules.serves_more": "Without {rule} the plan would cost {money} less over {span} and serve more.",
    "rules.serves_less": "Without {rule} less would be served, so this is no saving: {money} less over {span}, up to "
    "{share} of the demand of a workload unserved.",
    "rules.mixed": "Without {rule} some work would be served less and other more: {money} less over {span}, which is "
    "no plain saving.",
    "rules.charge": "{money} of it is the price itself.",
    "rules.range": "Between {least} and {most}, as far as was proven.",
    "rules.free": "{rules} cost nothing now: {names}.",
    "rules.free_one": "One rule costs nothing now: {names}.",
    "rules.unproven": "As far as was found {rules} cost nothing, but the searches were stopped early: up to {money} "
    "each is possible, for {names}.",
    "rules.possible": "Without {rule} alone a plan would be possible.",
    "rules.impossible": "There is no plan with all rules, so no rule has a price. No rule alone is the cause: without "
    "any single one of them there is no plan either.",
    "rules.no_price": "There is no plan with all rules, so no rule has a price.",
    "rules.unknown": "{rules} could not be priced: {names}.",
    "rules.grouped": "To need no more than {solves} plans, rules of one kind are priced for all their records at once.",
    "rules.order": "Removed one after another: first what you may change alone (policies, then how pools are run, then "
    "how work is placed), then promises to users, then law. What must be served goes last, so that all before it is "
    "priced at the same service as far as that can be. Another order gives other steps, but the same sum.",
    "rules.alone": "The price of each rule with all others in place. What several rules claim is taken back in one "
    "bar, so that all bars add up to the difference.",
    "rules.late": "The time was up before every plan was solved: what is missing has no figure.",
    "rules.physics": "No rules in this sense: demand and its windows, what work follows, whether it may be "
    "interrupted, quotas, maintenance and the time that capacity takes to boot.",
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
    "near.changes": "{amount} accelerator-hours of change, in place of {optimum}",
    "near.changes_same": "{amount} accelerator-hours of change, as in the cheapest plan",
    "near.costs": "{name}: {what}, for {money} more ({share}).",
    "near.costs_nothing": "{name}: {what}, at the same cost.",
    "near.stopped": "The search was stopped early: there may be better ones.",
    "near.failed": "{name}: no plan was found ({outcome}).",
    "near.late": "{name}: not looked for, the time was up.",
    "near.curved": "{name}: not looked for. It needs whole numbers, and curved terms are solved exactly here: choose "
    "straight lines for them.",
    "near.proof_hours": "No plan within the slack does better than {bound} accelerator-hours (proven{whose}).",
    "near.proof_providers": "No plan within the slack does with fewer than {bound} (proven by the solver).",
    "near.by_solver": " by the solver",
    "near.today_rule": "Today is taken to be what a simple rule does: what is owned first, then the cheapest rented. "
    "Work that moves counts as change where it leaves and where it arrives.",
    "near.today_plan": "Today is the cheapest plan before your changes. Work that moves counts as change where it "
    "leaves and where it arrives.",
    "near.range": "{pool} is busy between {least} and {most} accelerator-hours in every plan within {slack} of the "
    "cheapest; {optimum} in the cheapest.",
    "near.range_fixed": "{pool} is busy for {most} accelerator-hours in every plan within {slack} of the cheapest.",
    "near.range_unused": "{pool} is not used in any plan within {slack} of the cheapest.",
    "near.range_free": "{pool} is busy for at most {most} accelerator-hours in every plan within {slack} of the "
    "cheapest, and some do without it; {optimum} in the cheapest.",
    "near.range_most": "{pool} is busy for at most {most} accelerator-hours in every plan within {slack} of the "
    "cheapest; {optimum} in the cheapest.",
    "near.incomplete": "The time was up before everything was looked at: what is missing is marked.",
    "near.heading": "{name}: a plan within {slack} of the cheapest",
    "near.certificate": "Its rules were checked and its money was counted again from its tables. It costs {money} more "
    "than the cheapest plan ({share} of what is decided), and {gap} of what it decides is the most that any plan could "
    "save.",
}
