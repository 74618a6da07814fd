"""What a plan buys, commits to and copies, in a line or two for those who read no further."""

from __future__ import annotations

from hybridplan.analysis import datasets, labels, purchases
from hybridplan.analysis import format as fmt
from hybridplan.analysis.commitments import advice as advising
from hybridplan.analysis.commitments.holdings import holdings, whole_new
from hybridplan.analysis.hardware import expansions, lines
from hybridplan.analysis.sentences import commitments
from hybridplan.analysis.sentences import hardware as hardware_words
from hybridplan.analysis.wording import say
from hybridplan.domain import Scenario
from hybridplan.plan import Plan

_OVERTURN = "What would overturn it"
"""How each of these sentences begins."""


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
        known = overturns(plan)
        found.append(say("bought.change.one", **known[0]) if known else say("bought.change.none"))
        if purchases.is_repeated(plan.scenario):
            found.append(say("bought.repeated", span=fmt.span(plan.scenario.horizon.plan_hours)))
    return [*found, *_copied(plan)]


def overturns(plan: Plan) -> list[dict[str, str]]:
    """``name`` and ``overturn``, what would overturn its advice, of each offer; what is taken stands first."""
    found = [
        (one.holding.new > 0, one.holding.name, commitments.advice(plan)[i])
        for i, one in enumerate(advising.advice(plan))
    ]
    bought = expansions.expansions(plan)
    found += [(one.accelerators > 0, one.name, hardware_words.advice(plan)[i]) for i, one in enumerate(bought)]
    said = [
        (is_taken, {"name": name, "overturn": line})
        for is_taken, name, lines_of in found
        for line in lines_of
        if line.startswith(_OVERTURN)
    ]
    return [words for _, words in sorted(said, key=lambda pair: not pair[0])]


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
    return [say("bought.copies", parts=fmt.shortened(parts)), say("bought.change.copies")] if parts else []
