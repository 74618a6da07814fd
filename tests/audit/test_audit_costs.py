"""Every cost term against arithmetic by hand (the plan is worked out in audit_cases)."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from audit_cases import NO_WEB, estate, tables

from hybridplan.audit import COSTS, PENALTIES, audit
from hybridplan.domain import require
from hybridplan.plan import COST_LINE_COLUMNS, QUANTITY_COLUMNS, PlanTables


def usd(term: str, **changes: object) -> float:
    report = audit(estate(**changes), tables())
    return (report.cost_usd | report.penalty_usd)[term]


def lines(term: str) -> dict[tuple[str, str], float]:
    found = audit(estate(), tables()).cost_lines
    found = found[found["term"] == term]
    return {(w, p): money for w, p, money in found[["workload", "pool", "usd"]].itertuples(index=False)}


def test_the_plan_by_hand_keeps_every_rule() -> None:
    report = audit(estate(), tables())
    assert report.failures == ()
    assert report.ok is True
    assert report.max_residual <= 1e-15


def test_usage_bills_what_is_provisioned() -> None:
    """od 2 USD x 6 x (3.75 + 5) = 105; spot 1 x 6 x (2 + 3.5) = 33."""
    assert usd("usage") == pytest.approx(138.0, rel=1e-12)


def test_usage_takes_the_discount_and_the_block_factor() -> None:
    """(1 - 0.25) x 2 = 1.5 on od alone: 78.75 + 33 = 111.75. A price factor of 3 triples usage: 414."""
    assert usd("usage", pools={"od": {"discount_share": 0.25}}) == pytest.approx(111.75, rel=1e-12)
    factor = {"blocks": {"b": {"price_factor": 3.0}}}
    assert usd("usage", horizon=factor) == pytest.approx(414.0, rel=1e-12)
    assert usd("owned_fixed", horizon=factor) == pytest.approx(60.0, rel=1e-12)
    assert usd("commitment", horizon=factor) == pytest.approx(36.0, rel=1e-12)


def test_usage_falls_on_workloads_by_their_busy_accelerators() -> None:
    """spot: period 0 all web: 12; period 1: 3.5 x 6 = 21, of which web has 3 / 3.5: 18, nightly 3. web in all 30."""
    found = lines("usage")
    assert found == pytest.approx({("web", "od"): 105.0, ("web", "spot"): 30.0, ("nightly", "spot"): 3.0}, rel=1e-12)


def test_usage_of_an_idle_pool_belongs_to_no_workload() -> None:
    """od is left idle: n = 3.75 and 5 are billed all the same, 105 USD."""
    report = audit(estate(), tables(busy={("web", "od"): [0.0, 0.0]}))
    found = report.cost_lines.query("term == 'usage' and pool == 'od'")
    assert found["workload"].tolist() == [""]
    assert found["usd"].tolist() == pytest.approx([105.0], rel=1e-12)


def test_owned_fixed_is_paid_on_all_that_is_installed_where_sunk() -> None:
    """0.5 USD x 10 x 12 h = 60, whatever the table says is kept."""
    assert usd("owned_fixed") == pytest.approx(60.0, rel=1e-12)
    report = audit(estate(), tables(kept=8.0))
    assert report.cost_usd["owned_fixed"] == pytest.approx(60.0, rel=1e-12)
    assert report.constant_usd == pytest.approx(96.0, rel=1e-12)


def test_owned_fixed_is_paid_on_what_is_kept_where_avoidable() -> None:
    """0.5 USD x 8 x 12 h = 48; no longer a constant, which leaves the commitment's 36."""
    scenario = estate(pools={"own": {"owned_cost": "avoidable"}})
    plan = tables(kept=8.0, n={"own": [8.0, 8.0]}, available={"own": [8.0, 8.0]})
    report = audit(scenario, plan)
    assert report.failures == ()
    assert report.cost_usd["owned_fixed"] == pytest.approx(48.0, rel=1e-12)
    assert report.constant_usd == pytest.approx(36.0, rel=1e-12)


def test_sunk_is_charged_on_nameplate_in_maintenance_too() -> None:
    """Half is down in period 0, so only 5 are on, and 60 USD are due as before."""
    scenario = estate(pools={"own": {"up_share": {"b": [0.5, 1.0]}}})
    report = audit(scenario, tables(n={"own": [5.0, 10.0]}, available={"own": [5.0, 10.0]}))
    assert report.failures == ()
    assert report.cost_usd["owned_fixed"] == pytest.approx(60.0, rel=1e-12)


def test_commitment_is_paid_used_or_not() -> None:
    """0.75 USD x 4 x 12 h = 36 on pool res; 1 and 2 of 4 are used: 0.75 x 6 x (1 + 2) = 13.5, the rest is not."""
    found = audit(estate(), tables()).cost_lines.query("term == 'commitment'")
    assert found[["pool", "record", "detail"]].to_numpy().tolist() == [["res", "c", ""], ["res", "c", "unused"]]
    assert found["usd"].tolist() == pytest.approx([13.5, 22.5], rel=1e-12)


