"""Changes of an estate of which it is known what they may do to its least cost.

Each takes a draw and a document of its own and gives the documents before and after the change; None where there is
nothing to change.
"""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from typing import Any

from estate_failures import Document
from estate_scenarios import Draw, between

Pair = tuple[Document, Document] | None
Change = Callable[[Draw, Document], Pair]
RENTED = ("on_demand", "interruptible")


def one_of(rng: Draw, found: list[Any]) -> Any:
    """Any of these; None where there are none."""
    return found[int(rng.integers(len(found)))] if found else None


def multiplied(record: Document | None, fields: tuple[str, ...], factor: float) -> bool:
    """Whether any of these fields is there; it is multiplied."""
    mine = [field for field in fields if record is not None and record.get(field)]
    for field in mine:
        assert record is not None
        record[field] = round(record[field] * factor, 9)
    return bool(mine)


def larger(kind: str, fields: tuple[str, ...], only: Callable[[Document], bool] = lambda record: True) -> Change:
    """One record of a kind has more of these."""

    def change(rng: Draw, document: Document) -> Pair:
        after = deepcopy(document)
        record = one_of(rng, [x for x in after.get(kind, {}).values() if only(x) and any(x.get(f) for f in fields)])
        return (document, after) if multiplied(record, fields, between(rng, 1.1, 3.0)) else None

    return change


def wider_links(rng: Draw, document: Document) -> Pair:
    """All limited links; first copies keep what they are given."""
    if any("first_copy_gbps" not in data for data in document.get("datasets", {}).values()):
        return None
    after = deepcopy(document)
    found = [multiplied(link, ("gbps",), between(rng, 1.1, 3.0)) for link in after["links"].values()]
    return (document, after) if any(found) else None


def looser_policy(rng: Draw, document: Document) -> Pair:
    """More money, or more carbon."""
    after = deepcopy(document)
    policy = after["policy"]
    found = [
        multiplied(policy.get("budget"), ("usd",), between(rng, 1.1, 3)),
        multiplied(policy.get("carbon_cap"), ("tonnes",), between(rng, 1.1, 3)),
    ]
    return (document, after) if any(found) else None


PRICES = (
    "price_usd_per_accelerator_hour",
    "fee_usd_per_accelerator_hour",
    "electricity_usd_per_kwh",
    "storage_usd_per_gb_month",
    "usd_per_gb",
    "private_usd_per_gbps_hour",
    "private_usd_per_hour",
    "private_usd_per_gb",
    "capex_usd_per_accelerator",
    "staff_usd_per_accelerator_year",
    "space_usd_per_accelerator_year",
    "start_usd_per_node",
    "unserved_usd_per_unit",
    "carbon_usd_per_tonne",
    "provider_fixed_usd_per_hour",
)


def cheaper(rng: Draw, document: Document) -> Pair:
    """One price, or those of all providers; pools with tiers keep theirs, so that their order stays."""
    if document["policy"].get("provider_share_of") == "rented_usd":
        return None
    after = deepcopy(document)
    kinds = ("sites", "pools", "links", "commitments", "expansions", "workloads")
    records = [x for kind in kinds for x in after.get(kind, {}).values() if not x.get("price_tiers")]
    found = [(x, field) for x in [*records, after["policy"]] for field in PRICES if x.get(field)]
    record, field = one_of(rng, found)
    factor = between(rng, 0.2, 0.95)
    if isinstance(record[field], dict):
        record[field] = {v: usd * factor for v, usd in record[field].items()}
    else:
        record[field] *= factor
    return document, after


def one_more_pool(rng: Draw, document: Document) -> Pair:
    """Like one that is rented, at any site."""
    after = deepcopy(document)
    like = one_of(rng, [x for x in document["pools"].values() if x["purchase_option"] in RENTED])
    more = {key: value for key, value in like.items() if "tier" not in key}
    more["site"] = one_of(rng, list(document["sites"]))
    more["price_usd_per_accelerator_hour"] *= between(rng, 0.6, 1.1)
    after["pools"]["more"] = more
    return document, after


