"""Hardware in words: what to buy, its cost, payback, break-even, what would overturn it; dates, space, power, lines."""

from __future__ import annotations

import math
from collections.abc import Hashable
from typing import Any

from hybridplan.analysis import format as fmt
from hybridplan.analysis import labels
from hybridplan.analysis.hardware import expansions, lines, sites, timeline
from hybridplan.analysis.hardware.expansions import Bought
from hybridplan.analysis.sentences.commitments import rests_on
from hybridplan.analysis.wording import plural, say
from hybridplan.plan import Plan
from hybridplan.units import gb_per_hour, per_year

_WHOLE = 1e-6


def advice(plan: Plan) -> list[list[str]]:
    """For each expansion: what to buy, cost, payback, break-even, what would overturn it, and what it rests on."""
    return [_advice(plan, one) for one in expansions.expansions(plan)]


def line_advice(plan: Plan) -> list[list[str]]:
    """The same for each private line on offer."""
    if plan.tables is None:
        return []
    rows = lines.by_link(plan, plan.tables).to_dict("records")
    return [[*_line(plan, row), *rests_on(plan.scenario)] for row in rows]


def dates(plan: Plan) -> list[str]:
    """What goes, comes, and is due again, by date."""
    if plan.tables is None:
        return []
    scenario, found = plan.scenario, list[str]()
    for day, pool, event, count, name in timeline.events(plan, plan.tables).itertuples(index=False, name=None):
        found.append(
            say(
                f"standing.{event}",
                count=fmt.count(count),
                accelerator=labels.accelerator(scenario, pool),
                pool=labels.pools(scenario)[pool],
                day=fmt.day(day.astimezone(labels.zone(scenario)).date()),
                name=name,
            )
        )
    return found


def room(plan: Plan) -> list[str]:
    """Space and power of each site with a limit."""
    if plan.tables is None:
        return []
    names, found = labels.sites(plan.scenario), list[str]()
    for row in sites.by_site(plan, plan.tables).to_dict("records"):
        for code, used, limit in (("space", "space_used", "space_limit"), ("power", "power_kw", "power_limit_kw")):
            if math.isfinite(row[limit]):
                share = fmt.share(row[used] / row[limit])
                used_text, limit_text = fmt.number(row[used]), fmt.number(row[limit])
                found.append(
                    say(f"site.{code}", site=names[row["site"]], used=used_text, limit=limit_text, share=share)
                )
    return found


def _advice(plan: Plan, one: Bought) -> list[str]:
    scenario = plan.scenario
    pool, name = labels.pools(scenario)[one.pool], one.name
    if not one.arrives:
        most, now = len(scenario.horizon.blocks) - 1, scenario.expansions[one.record].lead_time_blocks
        change = say("hardware.change.too_late", most=f"{most:,}", now=f"{now:,}")
        return [say("hardware.too_late", name=name), change]
    if not one.accelerators > 0:
        found = [
            say("hardware.none", name=name, pool=pool, capex=_money(plan, one.capex_usd)),
            say("commit.no_payback"),
        ]
        found.append(_break_even(one))
        share = one.break_even_utilisation
        code = "hardware.none_busy" if math.isfinite(share) and share <= 1 else "hardware.overturn_not_told"
        return [*found, say(code, share=fmt.share(share)), *rests_on(scenario)]
    if not one.whole:
        exact = fmt.number(one.accelerators)
        none = say("hardware.less_than_node", name=name, pool=pool, exact=exact, step=f"{one.node:,}")
        return [none, say("commit.no_payback"), _break_even(one), _overturn(plan, one), *rests_on(scenario)]
    return [
        _what(plan, one),
        f"{_cost(plan, one)} {_per_hour(plan, one)}",
        _payback(one),
        _break_even(one),
        _overturn(plan, one),
        *rests_on(scenario),
    ]


