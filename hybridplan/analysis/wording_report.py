"""Templates of sentences that only the report says; see :mod:`hybridplan.analysis.wording`."""

from __future__ import annotations

from typing import Final

REPORT: Final[dict[str, str]] = {
    # how sure, in a minute
    "report.checked": "Checked apart from the solver: all {rules} rules hold, and every amount was added up again from "
    "the tables.",
    "report.cheapest": "No plan for these inputs can be cheaper{word}.",
    "report.nearly": "No plan for these inputs can be cheaper by more than {share} of what is decided{word}.",
    "report.word": "(by the solver's own word)",
    "report.stopped": "The search was stopped after {seconds}: a cheaper plan may exist, within that share.",
    "report.no_bound": "How much cheaper a plan could be is not known.",
    "report.inputs": "This holds for the inputs listed under Evidence: other demand or prices give another plan.",
    "report.currency": "Money is shown in {code}, at {rate} {code} per USD{day}{source}. Files and inputs are in USD.",
    "report.shortened": "The first {shown} of {all} are shown; the Excel workbook has all of them.",
    "report.and_more": "And {count} more.",
    # what was planned
    "report.block": "{label}: {first} to {last} ({clock}), in {periods} of {hours}{weight}{growth}.",
    "report.weight": "counted {weight} times",
    "report.demand_factor": "demand times {factor}",
    "report.price_factor": "rented prices times {factor}",
    "report.horizon": "The plan covers {hours}. Amounts per year are these amounts times 8,760 hours over {hours}.",
    # what charts show
    "alt.cost": "Bars of cost by term: {bars}.",
    "alt.bar": "{name} {money}",
    "alt.allocation": "Busy accelerators by pool over time, against demand: at most {most} at once ({when}), at least "
    "{least}; most of the work is done by {pool}.",
    "alt.nothing": "Nothing runs in this part of the plan.",
    "alt.utilisation": "How busy each pool is, over time: {fullest} is the busiest with {most}, {emptiest} the idlest "
    "with {least}.",
    "alt.one_pool": "How busy {fullest} is over time: {most} over all.",
    "alt.latency": "Latency of {count} against their objectives: {least} has the least room, {room}.",
    "alt.latency_free": "Latency of {count}; none has an objective.",
    "alt.floors": "Round trip and service time of every pool for each workload, against the objectives.",
    # words under tables and charts
    "note.hatching": "Demand is what the plan keeps busy, and what the work not served would need. Hatching: committed "
    "(crosses), on demand (stripes), interruptible (dots); owned pools are plain.",
    "note.utilisation": "Owned and committed pools: busy out of available, since they are paid for anyway. Rented "
    "pools: busy out of provisioned, since only that is paid for. Blank: nothing is provisioned.",
    "note.bills": "Costs by pool are bills; penalties are left out there.",
    "note.rules": "Cost of owned capacity that is paid anyway, and of existing commitments, is in every row.",
    "note.floors": "Latency here is round trip and service time, with nobody else there.",
    "note.contracted": "Prices are after discount.",
    "note.energy": "Energy is at the wall, with the overhead of the building; carbon is the average of the local grid.",
    "note.no_rates": "Power or grid carbon is not given for {pools}: their part is missing.",
    "note.finance": "Interest, life and salvage only serve the calculator of prices for owned accelerators.",
    # what each figure of the certificate means
    "proof.status": "How the search ended.",
    "proof.rules": "Every rule, for every pool, workload, link and hour that it concerns, worked out again from the "
    "plan's tables by code that shares nothing with the optimiser.",
    "proof.residual": "The largest violation of any rule, relative to its size. Up to 1e-6 counts as rounding.",
    "proof.objective": "Costs plus penalties over the horizon: what was minimised.",
    "proof.fixed": "The part of it that no decision changes.",
    "proof.bound": "No plan that keeps the rules can have a lower objective.",
    "proof.bound_solver": "No plan that keeps the rules can have a lower objective, by the solver's own word.",
    "proof.relaxation": "The same, proven by our own arithmetic, if things could be divided.",
    "proof.gap": "How much lower it could be at most, relative to what decisions can change.",
    "proof.tangents": "What straight lines in place of curves leave out; it is part of the gap.",
    "proof.audit": "The optimiser's own sum against the one added up again from the tables; rounding only.",
    "proof.kind_linear": "The cheapest plan can be proven.",
    "proof.kind_conic": "The cheapest plan can be proven.",
    "proof.kind_mixed_integer": "A search: the best plan found, and how far it can be from the cheapest.",
    "proof.size": "Decisions and rules of the optimisation.",
    "proof.seconds": "Time that the solver took, and all in all.",
    "proof.hash": "Changes with any input: the same hash means the same question.",
    # how to get it again
    "again.scenario": "Take the scenario file that comes with this report (or open it under Scenario, Open a scenario "
    "file).",
    "again.solve": "Run: hybridplan solve scenario.json --format json",
    "again.same": "The objective is the same to six digits on any machine; the sha256 of the inputs tells whether "
    "they are the same.",
    "again.report": "This report: hybridplan report scenario.json --output report.html (or .pdf, .xlsx, .csv, .zip)",
    # no plan
    "none.no_figures": "There is no plan, so this report shows no cost and no allocation. It lists the inputs, and "
    "what is known about the cause.",
    "none.stopped": "The solver says: {message}",
}
