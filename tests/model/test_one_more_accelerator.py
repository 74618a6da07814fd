"""What one more accelerator is worth where it takes space, power or budget by itself."""

from __future__ import annotations

from typing import Any

import pytest
from test_purchases import document, expansion, pool

from hybridplan.domain import require
from hybridplan.model.ranging import ranges
from hybridplan.model.solve import optimise
from hybridplan.plan import Plan


def worth(plan: Plan, pool_id: str) -> float:
    """Price of one more accelerator over the horizon; 0 where none is shown."""
    rows = plan.shadow_prices
    mine = rows[(rows["limit"] == "one_more_accelerator") & (rows["record"] == pool_id)]
    return float(mine["usd_per_unit"].sum())


def paid(**changes: Any) -> float:
    """Objective of the cheapest plan."""
    found = optimise(require(document(**changes))).objective_usd
    assert found is not None
    return found


def test_one_more_that_takes_the_space_of_what_would_be_bought_is_worth_nothing() -> None:
    """5 own and 6 racks: one is bought. The 6th saves 40 h x 4 = 160 for 60, own or bought.

    Its load is worth 160, its rent 60, and the space it takes the 100 that one more bought would have saved.
    """

    def scenario(owned: float) -> dict[str, Any]:
        offer = expansion({"capacity": owned, "price": 1.0, "rack_units_per_accelerator": 1.0})
        return {**offer, "sites": {"s": {**document()["sites"]["s"], "rack_units_limit": 6.0}}}

    assert paid(**scenario(6.0)) == pytest.approx(paid(**scenario(5.0)))
    plan = optimise(require(document(**scenario(5.0))))
    assert worth(plan, "own") == pytest.approx(0.0, abs=1e-6)
    assert ranges(plan.scenario, plan.shadow_prices).empty


def test_one_more_that_idles_takes_power_from_what_else_runs_there() -> None:
    """Own ones draw 1 kW, rented ones 0.5, of 7 kW: at the peak of 10, 5 own and 4 rented run, and 1 is not served.

    One more own leaves 1 kW, for 2 rented: 2 are not served, 20 h x 100 = 2,000 more; rented are 2 x 20 h x 4 = 160
    less then, and 20 h x 4 = 80 less at 8; its rent is 60. It costs 2,000 - 160 - 80 + 60 = 1,820.
    """

    def scenario(owned: float) -> dict[str, Any]:
        pools = {"own": pool("owned", owned, 1.0, busy_kw=1.0, idle_kw=1.0), "od": pool("on_demand", 100, 4.0)}
        pools["od"]["busy_kw"] = 0.5
        return {"pools": pools, "sites": {"s": {**document()["sites"]["s"], "it_power_limit_kw": 7.0}}}

    assert paid(**scenario(6.0)) - paid(**scenario(5.0)) == pytest.approx(1820)
    assert worth(optimise(require(document(**scenario(5.0)))), "own") == pytest.approx(-1820)


def test_a_solve_with_one_more_pays_its_rent_from_the_budget() -> None:
    """5 own cost 300, and 480 of the budget of 780 rent 120 of the 160 hours beyond them: 40 are not served, 4,000.

    One more own costs 60 and serves 40 of these hours; 420 rent 105 of the 120 that are left: 15 are not served, 1,500.
    The budget is spent both times: 2,500 are saved.
    """
    pools = {"own": pool("owned", 5.0, 1.0), "od": pool("on_demand", 100, 4.0)}
    plan = optimise(require(document(pools=pools, policy={"budget": {"usd": 780.0}})))
    more = {"own": {**pools["own"], "capacity_accelerators": 6.0}, "od": pools["od"]}
    after = paid(pools=more, policy={"budget": {"usd": 780.0}})
    saved = (plan.objective_usd or 0.0) - after
    assert saved == pytest.approx(2500)
    assert ranges(plan.scenario, plan.shadow_prices)["usd_saved_by_one"].tolist() == pytest.approx([saved])