def _what(plan: Plan, one: Bought) -> str:
    scenario = plan.scenario
    nodes = (
        "" if one.node == 1 else say("hardware.nodes", count=plural(one.whole // one.node, "node"), step=str(one.node))
    )
    line = say(
        "hardware.buy",
        count=f"{one.whole:,}",
        accelerator=labels.accelerator(scenario, one.pool),
        pool=labels.pools(scenario)[one.pool],
        nodes=nodes,
        name=one.name,
        capex=_money(plan, one.whole * one.capex_usd),
        block=labels.blocks(scenario)[one.arrives],
    )
    if abs(one.whole - one.accelerators) <= _WHOLE:
        return line
    exact, span = fmt.number(one.accelerators), fmt.span(scenario.horizon.plan_hours)
    if one.whole < one.accelerators:
        code = "hardware.exact_down" if one.rounding_usd > 0 else "hardware.exact_down_only"
        return f"{line} {say(code, exact=exact, money=_money(plan, one.rounding_usd), span=span)}"
    money = _money(plan, one.rounding_usd)
    line = f"{line} {say('hardware.exact', exact=exact, money=money, span=span)}"
    gained = one.accelerators * (one.value_usd - one.fixed_usd - one.energy_usd)
    if not gained < (one.whole - one.accelerators) * one.fixed_usd:
        return line
    return f"{line} {say('commit.rounded_loss', pool=labels.pools(scenario)[one.pool])}"


def _cost(plan: Plan, one: Bought) -> str:
    code = "hardware.cost_no_energy" if plan.scenario.pools[one.pool].price_includes_energy else "hardware.cost"
    return say(
        code,
        total=_money(plan, one.fixed_usd + one.energy_usd),
        annuity=_money(plan, one.annuity_usd),
        staff=_money(plan, one.staff_usd),
        space=_money(plan, one.space_usd),
        energy=_money(plan, one.energy_usd),
    )


def _per_hour(plan: Plan, one: Bought) -> str:
    parts = []
    if math.isfinite(one.on_demand_usd):
        parts.append(say("hardware.on_demand", usd=_money(plan, one.on_demand_usd)))
    if math.isfinite(one.reserved_usd) and one.utilisation > 0:
        parts.append(say("hardware.reserved", usd=_money(plan, one.reserved_usd / one.utilisation)))
    others = say("hardware.against", parts=fmt.listed(parts)) if parts else say("hardware.alone")
    usd = _money(plan, one.usd_per_used_hour) if math.isfinite(one.usd_per_used_hour) else fmt.NO_VALUE
    return say("hardware.per_hour", use=fmt.share(one.utilisation), usd=usd, others=others)


def _payback(one: Bought) -> str:
    if not math.isfinite(one.value_usd):
        return say("hardware.no_payback")
    if one.payback_years is None:
        return say("hardware.payback_never")
    return say("hardware.payback", years=fmt.years(one.payback_years), life=fmt.years(one.terms.life_years))


def _break_even(one: Bought) -> str:
    if not math.isfinite(one.on_demand_usd):
        return say("hardware.no_break_even")
    share = one.break_even_utilisation
    if not math.isfinite(share) or share > 1:
        return say("hardware.never_breaks_even")
    return say("hardware.break_even", share=fmt.share(share))


def _overturn(plan: Plan, one: Bought) -> str:
    if one.pays_below_usd is None or not math.isfinite(one.break_even_utilisation):
        return say("hardware.overturn_not_told")
    if one.pays_below_usd < one.capex_usd * (1.0 - _WHOLE):
        # Bought for capacity, or since it must be: a higher price would not be what speaks against it.
        return say("commit.overturn_rates_lower")
    return say(
        "hardware.overturn",
        usd=_money(plan, one.pays_below_usd),
        given=_money(plan, one.capex_usd),
        share=fmt.share(one.break_even_utilisation),
        use=fmt.share(one.utilisation),
    )


def _line(plan: Plan, row: dict[Hashable, Any]) -> list[str]:
    link, hours = str(row["name"]), plan.scenario.horizon.plan_hours
    if not row["gbps"] > 0:
        return [say("line.none", link=link), _no_line(plan, str(row["link"]))]
    usd, saved = per_year(row["usd"], hours), per_year(row["saved_usd"], hours)
    words = {"gbps": fmt.number(row["gbps"]), "link": link, "usd": _money(plan, usd)}
    found = [say("line.buy", share=fmt.share(row["peak_share"]), **words)]
    payback = say("line.payback")
    if not math.isfinite(row["break_even_gb_per_hour"]):
        return [*found, say("line.bandwidth"), payback, say("line.overturn_bandwidth")]
    now, needed = fmt.number(row["gb"] / hours), fmt.number(row["break_even_gb_per_hour"])
    even = say("line.break_even", gb=needed, now=now)
    if saved < usd * (1 - _WHOLE):
        part = say("line.saves_part", saved=_money(plan, saved))
        return [*found, part, payback, even, say("line.overturn_bandwidth")]
    price, given = _money(plan, row["saved_usd"] / hours), _money(plan, row["usd"] / hours)
    overturn = say("line.overturn", gb=needed, price=price, given=given)
    return [*found, say("line.saves", saved=_money(plan, saved)), payback, even, overturn]


def _no_line(plan: Plan, key: str) -> str:
    """What would make a line of 1 Gbit/s pay: its price over what a GB on it saves."""
    link = plan.scenario.links[key]
    fixed = link.private_usd_per_gbps_hour + link.private_usd_per_hour
    cheaper = link.usd_per_gb - (link.usd_per_gb if link.private_usd_per_gb is None else link.private_usd_per_gb)
    full = gb_per_hour(1.0)
    if cheaper * full > fixed:
        return say("line.change.none", gb=fmt.number(fixed / cheaper))
    return say("line.change.never", saved=_money(plan, max(cheaper, 0.0) * full), fixed=_money(plan, fixed))


def _money(plan: Plan, usd: float) -> str:
    return fmt.money(usd, plan.scenario.display_currency)
