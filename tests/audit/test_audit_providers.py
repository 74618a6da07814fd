"""Providers in the audit: how many are used, what each costs, and its share of what is rented.

The estate of failover_cases.py: east is rented of acme, 10 and 12.5 accelerators at 2 USD, west of bolt, 2 and 3.6 at
3 USD; so 22.5 and 5.6 accelerator-hours, 45 and 16.8 USD. Each of the two periods takes an hour.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from audit_tables import broken
from choice_cases import by_period
from failover_cases import failing, moving, unchecked

from hybridplan.analysis.focus.entries import plain_entries
from hybridplan.audit import AuditReport, audit, charges
from hybridplan.audit.ledger import open_ledger
from hybridplan.audit.providers import is_used, providers, provisioned_hours

ALONE = {"workloads": {"web": {"promised_share": 0.0}}}
"""Without a promise nothing is rented in the west."""
EMPTY: dict[str, Any] = {
    "moved": {("east-lost", "web", pool): [0.0, 0.0] for pool in ("own", "west")},
    "n": {"west": [0.0, 0.0]},
}


def policy(**fields: Any) -> dict[str, Any]:
    return {"policy": fields}


def scenario_pool(site: str, option: str, **fields: Any) -> dict[str, Any]:
    size = {"capacity_accelerators": 20.0, "price_usd_per_accelerator_hour": 9.0}
    return {"site": site, "sku": "S", "purchase_option": option, **size, **fields}


def judged(*changes: dict[str, Any], **plan: Any) -> tuple[set[str], AuditReport]:
    scenario = unchecked(*changes)
    report = audit(scenario, moving(scenario, **plan))
    return broken(report), report


def test_who_provides_what() -> None:
    """Owned pools count for nobody, nor does what is rented at a private site; not all that is on offer is used."""
    scenario = failing({"pools": {"own2": {**scenario_pool("home", "on_demand")}}})
    assert providers(scenario) == ["acme", "bolt"]
    ledger = open_ledger(scenario, moving(scenario))
    assert provisioned_hours(ledger).tolist() == pytest.approx([22.5, 5.6])
    assert is_used(ledger).tolist() == [True, True]
    unused = open_ledger(scenario, moving(scenario, **EMPTY))
    assert is_used(unused).tolist() == [True, False]


@pytest.mark.parametrize(
    ("most", "plan", "expected"),
    [
        (2, {}, set()),
        (1, {}, {"max_providers"}),
        (0, {}, {"max_providers"}),
        (1, EMPTY, set()),
        (0, EMPTY, {"max_providers"}),
    ],
)
def test_no_more_providers_than_may_be_used(most: int, plan: dict[str, Any], expected: set[str]) -> None:
    change = ALONE if plan else {}
    assert judged(change, policy(max_providers=most), **plan)[0] == expected


@pytest.mark.parametrize(("n", "expected"), [(1e-3, {"max_providers"}), (2e-6, {"max_providers"}), (1e-7, set())])
def test_what_is_rounding_uses_nobody(n: float, expected: set[str]) -> None:
    found, _ = judged(ALONE, policy(max_providers=1), **{**EMPTY, "n": {"west": [n, 0.0]}})
    assert found - {"capacity"} == expected


def test_what_cannot_be_told_is_used() -> None:
    found, _ = judged(ALONE, policy(max_providers=1), **{**EMPTY, "n": {"west": [float("nan"), 0.0]}})
    assert "max_providers" in found


@pytest.mark.parametrize(
    ("least", "counts_from", "expected"),
    [
        (1, 22.5, set()),
        (1, 22.6, {"min_providers"}),
        (2, 5.6, set()),
        (2, 5.61, {"min_providers"}),
        (3, 1e-6, {"min_providers"}),
        (0, 1e6, set()),
    ],
)
def test_no_fewer_providers_than_must_be_used(least: int, counts_from: float, expected: set[str]) -> None:
    rule = policy(min_providers=least, provider_counts_from_accelerator_hours=counts_from)
    assert judged(rule)[0] == expected


def test_more_than_is_needed_may_be_provisioned_where_it_makes_a_provider_count() -> None:
    """3 and 3.6 in the west: 6.6 hours. Without the rule that is more than the load needs."""
    rule = policy(min_providers=2, provider_counts_from_accelerator_hours=6.6)
    assert judged(rule, n={"west": [3.0, 3.6]})[0] == set()
    assert judged(n={"west": [3.0, 3.6]})[0] == {"capacity"}


def test_reserved_capacity_counts_by_what_is_provisioned_of_it() -> None:
    """4 committed in the far country, none of them provisioned: bolt is not used for them."""
    held = {
        "pools": {"res": scenario_pool("far", "reserved", capacity_accelerators=0.0)},
        "commitments": {"c": {"pool": "res", "accelerators": 4.0, "fee_usd_per_accelerator_hour": 1.0}},
    }
    change = policy(max_providers=1)
    idle, used = {**EMPTY["n"], "res": [0.0, 0.0]}, {**EMPTY["n"], "res": [0.0, 1.0]}
    assert judged(ALONE, held, change, **{**EMPTY, "n": idle})[0] == set()
    assert judged(ALONE, held, change, **{**EMPTY, "n": used})[0] == {"max_providers", "capacity"}


FEES = policy(provider_fixed_usd_per_hour={"acme": 1.5, "bolt": 2.0, "own": 50.0, "nobody": 70.0})


def test_what_using_a_provider_costs() -> None:
    """1.5 and 2 USD in each of 2 hours: 3 and 4; owned pools and who rents nothing cost no fee."""
    _, report = judged(FEES)
    assert report.cost_usd["provider_fixed"] == pytest.approx(7.0)
    lines = report.cost_lines[report.cost_lines["term"] == "provider_fixed"]
    assert list(zip(lines["record"], lines["usd"], lines["pool"], lines["workload"], strict=True)) == [
        ("acme", 3.0, "", ""),
        ("bolt", 4.0, "", ""),
    ]
    _, alone = judged(ALONE, FEES, **EMPTY)
    assert alone.cost_usd["provider_fixed"] == pytest.approx(3.0)


def test_blocks_count_as_often_as_they_occur() -> None:
    """Weight 3: 6 hours."""
    _, report = judged(FEES, {"horizon": {"blocks": {"b": {"weight": 3.0}}}})
    assert report.cost_usd["provider_fixed"] == pytest.approx(21.0)


def test_fees_count_for_the_budget() -> None:
    """81.8 and 7 USD."""
    for usd, expected in ((88.8, set()), (88.7, {"budget"})):
        assert judged(FEES, policy(budget={"usd": usd}))[0] == expected


def test_fees_are_on_the_bill() -> None:
    """One row for each period and provider, of an hour at its fee, of no site."""
    scenario = unchecked(FEES)
    found = charges(scenario, moving(scenario))["provider_fixed"]
    assert [(one.record, one.quantity.tolist(), one.usd_per_unit.tolist()) for one in found] == [
        ("acme", [1.0, 1.0], [1.5, 1.5]),
        ("bolt", [1.0, 1.0], [2.0, 2.0]),
    ]
    rows = [one.fixed for one in plain_entries(scenario, "provider_fixed", found)]
    names = ("ProviderName", "ServiceName", "ResourceId", "ResourceType", "PricingUnit", "x_Site", "ChargeFrequency")
    assert [tuple(row[name] for name in names) for row in rows] == [
        ("acme", "Provider fees", "acme", "Provider", "Hours", None, "Recurring"),
        ("bolt", "Provider fees", "bolt", "Provider", "Hours", None, "Recurring"),
    ]


# -- share of the rent --------------------------------------------------------------------------------------------


def rent(cap: float) -> dict[str, Any]:
    return policy(provider_share_cap=cap, provider_share_of="rented_usd")


@pytest.mark.parametrize(("cap", "expected"), [(0.7282, set()), (0.7281, {"provider_share"})])
def test_share_of_the_rent(cap: float, expected: set[str]) -> None:
    """acme: 45 of 61.8 USD = 0.728155. What is owned is no rent."""
    found, report = judged(rent(cap))
    assert found == expected
    assert set(report.residuals.loc[report.residuals["rule"] == "provider_share", "unit"]) == {"USD"}


@pytest.mark.parametrize(("cap", "expected"), [(0.5295, set()), (0.5293, {"provider_share"})])
def test_share_of_the_hours_counts_what_is_owned(cap: float, expected: set[str]) -> None:
    """acme: 18 of 7 x 2 + 18 + 2 = 34 busy accelerator-hours = 0.529412, with side for an hour each in the west."""
    side = {("side", "west"): [1.0, 1.0]}
    more = {"workloads": {"side": {"demand_units_per_hour": {"b": [2.0, 2.0]}}}}
    assert judged(policy(provider_share_cap=cap), more, busy=side)[0] == expected


COMMITTED = {
    "pools": {"res": scenario_pool("far", "reserved", capacity_accelerators=0.0, price_usd_per_accelerator_hour=0.0)},
    "commitments": {"c": {"pool": "res", "accelerators": 4.0, "fee_usd_per_accelerator_hour": 1.0}},
}


@pytest.mark.parametrize(("cap", "expected"), [(0.6448, set()), (0.6446, {"provider_share"})])
def test_fees_of_commitments_are_rent(cap: float, expected: set[str]) -> None:
    """4 x 2 x 1 = 8 USD more of bolt, used or not: 45 of 69.8 = 0.644699."""
    assert judged(rent(cap), COMMITTED)[0] == expected


@pytest.mark.parametrize(
    ("rates", "covered", "cap", "expected"),
    [
        ({"east": 1.5}, [0.0, 2.0], 0.7447, set()),
        ({"east": 1.5}, [0.0, 2.0], 0.7446, {"provider_share"}),
        ({"east": 1.5}, [0.0, 0.0], 0.7594, set()),
        ({"east": 1.5}, [0.0, 0.0], 0.7593, {"provider_share"}),
        ({}, [0.0, 0.0], 0.7282, set()),
        ({}, [0.0, 0.0], 0.7281, {"provider_share"}),
    ],
)
def test_commitments_for_spend_are_rent_of_the_provider_that_they_cover(
    rates: dict[str, float], covered: list[float], cap: float, expected: set[str]
) -> None:
    """4 USD per hour are 8, all of acme. With 2 of 22.5 covered 41 + 8 of 65.8 = 0.744681; unused 45 + 8 of 69.8.

    A commitment that covers no pool is nobody's rent: 45 of 61.8.
    """
    spend = {"spend_commitments": {"s": {"usd_per_hour": 4.0, "rates_usd_per_accelerator_hour": rates}}}
    scenario = unchecked(rent(cap), spend)
    paid = by_period(scenario, ("spend_commitment", "pool"), ("s", "east"), "accelerators_covered", covered)
    assert broken(audit(scenario, replace(moving(scenario), covered=paid))) == expected


def test_rent_at_private_sites_is_part_of_the_whole() -> None:
    """A pool on demand at home: 1 at 9 USD for 2 hours; acme has 45 of 79.8 = 0.563910."""
    rented = {
        "pools": {"lent": scenario_pool("home", "on_demand")},
        "workloads": {"side": {"demand_units_per_hour": {"b": [2.0, 2.0]}}},
    }
    busy = {("side", "lent"): [1.0, 1.0]}
    assert judged(rent(0.5640), rented, busy=busy)[0] == set()
    assert judged(rent(0.5638), rented, busy=busy)[0] == {"provider_share"}
