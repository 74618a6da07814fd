"""Commitments in words: how each is used, what to commit to, when that is earned, and what would overturn it."""

from __future__ import annotations

import math
from collections.abc import Hashable
from typing import Any

import pandas as pd

from hybridplan.analysis import format as fmt
from hybridplan.analysis import labels, purchases
from hybridplan.analysis.commitments import advice as advising
from hybridplan.analysis.commitments import billing, use, vendor_order
from hybridplan.analysis.commitments.advice import CommitmentAdvice
from hybridplan.analysis.commitments.holdings import Holding, holdings, whole_new
from hybridplan.analysis.wording import plural, say
from hybridplan.domain import Scenario
from hybridplan.plan import Plan

_WHOLE = 1e-6


def summary(plan: Plan) -> list[str]:
    """How much of all commitments is used, then of each, with what an hour of its use costs."""
    rows = use.by_commitment(plan)
    if rows.empty:
        return []
    lines, usd, unused = list[str](), float(rows["usd"].sum()), float(rows["unused_usd"].sum())
    if len(rows) > 1 and usd > 0:
        words = {"usd": _money(plan, usd), "unused": _money(plan, unused), "share": fmt.share(unused / usd)}
        code = "commitment.all" if unused > 0 else "commitment.all_whole"
        lines.append(say(code, span=_span(plan), **words))
    for one, row in zip(holdings(plan), rows.to_dict("records"), strict=True):
        lines.append(_used(plan, one, row))
    return lines


def size(scenario: Scenario, one: Holding) -> str:
    """How large it is: ``4 and 2 more H100 in Cloud base``, ``3.00 USD and 6.00 USD more per hour``."""
    kind = "commitment.spend" if one.kind == "spend_commitment" else "commitment.size"
    code = f"{kind}_new" if not one.existing else f"{kind}_more" if one.new else kind
    write = fmt.count if one.kind == "commitment" else lambda usd: fmt.money(usd, scenario.display_currency)
    pool = one.pools[0] if one.pools else ""
    return say(
        code,
        held=write(one.existing),
        new=write(one.new),
        accelerator=labels.accelerator(scenario, pool) if pool else "",
        pool=labels.pools(scenario).get(pool, pool),
    )


def advice(plan: Plan) -> list[list[str]]:
    """For each commitment that may grow: what to commit to, payback, break-even, and what would overturn it."""
    return [_advice(plan, one) for one in advising.advice(plan)]


def rests_on(scenario: Scenario) -> list[str]:
    """What advice to buy or commit rests on: too few blocks are one stretch of time that is repeated."""
    return (
        [say("buying.repeated", span=fmt.span(scenario.horizon.plan_hours))] if purchases.is_repeated(scenario) else []
    )


def bills(plan: Plan) -> list[str]:
    """What is billed against what is counted, within the plan and over whole terms."""
    rows, lines = billing.schedule(plan), list[str]()
    if len(rows):
        inside = rows.loc[rows["block"] != ""]
        billed, effective = (float(inside[name].sum()) for name in ("billed_usd", "effective_usd"))
        is_all = len(inside) == len(rows) and abs(billed - effective) <= _WHOLE * abs(effective)
        lines.append(
            say(
                "billing.inside" if is_all else "billing.reconciled",
                usd=_money(plan, float(rows["effective_usd"].sum())),
                billed=_money(plan, billed),
                effective=_money(plan, effective),
            )
        )
        for phase in (billing.BEFORE, billing.AFTER):
            usd = float(rows.loc[rows["phase"] == phase, "billed_usd"].sum())
            if usd > 0:
                lines.append(say(f"billing.{phase}", usd=_money(plan, usd)))
    lines += _in_vendor_order(plan)
    unknown = [one.name for one in holdings(plan) if one.size > 0 and not billing.is_known(one)]
    return [*lines, say("billing.unknown", names=fmt.shortened(unknown))] if unknown else lines


def _in_vendor_order(plan: Plan) -> list[str]:
    """What the bill is where the vendor applies spend commitments in its own order."""
    if plan.tables is None or not any(one.kind == "spend_commitment" and one.size > 0 for one in holdings(plan)):
        return []
    planned, vendor = vendor_order.of_plan(plan, plan.tables)
    more = vendor.total_usd - planned.total_usd
    if more <= _WHOLE * abs(planned.total_usd):
        return [say("billing.vendor_same")]
    return [say("billing.vendor_more", more=_money(plan, more), usd=_money(plan, vendor.total_usd), span=_span(plan))]


def _used(plan: Plan, one: Holding, row: dict[Hashable, Any]) -> str:
    if not one.size > 0:
        return say("commitment.none", name=one.name)
    if not one.service_hours > 0:
        return say("commitment.not_in_service", name=one.name)
    used = float(row["utilisation"])
    words = {"name": one.name, "size": size(plan.scenario, one), "usd": _money(plan, float(row["usd"]))}
    if used >= 1 - _WHOLE:
        line = say("commitment.all_used", span=_span(plan), **words)
    else:
        unused = _money(plan, float(row["unused_usd"]))
        line = say("commitment.used", share=fmt.share(used), unused=unused, span=_span(plan), **words)
    effective, rented = float(row["usd_per_used_hour"]), float(row["on_demand_usd"])
    if not math.isfinite(effective):
        return line
    if not math.isfinite(rented):
        return f"{line} {say('commitment.price_alone', effective=_money(plan, effective))}"
    share = fmt.share(float(row["break_even_utilisation"]))
    return (
        f"{line} {say('commitment.price', effective=_money(plan, effective), rented=_money(plan, rented), share=share)}"
    )


