"""Money of what is bought, committed, covered, sent apart, copied and kept, by hand: see choice_cases."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from choice_cases import choices, chosen

from hybridplan.audit import audit, charges
from hybridplan.audit.costs import constant_usd
from hybridplan.audit.ledger import open_ledger


def lines(term: str) -> dict[tuple[str, str, str, str], float]:
    """USD by workload, pool, record and detail."""
    found = audit(choices(), chosen(choices())).cost_lines
    part = found[found["term"] == term]
    keys = part[["workload", "pool", "record", "detail"]].itertuples(index=False, name=None)
    return dict(zip(keys, part["usd"], strict=True))


def test_the_plan_keeps_every_rule() -> None:
    report = audit(choices(), chosen(choices()))
    assert report.failures == ()
    assert report.ok


def test_what_is_available_follows_retirement_arrival_and_expiry() -> None:
    """own: 4 until block b, then the 6 that were bought; res: 2 + 1 + 2, without c2 in block b."""
    ledger = open_ledger(choices(), chosen(choices()))
    assert ledger.available.tolist() == [[4, 4, 6, 6], [20, 20, 20, 20], [5, 5, 3, 3]]


def test_maintenance_takes_from_what_was_bought_too() -> None:
    """Three quarters are up in the last period: 0.75 x 6 = 4.5, and 0.75 x 3 = 2.25."""
    up = {"up_share": {"b": [1.0, 0.75]}}
    ledger = open_ledger(choices({"pools": {"own": up, "res": up}}), chosen(choices()))
    assert ledger.available[:, 3].tolist() == [4.5, 20.0, 2.25]


def test_usage_is_paid_on_what_is_not_covered() -> None:
    """1 x 2 USD x 2; in block b at 3 USD: 1 x 6 x 3 = 18 and 1.5 x 6 x 3 = 27; 49 in all."""
    assert lines("usage") == pytest.approx({("web", "od", "", ""): 49.0})


def test_owned_capacity_is_paid_until_it_retires() -> None:
    """0.5 USD x 4 x 4 h = 8 in block a; nothing for what was bought."""
    assert lines("owned_fixed") == pytest.approx({("", "own", "", ""): 8.0})


def test_commitments_by_what_is_used_of_them() -> None:
    """c: 3 x 1 USD x 16 h = 48. Used 0, 3/5, 2/3, 1/3 of it: 3 x (0.6 x 2 + 6 x 2/3 + 6 x 1/3) = 21.6.

    c2: 2 x 0.5 x 4 h = 4, used 0.6 x 2 x 1 = 1.2. s: 1.25 USD x 12 h = 15; spent 1.25 x 6 x (1 + 0.5) = 11.25.
    """
    assert lines("commitment") == pytest.approx(
        {
            ("", "res", "c", ""): 21.6,
            ("", "res", "c", "unused"): 26.4,
            ("", "res", "c2", ""): 1.2,
            ("", "res", "c2", "unused"): 2.8,
            ("", "od", "s", ""): 11.25,
            ("", "", "s", "unused"): 3.75,
        }
    )


def test_expansion_from_its_arrival_on() -> None:
    """8760 / 2 years = 4380 a year, and 876 + 876: 6132 / 8760 = 0.7 USD an hour x 6 x 12 h = 50.4."""
    assert lines("expansion") == pytest.approx({("", "own", "e", ""): 50.4})


@pytest.mark.parametrize(
    ("expansion", "finance", "usd_per_hour"),
    [
        # r (C - S v) / (1 - v): v = 1 / 1.1, 0.1 x 8760 / (1 - 1 / 1.1) = 9636; + 1752 = 11388 / 8760 = 1.3
        ({"interest_rate": None, "life_years": None}, {"interest_rate": 0.1, "life_years": 1.0}, 1.3),
        # own figures stand before those of finance: half of the price is left, 4380 / 2 = 2190; + 1752 = 0.45
        ({"salvage_share": 0.5}, {"interest_rate": 0.1, "life_years": 1.0}, 0.45),
    ],
)
def test_the_annuity_takes_what_is_not_given_from_finance(
    expansion: dict[str, Any], finance: dict[str, Any], usd_per_hour: float
) -> None:
    """x 6 x 12 h."""
    scenario = choices({"expansions": {"e": expansion}, "finance": finance})
    assert audit(scenario, chosen(scenario)).cost_usd["expansion"] == pytest.approx(72.0 * usd_per_hour)


def test_links_and_private_lines_in_every_hour() -> None:
    """0.5 x 16 = 8, and (0.25 x 1 + 1) x 16 = 20."""
    assert lines("link_fixed") == pytest.approx({("", "", "out", ""): 28.0})


def test_a_private_line_of_nothing_costs_nothing() -> None:
    scenario = choices({"links": {"out": {"gbps": None}}})
    plan = chosen(scenario, purchases={("private_line", "out"): 0.0}, private=[0.0] * 4)
    report = audit(scenario, plan)
    assert report.failures == ()
    assert report.cost_usd["link_fixed"] == pytest.approx(8.0)


def test_transfer_in_all() -> None:
    """On out 0.02 x (2 x 67.5 + 2 x 267.5 + 6 x 267.5 + 6 x 217.5) = 71.6, less 0.01 on its private line:
    0.01 x (2 x 67.5 + 2 x 100 + 6 x 267.5) = 19.4. hw: 22.5 of changes and results 8, 8, 12, 12: 0.03 x 536 = 16.08.
    we: 0.05 x 22.5 x 16 = 18. Results home: 0.04 x (2 x 8 + 6 x 8 + 6 x 6) = 4. First copy, once:
    900 x (0.75 x 0.02 + 0.25 x 0.03 + 0.25 x 0.05) = 31.5. 52.2 + 16.08 + 18 + 4 + 31.5 = 121.78.
    """
    assert sum(lines("transfer").values()) == pytest.approx(121.78)


def test_everyone_on_a_link_pays_its_mean_price() -> None:
    """Prices on out: 0.01, 0.02 - 1 / 267.5, 0.01, 0.02.

    d: 67.5 x (0.02 + 0.04 - 2 / 267.5 + 0.06 + 0.12) + 10.8 (hw) + 18 (we) + 31.5 (first copy).
    res: 150 x 2 x (0.02 - 1 / 267.5) + 100 x 0.06 + 50 x 0.12, and results home 0.04 x 2 x (6 + 12 + 6) = 1.92.
    own: results to the west, 0.03 x 2 x 88 = 5.28.
    """
    found = lines("transfer")
    assert found["", "", "d", ""] == pytest.approx(67.5 * (0.24 - 2 / 267.5) + 60.3)
    assert found["web", "res", "", ""] == pytest.approx(300 * (0.02 - 1 / 267.5) + 12.0 + 1.92)
    assert found["web", "own", "", ""] == pytest.approx(5.28)
    assert set(found) == {("", "", "d", ""), ("web", "own", "", ""), ("web", "od", "", ""), ("web", "res", "", "")}


def test_storage_of_copies_and_of_results_with_their_backup() -> None:
    """d: 900 GB x (0.01 + 0.02) x 16 / 730; m: 100 x (0.03 + 0.02) x 16 / 730.

    2 GB for half a month is 1 GB-month per unit: own 88 units x (0.01 + 0.03) = 3.52; od 26 and res 24 x (0.02 + 0.01).
    """
    assert lines("storage") == pytest.approx(
        {
            ("", "", "d", ""): 432 / 730,
            ("", "", "m", ""): 80 / 730,
            ("web", "own", "", ""): 3.52,
            ("web", "od", "", ""): 0.78,
            ("web", "res", "", ""): 0.72,
        }
    )


def test_constants_are_what_no_decision_changes() -> None:
    """Sunk 8, c without what is new 2 x 16 = 32, c2 4, s without what is new 1 x 12 = 12, the link 8: 64."""
    assert constant_usd(choices()) == pytest.approx(64.0)
    assert audit(choices(), chosen(choices())).constant_usd == pytest.approx(64.0)


def test_a_year_budget_counts_all_of_it() -> None:
    """All costs: 49 + 8 + 67 + 50.4 + 28 + 121.78 + 5.02 + 512 / 730."""
    usd = 49 + 8 + 67 + 50.4 + 28 + 121.78 + 5.02 + 512 / 730
    for more, ok in ((1e-3, True), (-1e-3, False)):
        scenario = choices({"policy": {"budget": {"usd": usd + more}}})
        assert audit(scenario, chosen(scenario)).ok is ok


def test_a_first_copy_over_a_link_of_its_own_bandwidth() -> None:
    """Without first_copy_gbps all of the direct link: 3 Gbit/s = 1350 GB/h, 900 GB in 2/3 h, period 0 only."""
    scenario = choices({"datasets": {"d": {"first_copy_gbps": None}}, "links": {"out": {"gbps": 3.0}}})
    assert audit(scenario, chosen(scenario)).failures == ()


def test_a_first_copy_over_a_link_without_limit_is_there_at_once() -> None:
    """So that work may run in the east in period 0 too; it still is paid for."""
    scenario = choices({"datasets": {"d": {"first_copy_gbps": None}}, "links": {"out": {"gbps": None}}})
    report = audit(scenario, chosen(scenario, busy={("web", "od"): [1.0, 1.0, 2.0, 2.0]}))
    assert report.failures == ()
    assert report.cost_usd["transfer"] > 31.5


def test_charges_add_up_to_the_lines() -> None:
    """Term by term, and each charge is of the periods it belongs to."""
    report = audit(choices(), chosen(choices()))
    weight = np.array([2.0, 2.0, 3.0, 3.0])
    for term, found in charges(choices(), chosen(choices())).items():
        usd = sum(float((one.quantity * one.usd_per_unit) @ weight) for one in found)
        assert usd == pytest.approx(report.cost_usd[term], abs=1e-12), term


@pytest.mark.parametrize(
    ("form", "usd"),
    [
        # Of 4 owned and of 4 committed in block a, before anything is bought: 1, 1, 1.5, 1.5 are the fullest.
        ("largest", 2 * (2 * 1 + 2 * 1 + 6 * 1.5 + 6 * 1.5)),
        # own 16, 16, 36, 36 / 4; res 0, 9, 4, 1 / 4.
        ("squared", 2 * (2 * 4 + 2 * (4 + 2.25) + 6 * (9 + 1) + 6 * (9 + 0.25))),
    ],
)
def test_balance_is_judged_by_the_size_before_anything_is_bought(form: str, usd: float) -> None:
    """Whatever retires or ends: 2 USD an hour."""
    balance = {"form": form, "weight_usd_per_hour": 2.0}
    scenario = choices({"policy": {"balance": balance, "queue_form": "tangents"}})
    assert audit(scenario, chosen(scenario)).penalty_usd["balance"] == pytest.approx(usd)


def test_a_least_number_counts_what_is_there_anyway() -> None:
    """At least 3 of res: 3 of 4 in block a; in block b only c's 2 were committed before. So 3, 3, 2, 2 are in order."""
    scenario = choices({"pools": {"res": {"min_provisioned_accelerators": 3.0}}})
    plan = chosen(scenario)
    n = plan.provisioned.copy()
    n.loc[n["pool"] == "res", "accelerators_provisioned"] = [3.0, 3.0, 2.0, 2.0]
    assert audit(scenario, replace(plan, provisioned=n)).failures == ()
    n.loc[n["pool"] == "res", "accelerators_provisioned"] = [3.0, 3.0, 2.0, 1.0]
    assert audit(scenario, replace(plan, provisioned=n)).worst_rule == "min_provisioned"
