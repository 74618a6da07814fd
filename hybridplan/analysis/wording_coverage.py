"""Templates of sentences on rules by site; see :mod:`hybridplan.analysis.wording`."""

from __future__ import annotations

from typing import Final

COVERAGE: Final[dict[str, str]] = {
    "coverage.none": "No workload and no dataset has a rule about places, security or latency.",
    "coverage.how": "Worked out from the tables of the plan and from the records, not from what the optimiser allowed. "
    "After a failure: the most that runs at a site after any one failure. A rule that pools decide is met at a site "
    "where one pool or more meets it; the plan uses no other pool there. Backups of results are held to residency, to "
    "the required attributes (which the site that keeps them must offer by itself) and to the links on their way.",
    "coverage.all_within": "Nothing is placed where a rule on place or security is not met: 0 outside, in what runs, "
    "stands by, goes on after a failure, is copied, relayed or backed up.",
    "coverage.some_outside": "{count} placed where a rule on place or security is not met. This plan must not be used.",
    "coverage.stays": "All of {record} stays in {where}: {amounts} outside.",
    "coverage.leaves": "{record} does not stay in {where}: {amounts} outside.",
    "coverage.secured": "All of {record} is where {what} is offered: {amounts} elsewhere.",
    "coverage.unsecured": "{record} is not only where {what} is offered: {amounts} elsewhere.",
    "coverage.runs": "{amount} accelerator-hours",
    "coverage.standby": "{amount} standby",
    "coverage.redispatch": "{amount} after a failure",
    "coverage.backup": "{amount} GB of results",
    "coverage.copy": "{amount} GB of copies",
    "coverage.relay": "{amount} relayed",
    "coverage.only_some": "only some pools: not in {names}",
    "coverage.elsewhere": "lies in {names}",
    "coverage.denied": "denied",
    "coverage.not_allowed": "not among the allowed sites",
    "coverage.lacking": "not offered",
    "coverage.lacking_by": "not offered by {names}",
    "coverage.no_link": "no link",
    "coverage.no_backup": "no backup site is apart from it and keeps the rules",
    "coverage.no_backup_link": "no link to {names}",
    "coverage.backed_up": "to {names}",
    "coverage.no_pool": "no pool here can do this work",
    "coverage.too_slow": "too slow or too far: {names}",
    "coverage.no_copy": "no copy of {names}",
    "coverage.may_copy": "{names} may be copied here",
    "coverage_rule.residency": "Residency",
    "coverage_rule.sites": "Allowed and denied sites",
    "coverage_rule.attribute": "{subject}",
    "coverage_rule.link_there": "{subject}, way there",
    "coverage_rule.link_back": "{subject}, way back",
    "coverage_rule.link_backup": "{subject}, way to the backup",
    "coverage_rule.link_sync": "{subject}, ways to copies",
    "coverage_rule.latency": "Latency",
    "coverage_rule.latency_after": "Latency after a failure",
    "coverage_rule.data": "Data present",
    "coverage_rule.backup": "Backup of results",
    "coverage_rule.attribute_backup": "{subject}, where backups are kept",
    "coverage_state.met": "met",
    "coverage_state.not_met": "not met",
    "coverage_state.not_asked": "not asked",
    "coverage_role.runs": "Runs",
    "coverage_role.standby": "Standby",
    "coverage_role.redispatch": "After a failure",
    "coverage_role.backup": "Results backed up",
    "coverage_role.copy": "Copy",
    "coverage_role.relay": "Relay",
    "coverage_role.sync": "Data that arrives",
}
