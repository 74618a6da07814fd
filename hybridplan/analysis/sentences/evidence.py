"""What backs the figures: the certificate, estimates among the inputs, the age of prices, what is assumed."""

from __future__ import annotations

from datetime import date
from typing import Final

import pandas as pd

from hybridplan.analysis import allocation, elasticity, labels, latency
from hybridplan.analysis import format as fmt
from hybridplan.analysis.sentences import purchasing
from hybridplan.analysis.sentences.decision import STEERING
from hybridplan.analysis.wording import plural, say
from hybridplan.audit import decided_usd
from hybridplan.domain import Scenario
from hybridplan.plan import Plan

OLD_PRICE_DAYS: Final = 90
"""Prices older than this are named."""
ASSUMPTIONS: Final = (
    "demand",
    "prices",
    "throughput",
    "latency",
    "percentiles",
    "continuous",
    "elastic",
    "scaling",
    "purchases",
    "data",
    "failures",
    "limits",
)


def certificate(plan: Plan) -> list[str]:
    """The certificate in words, with all digits: rules held, bound, gap, audit, solver, hash of the inputs."""
    proof, run = plan.certificate, plan.solver
    lines = []
    if proof is not None and proof.passed:
        worst = f", in {proof.worst_rule.replace('_', ' ')}" if proof.worst_rule else ""
        residual = fmt.tiny(proof.max_residual)
        lines.append(say("evidence.passed", rules=f"{proof.rules_checked:,}", residual=residual, worst=worst))
    elif proof is not None:
        lines.append(say("evidence.not_passed", failures="; ".join(proof.failures) or "no reason is recorded"))
    if proof is not None and plan.objective_usd is not None:
        lines += _bound(plan)
    lines.append(
        say(
            "evidence.solver_run",
            name=run.name,
            version=run.version,
            seconds=f"{run.seconds:.2f}",
            total=f"{run.total_seconds:.2f}",
            limit=f"{run.time_limit_seconds:g}",
            columns=f"{run.columns:,}",
            rows=f"{run.rows:,}",
        )
    )
    return [*lines, *_kind(plan), say("evidence.hash", hash=plan.content_hash)]


def _kind(plan: Plan) -> list[str]:
    """What kind of problem it was, and whether the search was cut short."""
    run = plan.solver
    target = "0" if run.gap_target is None else fmt.tiny(run.gap_target)
    limit = f"{run.time_limit_seconds:g}"
    lines = [say(f"evidence.kind_{plan.kind}", target=target, limit=limit)]
    return [*lines, say("evidence.stopped", limit=limit)] if run.stopped_early else lines


def _bound(plan: Plan) -> list[str]:
    proof, objective = plan.certificate, plan.objective_usd
    if proof is None or objective is None:
        return []
    difference = f"{fmt.tiny(abs(objective - proof.tangent_error_usd - proof.optimised_usd))} USD"
    after = [say("evidence.audit", difference=difference), *_relaxation(plan), *_tangents(plan)]
    if proof.bound_source == "none":
        return [say("evidence.no_bound"), *after]
    return [
        say(
            "evidence.bound",
            bound=f"{fmt.exact(proof.bound_usd)} USD",
            source=say(f"evidence.{proof.bound_source}"),
            objective=f"{fmt.exact(objective)} USD",
            gap=fmt.tiny(max(0.0, proof.gap)),
        ),
        *after,
    ]


def _relaxation(plan: Plan) -> list[str]:
    """With whole numbers: our own bound, of the problem without them."""
    proof, objective = plan.certificate, plan.objective_usd
    if proof is None or objective is None or proof.relaxation_bound_usd is None:
        return []
    distance = (objective - proof.relaxation_bound_usd) / decided_usd(objective, plan.constant_usd)
    bound = f"{fmt.exact(proof.relaxation_bound_usd)} USD"
    return [say("evidence.relaxation", bound=bound, gap=fmt.share(max(0.0, distance)))]


def _tangents(plan: Plan) -> list[str]:
    """What straight lines leave out, in money and as a share of the curved penalties; nothing where all is exact."""
    if plan.certificate is None or not plan.certificate.tangent_error_usd > 0:
        return []
    error = plan.certificate.tangent_error_usd
    curved = sum(plan.penalty_usd.get(code, 0.0) for code in STEERING)
    money = fmt.money(error, plan.scenario.display_currency)
    return [say("evidence.tangents", money=money, share=fmt.share(error / curved) if curved > 0 else fmt.NO_VALUE)]


