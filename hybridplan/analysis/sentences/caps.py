"""What the plan uses of the policy's caps, in words."""

from __future__ import annotations

from hybridplan.analysis import caps, labels
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


def unserved(plan: Plan) -> list[str]:
    """What is not served of each workload with a cap on that, and what may be; work that must be served has none."""
    names, works = labels.workloads(plan.scenario), plan.scenario.workloads.items()
    caps_of = {w: cap for w, work in works if (cap := work.unserved_share_cap) is not None and not work.must_serve}
    lines = []
    for key, cap in caps_of.items():
        share = plan.unserved[key].share if key in plan.unserved else 0.0
        code = "cap.unserved" if share > 0 else "cap.all_served"
        lines.append(say(code, workload=names[key], share=fmt.share(share), cap=fmt.share(cap)))
    return lines


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
