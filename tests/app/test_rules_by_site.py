"""Rules by site on Resilience, and pairs of plans on Trade-offs."""

from __future__ import annotations

from typing import Any

import pytest
from builders import hour, pool, rigid
from streamlit.testing.v1 import AppTest
from test_answer_pages import opened, solved, texts, titles
from test_resilience_page import frame, on_tab


def estate() -> dict[str, Any]:
    """4 own accelerators in DE, 6 more nearby in DE at 3 USD or far away in US at 1 USD; 10 units that stay in DE."""
    return {
        "schema_version": 1,
        "name": "places",
        "horizon": hour(),
        "sites": {
            "here": {"kind": "private", "provider": "own", "jurisdiction": "DE", "attributes": ["encryption_at_rest"]},
            "near": {"kind": "public", "provider": "a", "jurisdiction": "DE", "attributes": ["encryption_at_rest"]},
            "far": {"kind": "public", "provider": "b", "jurisdiction": "US"},
        },
        "pools": {
            "own": pool("owned", 4.0, 1.0),
            "near": pool("on_demand", 20.0, 3.0, site="near"),
            "far": pool("on_demand", 20.0, 1.0, site="far"),
        },
        "links": {
            f"here>{site}": {"from_site": "here", "to_site": site, "round_trip_ms": 5.0} for site in ("near", "far")
        },
        "workloads": {
            "w": rigid(
                [10.0],
                name="Scoring *fast*",
                allowed_jurisdictions=["DE"],
                required_attributes=["encryption_at_rest"],
            ),
            "free": rigid([1.0], name="Anything"),
        },
    }


def test_the_tab_says_where_everything_stays(app: AppTest) -> None:
    on_tab(app, estate(), "Rules by site")
    said = texts(app)
    assert "Nothing is placed where a rule on place or security is not met" in said
    assert "stays in DE: 0 accelerator-hours, 0 standby, 0 after a failure, 0 GB of results outside." in said
    rows = frame(app, "detail")
    far = rows.loc[rows["site"] == "far"].set_index("rule")
    assert far.loc["Residency", "state"] == "✗ not met"
    assert far.loc["Residency", "detail"] == "lies in US"
    assert far.loc["Encryption at rest", "state"] == "✗ not met"
    placed = frame(app, "runs")
    mine = placed.loc[placed["name"] == "Scoring *fast*"].set_index("place")["runs"]
    assert mine.to_dict() == {"here": pytest.approx(4.0), "near": pytest.approx(6.0), "far": 0.0}
    assert titles(app) == ["Which site keeps all rules of each?"]


def test_one_workload_shows_its_rules(app: AppTest) -> None:
    on_tab(app, estate(), "Rules by site")
    app.selectbox(key="coverage-record").select("Scoring *fast*").run()
    assert not app.exception
    assert set(frame(app, "detail")["rule"]) == {"Residency", "Encryption at rest"}


def test_without_any_rule_it_says_so(app: AppTest) -> None:
    document = estate()
    document["workloads"].pop("w")
    on_tab(app, document, "Rules by site")
    assert "No workload and no dataset has a rule about places, security or latency." in texts(app)


def test_pairs_on_the_tab_of_rules(app: AppTest) -> None:
    """Residency alone is free, since the attribute keeps the work out of far too; without the attribute it would cost
    6 x 2 USD less."""
    document = estate()
    del document["workloads"]["w"]["required_attributes"]
    app.run()
    app.session_state["tradeoffs-section"] = "Rules"
    solved(opened(app, document, "tradeoffs"))
    app.button(key="study_pairs").click().run()
    assert not app.exception
    assert "Residency: 12 USD over the hour" in texts(app)
    rows = frame(app, "rules")
    assert list(zip(rows["pair"], rows["rules"], rows["total"], strict=True)) == [
        ("Residency", "with", pytest.approx(23.0)),
        ("Residency", "without", pytest.approx(11.0)),
    ]
