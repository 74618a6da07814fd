"""Caps on carbon and on the share of a provider in the audit, on both sides of each (the plan stands in audit_cases).

Carbon, with g h = 6: own is busy 4 + 8 of 10 + 10: (12 x 1 + 8 x 0.25) kW x 6 h x PUE 1.5 = 126 kWh x 400 g = 50.4 kg.
In the cloud od is busy 7 of 8.75, spot 5.5 and res 3: (15.5 x 1 + 1.75 x 0.5) x 6 x 1.2 = 117.9 kWh x 100 g = 11.79 kg.
In all 0.06219 t; a year is 8760 / 12 = 730 times that: 45.3987 t.

Hours: (7 + 5.5 + 3) x 6 = 93 at acme, of 27.5 x 6 = 165 in all: 0.563636.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from audit_cases import changed, estate, tables

from hybridplan.audit import AuditReport, audit
from hybridplan.plan import PlanTables


def judged(plan: PlanTables | None = None, **changes: Any) -> tuple[set[str], AuditReport]:
    """Rules that do not hold, and the report."""
    report = audit(estate(**changes), tables() if plan is None else plan)
    failed = report.residuals[~(report.residuals["relative"] <= 1e-6)]
    return set(failed["rule"]), report


@pytest.mark.parametrize(
    ("cap", "expected"),
    [
        ({"tonnes": 0.06219}, set()),
        ({"tonnes": 0.062189}, {"carbon_cap"}),
        ({"tonnes": 45.3987, "per": "year"}, set()),
        ({"tonnes": 45.398, "per": "year"}, {"carbon_cap"}),
        ({"tonnes": 0.0}, {"carbon_cap"}),
    ],
)
def test_carbon_of_all_pools_and_of_idle_power(cap: dict[str, Any], expected: set[str]) -> None:
    found, report = judged(policy={"carbon_cap": cap})
    assert found == expected
    row = report.residuals.set_index("rule").loc["carbon_cap"]
    assert row["record"] == "policy"
    assert row["unit"] == ("t CO2e per year" if cap.get("per") == "year" else "t CO2e")
    if cap == {"tonnes": 0.0}:
        assert row["violation"] == pytest.approx(0.06219)


def test_carbon_without_a_price_counts_too_and_an_unknown_grid_does_not() -> None:
    """Of the 62.19 kg the cloud's 11.79 are not seen where its grid is not known."""
    for tonnes, expected in ((0.0504, set()), (0.05039, {"carbon_cap"})):
        policy = {"carbon_usd_per_tonne": 0.0, "carbon_cap": {"tonnes": tonnes}}
        found, _ = judged(policy=policy, sites={"cloud": {"grid_carbon_g_per_kwh": None}})
        assert found == expected


@pytest.mark.parametrize(
    ("cap", "expected"), [(0.56364, set()), (0.5636, {"provider_share"}), (0.0, {"provider_share"}), (1.0, set())]
)
def test_share_of_a_provider_over_the_horizon(cap: float, expected: set[str]) -> None:
    found, report = judged(policy={"provider_share_cap": cap})
    assert found == expected
    row = report.residuals.set_index("rule").loc["provider_share"]
    assert (row["record"], row["unit"]) == ("acme", "accelerator-hours")
    assert row["violation"] == pytest.approx(max(93.0 - cap * 165.0, 0.0))


@pytest.mark.parametrize(
    ("changes", "cap", "expected"),
    [
        ({"sites": {"cloud": {"kind": "edge"}}}, 0.56, {"provider_share"}),
        ({"sites": {"cloud": {"kind": "private"}}}, 0.0, set()),
        ({"sites": {"home": {"kind": "edge", "provider": "acme"}}}, 0.56364, set()),
    ],
)
def test_what_is_private_or_owned_counts_for_no_provider(
    changes: dict[str, Any], cap: float, expected: set[str]
) -> None:
    """Rented at an edge site counts; at a private one nothing does; owned at acme's edge counts only for the whole."""
    found, _ = judged(policy={"provider_share_cap": cap}, **changes)
    assert found == expected


def test_each_provider_has_its_own_share() -> None:
    """spot at another site of another provider: 5.5 x 6 = 33 hours of 165 are 0.2, acme keeps 60 of them: 0.3636."""
    sites = {"other": {"kind": "public", "provider": "beta", "jurisdiction": "NL", "grid_carbon_g_per_kwh": 100.0}}
    links = {
        "out2": {"from_site": "home", "to_site": "other", "round_trip_ms": 10.0},
        "back2": {"from_site": "other", "to_site": "home", "round_trip_ms": 10.0},
    }
    for cap, failing in ((0.37, set()), (0.36, {"acme"}), (0.19, {"acme", "beta"})):
        changes = {"sites": sites, "links": links, "pools": {"spot": {"site": "other"}}}
        _, report = judged(policy={"provider_share_cap": cap}, **changes)
        rows = report.residuals[report.residuals["rule"] == "provider_share"]
        assert set(rows["record"]) == {"acme", "beta"}
        assert set(rows.loc[rows["relative"] > 1e-6, "record"]) == failing


@pytest.mark.parametrize("column", ["accelerators_busy", "accelerators_assigned"])
def test_nan_keeps_no_cap(column: str) -> None:
    """A check that lets NaN pass would let through whatever is not a number."""
    plan = tables()
    frame = plan.allocation.copy()
    frame.loc[0, column] = np.nan
    found, _ = judged(
        changed(plan, "allocation", frame), policy={"carbon_cap": {"tonnes": 9.0}, "provider_share_cap": 0.9}
    )
    assert found
    if column == "accelerators_busy":
        assert {"carbon_cap", "provider_share"} <= found or "tables" in found


def test_the_words_name_the_rule_the_provider_and_the_amount() -> None:
    """93 hours against 0.5 x 165 = 82.5."""
    _, report = judged(policy={"provider_share_cap": 0.5})
    assert report.failures == (
        "provider_share, acme: more of the work runs at one provider than its share cap allows; "
        "off by 10.5 accelerator-hours (0.11 of 93)",
    )
