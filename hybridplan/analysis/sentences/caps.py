"""What the plan uses of the policy's caps, in words."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from hybridplan.analysis import caps, labels
from hybridplan.analysis import format as fmt
from hybridplan.analysis.wording import plural, say
from hybridplan.plan import Plan

_ROUNDING: Final = 1e-6


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
    of, shares = "", caps.by_provider(plan).set_index("provider")["share"].astype(float)
    if plan.scenario.policy.provider_share_of == "rented_usd":
        of, usd = "_usd", caps.rented_usd(plan)
        shares = (usd / usd.sum() if usd.sum() > 0 else usd).drop("", errors="ignore").sort_values(ascending=False)
    if shares.empty or not shares.iloc[0] > 0:
        return say(f"cap.no_provider{of}", cap=fmt.share(cap))
    first = str(shares.index[0])
    return say(f"cap.provider{of}", provider=first, share=fmt.share(float(shares.iloc[0])), cap=fmt.share(cap))


def number_of_providers(plan: Plan) -> list[str]:
    """How many public providers are used, and how many may or must be; empty without a rule on that."""
    policy, hours = plan.scenario.policy, caps.used_providers(plan)
    lines = []
    if policy.max_providers is not None:
        count = plural(len(hours), "provider")
        lines.append(say("cap.providers_most", count=count, names=_in_brackets(hours), most=f"{policy.max_providers}"))
    if policy.min_providers > 0:
        least = policy.provider_counts_from_accelerator_hours
        enough = [name for name, amount in hours.items() if amount >= least * (1.0 - _ROUNDING)]
        words = {"count": plural(len(enough), "provider"), "names": _in_brackets(enough)}
        words |= {"hours": fmt.number(least), "fewest": f"{policy.min_providers}"}
        lines.append(say("cap.providers_fewest", **words))
    return lines


def _in_brackets(names: Iterable[str]) -> str:
    """`` (aws, gcp)``; empty where there are none."""
    found = fmt.shortened(list(names))
    return f" ({found})" if found else ""
