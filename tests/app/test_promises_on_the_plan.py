"""What the page of the plan says of promises, in short: what stands by, and what goes on after each failure."""

from __future__ import annotations

from feature_scenarios import plain
from resilience_estate import promising
from streamlit.testing.v1 import AppTest
from test_feature_pages import on_plan, texts


def test_promises_stand_in_short_below_how_full_the_pools_are(app: AppTest) -> None:
    """9 accelerators at the peak, so 4.5 stand by in the cloud."""
    on_plan(app, promising(), "full")
    said = texts(app)
    assert "After a failure" in said
    assert "On standby for Chat: up to 4.5 H100 in cloud-h100" in said
    assert "after the fire *in* Frankfurt 50 % of what is served goes on" in said
    assert any("\\*in\\*" in element.value for element in app.markdown), "a name is no emphasis"
    assert any("Resilience" in element.proto.label for element in app.get("page_link"))


def test_without_promises_the_page_does_not_speak_of_failures(app: AppTest) -> None:
    on_plan(app, plain(), "full")
    assert "After a failure" not in texts(app)
