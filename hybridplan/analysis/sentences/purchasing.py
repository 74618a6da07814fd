"""What a plan buys, commits to and copies, in a line or two for those who read no further."""

from __future__ import annotations

from hybridplan.analysis import datasets, labels, purchases
from hybridplan.analysis import format as fmt
from hybridplan.analysis.commitments.holdings import holdings, whole_new
from hybridplan.analysis.hardware import expansions, lines
from hybridplan.analysis.wording import say
from hybridplan.domain import Scenario
from hybridplan.plan import Plan


def on_offer(scenario: Scenario) -> bool:
    """Whether anything may be bought or newly committed to."""
    return bool(
        scenario.expansions
        or any(one.max_new_accelerators > 0 for one in scenario.commitments.values())
        or any(one.max_new_usd_per_hour > 0 for one in scenario.spend_commitments.values())
        or lines.occur(scenario)
    )


def decided(plan: Plan) -> list[str]:
    """What is committed to, bought and copied; that nothing pays, where something is on offer."""
    if plan.tables is None:
        return []
    new, bought = committed(plan), hardware(plan)
    found = [
        say(f"bought.{code}", parts=fmt.listed(parts))
        for code, parts in (("commitments", new), ("hardware", bought))
        if parts
    ]
    if on_offer(plan.scenario):
        if not found:
            found.append(say("bought.nothing"))
        if purchases.is_repeated(plan.scenario):
            found.append(say("bought.repeated", span=fmt.span(plan.scenario.horizon.plan_hours)))
    return [*found, *_copied(plan)]


def committed(plan: Plan) -> list[str]:
    """New commitments, in whole nodes."""
    found, scenario = list[str](), plan.scenario
    for one in holdings(plan):
        if one.new > 0 and one.kind == "commitment":
            pool = one.pools[0]
            words = {"accelerator": labels.accelerator(scenario, pool), "pool": labels.pools(scenario)[pool]}
            if count := whole_new(scenario, one)[0]:
                found.append(say("bought.commitment", count=f"{count:,}", name=one.name, **words))
        elif one.new > 0:
            usd = fmt.money(one.new, scenario.display_currency)
            found.append(say("bought.spend", usd=usd, name=one.name))
    return found


def hardware(plan: Plan) -> list[str]:
    """What is bought, in whole nodes, and private lines."""
    scenario, pools = plan.scenario, labels.pools(plan.scenario)
    found = [
        say(
            "bought.expansion",
            count=f"{one.whole:,}",
            accelerator=labels.accelerator(scenario, one.pool),
            pool=pools[one.pool],
            name=one.name,
        )
        for one in expansions.expansions(plan)
        if one.whole > 0
    ]
    names = labels.links(scenario)
    taken = purchases.quantities(plan, "private_line").items()
    return [*found, *(say("bought.line", gbps=fmt.number(size), link=names[key]) for key, size in taken if size > 0)]


def _copied(plan: Plan) -> list[str]:
    if plan.tables is None or not plan.scenario.datasets:
        return []
    rows = datasets.copies(plan, plan.tables)
    rows = rows.loc[rows["state"] == datasets.CHOSEN]
    parts = [
        say("bought.copy", dataset=str(name), site=str(site))
        for name, site in zip(rows["name"], rows["site_name"], strict=True)
    ]
    return [say("bought.copies", parts=fmt.shortened(parts))] if parts else []
