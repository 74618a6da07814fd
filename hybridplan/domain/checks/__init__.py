"""Checks of a scenario as a whole: every issue at once, each naming record, field, value, unit and mend."""

from __future__ import annotations

from itertools import chain, islice
from typing import TYPE_CHECKING

from hybridplan.domain.checks.attributes import check_attributes
from hybridplan.domain.checks.commitments import check_commitments
from hybridplan.domain.checks.datasets import check_datasets
from hybridplan.domain.checks.elasticity import check_elasticity
from hybridplan.domain.checks.expansions import check_expansions
from hybridplan.domain.checks.fields import MOST_LISTED, issues_of, too_many
from hybridplan.domain.checks.horizon import check_horizon
from hybridplan.domain.checks.jobs import check_jobs
from hybridplan.domain.checks.lines import check_lines
from hybridplan.domain.checks.mix import check_mix
from hybridplan.domain.checks.policy import check_policy
from hybridplan.domain.checks.pools import check_pools
from hybridplan.domain.checks.promises import check_promises
from hybridplan.domain.checks.providers import check_providers
from hybridplan.domain.checks.queues import check_queues
from hybridplan.domain.checks.references import check_references
from hybridplan.domain.checks.results import check_results
from hybridplan.domain.checks.sites import check_sites
from hybridplan.domain.checks.size import check_size
from hybridplan.domain.checks.tiers import check_tiers
from hybridplan.domain.checks.workloads import check_workloads
from hybridplan.domain.checks.zones import check_zones
from hybridplan.errors import Issue

if TYPE_CHECKING:
    from hybridplan.domain.scenario import Scenario

__all__ = ["check", "issues_of"]


def check(scenario: Scenario) -> list[Issue]:
    """All issues between records (fields by themselves are checked when the records are built).

    A scenario that is too large gets no further checks: they would take long, and say nothing that helps.
    """
    if too_large := list(check_size(scenario)):
        return too_large
    found = chain(
        check_references(scenario),
        check_horizon(scenario),
        check_pools(scenario),
        check_tiers(scenario),
        check_commitments(scenario),
        check_expansions(scenario),
        check_sites(scenario),
        check_lines(scenario),
        check_elasticity(scenario),
        check_workloads(scenario),
        check_queues(scenario),
        check_jobs(scenario),
        check_datasets(scenario),
        check_results(scenario),
        check_zones(scenario),
        check_mix(scenario),
        check_attributes(scenario),
        check_policy(scenario),
        check_providers(scenario),
        check_promises(scenario),
    )
    issues = list(islice(found, MOST_LISTED + 1))
    if len(issues) > MOST_LISTED:
        # What was not looked at may hold an error, so the whole counts as one.
        issues[MOST_LISTED:] = [too_many(f"more than {MOST_LISTED:,}")]
    return issues
