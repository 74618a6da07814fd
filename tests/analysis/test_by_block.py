"""A plan block by block: two blocks worked by hand, and sums over the blocks of the shipped year."""

from __future__ import annotations

from typing import Any

import pytest

from hybridplan.analysis import by_block, planner
from hybridplan.analysis.sentences import decision
from hybridplan.domain import require
from hybridplan.io import catalogue, scenario_json
from hybridplan.model.solve import optimise
from hybridplan.plan import Plan, PlanTables


def two_blocks(**pool: Any) -> dict[str, Any]:
    """Own 10 accelerators (sunk, 1 USD an hour), rent at 3; demand 8 in summer and, x 1.5, 12 in winter.

    Summer: one period of 2 hours, weight 5. Winter: two periods of 1 hour, weight 10, prices x 2.
    """
    speed = {"X": {"units_per_accelerator_hour": 1}}
    own = {"site": "home", "sku": "X", "price_usd_per_accelerator_hour": 1, "capacity_accelerators": 10}
    rent = {"site": "home", "sku": "X", "price_usd_per_accelerator_hour": 3, "capacity_accelerators": 1.5}
    return {
        "schema_version": 1,
        "name": "two blocks",
        "horizon": {
            "blocks": {
                "winter": {
                    "start": "2026-12-01T00:00:00+00:00",
                    "periods": 2,
                    "weight": 10,
                    "demand_factor": 1.5,
                    "price_factor": 2,
                },
                "summer": {"start": "2026-07-01T00:00:00+00:00", "periods": 1, "period_hours": 2, "weight": 5},
            }
        },
        "sites": {
            "home": {
                "kind": "private",
                "provider": "own",
                "jurisdiction": "DE",
                "pue": 1.5,
                "grid_carbon_g_per_kwh": 200,
            }
        },
        "pools": {
            "own": {**own, "purchase_option": "owned", "busy_kw": 2.0, "idle_kw": 1.0, **pool},
            "rent": {**rent, "purchase_option": "on_demand"},
        },
        "workloads": {
            "chat": {
                "kind": "inference",
                "unit": "units",
                "origin_site": "home",
                "unserved_usd_per_unit": 100,
                "throughput": speed,
                "demand_units_per_hour": {"winter": [8, 8], "summer": [8]},
            }
        },
    }


@pytest.fixture(scope="module")
def plan() -> Plan:
    return planner.solve(require(two_blocks()))


def tables_of(plan: Plan) -> PlanTables:
    assert plan.tables is not None
    return plan.tables


def test_blocks_stand_in_the_order_of_their_start(plan: Plan) -> None:
    """Summer lasts 5 x 2 = 10 hours in all, winter 10 x 2 = 20."""
    rows = by_block.blocks(plan.scenario)
    assert rows["block"].tolist() == ["summer", "winter"]
    assert rows["occurrence_hours"].tolist() == [2, 2]
    assert rows["hours"].tolist() == [10, 20]


def test_cost_by_term_and_block(plan: Plan) -> None:
    """Owned: 10 x 1 USD x 10 h = 100 and x 20 h = 200. Rented: winter lacks 12 - 10 = 2, of which 1.5 can be rented:

    1.5 x 3 x 2 (price factor) x 20 h = 180. The penalty for 0.5 left is no cost.
    """
    rows = by_block.costs(plan, tables_of(plan)).set_index("term")
    assert rows.loc["owned_fixed"].to_dict() == pytest.approx({"summer": 100, "winter": 200})
    assert rows.loc["usage"].to_dict() == pytest.approx({"summer": 0, "winter": 180})
    assert set(rows.index) == {"owned_fixed", "usage"}


