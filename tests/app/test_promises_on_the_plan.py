"""What the page of the plan says of promises: what stands by, and what goes on after each failure."""

from __future__ import annotations

from typing import Any

from feature_scenarios import plain
from streamlit.testing.v1 import AppTest
from test_feature_pages import on_plan, texts


def promising() -> dict[str, Any]:
    """Chat runs on its own accelerators, and promises half if their site fails; transfer makes the cloud dearer."""
    document = plain()
    document["policy"] = {"contingencies": {"dark": {"kind": "site", "record": "fra", "name": "fire *in* Frankfurt"}}}
    document["workloads"]["chat"] |= {"promised_share": 0.5, "ingress_gb_per_unit": 0.0001}
    document["links"]["out"]["usd_per_gb"] = 1.0
    return document


def test_standby_and_survival_stand_below_how_full_the_pools_are(app: AppTest) -> None:
    """9 accelerators at the peak, so 4.5 stand by in the cloud."""
    on_plan(app, promising(), "full")
    said = texts(app)
    assert "After a failure" in said
    assert "On standby for Chat: up to 4.5 H100 in cloud-h100" in said
    assert "after the fire *in* Frankfurt 50 % of what is served goes on" in said
    assert any("\\*in\\*" in element.value for element in app.markdown), "a name is no emphasis"
    assert sum("50.0" in frame.value.to_csv() for frame in app.dataframe) >= 1


def test_without_promises_the_page_does_not_speak_of_failures(app: AppTest) -> None:
    on_plan(app, plain(), "full")
    assert "After a failure" not in texts(app)
