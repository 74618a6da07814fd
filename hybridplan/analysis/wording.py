"""Every sentence that is put together from values, as templates by code: a second language is a second table."""

from __future__ import annotations

from typing import Final

from hybridplan.analysis.wording_blocks import BLOCKS
from hybridplan.analysis.wording_buying import BUYING
from hybridplan.analysis.wording_changes import CHANGES
from hybridplan.analysis.wording_commitments import COMMITMENTS
from hybridplan.analysis.wording_compare import COMPARE
from hybridplan.analysis.wording_contingencies import CONTINGENCIES
from hybridplan.analysis.wording_coverage import COVERAGE
from hybridplan.analysis.wording_datasets import DATASETS
from hybridplan.analysis.wording_diagnosis import DIAGNOSIS
from hybridplan.analysis.wording_drills import DRILLS
from hybridplan.analysis.wording_features import FEATURES
from hybridplan.analysis.wording_hardware import HARDWARE
from hybridplan.analysis.wording_outcomes import OUTCOMES
from hybridplan.analysis.wording_pairs import PAIRS
from hybridplan.analysis.wording_promises import PROMISES
from hybridplan.analysis.wording_providers import PROVIDERS
from hybridplan.analysis.wording_report import REPORT
from hybridplan.analysis.wording_resilience import RESILIENCE
from hybridplan.analysis.wording_routes import ROUTES
from hybridplan.analysis.wording_rules import RULES
from hybridplan.analysis.wording_sensitivity import SENSITIVITY
from hybridplan.analysis.wording_tradeoffs import TRADEOFFS