def looser_latency(rng: Draw, document: Document) -> Pair:
    """One objective, and that after a failure with it."""
    after = deepcopy(document)
    work = one_of(rng, [x for x in after["workloads"].values() if x.get("latency_objective_ms")])
    fields = ("latency_objective_ms", "latency_after_failure_ms")
    return (document, after) if multiplied(work, fields, between(rng, 1.05, 3.0)) else None


def looser_latency_after(rng: Draw, document: Document) -> Pair:
    """After a failure only."""
    after = deepcopy(document)
    work = one_of(rng, [x for x in after["workloads"].values() if x.get("latency_after_failure_ms")])
    return (document, after) if multiplied(work, ("latency_after_failure_ms",), between(rng, 1.05, 3.0)) else None


RULES = {
    "workloads": (
        ("allowed_jurisdictions",),
        ("required_link_attributes",),
        ("required_attributes",),
        ("must_serve",),
        ("parallel_limit_accelerators",),
        ("latency_objective_ms", "latency_statistic", "latency_after_failure_ms", "max_load_share"),
        ("promised_share", "promise_form", "recovery_minutes", "latency_after_failure_ms"),
    ),
    "sites": (("it_power_limit_kw",), ("rack_units_limit",)),
    "pools": (("ramp_down_accelerators_per_hour",), ("lead_time_hours",), ("held_back_share",), ("whole_nodes",)),
    "datasets": (("min_copies",), ("required_link_attributes",), ("required_attributes",), ("allowed_jurisdictions",)),
    "commitments": (("min_new_accelerators",),),
    "spend_commitments": (("min_new_usd_per_hour",),),
    "expansions": (("min_accelerators",),),
}
POLICY_RULES = (
    ("budget",),
    ("carbon_cap",),
    ("provider_share_cap", "provider_share_of"),
    ("max_providers",),
    ("min_providers", "provider_counts_from_accelerator_hours"),
)


def removed_rule(rng: Draw, document: Document) -> Pair:
    """One rule of any record, or of the policy."""
    after = deepcopy(document)
    found = [
        (record, rule)
        for kind, rules in RULES.items()
        for record in after.get(kind, {}).values()
        for rule in rules
        if record.get(rule[0])
    ]
    found += [(after["policy"], rule) for rule in POLICY_RULES if after["policy"].get(rule[0])]
    if not found:
        return None
    record, rule = one_of(rng, found)
    for field in rule:
        record.pop(field, None)
    return document, after


def removed_contingency(rng: Draw, document: Document) -> Pair:
    """One failure less."""
    after = deepcopy(document)
    after["policy"]["contingencies"].pop(one_of(rng, list(after["policy"]["contingencies"])))
    return document, after


def less_promised(rng: Draw, document: Document) -> Pair:
    """A part of one share."""
    after = deepcopy(document)
    work = one_of(rng, [x for x in after["workloads"].values() if x.get("promised_share")])
    return (document, after) if multiplied(work, ("promised_share",), between(rng, 0.1, 0.9)) else None


def longer_recovery(rng: Draw, document: Document) -> Pair:
    """Cold work may wait longer."""
    after = deepcopy(document)
    work = one_of(rng, [x for x in after["workloads"].values() if x.get("promise_form") == "cold"])
    return (document, after) if multiplied(work, ("recovery_minutes",), between(rng, 1.1, 3.0)) else None


def more_demand(rng: Draw, document: Document) -> Pair:
    """In one block; but not where more bought at once is cheaper, or a share or a number of providers must be met."""
    if any(pool.get("tier_form") == "volume" for pool in document["pools"].values()):
        return None
    for field in ("provider_share_cap", "provider_share_of", "min_providers", "provider_counts_from_accelerator_hours"):
        document["policy"].pop(field, None)
    after = deepcopy(document)
    multiplied(one_of(rng, list(after["horizon"]["blocks"].values())), ("demand_factor",), between(rng, 1.05, 1.6))
    return document, after