def test_use_unserved_energy_and_demand(plan: Plan) -> None:
    """Own: 80 of 100 accelerator-hours in summer, full in winter; 0.5 of 12 is not served: 1/24 in winter.

    Energy: 1.5 x (2 x 8 + 1 x 2) x 10 h = 270 kWh, 54 kg; winter 1.5 x 20 x 20 h = 600 kWh, 120 kg.
    """
    scenario, tables = plan.scenario, tables_of(plan)
    use = by_block.use(scenario, tables).set_index(["pool", "block"])
    assert use.loc[("own", "summer"), "utilisation"] == pytest.approx(0.8)
    assert use.loc[("own", "winter"), "busy"] == pytest.approx(200)
    assert use.loc[("rent", "winter"), "utilisation"] == pytest.approx(1.0)
    assert use["utilisation"].isna().sum() == 1, "nothing is rented in summer"
    left = by_block.unserved(scenario, tables).set_index("block")
    assert left["demanded"].to_dict() == pytest.approx({"summer": 80, "winter": 240})
    assert left["share"].to_dict() == pytest.approx({"summer": 0, "winter": 1 / 24})
    power = by_block.energy(scenario, tables).set_index("block")
    assert power["energy_kwh"].to_dict() == pytest.approx({"summer": 270, "winter": 600})
    assert power["carbon_tonnes"].to_dict() == pytest.approx({"summer": 0.054, "winter": 0.12})
    wanted = by_block.demanded(scenario).set_index("block")
    assert wanted["mean"].to_dict() == wanted["peak"].to_dict() == pytest.approx({"summer": 8, "winter": 12})


def test_summary_has_a_row_for_each_block(plan: Plan) -> None:
    """100 USD in 10 hours are 10 an hour; 380 in 20 are 19."""
    rows = by_block.summary(plan, tables_of(plan)).set_index("block")
    assert rows["cost_usd"].to_dict() == pytest.approx({"summer": 100, "winter": 380})
    assert rows["usd_per_hour"].to_dict() == pytest.approx({"summer": 10, "winter": 19})
    assert by_block.several(plan.scenario)


def test_windows_count_in_their_block() -> None:
    """A volume of 30 x 1.5 in winter that 10 + 1.5 accelerators cannot do in 2 hours: 45 - 23 = 22, x 10."""
    document = two_blocks()
    document["workloads"]["chat"] |= {"flexibility": "deferrable", "demand_units_per_hour": {}}
    document["workloads"]["chat"]["windows"] = {
        "night": {
            "block": "winter",
            "start": "2026-12-01T00:00:00+00:00",
            "end": "2026-12-01T02:00:00+00:00",
            "volume_units": 30,
        }
    }
    plan = optimise(require(document))
    rows = by_block.unserved(plan.scenario, tables_of(plan))
    assert rows[["block", "demanded"]].to_numpy().tolist() == [["winter", 450.0]]
    assert rows["unserved"].item() == pytest.approx(220)


def test_blocks_of_the_year_sum_to_the_horizon() -> None:
    """Every term of demo_year, with commitments that end, a delivery and a first copy, is split without a rest."""
    plan = optimise(scenario_json.load(catalogue.scenario_paths()["demo_year"]))
    tables = tables_of(plan)
    rows = by_block.costs(plan, tables).set_index("term")
    for term, usd in plan.cost_usd.items():
        assert (float(rows.loc[term].sum()) if term in rows.index else 0.0) == pytest.approx(usd, rel=1e-9, abs=1e-5)
    assert rows.loc["expansion", ["q1", "q2"]].tolist() == [0, 0]
    assert rows.loc["storage", "q1"] == pytest.approx(rows.loc["storage", "q4"])
    power = by_block.energy(plan.scenario, tables)
    assert power["carbon_tonnes"].sum() == pytest.approx(plan.quantities["carbon_tonnes"].sum())
    assert power["energy_kwh"].sum() == pytest.approx(plan.quantities["energy_kwh"].sum())


def test_a_plan_for_a_year_does_not_say_its_cost_twice() -> None:
    """8,760 hours: 10 owned accelerators at 1 USD are 87,600 USD over the year, which is the rate per year already."""
    document = two_blocks(capacity_accelerators=10)
    document["horizon"]["blocks"] = {"hour": {"start": "2026-07-01T00:00:00+00:00", "periods": 1, "weight": 8760}}
    document["workloads"]["chat"]["demand_units_per_hour"] = {"hour": [8]}
    plan = optimise(require(document))
    assert decision.headline(plan) == "All demand is served for 87,600 USD over the year."
    assert decision.cost(plan)[0] == "It costs 87,600 USD for the year: 10 USD per hour."
    document["horizon"]["blocks"]["hour"]["weight"] = 8736
    later = decision.headline(optimise(require(document)))
    assert later == "All demand is served for 87,400 USD over the 52 weeks (87,600 USD per year at this rate)."