ENGLISH: Final[dict[str, str]] = {
    # badge and state of the solve
    "badge.optimal": "Cheapest for these inputs (checked, gap {gap})",
    "badge.within_gap": "Within {share} of the cheapest (checked, gap {gap})",
    "badge.infeasible": "Impossible as stated",
    "badge.no_plan_in_time": "No plan found in time",
    "badge.failed": "No plan: the solve failed",
    "badge.none": "Not solved yet",
    "state.none": "This scenario has not been solved yet. Press Solve to get a plan.",
    "state.invalid": "The scenario has {errors}, so it cannot be solved. Mend the rows listed on Inventory, Demand "
    "or Assumptions.",
    "state.solving_short": "Solving now.",
    "state.solving": "Solving now. The answer appears here when it is ready; meanwhile all pages can be used.",
    "state.stale_short": "Inputs changed since this plan: solve again",
    "state.stale": "The inputs have changed since this plan was solved. What you see answers the earlier inputs; "
    "press Solve to bring it up to date.",
    "state.stale_invalid": "The inputs have changed since this plan was solved, and they have {errors}. What you see "
    "answers the earlier inputs; mend what is marked on Inventory, Demand and Assumptions, then press Solve.",
    "state.infeasible": "No plan can meet every rule at the same time.",
    "state.no_plan_in_time": "No plan was found within {seconds}. There is no figure to show: raise the time "
    "limit, or plan fewer hours, workloads or pools.",
    "state.failed": "The solve did not end with a plan that passes its check, so none is shown. {message}",
    "state.cancelled": "The solve was cancelled. Press Solve to start again.",
    # headline and decision
    "headline.served": "All demand is served for {cost} over {span}{rate}.",
    "headline.unserved": "{share} of {workload} is not served; the rest costs {cost} over {span}{rate}.",
    "headline.unserved_more": "{count} workloads are not fully served, most of all {workload} ({share} unserved); "
    "the rest costs {cost} over {span}{rate}.",
    "rate.beside": "({year} per year at this rate)",
    "rate.saving": ", or {year} per year",
    "rate.or": ", or {year} per year at this rate",
    "unserved.none": "All demand is served.",
    "unserved.one": "Not served: {quantity} {unit} of {workload}, {share} of its demand.",
    "unserved.penalty": "Work that is not served counts as a penalty of {money}; this is not a bill.",
    "where.first": "{share} of the accelerator-hours run on {option}",
    "where.further": "{share} on {option}",
    "where.owned": "accelerators that you own ({sites})",
    "where.reserved": "committed accelerators ({sites})",
    "where.on_demand": "accelerators rented on demand ({sites})",
    "where.interruptible": "interruptible accelerators ({sites})",
    "where.options": "{parts}.",
    "where.nothing": "Nothing runs: there is no demand, or nothing is worth serving at its price.",
    "where.workload": "{workload}: {parts}.",
    "where.part": "{share} on {pool}",
    "where.only": "all on {pool}",
    "where.not_run": "{workload}: does not run.",
    "cost.plan": "It costs {plan} for {span}: {hour} per hour{rate}.",
    "cost.sunk": "{money} of that is paid whatever is decided (owned at sunk cost, existing commitments).",
    "cost.per_busy": "Over all work that is {money} per busy accelerator-hour.",
    # baselines
    "saving.less": "Against {baseline} this plan saves {saving} ({share}) over {span}{rate}. {rule}",
    "saving.same": "{baseline} costs the same: for these inputs the simple rule is already cheapest. {rule}",
    "saving.dearer": "{baseline} comes out {money} cheaper than this plan. {rule}",
    "saving.owned_first": "{baseline} comes out {money} cheaper: this plan uses owned capacity first, as asked. {rule}",
    "saving.breaks": "{baseline} is no alternative: {breaks}. {rule}",
    "saving.unserved": "{baseline} cannot be compared on cost: it does not serve the same work (largest share "
    "unserved: {other}, here {mine}). {rule}",
    "rule.all_on_demand": "(All on demand: nothing owned is used; everything is rented by the hour.)",
    "rule.private_first": "(Private first: what you own is filled first, then the cheapest allowed rented pool.)",
    "rule.other": "",
    # limits (rule 6)
    "limit.none": "No limit is worth money at the margin: more capacity or bandwidth would save nothing.",
    "limit.no_prices": "Values of limits are not known for this plan.",
    "limit.one_more_accelerator": "One more {accelerator} in {pool} for {whole} {save} {usd}{rate}.{holds}",
    "limit.capacity": "One more {accelerator} in {pool} for {whole} would save {usd}{rate}, before its own cost.",
    "limit.kept": "One more {accelerator} installed in {pool} would save {usd} over {span}, before its own cost.",
    "limit.one_more_gbps": "One more Gbit/s from {link} for {whole} would save {usd}{rate_link}.",
    "limit.link_bandwidth": "One more Gbit/s from {link} for {whole} would save {usd}{rate_link}.",
    "limit.rigid_demand": "One unit ({unit}) per hour less of {workload} would save {usd} over {span}{rate_limit}.",
    "limit.window_demand": "One unit ({unit}) less of {workload} in a window would save {usd} over {span}.",
    "limit.parallel_limit": "Letting {workload} use one more accelerator at a time would save {usd} over "
    "{span}{rate_limit}.",
    "limit.budget": "One more {code} of budget would save {ratio} {code} of cost and penalties.",
    "limit.carbon_cap": "Carbon is at its cap: allowing more would save {usd} per tonne of CO₂e.",
    "limit.provider_share": "Provider {provider} carries as much of the work as one may: one more percent of all "
    "accelerator-hours there would save {usd} over {span}.",
    "cap.carbon": "The plan emits {tonnes} t of CO₂e over {span}; its cap is {cap} t{year}.",
    "cap.year": "({amount} t per year)",
    "cap.provider": "{provider} carries {share} of the busy accelerator-hours; one provider may carry {cap}.",
    "cap.unserved": "{share} of {workload} is not served; {cap} may stay unserved.",
    "cap.all_served": "All of {workload} is served; {cap} might stay unserved.",
    "cap.no_provider": "Nothing runs on what is rented at public or edge sites; one provider may carry {cap}.",
    "nodes.over_budget": "Rounded up it would be {over} over the budget.",
    "nodes.over_carbon": "Rounded up it would emit {over} t of CO₂e more than the cap on carbon allows.",
    "limit.interruptible_share": "{workload} is at its cap on interruptible accelerators: one more unit of its "
    "work there ({unit}) would save {rate_usd}.",
    "limit.other": "One more unit of {limit} ({record}, {unit}) would save {usd} over {span}.",
    "limit.saves": "would save",
    "limit.saves_at_most": "would save at most",
    "limit.holds": "This holds up to {count} accelerators there.",
    "limit.rate": " ({rate}/h in the {hours} when all of it is needed)",
    "limit.rate_always": " ({rate}/h; all of it is needed all the time)",
    "limit.rate_link": " ({rate}/h in the {hours} when the link is full)",
    "limit.rate_limit": " ({rate}/h in the {hours} when the limit binds)",
    "limit.rate_limit_always": " ({rate}/h; the limit binds all the time)",
    "limit.rate_link_always": " ({rate}/h; the link is full all the time)",
    "limit.validity": "Each value holds for a small change, with everything else as it is; a whole node may save "
    "less per accelerator.",
    "limit_name.one_more_gbps": "Bandwidth",
    "limit_name.link_bandwidth": "Bandwidth",
    "limit_name.parallel_limit": "Parallel limit",
    "limit_name.budget": "Budget",
    "limit_name.carbon_cap": "Cap on carbon",
    "limit_name.provider_share": "Largest share of a provider",
    "limit_name.interruptible_share": "Cap on interruptible work",
    # next step
    "next.solve": "Press Solve to see what to run where.",
    "next.mend": "Mend the inputs that are marked.",
    "next.unserved_capacity": "Part of the demand is not served. Try {change}: each accelerator there is worth "
    "{usd} over {span} at the margin.",
    "next.unserved": "Part of the demand is not served. See which routes are ruled out and why, or add capacity "
    "that these workloads may use.",
    "next.capacity": "Try {change}: each accelerator there is worth {usd} over {span} at the margin. Compare that "
    "with what it costs you.",
    "next.quota": "Ask for a larger quota in {pool}: each further {accelerator} there saves {usd} over {span} at "
    "the margin, its rent already counted.",
    "change.node": "one more node of {size} {sku} in {pool}",
    "change.one": "one more {sku} in {pool}",
    "next.link": "Try more bandwidth from {link}: one more Gbit/s is worth {usd} over {span} at the margin.",
    "next.carbon_cap": "Ask whether the cap on carbon has to be this low: each tonne of CO₂e more saves {usd} at the "
    "margin.",
    "next.provider_share": "Ask whether {provider} may carry more of the work: one more percent of all "
    "accelerator-hours there saves {usd} over {span} at the margin.",
    "next.idle": "{pool} is {share} busy. Check whether more work may run there, or whether it is needed.",
    "next.estimates": "{share} of the accelerator-hours rest on estimated throughput. Measure {workload} on {sku} "
    "first.",
    "next.prices": "The oldest price is of {day}. Check prices before you act on this plan.",
    "next.demand": "Change the demand and solve again, to see how far this estate carries you.",
    # whole nodes
    "nodes.cost": "In whole replicas and nodes the plan costs {cost}, {extra} more than with divisible "
    "accelerators. Its distance to the least possible cost is {share} of what decisions can change.",
    "nodes.same": "The plan already stands in whole replicas and nodes at no extra cost.",
    "nodes.short": "In {count} of {all} (one pool in one period each) capacity does not allow rounding up: there "
    "the load does not fit into whole replicas and nodes as it is.",
    "nodes.none": "Whole nodes have not been worked out for this plan.",
    # routes
    "routes.count": "{open} of {all} pairs of workload and pool are allowed; {used} are used.",
    "routes.reason": "{reason}: {count}.",
    "routes.no_route": "{workload} has no allowed pool at all: {reasons}.",
    # evidence
    "evidence.passed": "Checked: all {rules} rules hold (worst relative violation {residual}{worst}).",
    "evidence.not_passed": "The check did not pass: {failures}.",
    "evidence.bound": "No plan can cost less than {bound} ({source}); this plan's objective is {objective}, a gap "
    "of {gap}.",
    "evidence.no_bound": "How much cheaper a plan could be is not known: there is no bound.",
    "evidence.weak duality": "proven from the solver's multipliers by our own arithmetic",
    "evidence.solver": "the solver's own word",
    "evidence.audit": "The optimiser's objective and the one added up again from the tables differ by {difference}.",
    "evidence.solver_run": "Solver: {name} {version}, {seconds} s of {total} s in all (limit {limit} s); {columns} "
    "columns, {rows} rows.",
    "evidence.hash": "sha256 of the inputs: {hash}",
    "estimate.none": "Every throughput that this plan uses is given as measured.",
    "estimate.some": "{share} of the accelerator-hours rest on estimated throughput ({pairs}): figures that depend "
    "on them are estimates.",
    "prices.dated": "Prices are of {first} to {last}.",
    "prices.one_day": "Prices are of {last}.",
    "prices.old": "The oldest price, of {pool}, is {days} days old.",
    "prices.undated": "{count} without a date of price: {pools}.",
    "assumed.demand": "Demand is taken as known in advance for every period.",
    "assumed.prices": "Prices are list prices of their date, less the discounts given.",
    "assumed.throughput": "Throughput per accelerator is taken as measured unless marked as an estimate.",
    "assumed.limits": "The value of a limit holds for a small change, with everything else as it is.",
    # method
    "method.overview": "A plan says, for every period, how many accelerators of each pool each workload keeps "
    "busy. Of all plans that keep every rule, the cheapest is looked for. Without whole numbers that is a linear or "
    "convex program, so the cheapest can be proven; with them a search gives the best plan found and a bound.",
    "method.objective": "What is minimised: all costs (rented hours, owned capacity, commitments, energy, carbon "
    "price, data transfer, route costs, starts) plus penalties: for each unit of work that is not served and, where "
    "asked for, for latency and uneven use. g is how often a block occurs, h the length of a period in hours, u the "
    "work not served, π its penalty.",
    "method.rigid": "Work that cannot wait is served in its own period: busy accelerators y times the productivity "
    "e of each route, plus what is not served, make up the demand D.",
    "method.deferrable": "Work that can wait is a volume V inside a window i of periods.",
    "method.capacity": "Load a (the busy load y, and more where a queue or a gang needs it) fits what is provisioned "
    "(n) less the share η that is held back; what is provisioned "
    "fits the capacity K that is up (share s): installed, committed, or the quota.",
    "method.link": "Data fit the bandwidth B of each link (1 Gbit/s = 450 GB per hour); d is GB per unit of work.",
    "method.bound": "The proof: with the solver's multipliers λ, our own arithmetic gives a number that no plan "
    "within the bounds of its variables can undercut (weak duality). The gap is its distance to the plan's "
    "objective.",
    "method.solver": "Linear programs and those with whole numbers are solved by HiGHS, those with curved terms by "
    "Clarabel. Routes that break residency, latency or another hard rule do "
    "not exist in it; each keeps its reason.",
    "method.audit": "Every rule and every dollar is then worked out a second time from the tables alone, by code "
    "that shares nothing with the optimiser. What you read comes from this audit.",
    "method.prices": "Values of limits are multipliers of the same program; in linear ones they are solved again, with "
    "one more accelerator, for the pools worth most. With whole numbers they hold with these numbers held fixed.",
    "method.baselines": "Two simple rules are worked out beside every plan. They are not optimised; a saving is "
    "only claimed against a rule that serves the same work and breaks no limit.",
    "method.nodes": "Where accelerators are divisible in the program they are afterwards rounded up to whole replicas "
    "and nodes, and what that adds is shown.",
    "reading.avoidable": "Owned cost avoidable",
    "reading.avoidable_why": "What is not kept is not paid. A private unit costs 0.5, a public one 0.3, so all "
    "runs in the public cloud: 150 x 0.3 = 45.",
    "reading.sunk": "Owned cost sunk",
    "reading.sunk_why": "The 100 private units cost 50 whatever is decided, so using them is free: 50 + 50 x 0.3 = "
    "65. No rule is needed for it.",
    "reading.owned_first": "Owned first",
    "reading.owned_first_why": "The cost is avoidable, but the policy asks for as little paid to others as "
    "possible, and only then for the least total: 100 x 0.5 + 50 x 0.3 = 65, 20 more than the cheapest.",
    "reading.differ": "The readings differ in one question: is the cost of owned capacity paid whatever is "
    "decided? The cheapest plan follows from the answer, not from the solver.",
    "reading.source": "The text that the case comes from prints the second split as the optimum of the first "
    "problem. It also demands x = 100, y = 200 and x + y = 150 at once, which no plan can meet, and its code "
    "sample has constraints that return 0.",
    "reading.split": "With two workloads of 90 and 60, the split 60 + 30 and 40 + 20 is one of many plans of the "
    "same cost.",
    **FEATURES,
    **PROMISES,
    **PROVIDERS,
    **REPORT,
    **RESILIENCE,
    **COVERAGE,
    **PAIRS,
    **BLOCKS,
    **BUYING,
    **COMPARE,
    **SENSITIVITY,
    **RULES,
    **TRADEOFFS,
    **COMMITMENTS,
    **HARDWARE,
    **DATASETS,
    **DIAGNOSIS,
    **CHANGES,
    **CONTINGENCIES,
    **ROUTES,
    **DRILLS,
    **OUTCOMES,
}


def say(code: str, /, **values: str) -> str:
    """The sentence of a code with its values filled in. Raises KeyError for a code or value that is not there."""
    return ENGLISH[code].format(**values).strip()


def plural(number: int, one: str, many: str = "") -> str:
    """``1 pool``, ``3 pools``."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"
