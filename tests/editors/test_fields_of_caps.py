"""The caps on carbon and on the share of a provider, typed on the Assumptions page."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from streamlit.testing.v1 import AppTest

from hybridplan.ui.workspace import Workspace

ROOT = Path(__file__).resolve().parents[2]
TONNES = "field:policy.carbon_cap.tonnes:1"
PER = "field:policy.carbon_cap.per:1"
SHARE = "field:policy.provider_share_cap:1"


def opened() -> AppTest:
    """The page with the demo."""
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    app.run()
    return app.switch_page("pages/assumptions.py").run()


def policy(app: AppTest) -> Any:
    """The policy as it stands in the draft."""
    workspace = app.session_state["workspace"]
    assert isinstance(workspace, Workspace)
    return workspace.document["policy"]


def said(app: AppTest) -> str:
    """Everything in the tables of the page."""
    return "\n".join(frame.value.to_csv(index=False) for frame in app.dataframe)


def test_a_cap_on_carbon_is_typed_given_per_year_and_taken_away() -> None:
    app = opened()
    assert not [box for box in app.selectbox if box.key == PER], "what it holds for is asked once there is a cap"
    app.text_input(key=TONNES).set_value("1.5").run()
    assert policy(app)["carbon_cap"] == {"tonnes": 1.5}
    app.selectbox(key=PER).set_value("year").run()
    assert policy(app)["carbon_cap"] == {"tonnes": 1.5, "per": "year"}
    app.text_input(key=TONNES).set_value("").run()
    assert "carbon_cap" not in policy(app)
    assert not app.exception


def test_the_share_of_a_provider_is_typed_as_a_share_or_in_percent() -> None:
    app = opened()
    app.text_input(key=SHARE).set_value("40 %").run()
    assert policy(app)["provider_share_cap"] == 0.4
    app.text_input(key=SHARE).set_value("0.25").run()
    assert policy(app)["provider_share_cap"] == 0.25
    app.text_input(key=SHARE).set_value("").run()
    assert "provider_share_cap" not in policy(app)
    assert not app.exception


def test_what_is_no_cap_stays_as_typed_and_is_listed() -> None:
    app = opened()
    app.text_input(key=TONNES).set_value("little").run()
    app.text_input(key=SHARE).set_value("1.4").run()
    assert policy(app)["carbon_cap"] == {"tonnes": "little"}
    for path in ("policy.carbon_cap.tonnes", "policy.provider_share_cap"):
        assert path in said(app)
    assert not app.exception