# What changes nothing


def turned(rng: Draw, document: Document) -> Pair:
    """All records, and all lists but those in time, the other way round."""
    ordered = ("demand_units_per_hour", "up_share", "backup_sites")

    def turn(value: Any, key: str = "") -> Any:
        if isinstance(value, dict):
            if key in ordered:
                return value
            return {name: turn(item, name) for name, item in reversed(value.items())}
        return value[::-1] if isinstance(value, list) and key not in ordered else value

    return document, turn(document)


def named_too(document: Document, name: str, twin: str) -> None:
    """The twin of a pool fails with it, and is covered with it."""
    for failure in document["policy"]["contingencies"].values():
        if name in failure.get("pools", ()):
            failure["pools"].append(twin)
    for spend in document.get("spend_commitments", {}).values():
        rates = spend["rates_usd_per_accelerator_hour"]
        if name in rates:
            rates[twin] = rates[name]


HALVES = ("capacity_accelerators", "ramp_up_accelerators_per_hour", "ramp_down_accelerators_per_hour")
COMMITTED = ("accelerators", "max_new_accelerators", "min_new_accelerators")


def split(rng: Draw, document: Document) -> Pair:
    """One pool becomes two of half its size; read the other way, two that are alike become one."""
    bought = {x["pool"] for x in document["expansions"].values()}
    able = [
        p
        for p, x in document["pools"].items()
        if p not in bought and not x.get("price_tiers") and not x.get("whole_nodes")
    ]
    name = one_of(rng, able)
    if name is None:
        return None
    after = deepcopy(document)
    multiplied(after["pools"][name], HALVES, 0.5)
    after["pools"]["twin"] = deepcopy(after["pools"][name])
    named_too(after, name, "twin")
    for c, commitment in document["commitments"].items():
        if commitment["pool"] == name:
            multiplied(after["commitments"][c], COMMITTED, 0.5)
            after["commitments"][f"{c}-twin"] = {**after["commitments"][c], "pool": "twin"}
    return document, after


def dearer_pool(rng: Draw, document: Document) -> Pair:
    """Beside one that has room for all; dollars that are paid must not be worth anything in themselves."""
    for field in ("provider_share_cap", "provider_share_of"):
        document["policy"].pop(field, None)
    able = [p for p, x in document["pools"].items() if x["purchase_option"] == "on_demand" and "price_tiers" not in x]
    name = one_of(rng, able)
    if name is None:
        return None
    limits = ("whole_nodes", "ramp", "lead_time", "start_usd", "up_share", "tier_")
    kept = {key: x for key, x in document["pools"][name].items() if not key.startswith(limits)}
    document["pools"][name] = {**kept, "capacity_accelerators": 500.0}
    after = deepcopy(document)
    dearer = round(kept["price_usd_per_accelerator_hour"] * between(rng, 1.05, 2), 6)
    after["pools"]["twin"] = {**kept, "capacity_accelerators": 500.0, "price_usd_per_accelerator_hour": dearer}
    named = [f for f in after["policy"]["contingencies"].values() if name in f.get("pools", ())]
    for failure in named:
        failure["pools"].append("twin")
    return document, after


def scaled(value: Any, factors: dict[str, float], key: str = "", times: float = 1.0) -> Any:
    """Every number below a field that is named, times its factor."""
    times *= factors.get(key, 1.0)
    if isinstance(value, dict):
        return {name: scaled(item, factors, name, times) for name, item in value.items()}
    if isinstance(value, list):
        return [scaled(item, factors, "", times) for item in value]
    return value * times if isinstance(value, float) and times != 1.0 else value


