"""Caps in the report: what was asked, and what the plan uses of it."""

from __future__ import annotations

from builders import pool, rigid, scenario
from report_cases import MADE_AT

import hybridplan as hp
from hybridplan.report.content import Report, content

SITES = {
    "here": {"kind": "private", "provider": "own", "jurisdiction": "DE", "grid_carbon_g_per_kwh": 100.0},
    "far": {"kind": "public", "provider": "coal", "jurisdiction": "DE", "grid_carbon_g_per_kwh": 600.0},
}
LINKS = {"out": {"from_site": "here", "to_site": "far", "round_trip_ms": 1.0}}


def report(**policy: object) -> Report:
    """6 units: 3 at home at 5 USD, 3 at coal at 2 USD, where half of them may run: 0.3 + 1.8 = 2.1 kg."""
    pools = {
        "clean": pool("on_demand", 50, 5.0, busy_kw=1.0),
        "dirty": pool("on_demand", 50, 2.0, site="far", busy_kw=1.0),
    }
    made = scenario(pools, {"w": rigid([6.0])}, sites=SITES, links=LINKS, policy=policy)
    return content(hp.solve(made), made_at=MADE_AT)


def test_the_report_lists_the_caps_and_what_the_plan_uses() -> None:
    found = report(carbon_cap={"tonnes": 26.28, "per": "year"}, provider_share_cap=0.5)
    sections = {section.key: section for section in found.evidence}
    rules = {row[0]: row[1] for row in sections["policy"].tables[0].rows}
    assert rules["Cap on carbon"] == "26.3 t CO₂e per year"
    assert rules["Largest share of one provider"] == "50 % of busy accelerator-hours"
    assert "coal carries 50 % of the busy accelerator-hours; one provider may carry 50 %." in sections["where"].bullets
    used = "The plan emits 0.00210 t of CO₂e over the hour; its cap is 0.00300 t (26.3 t per year)."
    assert used in sections["energy"].paragraphs


def test_without_caps_the_report_does_not_speak_of_them() -> None:
    found = report()
    rows = next(section for section in found.evidence if section.key == "policy").tables[0].rows
    assert not {"Cap on carbon", "Largest share of one provider"} & {row[0] for row in rows}
