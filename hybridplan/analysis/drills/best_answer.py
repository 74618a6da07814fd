"""The best answer to a failure in one hour: the same question, asked of the optimiser for that hour alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import numpy as np

from hybridplan.analysis.drills.carrying import Response, opened, respond
from hybridplan.analysis.drills.going_on import drilled, period_of, starts
from hybridplan.analysis.drills.hour_pools import links_of_hour, pools_of_hour
from hybridplan.analysis.drills.hour_works import datasets_of_hour, works_of_hour
from hybridplan.analysis.drills.records import Drill, DrillKind
from hybridplan.audit.ledger import Ledger, open_ledger
from hybridplan.domain import Horizon, Policy, Scenario, require
from hybridplan.errors import InvalidInput, Issue
from hybridplan.plan import Plan

STUDY = "drill"
"""Study that answers :func:`scenario_of_hour` in a worker; its result is the ``answer`` of :func:`reoptimised`."""


def scenario_of_hour(
    plan: Plan, contingency_id: str, block_id: str, period_start: datetime, *, rent_more: bool = False
) -> Scenario:
    """The hour after the failure as a scenario of one period.

    Pools are those that survive, with what is provisioned then (held-back share released) at no price; with
    ``rent_more`` on-demand and interruptible pools up to their quota that is up, at their price. Links that are lost
    are gone. Latency objectives are those after a failure. Deferrable work asks for what it does in that hour.
    Promises, contingencies, budget and caps are gone; residency, attributes and chosen copies stay.
    Raises :class:`InvalidInput` as :func:`~hybridplan.analysis.drills.going_on.stored`.
    """
    ledger = opened(plan)
    period = period_of(ledger.axes, block_id, period_start)
    found, scenario = respond(ledger, contingency_id), plan.scenario
    block = scenario.horizon.blocks[block_id].model_copy(
        update={
            "start": starts(ledger.axes)[period],
            "periods": 1,
            "weight": 1.0,
            "demand_factor": 1.0,
        }
    )
    sites = {
        key: site.model_copy(update={"it_power_limit_kw": None, "rack_units_limit": None})
        for key, site in scenario.sites.items()
    }
    policy = Policy(
        provider_discount_share=scenario.policy.provider_discount_share, queue_form=scenario.policy.queue_form
    )
    pools = pools_of_hour(ledger, found, period, rent_more=rent_more)
    derived = Scenario(
        name=scenario.name,
        horizon=Horizon(blocks={block_id: block}, time_zone=scenario.horizon.time_zone),
        sites=sites,
        pools=pools,
        workloads=works_of_hour(ledger, found, period, block_id, pools),
        links=links_of_hour(ledger, found, period),
        datasets=datasets_of_hour(ledger, period),
        policy=policy,
        display_currency=scenario.display_currency,
    )
    return require(derived.to_dict())


def answer(scenario: Scenario, *, time_limit_seconds: float | None = None) -> Plan:
    """The cheapest plan of a scenario with its certificate, and nothing beside it."""
    from hybridplan.model.solve import optimise  # pages make drills too, and must not load a solver

    return optimise(scenario, time_limit_seconds=time_limit_seconds)


def reoptimised(
    plan: Plan,
    contingency_id: str,
    block_id: str,
    period_start: datetime,
    *,
    rent_more: bool = False,
    answer: Plan | None = None,
) -> Drill:
    """The best answer for that hour. ``answer``: plan of :func:`scenario_of_hour`; solved here where there is none.

    Its plan is audited and bounded like any other; promised work is served at least as much as by the stored answer.
    Raises :class:`InvalidInput` as :func:`~hybridplan.analysis.drills.going_on.stored`, and for an answer to another
    question.
    """
    asked = scenario_of_hour(plan, contingency_id, block_id, period_start, rent_more=rent_more)
    if answer is not None and answer.content_hash != asked.content_hash:
        raise InvalidInput([Issue("answer", "is the plan of another scenario")])
    solved = _answer(asked) if answer is None else answer
    ledger = opened(plan)
    period = period_of(ledger.axes, block_id, period_start)
    found = _response(ledger, respond(ledger, contingency_id), solved, period)
    kind: DrillKind = "best_rented" if rent_more else "best"
    return drilled(found, period, ledger.unserved[:, period], kind=kind, status=solved.status)


_answer = answer


def _response(ledger: Ledger, stored: Response, solved: Plan, period: int) -> Response:
    """The answer in the place of what the plan has ready, in this period alone; nothing where it has no plan."""
    axes, width = ledger.axes, max(len(ledger.axes.pools), 1)
    if solved.tables is None:
        nothing = np.zeros_like(stored.units)
        return replace(stored, units=nothing, accelerators=nothing, ready=nothing)
    found = open_ledger(solved.scenario, solved.tables)
    pool = np.array([axes.pools.index(key) for key in found.axes.pools], dtype=np.int64)
    theirs = found.pair_workload * width + pool[found.pair_pool]
    mine = stored.workload * width + stored.pool
    keys = np.union1d(mine, theirs)
    workload, codes = keys // width, keys % width
    shape = len(keys), len(axes.hours)
    before, load, units, used = (np.zeros(shape) for _ in range(4))
    before[np.searchsorted(keys, mine)] = stored.before
    load[np.searchsorted(keys, mine)] = stored.before_accelerators
    units[np.searchsorted(keys, theirs), period] = found.served[:, 0]
    used[np.searchsorted(keys, theirs), period] = found.assigned[:, 0]
    left = axes.failures.left[axes.failures.ids.index(stored.contingency), workload, codes]
    return Response(
        axes, stored.contingency, stored.lost, workload, codes, left, before, load, units, used, units, used
    )
