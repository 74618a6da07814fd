"""Every piece of advice by the code of its sentence, with the sentences that say what would change it.

A sentence of one of FAMILIES is advice, and stands in OVERTURNED_BY, or is a part or a fact, and stands in NO_ADVICE.
"""

from __future__ import annotations

from typing import Final

FAMILIES: Final = (
    "next",
    "saving",
    "nodes",
    "buying",
    "commit",
    "hardware",
    "line",
    "bought",
    "headline",
    "break_even",
)
"""First parts of codes: sentences that tell people what to do, or rest on what was decided."""

_COMMITTED: Final = (
    "commit.overturn",
    "commit.overturn_spend",
    "commit.overturn_rates_lower",
    "commit.overturn_not_told",
)
_BOUGHT: Final = ("hardware.overturn", "hardware.overturn_not_told", "commit.overturn_rates_lower")
_LINE: Final = ("line.overturn", "line.overturn_bandwidth")
_PURCHASE: Final = ("bought.change.one", "bought.change.none")
_PLAN: Final = ("headline.change.limit", "headline.change.none", "headline.change.unknown")
_BUY: Final = ("buying.overturn", "buying.change.none")

OVERTURNED_BY: Final[dict[str, tuple[str, ...]]] = {
    "next.unserved_capacity": ("next.change.value",),
    "next.capacity": ("next.change.value",),
    "next.quota": ("next.change.quota",),
    "next.link": ("next.change.link",),
    "next.carbon_cap": ("next.change.carbon_cap",),
    "next.provider_share": ("next.change.provider_share",),
    "next.provider_share_usd": ("next.change.provider_share",),
    "next.unserved": ("next.change.unserved",),
    "next.idle": ("next.change.idle",),
    "next.estimates": ("next.change.estimates",),
    "next.prices": ("next.change.prices",),
    "next.demand": ("next.change.demand",),
    "next.purchases": ("next.change.purchases", "next.change.purchases_none"),
    "saving.less": ("saving.change.less",),
    "saving.less_penalties": ("saving.change.less",),
    "saving.same": ("saving.change.same",),
    "saving.same_found": ("saving.change.same",),
    "saving.dearer": ("saving.change.dearer",),
    "saving.owned_first": ("saving.change.dearer",),
    "saving.breaks": ("saving.change.breaks",),
    "saving.unserved": ("saving.change.unserved",),
    "nodes.cost": ("nodes.change.cost",),
    "nodes.cost_rest": ("nodes.change.cost",),
    "nodes.same": ("nodes.change.same",),
    "nodes.short": ("nodes.change.short",),
    "nodes.over_budget": ("nodes.change.over_budget",),
    "nodes.over_carbon": ("nodes.change.over_carbon",),
    "buying.buy": _BUY,
    "buying.commit": _BUY,
    "buying.none": _BUY,
    "buying.commit_none": _BUY,
    "buying.impossible": ("buying.change.impossible",),
    "commit.buy": _COMMITTED,
    "commit.spend": _COMMITTED,
    "commit.less_than_node": _COMMITTED,
    "commit.none": (
        "commit.overturn_none",
        "commit.overturn_never",
        "commit.overturn_unknown",
        "commit.overturn_not_told",
    ),
    "hardware.buy": _BOUGHT,
    "hardware.less_than_node": _BOUGHT,
    "hardware.none": ("hardware.none_busy", "hardware.overturn_not_told"),
    "hardware.too_late": ("hardware.change.too_late",),
    "line.buy": _LINE,
    "line.none": ("line.change.none", "line.change.never"),
    "bought.commitments": _PURCHASE,
    "bought.hardware": _PURCHASE,
    "bought.nothing": _PURCHASE,
    "bought.copies": ("bought.change.copies",),
    "promise.kept": ("promise.change.kept",),
    "promise.kept_all": ("promise.change.all",),
    "headline.served": _PLAN,
    "headline.unserved": _PLAN,
    "headline.unserved_more": _PLAN,
    "break_even.found": ("break_even.sides",),
    "break_even.found_times": ("break_even.sides",),
    "break_even.no_change": ("break_even.part",),
    "break_even.no_plan": ("break_even.part",),
}
"""By code of advice: what says what would change it, one of these for each reader; each with a figure, or plainly that
nothing on offer would, or which input decides."""

NO_ADVICE: Final = frozenset(
    {
        *("next.solve", "next.mend", "nodes.none", "nodes.decided"),
        *("buying.saving", "buying.no_saving", "buying.nodes", "buying.not_tried", "buying.next", "buying.next_node"),
        *("buying.payback", "buying.overturn", "buying.pays_below", "buying.pays_below_fee", "buying.never"),
        *("buying.never_fee", "buying.fewer", "buying.fewer_fee", "buying.more", "buying.more_fee", "buying.busy"),
        *("buying.never_busy", "buying.not_proven", "buying.stopped", "buying.repeated", "buying.alone", "buying.mix"),
        *("buying.mix_part", "buying.no_time", "buying.no_plan"),
        *("commit.nodes", "commit.exact", "commit.exact_down", "commit.rounded_loss", "commit.instead"),
        *("commit.instead_same", "commit.instead_loss", "commit.alone", "commit.payback", "commit.payback_never"),
        *("commit.payback_no_term", "commit.no_payback", "commit.break_even", "commit.no_break_even"),
        *("commit.never_breaks_even", "commit.how"),
        *("commit.overturn", "commit.overturn_spend", "commit.overturn_rates_lower", "commit.overturn_none"),
        *("commit.overturn_never", "commit.overturn_unknown", "commit.overturn_not_told"),
        *("hardware.nodes", "hardware.exact", "hardware.exact_down", "hardware.exact_down_only", "hardware.cost"),
        *("hardware.cost_no_energy", "hardware.per_hour", "hardware.against", "hardware.on_demand"),
        *("hardware.reserved", "hardware.alone", "hardware.payback", "hardware.payback_never", "hardware.no_payback"),
        *("hardware.break_even", "hardware.never_breaks_even", "hardware.no_break_even", "hardware.how"),
        *("hardware.overturn", "hardware.overturn_not_told", "hardware.none_busy"),
        *("line.saves", "line.break_even", "line.saves_part", "line.bandwidth", "line.payback"),
        *("line.overturn", "line.overturn_bandwidth"),
        *("bought.commitment", "bought.spend", "bought.expansion", "bought.line", "bought.copy", "bought.repeated"),
        *("break_even.question", "break_even.now", "break_even.not_given", "break_even.sides", "break_even.tolerance"),
        *("break_even.wide", "break_even.more", "break_even.cost", "break_even.costs", "break_even.no_plan_at_all"),
        *("break_even.out_of_time", "break_even.part"),
    }
)
"""Parts of sentences, facts beside advice, and what would change it itself."""