def in_units(*groups: tuple[float, str]) -> Change:
    """The same estate in other units: fields of each group times its factor."""
    factors = {field: factor for factor, fields in groups for field in fields.split()}

    def change(rng: Draw, document: Document) -> Pair:
        return document, scaled(document, factors)

    return change


KILOWATTS = (10.0, "busy_kw idle_kw it_power_limit_kw"), (0.1, "electricity_usd_per_kwh grid_carbon_g_per_kwh")
WORK_UNITS = (
    (1000.0, "units_per_accelerator_hour demand_units_per_hour volume_units"),
    (0.001, "unserved_usd_per_unit ingress_gb_per_unit egress_gb_per_unit result_gb_per_unit"),
)
ACCELERATORS = (
    (
        0.1,
        "capacity_accelerators accelerators max_new_accelerators min_new_accelerators max_accelerators "
        "min_accelerators ramp_up_accelerators_per_hour ramp_down_accelerators_per_hour parallel_limit_accelerators "
        "from_quantity provider_counts_from_accelerator_hours",
    ),
    (
        10.0,
        "price_usd_per_accelerator_hour usd_per_accelerator_hour fee_usd_per_accelerator_hour busy_kw idle_kw "
        "rates_usd_per_accelerator_hour capex_usd_per_accelerator staff_usd_per_accelerator_year start_usd_per_node "
        "space_usd_per_accelerator_year rack_units_per_accelerator units_per_accelerator_hour",
    ),
)
ALL_MONEY = (
    f"{' '.join(PRICES)} usd_per_accelerator_hour usd_per_hour rates_usd_per_accelerator_hour max_new_usd_per_hour "
    "min_new_usd_per_hour usd"
)
ALL_SIZES = (
    "capacity_accelerators accelerators max_new_accelerators min_new_accelerators max_accelerators min_accelerators "
    "ramp_up_accelerators_per_hour ramp_down_accelerators_per_hour parallel_limit_accelerators from_quantity "
    "demand_units_per_hour volume_units gbps max_private_gbps first_copy_gbps size_gb change_gb_per_hour usd_per_hour "
    "max_new_usd_per_hour min_new_usd_per_hour it_power_limit_kw rack_units_limit usd tonnes"
)
"""All that limits or asks for anything, with what is paid for links whatever goes over them."""


def in_tens(rng: Draw, document: Document) -> Pair:
    """Accelerators counted in tens; nodes are whole numbers of them."""
    if any(pool.get("whole_nodes") for pool in document["pools"].values()):
        return None
    return in_units(*ACCELERATORS)(rng, document)


NEVER_MORE: dict[str, Change] = {
    "more rented capacity": larger("pools", ("capacity_accelerators",), lambda x: x["purchase_option"] in RENTED),
    "more avoidable capacity": larger(
        "pools", ("capacity_accelerators",), lambda x: x.get("owned_cost") == "avoidable"
    ),
    "faster growth": larger("pools", ("ramp_up_accelerators_per_hour", "ramp_down_accelerators_per_hour")),
    "more power or space": larger("sites", ("it_power_limit_kw", "rack_units_limit")),
    "more to commit": larger("commitments", ("max_new_accelerators",)),
    "wider links": wider_links,
    "looser caps": looser_policy,
    "a lower price": cheaper,
    "one more pool": one_more_pool,
    "looser latency": looser_latency,
    "looser latency after a failure": looser_latency_after,
    "a rule less": removed_rule,
    "a contingency less": removed_contingency,
    "less promised": less_promised,
    "longer recovery": longer_recovery,
}
NEVER_LESS: dict[str, Change] = {"more demand": more_demand}
SAME: dict[str, Change] = {
    "order of records": turned,
    "a pool split, or two merged": split,
    "a dearer pool": dearer_pool,
    "kilowatts": in_units(*KILOWATTS),
    "units of work": in_units(*WORK_UNITS),
    "accelerators in tens": in_tens,
}
TWICE: dict[str, Change] = {"money in half dollars": in_units((2.0, ALL_MONEY))}
