"""What simple rules keep for promises: standby, room after failures, and what that costs, worked by hand."""

from __future__ import annotations

from typing import Any

import pytest
from builders import hour, pool, rigid

from hybridplan.analysis.baselines import baselines
from hybridplan.domain import Scenario, require


def estate(form: str, share: float = 1.0, near: float = 20.0, **work: Any) -> Scenario:
    """10 promised units in one hour, and 6 that promise nothing and are worth less; 8 own ones (sunk, 8 USD) and a
    cloud at 3 USD an accelerator-hour. The own ones may be lost."""
    sites = {
        "here": {"kind": "private", "provider": "own", "jurisdiction": "DE"},
        "near": {"kind": "public", "provider": "a", "jurisdiction": "DE"},
    }
    document = {
        "schema_version": 1,
        "name": "rules and promises",
        "horizon": hour(),
        "sites": sites,
        "pools": {"own": pool("owned", 8.0, 1.0), "near": pool("on_demand", near, 3.0, site="near")},
        "links": {"here>near": {"from_site": "here", "to_site": "near", "round_trip_ms": 5.0}},
        "workloads": {
            "w": rigid([10.0], promised_share=share, promise_form=form, **work),
            "other": rigid([6.0], unserved_usd_per_unit=50.0),
        },
        "policy": {"contingencies": {"own-out": {"kind": "group", "pools": ["own"]}}},
    }
    return require(document)


def test_dedicated_work_gets_standby_of_its_own() -> None:
    """Own 8 and cloud 2 + 6 run; 8 more stand by in the cloud: 8 + 16 x 3 = 56 USD."""
    found = baselines(estate("dedicated"))["private_first"]
    assert not found.breaks
    assert found.cost_usd["usage"] == pytest.approx(48.0)
    assert float(found.tables.standby["accelerators_standby"].sum()) == pytest.approx(8.0)


def test_shared_work_takes_the_place_of_work_that_stops() -> None:
    """8 run in the cloud already, 2 of them promised; when the own ones are lost the other 6 stop, so 2 more than the 8
    must be there: 10 x 3 = 30 USD."""
    found = baselines(estate("shared"))["private_first"]
    assert not found.breaks
    assert found.cost_usd["usage"] == pytest.approx(30.0)
    assert found.tables.standby.empty
    assert float(found.tables.redispatch["units_per_hour"].sum()) == pytest.approx(10.0)


def test_a_promise_below_what_is_there_costs_nothing() -> None:
    """Four fifths are 8 units, as many as the cloud holds anyway: 8 x 3 = 24 USD."""
    found = baselines(estate("shared", 0.8))["private_first"]
    assert not found.breaks
    assert found.cost_usd["usage"] == pytest.approx(24.0)


def test_what_the_quota_does_not_allow_is_reported_as_broken() -> None:
    """A quota of 9 leaves 1 short of the 10 promised; nothing is provisioned beyond it."""
    found = baselines(estate("shared", near=9.0))["private_first"]
    assert [text.split(",")[0] for text in found.breaks] == ["promise"]
    assert found.cost_usd["usage"] == pytest.approx(27.0)


def test_a_rule_uses_its_own_pools_only() -> None:
    """Renting all: 16 in the cloud; the loss of what is owned takes nothing from it."""
    found = baselines(estate("dedicated"))["all_on_demand"]
    assert not found.breaks
    assert found.cost_usd["usage"] == pytest.approx(48.0)