def test_energy_of_busy_and_idle() -> None:
    """own: busy 4, 8 of 10 on: 1 x 4 + 0.25 x 6 = 5.5 kW and 8 + 0.5 = 8.5 kW; 1.5 PUE x 0.2 USD x 6 x 14 = 25.2.

    By workload: web 9 busy: 1.5 x 0.2 x 6 x 9 = 16.2; nightly 3: 5.4; idle 6 + 2 = 8 x 0.25 kW = 2: 3.6.
    """
    assert usd("energy") == pytest.approx(25.2, rel=1e-12)
    assert lines("energy") == pytest.approx({("web", "own"): 16.2, ("nightly", "own"): 5.4, ("", "own"): 3.6})


def test_energy_in_maintenance_counts_only_what_is_up() -> None:
    """5 on in period 0: 4 + 0.25 = 4.25 kW; 1.5 x 0.2 x 6 x (4.25 + 8.5) = 22.95."""
    scenario = estate(pools={"own": {"up_share": {"b": [0.5, 1.0]}}})
    plan = tables(n={"own": [5.0, 10.0]}, available={"own": [5.0, 10.0]})
    assert audit(scenario, plan).cost_usd["energy"] == pytest.approx(22.95, rel=1e-12)


def test_energy_uses_the_pools_own_electricity_price_first() -> None:
    """0.3 instead of 0.2 USD per kWh: 25.2 x 1.5 = 37.8; included in the price: 0."""
    assert usd("energy", pools={"own": {"electricity_usd_per_kwh": 0.3}}) == pytest.approx(37.8, rel=1e-12)
    assert usd("energy", pools={"own": {"price_includes_energy": True}}) == 0.0


def test_energy_of_a_rented_pool_is_charged_on_what_is_provisioned() -> None:
    """res at 0.1 USD per kWh, half of it held back: n = 2 and 4 for busy 1 and 2.

    1 + 0.5 and 2 + 1 kW; 1.2 x 0.1 x 6 x 4.5 = 3.24.
    """
    apart = {"price_includes_energy": False, "electricity_usd_per_kwh": 0.1, "held_back_share": 0.5}
    scenario = estate(pools={"res": apart})
    report = audit(scenario, tables(n={"res": [2.0, 4.0]}))
    assert report.failures == ()
    assert report.cost_usd["energy"] - 25.2 == pytest.approx(3.24, rel=1e-12)


def test_carbon_counts_every_pool() -> None:
    """kWh: own 1.5 x 6 x 14 = 126; od 1.2 x 6 x (3.375 + 4.5) = 56.7; spot 1.2 x 6 x 5.5 = 39.6; res 21.6.

    g: 400 x 126 + 100 x (56.7 + 39.6 + 21.6) = 62,190; 0.06219 t x 50 USD = 3.1095.
    """
    report = audit(estate(), tables())
    assert report.cost_usd["carbon"] == pytest.approx(3.1095, rel=1e-12)
    by_pool = report.quantities.set_index("pool")
    assert by_pool["energy_kwh"].to_dict() == pytest.approx({"own": 126.0, "od": 56.7, "spot": 39.6, "res": 21.6})
    tonnes = {"own": 0.0504, "od": 0.00567, "spot": 0.00396, "res": 0.00216}
    assert by_pool["carbon_tonnes"].to_dict() == pytest.approx(tonnes)


def test_carbon_without_a_price_costs_nothing_but_is_counted() -> None:
    report = audit(estate(policy={"carbon_usd_per_tonne": 0.0}), tables())
    assert report.cost_usd["carbon"] == 0.0
    assert report.quantities["carbon_tonnes"].sum() == pytest.approx(0.06219)


def test_carbon_of_an_unknown_grid_is_unknown_not_zero() -> None:
    scenario = estate(policy={"carbon_usd_per_tonne": 0.0}, sites={"cloud": {"grid_carbon_g_per_kwh": None}})
    report = audit(scenario, tables())
    assert report.ok
    assert report.quantities["carbon_tonnes"].isna().tolist() == [False, True, True, True]


def test_quantities_in_accelerator_hours() -> None:
    """x 6 h: busy own 12, od 7, spot 5.5, res 3; provisioned 20, 8.75, 5.5, 3; available 20, 40, 40, 8."""
    found = audit(estate(), tables()).quantities
    assert tuple(found.columns) == QUANTITY_COLUMNS
    assert found["busy_accelerator_hours"].tolist() == pytest.approx([72.0, 42.0, 33.0, 18.0])
    assert found["provisioned_accelerator_hours"].tolist() == pytest.approx([120.0, 52.5, 33.0, 18.0])
    assert found["available_accelerator_hours"].tolist() == pytest.approx([120.0, 240.0, 240.0, 48.0])


def test_transfer_pays_ingress_there_and_egress_back() -> None:
    """web: 0.5 x 0.02 + 0.25 x 0.04 = 0.02 USD per unit; od 14 x 6 = 84 units: 1.68; spot 60: 1.2; res 36: 0.72.

    nightly: 1 x 0.02 per unit, spot 1.5 x 6 = 9 units: 0.18. Together 3.78; at home nothing.
    """
    assert usd("transfer") == pytest.approx(3.78, rel=1e-12)
    expected = {("web", "od"): 1.68, ("web", "spot"): 1.2, ("web", "res"): 0.72, ("nightly", "spot"): 0.18}
    assert lines("transfer") == pytest.approx(expected)


