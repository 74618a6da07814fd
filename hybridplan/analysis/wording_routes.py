"""Templates of sentences on pairs of workload and pool that are ruled out; see :mod:`hybridplan.analysis.wording`."""

from __future__ import annotations

from typing import Final

ROUTES: Final[dict[str, str]] = {
    "route.no": "{workload} cannot run on {sku} in {pool}: {causes}; {changes}.",
    "route.would": "{change} would allow it",
    "route.would_together": "{change} would together allow it",
    "route.latency": "at least {floor} ms round trip and service, its objective is {objective} ms",
    "route.latency_queue": "{statistic} of at least {floor} ms round trip and service with no queue, its objective is "
    "{objective} ms",
    "route.latency.change": "an objective of {floor} ms",
    "route.latency_queue.change": "an objective above {floor} ms",
    "route.residency": "{site} is in {jurisdiction} while residency allows {allowed} only",
    "route.residency.change": "residency that allows {jurisdiction}",
    "route.attributes": "it needs {missing}, which {site} does not offer there",
    "route.attributes.change": "a pool or site with {missing}",
    "route.link_attributes": "it needs {missing} on the link from {link}, which does not offer it",
    "route.link_attributes.change": "a link from {link} with {missing}",
    "route.not_allowed_site": "its allowed sites are {allowed}, not {site}",
    "route.not_allowed_site.change": "{site} among its allowed sites",
    "route.denied_site": "{site} is one of its denied sites",
    "route.denied_site.change": "{site} no longer denied",
    "route.no_link": "there is no link from {from_site} to {to_site}",
    "route.no_link.change": "a link from {from_site} to {to_site}",
    "route.no_dataset": "no copy of {missing} may be at {site}",
    "route.no_dataset.change": "a copy of {missing} at {site}",
    "route.no_backup": "its results cannot be backed up from {site}: {backups}",
    "route.no_backup.change": "a backup site that is apart from {site}, keeps its rules and has a link from there",
    "route.backup.site": "{backup} is the same site",
    "route.backup.zone": "{backup} is in the same zone",
    "route.backup.provider": "{backup} is of the same provider",
    "route.backup.no_zone": "the zone of {backup} or {site} is not known",
    "route.backup.residency": "{backup} is in {jurisdiction} while residency allows {allowed} only",
    "route.backup.attributes": "{backup} does not offer {missing}",
    "route.backup.no_link": "there is no link to {backup}",
    "route.no_throughput": "no throughput is known on {sku}",
    "route.no_throughput.change": "a throughput on {sku} ({unit} per accelerator-hour)",
    "route.not_interruptible": "the pool is interruptible, the work is not",
    "route.not_interruptible.change": "work that may be interrupted",
    "route.overhead": "{rate} interruptions an hour would lose all of the time",
    "route.overhead.change": "fewer than {least} interruptions an hour",
    "route.other": "{detail}",
    "route.other.change": "another rule in its place",
}
