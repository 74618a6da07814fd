"""The oracle of estates against figures worked out by hand, one rule at a time."""

from __future__ import annotations

from typing import Any

import pytest
from builders import deferrable, hour, one_site, pool, rigid, scenario
from estate_flows import FlowsOracle

from hybridplan.domain import Scenario

LATER = "2026-07-01T00:00:00+00:00"
TWO = {
    "blocks": {
        "b": {"start": "2026-06-01T00:00:00+00:00", "periods": 1},
        "c": {"start": LATER, "periods": 1, "weight": 2.0},
    }
}
"""Two blocks of one hour; the second counts twice: 3 hours in all."""


def oracle(inputs: Scenario) -> FlowsOracle:
    found = FlowsOracle(inputs)
    found.build()
    return found


def cost(inputs: Scenario) -> float:
    found = oracle(inputs).least()
    assert found is not None
    return found


def in_two(demand: float, **fields: Any) -> dict[str, Any]:
    """The same demand in both blocks."""
    return rigid([demand], demand_units_per_hour={"b": [demand], "c": [demand]}, **fields)


def places(*names: str, **fields: Any) -> dict[str, Any]:
    """Sites of one provider each, with storage at 0.73 USD per GB and month: 0.001 per GB and hour."""
    return {
        name: {"kind": "private", "provider": name, "jurisdiction": "DE", "storage_usd_per_gb_month": 0.73, **fields}
        for name in names
    }


def ways(*pairs: str, **fields: Any) -> dict[str, Any]:
    """Links such as here>there, 0.1 USD per GB."""
    return {
        pair: {
            "from_site": pair.split(">")[0],
            "to_site": pair.split(">")[1],
            "round_trip_ms": 0.0,
            "usd_per_gb": 0.1,
            **fields,
        }
        for pair in pairs
    }


def test_a_commitment_and_its_expiry_run_over_the_same_blocks() -> None:
    """10 needed; 4 committed at 1 USD until July: 1 hour x (4 x 1 + 6 x 3) = 22, then 2 hours x 10 x 3 = 60."""
    pools = {"r": pool("reserved", 0, 0), "o": pool("on_demand", 99, 3)}
    k = {"pool": "r", "accelerators": 4.0, "fee_usd_per_accelerator_hour": 1.0, "ends": LATER}
    assert cost(scenario(pools, {"w": in_two(10)}, horizon=TWO, commitments={"k": k})) == pytest.approx(82)


def test_a_new_commitment_sits_on_the_breakpoint_of_demand() -> None:
    """Demand 4 (1 hour), 10 (2 hours); fee 2.5, on demand 3. The first 4 save 0.5 x 3 hours each; each further one
    costs 7.5 and saves 2 x 3 = 6: none. 4 x 2.5 x 3 + 6 x 3 x 2 = 66."""
    pools = {"r": pool("reserved", 0, 0), "o": pool("on_demand", 99, 3)}
    k = {"pool": "r", "max_new_accelerators": 9.0, "fee_usd_per_accelerator_hour": 2.5}
    work = rigid([4], demand_units_per_hour={"b": [4.0], "c": [10.0]})
    found = oracle(scenario(pools, {"w": work}, horizon=TWO, commitments={"k": k}))
    assert found.least() == pytest.approx(66)
    assert found.found["new", "k"] == pytest.approx(4)


def test_a_spend_commitment_pays_its_own_rates_and_adds_no_capacity() -> None:
    """Quota 8 of 10 needed, unserved 2 x 100; 6 USD committed cover 3 at 2 USD; 5 x 3 are charged: 200 + 6 + 15."""
    s = {"usd_per_hour": 6.0, "rates_usd_per_accelerator_hour": {"o": 2.0}}
    inputs = scenario({"o": pool("on_demand", 8, 3)}, {"w": rigid([10])}, spend_commitments={"s": s})
    assert cost(inputs) == pytest.approx(221)


@pytest.mark.parametrize(
    ("form", "prices", "expected"),
    [
        ("graduated", (3, 2, 1), 4 * 3 + 4 * 2 + 2 * 1),
        ("graduated", (1, 2, 3), 4 * 1 + 4 * 2 + 2 * 3),
        ("volume", (3, 2, 1), 10 * 1),
    ],
)
@pytest.mark.parametrize("basis", ["hour", "horizon"])
def test_tiers(form: str, prices: tuple[float, float, float], expected: float, basis: str) -> None:
    """10 accelerators for an hour; tiers from 4 and from 8: 4 at the first price, 4 at the second, 2 at the third."""
    tiers = {
        f"t{at}": {"from_quantity": at, "usd_per_accelerator_hour": usd} for at, usd in ((4, prices[1]), (8, prices[2]))
    }
    tiered = pool("on_demand", 20, prices[0], price_tiers=tiers, tier_form=form, tier_basis=basis)
    assert cost(scenario({"o": tiered}, {"w": rigid([10])})) == pytest.approx(expected)


