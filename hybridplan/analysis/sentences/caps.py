"""What the plan uses of the policy's caps, in words."""

from __future__ import annotations

from hybridplan.analysis import caps
from hybridplan.analysis import format as fmt
from hybridplan.analysis.wording import say
from hybridplan.plan import Plan


def carbon(plan: Plan) -> str:
    """Tonnes emitted and allowed; empty where there is no cap."""
    limit, cap = plan.scenario.policy.carbon_cap, caps.carbon_tonnes(plan)
    if limit is None or cap is None:
        return ""
    return say(
        "cap.carbon",
        tonnes=fmt.number(caps.emitted_tonnes(plan)),
        cap=fmt.number(cap),
        span=fmt.span(plan.scenario.horizon.plan_hours),
        year=" " + say("cap.year", amount=fmt.number(limit.tonnes)) if limit.per == "year" else "",
    )


def providers(plan: Plan) -> str:
    """Share of the provider that carries most, and what one may carry; empty where there is no cap."""
    cap = plan.scenario.policy.provider_share_cap
    if cap is None:
        return ""
    rows = caps.by_provider(plan)
    if rows.empty or not rows["share"].iloc[0] > 0:
        return say("cap.no_provider", cap=fmt.share(cap))
    first = rows.iloc[0]
    return say(
        "cap.provider", provider=str(first["provider"]), share=fmt.share(float(first["share"])), cap=fmt.share(cap)
    )
