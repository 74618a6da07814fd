"""Templates of sentences on owned hardware and private lines; see :mod:`hybridplan.analysis.wording`."""

from __future__ import annotations

from typing import Final

HARDWARE: Final[dict[str, str]] = {
    "hardware.buy": "Buy {count} {accelerator} for {pool}{nodes} ({name}): {capex} in all, in use from {block} on.",
    "hardware.nodes": ", {count} of {step}",
    "hardware.exact": "The plan itself takes {exact}; the rest of the last node costs at most {money} over {span}.",
    "hardware.exact_down": "The plan itself takes {exact}; for a whole further node there is no offer or no room. What "
    "the rest gains against renting is {money} over {span}.",
    "hardware.exact_down_only": "The plan itself takes {exact}; for a whole further node there is no offer or no room.",
    "hardware.less_than_node": "Buy none of {name} for {pool}: the plan takes {exact}, less than a node of {step}, and "
    "for a whole one there is no offer or no room.",
    "hardware.cost": "Each costs {total} a year: annuity {annuity}, staff {staff}, space {space}, energy {energy}.",
    "hardware.cost_no_energy": "Each costs {total} a year: annuity {annuity}, staff {staff}, space {space}; energy is "
    "part of the pool's price and not counted apart.",
    "hardware.per_hour": "Used {use} of the time, an hour of use costs {usd}, {others}.",
    "hardware.against": "against {parts}",
    "hardware.on_demand": "{usd} on demand",
    "hardware.reserved": "{usd} committed, used as much",
    "hardware.alone": "and the same cannot be rented or committed to here",
    "hardware.payback": "Payback: {years}, of a life of {life} (rent saved less staff, space and energy, "
    "undiscounted).",
    "hardware.payback_never": "Payback: none against renting on demand; the plan buys for capacity or a rule.",
    "hardware.no_payback": "Payback: cannot be said, as the same cannot be rented on demand here.",
    "hardware.break_even": "Break-even: a use of {share}, against renting on demand.",
    "hardware.never_breaks_even": "Break-even: none; even if always busy, it would be dearer than renting on demand.",
    "hardware.no_break_even": "Break-even: none, as the same cannot be rented on demand here.",
    "hardware.overturn": "What would overturn it, where the same can be rented instead: a purchase price above "
    "{usd}, against {given} now; or a use below {share}, against {use} planned.",
    "hardware.overturn_not_told": "What would overturn it cannot be told from prices of renting: try other purchase "
    "prices under Trade-offs, Sensitivity.",
    "hardware.none": "Buy none of {name} for {pool}: at {capex} each the plan takes none.",
    "hardware.none_busy": "What would overturn it: work that keeps one busy more than {share} of the time and would "
    "else be rented.",
    "hardware.too_late": "{name} would come after the last block that is planned, so nothing can be said of it.",
    "hardware.how": "Use is that of the new accelerators, with what stood there before filled first. Standing by for a "
    "queue or a failure counts as use.",
    # what stands
    "standing.retires": "{count} {accelerator} in {pool} go on {day}.",
    "standing.arrives": "{count} {accelerator} come to {pool} on {day} ({name}).",
    "standing.refresh": "{name} in {pool} is at the end of its life on {day}.",
    # sites
    "site.space": "{site}: {used} of {limit} rack units at most ({share}).",
    "site.power": "{site}: {used} of {limit} kW of IT power at most ({share}).",
    # private lines
    "line.buy": "Take a private line of {gbps} Gbit/s from {link}: it costs {usd} a year and is full to {share} at "
    "most.",
    "line.saves": "Its cheaper data save {saved} a year.",
    "line.break_even": "Break-even: {gb} GB per hour in the mean; {now} are planned.",
    "line.saves_part": "Its cheaper data save {saved} a year, less than it costs: the rest of its worth is bandwidth.",
    "line.bandwidth": "Data on it are no cheaper: its worth is bandwidth.",
    "line.payback": "Payback: nothing is paid ahead.",
    "line.overturn": "What would overturn it: less than {gb} GB per hour in the mean, or a price above {price} per "
    "hour, against {given} now.",
    "line.overturn_bandwidth": "What would overturn it: more bandwidth on the link itself, or less data at peaks. "
    "Solve with 0 Gbit/s on offer to see what it is worth.",
    "line.none": "Take no private line from {link}: at this price the plan takes none.",
    # limits
    "limit.bought": "One more {accelerator} on offer under {name} would save {usd} over {span}, its own cost counted.",
    "limit.site_space": "One more rack unit at {name} would save {usd} over {span}{rate_limit}.",
    "limit.site_power": "One more kW of IT power at {name} would save {usd} over {span}{rate_limit}.",
    "limit.private_line": "One more Gbit/s on offer as a private line from {link} would save {usd} over {span}, its "
    "price counted.",
    "limit.private_flow": "One more Gbit/s of private line from {link} would save {usd} over {span}{rate_limit}, "
    "before its price.",
    "limit_name.bought": "Hardware on offer",
    "limit_name.site_space": "Rack space",
    "limit_name.site_power": "IT power",
    "limit_name.private_line": "Private line on offer",
    "limit_name.private_flow": "Bandwidth of the private line",
}