def estimated_use(plan: Plan) -> pd.DataFrame:
    """Used routes that rest on estimated throughput: workload, pool, accelerator_hours, share (of all), most first."""
    columns = ["workload", "pool", "accelerator_hours", "share"]
    if plan.tables is None:
        return pd.DataFrame(columns=columns)
    rows = allocation.totals(plan.scenario, plan.tables)
    whole = float(rows["accelerator_hours"].sum())
    marked = plan.routes.loc[plan.routes["is_estimate"].astype(bool), ["workload", "pool"]]
    rows = rows.merge(marked, on=["workload", "pool"])
    rows["share"] = rows["accelerator_hours"] / whole if whole > 0 else 0.0
    return rows.sort_values("accelerator_hours", ascending=False, kind="stable")[columns].reset_index(drop=True)


def estimates(plan: Plan) -> str:
    """Which share of the plan rests on estimated throughput."""
    rows = estimated_use(plan)
    if rows.empty:
        return say("estimate.none")
    works, scenario = labels.workloads(plan.scenario), plan.scenario
    pairs = list(
        dict.fromkeys(
            f"{works[workload]} on {scenario.pools[pool].sku}"
            for workload, pool in zip(rows["workload"], rows["pool"], strict=True)
        )
    )
    return say("estimate.some", share=fmt.share(float(rows["share"].sum())), pairs=fmt.shortened(pairs))


def oldest_price(scenario: Scenario) -> tuple[str, date] | None:
    """The pool whose price is oldest, with its date; None where no price has a date."""
    dated = [(day, key) for key, day in _price_dates(scenario).items() if day is not None]
    return (min(dated)[1], min(dated)[0]) if dated else None


def prices(scenario: Scenario, today: date) -> list[str]:
    """The dates of the prices, a warning where the oldest is over 90 days old, and what has no date."""
    dates, names, offers = _price_dates(scenario), labels.pools(scenario), _offer_dates(scenario)
    known = sorted(day for day in (*dates.values(), *offers.values()) if day is not None)
    lines = []
    if known:
        code = "prices.one_day" if known[0] == known[-1] else "prices.dated"
        lines.append(say(code, first=fmt.day(known[0]), last=fmt.day(known[-1])))
    named = {names[key]: day for key, day in dates.items()} | offers
    if known and (today - known[0]).days > OLD_PRICE_DAYS:
        oldest = next(name for name, day in named.items() if day == known[0])
        lines.append(say("prices.old", pool=oldest, days=f"{(today - known[0]).days:,}"))
    undated = [names[key] for key, day in dates.items() if day is None]
    if undated:
        lines.append(say("prices.undated", count=plural(len(undated), "pool"), pools=fmt.shortened(undated)))
    undated = [name for name, day in offers.items() if day is None]
    if undated:
        count = plural(len(undated), "offer")
        lines.append(say("prices.undated", count=count, pools=fmt.shortened(undated)))
    return lines


def assumptions(scenario: Scenario | None = None) -> list[str]:
    """What every plan takes for granted, and for which workloads of this scenario queues are modelled.

    What concerns a part that this scenario does not have is left out; without a scenario, nothing is.
    """
    lines = []
    for code in ASSUMPTIONS:
        if scenario is not None and not _concerns(scenario, code):
            continue
        lines.append(say(f"assumed.{code}"))
        if code == "latency" and scenario is not None:
            names = labels.named(latency.queued(scenario), labels.workloads(scenario))
            queues = say("assumed.queues", workloads=fmt.shortened(names)) if names else say("assumed.no_queues")
            lines[-1] = f"{lines[-1]} {queues}"
    return lines


def _concerns(scenario: Scenario, code: str) -> bool:
    """Whether an assumption is about something that occurs in this scenario."""
    if code == "percentiles":
        return bool(latency.queued(scenario))
    if code == "elastic":
        return bool(elasticity.elastic_pools(scenario))
    if code == "purchases":
        return purchasing.on_offer(scenario)
    if code == "failures":
        return bool(scenario.policy.contingencies)
    if code == "data":
        return bool(scenario.datasets)
    return code != "scaling" or any(work.scaling for work in scenario.workloads.values())


def _price_dates(scenario: Scenario) -> dict[str, date | None]:
    """Date of each pool's price; that of the oldest commitment for committed pools."""
    dates: dict[str, date | None] = {key: pool.price_date for key, pool in scenario.pools.items()}
    for row in scenario.commitments.values():
        if row.pool in dates and row.price_date is not None:
            known = dates[row.pool]
            dates[row.pool] = row.price_date if known is None else min(known, row.price_date)
    return dates


def _offer_dates(scenario: Scenario) -> dict[str, date | None]:
    """Date of the price of what is or may be committed to by spend, and of what may be bought, by name."""
    spend, hardware = labels.spend_commitments(scenario), labels.expansions(scenario)
    return {spend[key]: one.price_date for key, one in scenario.spend_commitments.items()} | {
        hardware[key]: one.price_date for key, one in scenario.expansions.items()
    }