def _advice(plan: Plan, one: CommitmentAdvice) -> list[str]:
    held, scenario = one.holding, plan.scenario
    share = fmt.share(one.break_even_utilisation)
    if not held.service_hours > 0:
        starts = [block.start.astimezone(labels.zone(scenario)) for _, block in scenario.horizon.ordered()]
        days = [fmt.day(start.date()) for start in (starts[0], starts[-1])]
        change = say("commit.change.not_in_service", first=days[0], last=days[1])
        return [say("commitment.not_in_service", name=held.name), change]
    if not held.new > 0:
        lines = [say("commit.none", name=held.name), say("commit.no_payback"), _break_even(one)]
        if one.fee_to_overturn_usd is not None and one.fee_to_overturn_usd < _WHOLE:
            lines.append(say("commit.overturn_never"))
        elif one.fee_to_overturn_usd is not None and one.fee_to_overturn_usd < held.fee_usd_per_hour:
            given = _money(plan, held.fee_usd_per_hour)
            lines.append(say("commit.overturn_none", usd=_money(plan, one.fee_to_overturn_usd), given=given))
        elif math.isfinite(one.break_even_utilisation):
            lines.append(say("commit.overturn_unknown", share=share))
        else:
            lines.append(say("commit.overturn_not_told"))
        return [*lines, *rests_on(scenario)]
    lines = [_what(plan, one)]
    if math.isfinite(one.value_usd_per_year):
        net = one.net_usd_per_year
        is_same = abs(net) <= _WHOLE * one.fee_usd_per_year
        code = "commit.instead_same" if is_same else "commit.instead" if net > 0 else "commit.instead_loss"
        lines.append(say(code, value=_money(plan, one.value_usd_per_year), net=_money(plan, abs(net))))
    else:
        lines.append(say("commit.alone"))
    return [*lines, _payback(one), _break_even(one), _overturn(plan, one), *rests_on(scenario)]


def _what(plan: Plan, one: CommitmentAdvice) -> str:
    held, scenario = one.holding, plan.scenario
    words = {"name": held.name, "use": fmt.share(one.utilisation), "fee": _money(plan, one.fee_usd_per_year)}
    if held.kind == "spend_commitment":
        return say("commit.spend", usd=_money(plan, held.new), **words)
    (count, node), pool = whole_new(scenario, held), held.pools[0]
    if not count:
        return say("commit.less_than_node", name=held.name, exact=fmt.number(held.new), step=f"{node:,}")
    nodes = "" if node == 1 else " " + say("commit.nodes", count=plural(count // node, "node"), step=f"{node:,}")
    line = say(
        "commit.buy",
        count=f"{count:,}",
        accelerator=labels.accelerator(scenario, pool),
        pool=labels.pools(scenario)[pool],
        nodes=nodes,
        **words,
    )
    if abs(count - held.new) <= _WHOLE:
        return line
    if count < held.new:
        return f"{line} {say('commit.exact_down', exact=fmt.number(held.new))}"
    rest = one.fee_usd_per_year * (count - held.new) / held.new
    line = f"{line} {say('commit.exact', exact=fmt.number(held.new), money=_money(plan, rest))}"
    if not one.net_usd_per_year < rest:
        return line
    return f"{line} {say('commit.rounded_loss', pool=labels.pools(scenario)[pool])}"


def _payback(one: CommitmentAdvice) -> str:
    term = one.holding.term_years
    if one.pays_after_years is not None and term is not None:
        return say("commit.payback", years=fmt.years(one.pays_after_years), term=fmt.years(term))
    if term is not None:
        return say("commit.payback_never", term=fmt.years(term))
    ratio = one.value_usd_per_year / one.fee_usd_per_year if one.fee_usd_per_year > 0 else math.nan
    return say("commit.payback_no_term", share=fmt.share(ratio))


def _break_even(one: CommitmentAdvice) -> str:
    share = one.break_even_utilisation
    if not math.isfinite(share):
        return say("commit.no_break_even")
    return say("commit.break_even", share=fmt.share(share)) if share <= 1 else say("commit.never_breaks_even")


def _overturn(plan: Plan, one: CommitmentAdvice) -> str:
    held, share, use_ = one.holding, fmt.share(one.break_even_utilisation), fmt.share(one.utilisation)
    if one.fee_to_overturn_usd is None or not math.isfinite(one.break_even_utilisation):
        return say("commit.overturn_not_told")
    if one.fee_to_overturn_usd < held.fee_usd_per_hour * (1.0 - _WHOLE):
        return say("commit.overturn_rates_lower")
    if held.kind == "commitment":
        usd, given = _money(plan, one.fee_to_overturn_usd), _money(plan, held.fee_usd_per_hour)
        return say("commit.overturn", usd=usd, given=given, share=share, use=use_)
    more = one.fee_to_overturn_usd / held.fee_usd_per_hour - 1.0
    if not more > 0:
        return say("commit.overturn_rates_lower")
    return say("commit.overturn_spend", share=share, use=use_, more=fmt.share(more))


def table(plan: Plan) -> pd.DataFrame:
    """:func:`use.by_commitment` with ``size`` in words, shares in per cent and money in the display currency."""
    rows, rate = use.by_commitment(plan), plan.scenario.display_currency.units_per_usd
    rows["size"] = [size(plan.scenario, one) for one in holdings(plan)]
    for column in ("utilisation", "coverage", "break_even_utilisation"):
        rows[f"{column}_percent"] = rows[column].astype(float) * 100
    for column in ("usd", "unused_usd", "usd_per_used_hour", "on_demand_usd"):
        rows[column] = rows[column].astype(float) * rate
    return rows


def _span(plan: Plan) -> str:
    return fmt.span(plan.scenario.horizon.plan_hours)


def _money(plan: Plan, usd: float) -> str:
    return fmt.money(usd, plan.scenario.display_currency)