def test_the_price_of_the_tier_holds_at_its_start_and_not_below() -> None:
    """Exactly 4: 4 x 2 = 8. Just 3.9: 3.9 x 3 = 11.7, and no more than the load may be provisioned."""
    tiers = {"t": {"from_quantity": 4, "usd_per_accelerator_hour": 2}}
    tiered = pool("on_demand", 20, 3, price_tiers=tiers, tier_form="volume", tier_basis="hour")
    assert cost(scenario({"o": tiered}, {"w": rigid([4])})) == pytest.approx(8)
    assert cost(scenario({"o": tiered}, {"w": rigid([3.9])})) == pytest.approx(11.7)


def test_an_expansion_arrives_after_its_lead_time_and_retired_machines_are_not_paid() -> None:
    """Interest 0, 10 years: 87,600 / 10 = 8,760 a year, 1 USD an hour, from the second block on.

    The 10 old ones at 0.5 are gone there: 10 x 0.5 + 10 x 1 x 2 hours = 25.
    """
    x = {
        "pool": "p",
        "max_accelerators": 50,
        "capex_usd_per_accelerator": 87600,
        "interest_rate": 0.0,
        "life_years": 10,
        "lead_time_blocks": 1,
    }
    pools = {"p": pool("owned", 10, 0.5, retires=LATER)}
    found = oracle(scenario(pools, {"w": in_two(10)}, horizon=TWO, expansions={"x": x}))
    assert found.least() == pytest.approx(25)
    assert found.found["bought", "x"] == pytest.approx(10)


def test_the_annuity_takes_off_what_the_salvage_is_worth_today() -> None:
    """10 % over 1 year: 1,100 for 1,000, of which 500 comes back at the end: 600; staff 6 and space 4: 610."""
    x = {
        "pool": "p",
        "max_accelerators": 1,
        "min_accelerators": 1,
        "capex_usd_per_accelerator": 1000,
        "interest_rate": 0.1,
        "life_years": 1,
        "salvage_share": 0.5,
        "staff_usd_per_accelerator_year": 6,
        "space_usd_per_accelerator_year": 4,
    }
    inputs = scenario({"p": pool("owned", 0, 1)}, {"w": rigid([1])}, expansions={"x": x})
    assert cost(inputs) == pytest.approx(610 / 8760)


@pytest.mark.parametrize(("limits", "bought"), [({"rack_units_limit": 19.0}, 3), ({"it_power_limit_kw": 12.0}, 2)])
def test_space_and_power_of_a_site_limit_what_is_bought(limits: dict[str, float], bought: float) -> None:
    """10 installed at 1 rack unit leave 9 of 19: 3 of 3 units each. 12 kW less 10 busy ones at 1 kW leave 2."""
    x = {"pool": "q", "max_accelerators": 50, "capex_usd_per_accelerator": 1}
    pools = {
        "p": pool("owned", 10, 1, rack_units_per_accelerator=1, busy_kw=1),
        "q": pool("owned", 0, 1, rack_units_per_accelerator=3, busy_kw=1),
    }
    site = one_site(grid_carbon_g_per_kwh=100, **limits)
    found = oracle(scenario(pools, {"w": rigid([40])}, expansions={"x": x}, sites=site))
    found.least()
    assert found.found["y", "w", "q", "b", 0] == pytest.approx(bought)


def test_a_private_line_with_a_fixed_price() -> None:
    """10 units send 45 GB each: 450 GB/h, 1 Gbit/s. On the line data costs 0.08 less: 36 for a Gbit/s, which costs 40.

    So half of it, 225 GB, stays at 0.1 = 22.5; 225 GB at 0.02 = 4.5, 0.5 Gbit/s x 40, 7 fixed, 1 for the link: 55.
    """
    link = ways("here>there", gbps=0.5, usd_per_hour=1.0)
    link["here>there"].update(
        max_private_gbps=3, private_usd_per_gbps_hour=40, private_usd_per_hour=7, private_usd_per_gb=0.02
    )
    pools = {"p": pool("on_demand", 10, 0, site="there")}
    work = {"w": rigid([10], ingress_gb_per_unit=45)}
    found = oracle(scenario(pools, work, sites=places("here", "there"), links=link))
    assert found.least() == pytest.approx(55)
    assert found.found["line", "here>there"] == pytest.approx(0.5)


def test_a_choosable_copy_is_made_where_it_pays_and_work_waits_for_it() -> None:
    """900 GB over 1 Gbit/s take 2 hours, so that of 4 hours with 10 units each 2 can be done there.

    Copy: 900 GB x 0.1 = 90 sent, storage of two copies 2 x 900 x 0.001 x 4 hours = 7.2, change 5 GB/h x 4 x 0.1 = 2;
    2 x 10 unserved at 100 = 2,000; 20 hours at 1 USD. Without it 4,000 + 3.6.
    """
    data = {
        "home_site": "here",
        "size_gb": 900,
        "change_gb_per_hour": 5,
        "first_copy_gbps": 1,
        "copies": {"there": {}},
    }
    pools = {"p": pool("on_demand", 10, 1, site="there")}
    work = {"w": rigid([10] * 4, datasets=["d"])}
    inputs = scenario(
        pools, work, periods=4, sites=places("here", "there"), links=ways("here>there", gbps=2), datasets={"d": data}
    )
    found = oracle(inputs)
    assert found.least() == pytest.approx(90 + 7.2 + 2 + 2000 + 20)
    assert found.found["copy", "d", "there"] == pytest.approx(1)