def test_route_cost_is_per_unit_of_its_route() -> None:
    """web on od: 14 units per hour x 6 = 84 x 0.01 = 0.84."""
    assert lines("route") == pytest.approx({("web", "od"): 0.84}, rel=1e-12)


def test_unserved_penalty_of_rigid_and_deferrable_work() -> None:
    """web 2 per hour x 6 = 12 units x 7 = 84; nightly 3 per occurrence x weight 3 = 9 x 5 = 45.

    Shares: 12 of (20 + 30) x 6 = 300: 0.04; 9 of 24 x 3 = 72: 0.125.
    """
    report = audit(estate(), tables())
    assert lines("unserved") == pytest.approx({("web", ""): 84.0, ("nightly", ""): 45.0}, rel=1e-12)
    web, nightly = report.unserved["web"], report.unserved["nightly"]
    assert (web.quantity, web.unit, web.share) == (pytest.approx(12.0), "requests", pytest.approx(0.04))
    assert (nightly.quantity, nightly.unit, nightly.share) == (pytest.approx(9.0), "steps", pytest.approx(0.125))


def test_no_demand_means_a_share_of_zero() -> None:
    scenario = estate(workloads={"web": {"demand_units_per_hour": {"b": [0.0, 0.0]}}})
    busy = {("web", pool): [0.0, 0.0] for pool in ("own", "od", "spot", "res")}
    report = audit(scenario, tables(busy=busy, n=NO_WEB, unserved=0.0))
    assert report.failures == ()
    assert report.unserved["web"].share == 0.0


def test_the_terms_add_up_to_the_objective() -> None:
    """138 + 60 + 36 + 25.2 + 3.1095 + 3.78 + 0.84 = 266.9295 of costs, + 129 of penalties = 395.9295."""
    report = audit(estate(), tables())
    assert sum(report.cost_usd.values()) == pytest.approx(266.9295, rel=1e-12)
    assert report.penalty_usd == pytest.approx({"unserved": 129.0, "congestion": 0.0, "balance": 0.0})
    assert report.objective_usd == pytest.approx(395.9295, rel=1e-12)
    assert set(report.cost_usd) | set(report.penalty_usd) == set(COSTS)
    assert set(report.penalty_usd) == PENALTIES


def test_the_lines_add_up_to_each_term() -> None:
    report = audit(estate(), tables())
    assert tuple(report.cost_lines.columns) == COST_LINE_COLUMNS
    by_term = report.cost_lines.groupby("term")["usd"].sum().to_dict()
    charged = {term: money for term, money in (report.cost_usd | report.penalty_usd).items() if money}
    assert by_term == pytest.approx(charged, rel=1e-14)
    penalties = report.cost_lines[report.cost_lines["is_penalty"]]
    assert set(penalties["term"]) == {"unserved"}
    assert {"unserved", "congestion", "balance"} == PENALTIES


def reference(root: Path, name: str, private: float, public: float, kept: float) -> tuple[PlanTables, object]:
    scenario = require(json.loads((root / "data" / "scenarios" / f"{name}.json").read_text(encoding="utf-8")))
    block, record = scenario.horizon.ordered()[0]
    start = pd.DatetimeIndex([record.start]).tz_convert("UTC")[0]
    work, names = next(iter(scenario.workloads)), [*scenario.pools]
    quota = [kept, scenario.pools[names[1]].capacity_accelerators]
    when = {"block": block, "period_start": start}
    busy = np.array([private, public])
    plan = PlanTables(
        pd.DataFrame(
            {
                "workload": work,
                "pool": names,
                **when,
                "accelerators_busy": busy,
                "accelerators_assigned": busy,
                "units_per_hour": busy,
            }
        ),
        pd.DataFrame(
            {
                "pool": names,
                **when,
                "accelerators_provisioned": [kept, public],
                "accelerators_available": quota,
                "accelerators_busy": busy,
            }
        ),
        tables().unserved_hourly.iloc[:0],
        tables().unserved_windows.iloc[:0],
        pd.DataFrame({"pool": names[:1], "accelerators_kept": [kept]}),
    )
    return plan, scenario


@pytest.mark.parametrize(
    ("name", "private", "public", "kept", "expected"),
    [
        ("reference_sunk", 100.0, 50.0, 100.0, 65.0),
        ("reference_avoidable", 0.0, 150.0, 0.0, 45.0),
        ("reference_owned_first", 100.0, 50.0, 100.0, 65.0),
    ],
)
def test_the_reference_case_in_its_three_readings(
    root: Path, name: str, private: float, public: float, kept: float, expected: float
) -> None:
    """100 x 0.5 + 50 x 0.3 = 65; 150 x 0.3 = 45; for one hour."""
    plan, scenario = reference(root, name, private, public, kept)
    report = audit(scenario, plan)  # type: ignore[arg-type]
    assert report.failures == ()
    assert report.objective_usd == pytest.approx(expected, rel=1e-12)
