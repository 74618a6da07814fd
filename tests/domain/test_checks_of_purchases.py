"""What may be committed or bought is checked: owners, bounds, dates, rates, tiers, lines, and limits of sites."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest
from builders import one_site, pool, rigid

from hybridplan.domain import parse
from hybridplan.errors import Issue

DAY1, DAY2, DAY3 = (f"2026-06-0{day}T00:00:00+00:00" for day in (1, 2, 3))


def estate() -> dict[str, Any]:
    """A sound scenario with one of everything: two days, owned and rented pools that may grow, a private line."""
    blocks = {name: {"start": start, "periods": 2} for name, start in (("d1", DAY1), ("d2", DAY2))}
    demand = {"demand_units_per_hour": {"d1": [1, 2], "d2": [1, 2]}}
    return {
        "schema_version": 1,
        "name": "estate",
        "horizon": {"blocks": blocks},
        "sites": {
            **one_site(rack_units_limit=50, it_power_limit_kw=40, grid_carbon_g_per_kwh=300),
            "far": {"kind": "public", "provider": "acme", "jurisdiction": "US", "grid_carbon_g_per_kwh": 100},
        },
        "pools": {
            "own": pool("owned", 10, 1.0, rack_units_per_accelerator=2, busy_kw=1, idle_kw=0.25, retires=DAY2),
            "od": pool("on_demand", 100, 4.0, site="far"),
            "tiered": pool(
                "on_demand",
                100,
                4.0,
                site="far",
                tier_basis="hour",
                price_tiers={"t1": {"from_quantity": 20, "usd_per_accelerator_hour": 3}},
            ),
            "res": pool("reserved", 0, 0, site="far"),
        },
        "commitments": {
            "c": {
                "pool": "res",
                "fee_usd_per_accelerator_hour": 2,
                "max_new_accelerators": 8,
                "min_new_accelerators": 2,
                "starts": DAY1,
                "ends": DAY2,
            }
        },
        "spend_commitments": {
            "s": {"usd_per_hour": 5, "max_new_usd_per_hour": 9, "rates_usd_per_accelerator_hour": {"od": 2.5}}
        },
        "expansions": {
            "e": {"pool": "own", "max_accelerators": 16, "capex_usd_per_accelerator": 30000, "lead_time_blocks": 1}
        },
        "workloads": {"w": rigid([], **demand)},
        "links": {
            "here>far": {
                "from_site": "here",
                "to_site": "far",
                "round_trip_ms": 5,
                "gbps": 1,
                "max_private_gbps": 10,
                "private_usd_per_gbps_hour": 2,
                "private_usd_per_gb": 0,
            }
        },
    }


def changed(changes: dict[str, Any]) -> list[Issue]:
    """The issues of the estate with values set at dotted paths; None removes one."""
    data = deepcopy(estate())
    for path, value in changes.items():
        *parents, last = path.split("/")
        node = data
        for name in parents:
            node = node[name]
        if value is None:
            del node[last]
        else:
            node[last] = value
    return parse(data)[1]


def test_the_estate_has_no_issue() -> None:
    assert changed({}) == []


ERRORS: list[tuple[dict[str, Any], str, str]] = [
    ({"commitments/c/pool": "moon"}, "commitments.c.pool", "there is no pool"),
    ({"commitments/c/pool": "od"}, "commitments.c.pool", "must name a reserved pool"),
    ({"commitments/c/min_new_accelerators": 9}, "commitments.c.min_new_accelerators", "above max_new_accelerators (8)"),
    ({"commitments/c/ends": DAY1}, "commitments.c.ends", "must be after its start"),
    ({"commitments/c/starts": "0001-01-01T00:00:00Z"}, "commitments.c.starts", "between the years"),
    (
        {"spend_commitments/s/min_new_usd_per_hour": 10},
        "spend_commitments.s.min_new_usd_per_hour",
        "above max_new_usd_per_hour (9)",
    ),
    (
        {"spend_commitments/s/rates_usd_per_accelerator_hour": {"moon": 1}},
        "spend_commitments.s.rates_usd_per_accelerator_hour",
        "there is no pool",
    ),
    (
        {"spend_commitments/s/rates_usd_per_accelerator_hour": {"own": 1}},
        "spend_commitments.s.rates_usd_per_accelerator_hour.own",
        "only on-demand pools",
    ),
    (
        {"spend_commitments/s/rates_usd_per_accelerator_hour": {"tiered": 1}},
        "spend_commitments.s.rates_usd_per_accelerator_hour.tiered",
        "price tiers cannot be covered",
    ),
    ({"spend_commitments/s/starts": DAY3, "spend_commitments/s/ends": DAY2}, "spend_commitments.s.ends", "after"),
    ({"expansions/e/pool": "moon"}, "expansions.e.pool", "there is no pool"),
    ({"expansions/e/pool": "od"}, "expansions.e.pool", "must name an owned pool"),
    ({"expansions/e/min_accelerators": 17}, "expansions.e.min_accelerators", "above max_accelerators (16)"),
    (
        {
            "pools/own/whole_nodes": True,
            "pools/own/accelerators_per_node": 10,
            "expansions/e/max_accelerators": 9,
            "expansions/e/min_accelerators": 1,
        },
        "expansions.e.max_accelerators",
        "no whole number of nodes of 10",
    ),
    (
        {"pools/own/price_tiers": {"t": {"from_quantity": 2, "usd_per_accelerator_hour": 1}}},
        "pools.own.price_tiers",
        "only rented pools",
    ),
    (
        {"pools/tiered/price_tiers/t2": {"from_quantity": 20, "usd_per_accelerator_hour": 1}},
        "pools.tiered.price_tiers.t2.from_quantity",
        "tier t1 begins there already",
    ),
    (
        {"pools/tiered/tier_basis": "horizon", "horizon/blocks/d2/price_factor": 1.1},
        "pools.tiered.tier_basis",
        "price factor of 1 in every block (d2: 1.1)",
    ),
    ({"pools/own/retires": "9999-01-01T00:00:00Z"}, "pools.own.retires", "between the years"),
    ({"sites/here/rack_units_limit": 19}, "sites.here.rack_units_limit", "(20 rack units)"),
]
WARNINGS: list[tuple[dict[str, Any], str, str]] = [
    ({"commitments/c/max_new_accelerators": None, "commitments/c/min_new_accelerators": None}, "pools.res", "no cap"),
    (
        {"commitments/c/max_new_accelerators": None, "commitments/c/min_new_accelerators": None},
        "commitments.c.accelerators",
        "no effect",
    ),
    ({"commitments/c/starts": DAY3, "commitments/c/ends": None}, "commitments.c.starts", "no block starts"),
    ({"commitments/c/starts": None, "commitments/c/ends": DAY1}, "commitments.c.ends", "no block starts"),
    (
        {"spend_commitments/s/rates_usd_per_accelerator_hour": {}},
        "spend_commitments.s.rates_usd_per_accelerator_hour",
        "covers no pool",
    ),
    (
        {"spend_commitments/s/rates_usd_per_accelerator_hour": {"od": 4}},
        "spend_commitments.s.rates_usd_per_accelerator_hour.od",
        "not below the on-demand price (4)",
    ),
    (
        {"spend_commitments/s/rates_usd_per_accelerator_hour": {"od": 0}},
        "spend_commitments.s.rates_usd_per_accelerator_hour.od",
        "without taking anything",
    ),
    ({"expansions/e/lead_time_blocks": 2}, "expansions.e.lead_time_blocks", "after the last of 2 blocks"),
    ({"expansions/e/capex_usd_per_accelerator": 0}, "expansions.e.capex_usd_per_accelerator", "no purchase"),
    (
        {"pools/own/whole_nodes": True, "pools/own/accelerators_per_node": 5},
        "expansions.e.max_accelerators",
        "at most 15 can be bought",
    ),
    (
        {"pools/tiered/price_tiers/t1/from_quantity": 101},
        "pools.tiered.price_tiers.t1.from_quantity",
        "at most 100 accelerators",
    ),
    ({"pools/od/tier_form": "volume"}, "pools.od.tier_form", "without price tiers"),
    ({"pools/od/retires": DAY2}, "pools.od.retires", "only owned pools retire"),
    ({"pools/own/retires": DAY1}, "pools.own.retires", "never there"),
    ({"pools/od/rack_units_per_accelerator": 1}, "pools.od.rack_units_per_accelerator", "only owned pools take space"),
    ({"pools/own/rack_units_per_accelerator": 0}, "sites.here.rack_units_limit", "no effect"),
    ({"sites/here/it_power_limit_kw": 2.4}, "sites.here.it_power_limit_kw", "(2.5 kW)"),
    ({"sites/far/it_power_limit_kw": 2.4}, "sites.far.it_power_limit_kw", "no effect"),
    ({"links/here>far/max_private_gbps": 0}, "links.here>far.private_usd_per_gbps_hour", "no effect"),
    (
        {"links/here>far/gbps": None, "links/here>far/private_usd_per_gb": None},
        "links.here>far.max_private_gbps",
        "nothing",
    ),
    (
        {"links/here>far/private_usd_per_gbps_hour": 0},
        "links.here>far.private_usd_per_gbps_hour",
        "costs nothing",
    ),
]


@pytest.mark.parametrize(
    ("changes", "path", "message", "severity"),
    [*((*case, "error") for case in ERRORS), *((*case, "warning") for case in WARNINGS)],
)
def test_a_fault_is_named_with_its_place_and_how_to_mend_it(
    changes: dict[str, Any], path: str, message: str, severity: str
) -> None:
    found = [issue for issue in changed(changes) if issue.path == path and message in issue.message]
    assert len(found) == 1, changed(changes)
    assert found[0].severity == severity
    assert found[0].mend
    assert found[0].message[:1].islower()


def test_faults_of_all_kinds_are_reported_at_once() -> None:
    issues = changed({path: value for case in ERRORS[:2] + ERRORS[4:9] for path, value in case[0].items()})
    assert {issue.path.split(".")[0] for issue in issues} >= {"commitments", "spend_commitments"}


@pytest.mark.parametrize("fields", [{"term_years": 3}, {"upfront_share": 0.5}, {"term_years": 1, "upfront_share": 1}])
def test_a_term_or_an_upfront_share_needs_nothing_else(fields: dict[str, Any]) -> None:
    data = estate()
    data["commitments"]["c"] |= fields
    data["spend_commitments"]["s"] |= fields
    assert parse(data)[1] == []


def test_space_counts_what_retires_until_it_is_gone_and_what_must_be_bought_from_its_arrival() -> None:
    """10 owned accelerators of 2 units stand on the first day only; 16 that must be bought come on the second: at
    most 32 units, never 52."""
    must = {"expansions/e/min_accelerators": 16}
    assert changed({**must, "sites/here/rack_units_limit": 32}) == []
    (issue,) = changed({**must, "sites/here/rack_units_limit": 31})
    assert (issue.path, issue.value, issue.unit) == ("sites.here.rack_units_limit", "31", "rack units")
    assert "(32 rack units)" in issue.message
    (together,) = changed({**must, "pools/own/retires": None, "sites/here/rack_units_limit": 51})
    assert "(52 rack units)" in together.message


def test_what_may_be_given_up_takes_no_space_that_must_be_there() -> None:
    assert changed({"sites/here/rack_units_limit": 1, "pools/own/owned_cost": "avoidable"}) == []


def test_capacity_that_may_be_bought_is_enough_for_a_least_number() -> None:
    """8 may be committed behind the reserved pool: 8 may be asked for, 9 not."""
    assert changed({"pools/res/min_provisioned_accelerators": 8}) == []
    (issue,) = changed({"pools/res/min_provisioned_accelerators": 9})
    assert "above the capacity (8)" in issue.message


def test_a_rate_is_compared_with_the_price_in_force() -> None:
    """4 USD less 40 % is 2.4, and a price factor of 1.1 makes it 2.64: a rate of 2.5 pays with it and not without."""
    discount = {"pools/od/discount_share": 0.4}
    (issue,) = changed(discount)
    assert "(2.4)" in issue.message
    assert changed({**discount, "horizon/blocks/d1/price_factor": 1.1}) == []


def test_names_that_differ_in_case_only_are_told_apart() -> None:
    data = estate()
    data["expansions"]["E"] = data["expansions"]["e"]
    data["spend_commitments"]["S"] = data["spend_commitments"]["s"]
    assert {issue.path for issue in parse(data)[1]} == {"expansions.E", "spend_commitments.S"}
