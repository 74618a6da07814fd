"""Templates of sentences on queues, elastic pools, whole things and jobs; see :mod:`hybridplan.analysis.wording`."""

from __future__ import annotations

from typing import Final

FEATURES: Final[dict[str, str]] = {
    # badge
    "badge.nearly": "Cheapest to within {share} (checked, gap {gap})",
    "badge.whole": "Cheapest for these inputs (solver's bound, gap {gap})",
    "badge.whole_nearly": "Cheapest to within {share} (solver's bound)",
    "badge.whole_within_gap": "Within {share} of the cheapest (solver's bound)",
    "badge.stopped": "Best found in {seconds}, within {share} of the cheapest",
    "saving.less_penalties": "Against {baseline} this plan saves {saving} ({share}) over {span}, penalties "
    "included{rate}. {rule}",
    "saving.same_found": "{baseline} costs the same as the best plan found. {rule}",
    "cost.steering": "Penalties of {money} for {what} steer the plan; they are not bills.",
    "cost.congestion": "the time that requests take",
    "cost.balance": "uneven use",
    "balance.largest": "Uneven use counts as a penalty of {money}: {weight} per hour, times how full the fullest of "
    "the owned and committed pools is. This is not a bill.",
    "balance.squared": "Uneven use counts as a penalty of {money}: {weight} per hour for each accelerator of a full "
    "pool, times the square of how full the owned or committed pool is. This is not a bill.",
    # limits
    "limit.latency": "One more millisecond allowed for {workload} would save {usd} over {span}{rate_limit}.",
    "limit.mean_latency": "One more millisecond of mean latency allowed for {workload} would save about {usd} over "
    "{span}{rate_limit}.",
    "limit.must_serve": "Being allowed to leave one unit ({unit}) of {workload} unserved would save {usd} over {span}.",
    "limit.unserved_cap": "Being allowed to leave one more unit ({unit}) of {workload} unserved would save {usd} over "
    "{span}.",
    "limit.provisioning": "One more {accelerator} ready in {pool} at no cost would save {usd} over {span}{rate}.",
    "limit.ramp_up": "Letting {pool} grow by one more accelerator per hour would save {usd} over {span}{rate_limit}.",
    "limit.ramp_down": "Letting {pool} shrink by one more accelerator per hour would save {usd} over "
    "{span}{rate_limit}.",
    "limit.min_provisioned": "One {accelerator} fewer that must stay on in {pool} would save {usd} over "
    "{span}{rate_limit}.",
    "limit.min_busy": "Letting one more {accelerator} in {pool} stand idle would save {usd} over {span}{rate_limit}.",
    "limit.min_on": "Letting one {accelerator} in {pool} go off before its least time is over would save {usd} over "
    "{span}{rate_limit}.",
    "limit.one_site": "One more site for each window of {workload} would save {usd} over {span}.",
    "limit.after": "Letting {workload} get one unit ({unit}) ahead of {first} would save {usd} over "
    "{span}{rate_limit}.",
    "limit.scaling": "One more effective accelerator for {workload} at no cost would save {usd} over "
    "{span}{rate_limit}.",
    "limit.conditional": "The values hold with the whole numbers held fixed: another number of nodes, gangs or sites "
    "may save more or less.",
    "limit_name.one_more_accelerator": "One more accelerator",
    "limit_name.capacity": "Capacity",
    "limit_name.kept": "Installed capacity",
    "limit_name.rigid_demand": "Demand by the hour",
    "limit_name.window_demand": "Demand by window",
    "limit_name.must_serve": "Work that must be served",
    "limit_name.unserved_cap": "Cap on unserved work",
    "limit_name.interruptible_share_window": "Cap on interruptible work",
    "limit_name.latency": "Latency objective",
    "limit_name.mean_latency": "Cap on mean latency",
    "limit_name.provisioning": "Load on what is ready",
    "limit_name.ramp_up": "Growth per hour",
    "limit_name.ramp_down": "Shrinking per hour",
    "limit_name.min_provisioned": "Least number on",
    "limit_name.min_busy": "Least use",
    "limit_name.min_on": "Least time on",
    "limit_name.one_site": "One site",
    "limit_name.after": "Work it follows",
    "limit_name.scaling": "Gains from more accelerators",
    # latency
    "latency.mean": "{workload}: requests take {achieved} in the mean on the slowest route at its worst time "
    "({pool}), of {objective} allowed; {mean} over all of them ({timed}).",
    "latency.percentile": "{workload}: {count} of 100 requests take at most {achieved} on the slowest route at its "
    "worst time ({pool}), of {objective} allowed; the mean over all of them is {mean} ({timed}).",
    "latency.no_queue": "{workload}: round trip and service take at most {achieved} ({pool}), of {objective} allowed; "
    "with their queue requests take {mean} in the mean ({timed}).",
    "latency.free": "{workload}: requests take {mean} in the mean, {worst} at the worst time ({timed}).",
    "latency.free_cap": "{workload}: requests take {mean} in the mean, {worst} at the worst time, of {cap} allowed "
    "({timed}).",
    "latency.cap": "{workload}: the mean over all routes is at most {worst} at any time, of {cap} allowed.",
    "latency.priced": "The time that requests take counts as a penalty of {money}; this is not a bill.",
    "latency.nothing": "Nothing runs on a route with a queue in this plan.",
    "timed.request": "from request to answer",
    "timed.first_token": "time to first token",
    "timed.last_token": "end to end, to the last token",
    "formula.exact": "exact for random routing",
    "formula.batched": "approximation: batched",
    "latency.how": "Mean latency = round trip + service time / (1 − load), load = busy / assigned. That is exact where "
    "requests arrive at random and each accelerator shares itself among those sent to it; with one common queue the "
    "mean is lower.",
    "latency.percentiles": "Percentiles also assume exponential work (many short requests, few long ones). Work that "
    "varies more has longer tails than shown.",
    "latency.batched": "Approximated on {count} ({pairs}): servers there work on several requests at once, or the unit "
    "is no request. Take these figures as a guide.",
    # elasticity
    "elastic.slow": "Slow scaling costs {money} over {span} ({share}): with instant scaling the same work would cost "
    "{instant}, penalties included.",
    "elastic.slow_free": "Slow scaling costs nothing here: with instant scaling the same work would cost as much.",
    "elastic.slow_unknown": "What slow scaling costs cannot be told: it is less than the gap of this plan ({gap}).",
    "elastic.idle": "{pool}: on for {hours} accelerator-hours over {span}, {share} of them idle; {starts} started"
    "{money}.",
    "elastic.idle_money": " for {usd}",
    "elastic.none": "No pool here is switched on and off: owned pools are on, rented ones follow their load.",
    # jobs
    "jobs.all": "{count} of work, all done in time.",
    "jobs.short": "{workload}, window {window}: {share} is done; {quantity} {unit} are left over.",
    "jobs.short_each": "{workload}, window {window}: {share} is done; {quantity} {unit} are left over each time.",
    "jobs.after": "{workload} follows {first}: one unit of it needs {need} {unit} that {first} has done before.",
    "jobs.scaling": "{workload} keeps {share} of its ideal speed on the {hours} accelerator-hours it uses where gains "
    "shrink.",
    "jobs.none": "No workload here may wait: all of it is served in its own hour.",
    # whole things
    "nodes.cost_rest": "In whole replicas and nodes everywhere it costs {cost}, {extra} more than as it is. Its "
    "distance to the least possible cost is {share} of what decisions can change.",
    "nodes.decided": "The plan itself counts whole nodes in {pools}.",
    "evidence.kind_linear": "Kind of problem: linear.",
    "evidence.kind_conic": "Kind of problem: linear with curved terms (second-order cones).",
    "evidence.kind_mixed_integer": "Kind of problem: with whole numbers (mixed-integer). The search ends at a gap of "
    "{target}, or after {limit} s.",
    "evidence.stopped": "The search was stopped after {limit} s: this is the best plan found until then.",
    "evidence.relaxation": "Without whole numbers no plan can cost less than {bound} (proven from the solver's "
    "multipliers by our own arithmetic); this plan lies {gap} above that, relative to what is decided.",
    "evidence.tangents": "Penalties that grow in curves were solved by straight lines, which understate them by "
    "{money}, {share} of what they cost. The figures shown are exact; the difference is part of the gap.",
    # what is assumed
    "assumed.latency": "Latency is round trip + service time; where a workload asks for its queue, round trip + "
    "service time / (1 − load) in the mean, for requests that arrive at random.",
    "assumed.percentiles": "Percentiles assume exponential work (many short requests, few long ones). Work that varies "
    "more has longer tails; servers that batch requests are approximated.",
    "assumed.queues": "Here queues are modelled for {workloads}.",
    "assumed.no_queues": "No workload here asks for its queue.",
    "assumed.continuous": "Accelerators are divisible, except where whole nodes, whole replicas or one site are asked "
    "for; for the rest, whole replicas and nodes are worked out afterwards.",
    "assumed.elastic": "Lead times, ramps and starts are known and never fail; every block follows its own end, unless "
    "an initial number is given.",
    "assumed.scaling": "Between the points given, gains from more accelerators are interpolated.",
    # method
    "method.latency": "Where a queue is modelled, accelerators a are assigned beyond the busy ones, so that no route "
    "is busier than its objective T allows, nor than the largest load allowed: r is its round trip, s its service "
    "time, κ the factor of the percentile at a load ρ (1 for the mean).",
    "method.waiting": "A cap on mean latency holds over all routes of a workload in every period; a price on latency "
    "adds the same sum, times the price, to the objective.",
    "method.elastic": "Pools that are switched on and off need their load to be ready for their lead time L; what they "
    "grow by is limited (ramp R), and every start σ is paid.",
    "method.whole": "Nodes of size m, gangs of size b and the choice of one site are whole numbers.",
    "method.after": "Work w that follows v needs ν units of it done in the periods before.",
    "method.scaling": "Where gains shrink, x effective accelerators come from y busy ones by a curve f through the "
    "points given; x then stands in place of y wherever work is counted.",
}