def test_a_copy_may_come_through_a_relay_and_shares_its_way() -> None:
    """50 GB/h must reach there: the direct link (0.1 Gbit/s) takes 45, the relay 5 over two links: 45 x 0.1 + 5 x 0.2;
    storage 2 x 100 GB x 0.001."""
    data = {
        "home_site": "here",
        "size_gb": 100,
        "change_gb_per_hour": 50,
        "relay_sites": ["mid"],
        "copies": {"there": {"state": "present"}},
    }
    links = {**ways("here>there", gbps=0.1), **ways("here>mid", "mid>there")}
    inputs = scenario({}, {}, sites=places("here", "mid", "there"), links=links, datasets={"d": data})
    assert cost(inputs) == pytest.approx(4.5 + 0.5 + 0.5 + 0.2)


@pytest.mark.parametrize(("apart", "expected"), [("site", 0.3), ("provider", 0.4), ("zone", 0.3)])
def test_copies_in_other_failure_domains(apart: str, expected: float) -> None:
    """100 GB x 0.001 an hour for each copy, on free links. Home and a (present) are of one provider: of 3 sites one
    more copy is needed, of 3 providers both b and c. c is in the zone of home, so that of 3 zones b is one more."""
    sites = places("here", "a", "b", "c")
    sites["a"]["provider"] = "here"
    for name, zone in {"here": "z1", "a": "z2", "b": "z3", "c": "z1"}.items():
        sites[name]["zone"] = zone
    data = {
        "home_site": "here",
        "size_gb": 100,
        "min_copies": 3,
        "copies_apart": apart,
        "copies": {"a": {"state": "present"}, "b": {}, "c": {}},
    }
    links = ways("here>b", "here>c", usd_per_gb=0.0)
    inputs = scenario({}, {}, sites=sites, links=links, datasets={"d": data})
    assert cost(inputs) == pytest.approx(expected)


def test_results_are_kept_and_sent_to_the_first_site_in_another_domain() -> None:
    """20 GB for 100 hours at two sites: 20 x 100 x 0.001 x 2 = 4; sent at 0.1: 2; 10 accelerators at 1 USD.

    By zone the same, since the site of the same owner is in the same zone; in another one, and free, it is 2 less."""
    sites = places("here", "same", "other")
    sites["same"]["provider"] = "here"
    work = rigid(
        [10],
        result_gb_per_unit=2,
        result_kept_hours=100,
        backup_sites=["here", "same", "other"],
        backup_apart="provider",
    )
    pools = {"p": pool("on_demand", 10, 1)}
    inputs = scenario(pools, {"w": work}, sites=sites, links=ways("here>other"))
    assert cost(inputs) == pytest.approx(16)
    for name, zone in {"here": "z1", "same": "z1", "other": "z2"}.items():
        sites[name]["zone"] = zone
    by_zone = {**work, "backup_apart": "zone"}
    assert cost(scenario(pools, {"w": by_zone}, sites=sites, links=ways("here>same", "here>other"))) == pytest.approx(
        16
    )
    sites["same"]["zone"], sites["same"]["storage_usd_per_gb_month"] = "z3", 0.0
    assert cost(scenario(pools, {"w": by_zone}, sites=sites, links=ways("here>same", "here>other"))) == pytest.approx(
        14
    )
    assert cost(scenario(pools, {"w": work}, sites=sites)) == pytest.approx(1000), "without a way there is no route"


def test_what_is_bought_for_a_pool_of_nodes_comes_in_nodes() -> None:
    """5 needed, nodes of 4: two nodes, 8 x 1 USD (87,600 over 10 years at no interest)."""
    x = {
        "pool": "p",
        "max_accelerators": 16,
        "capex_usd_per_accelerator": 87600,
        "interest_rate": 0.0,
        "life_years": 10,
    }
    pools = {"p": pool("owned", 0, 1, whole_nodes=True, accelerators_per_node=4)}
    assert cost(scenario(pools, {"w": rigid([5])}, expansions={"x": x})) == pytest.approx(8)


def test_deferrable_work_runs_where_it_is_covered() -> None:
    """6 hours of work in 3 hours; 2 committed at 1 USD, on demand 5: 2 in each hour, 3 x 2 x 1."""
    pools = {"r": pool("reserved", 0, 0), "o": pool("on_demand", 99, 5)}
    k = {"pool": "r", "accelerators": 2.0, "fee_usd_per_accelerator_hour": 1.0}
    inputs = scenario(pools, {"w": deferrable(6, 0, 3)}, horizon=hour(3), commitments={"k": k})
    assert cost(inputs) == pytest.approx(6)
