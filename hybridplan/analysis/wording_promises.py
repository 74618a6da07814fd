"""Templates of sentences on promises and standby; see :mod:`hybridplan.analysis.wording`."""

from __future__ import annotations

from typing import Final

PROMISES: Final[dict[str, str]] = {
    "contingency.site": "loss of {record}",
    "contingency.provider": "loss of all that {record} runs",
    "contingency.zone": "loss of zone {record}",
    "contingency.link": "loss of the link between {record}",
    "contingency.group": "loss of {record}",
    "contingency.spot": "loss of everything interruptible",
    "promise.standby": "On standby for {workload}: {parts}{rent}.",
    "promise.part": "up to {count} {sku} in {pool}",
    "promise.rent": ", at a rent of {usd} over {span}",
    "promise.no_standby": "Nothing has to stand by: what is promised goes on where it runs anyway.",
    "promise.no_standby_for": "Nothing has to stand by for {workloads}: what is promised goes on where it runs anyway.",
    "promise.kept": "{workload} promises {share} after a failure: after the {failure}{worst} {left} of what is served "
    "goes on.",
    "promise.kept_all": "{workload} promises {share} after a failure: all that is served goes on after each of the "
    "{count}.",
    "promise.worst": ", the worst of {count},",
    "promise.nothing": "{workload} promises {share} after a failure, but nothing can fail: no contingency is given.",
    "promise.short": "{when} {count} on as promised: {workloads}.",
    "promise.short.any": "After any one of {count}",
    "promise.short.only": "After the {failure}",
    "promise.short_broken": "Less goes on after a failure than promised: {workloads}.",
    "promise.how": "One failure at a time. Standby is on and ready, not busy. Users of a site that is lost stay and "
    "are served elsewhere; work without a promise may stop. What takes over keeps the latency objective for after a "
    "failure; caps on mean latency and on interruptible work hold while nothing has failed. Links keep to their "
    "bandwidth.",
    "promise.of_workload": "{share} after a failure",
    "method.promise": "Work that promises the share q goes on after each failure f, on the routes R that survive it: "
    "where it runs, and on accelerators sb that stand by for it alone; or, where it shares what survives, on "
    "accelerators a of its own choice after each failure. c holds for the latency after a failure.",
    "method.room": "After every failure each pool that is left holds what stays of work with a standby of its own, "
    "that standby, and what the rest chooses. Extra is what can be rented in time for work that may start late (cold).",
    "assumed.failures": "One thing fails at a time, and the demand stays. How often things fail and how long repair "
    "takes changes no plan: only the replay of random failures reads it.",
    "limit.promise": "Promising one unit ({unit}) per hour less of {workload} after the {failure} would save {usd} "
    "over {span}{rate_limit}.",
    "limit.promise_bandwidth": "One more Gbit/s from {link} after the {failure} would save {usd} over "
    "{span}{rate_link}.",
    "limit_name.promise": "Promise",
    "limit_name.promise_bandwidth": "Bandwidth after a failure",
    "limit_name.of_failure": "{kind}: {name}, {failure}",
}
