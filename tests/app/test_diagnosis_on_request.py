"""A diagnosis names residency and security rules that stand in the way, and offers changes of them when asked."""

from __future__ import annotations

from typing import Any

import pytest
from streamlit.testing.v1 import AppTest
from test_answer_pages import opened, solved, texts

from hybridplan.ui import cache

BUTTON = "Also consider residency and security rules"


def elsewhere() -> dict[str, Any]:
    """Work that must be served, in a country where there is no site."""
    document = cache.bundled_document("reference_sunk")
    for work in document["workloads"].values():
        work |= {"must_serve": True, "allowed_jurisdictions": ["ZZ"]}
    return document


@pytest.mark.parametrize("page", ["overview", "plan"])
def test_residency_is_considered_when_asked(app: AppTest, page: str) -> None:
    solved(opened(app, elsewhere(), page))
    assert not app.exception
    assert "Residency and security rules stand in the way too" in texts(app)
    assert "there would be a plan without the residency of Demand." in texts(app)
    assert "be in DE too" not in texts(app)
    next(button for button in app.button if button.label == BUTTON).click().run()
    assert not app.exception
    assert "let Demand be in DE too. Proven" in texts(app)
    assert "stand in the way too" not in texts(app)
    assert not any(button.label == BUTTON for button in app.button)


def test_without_such_rules_nothing_is_asked(app: AppTest) -> None:
    document = elsewhere()
    for work in document["workloads"].values():
        work |= {"allowed_jurisdictions": [], "demand_units_per_hour": {"hour": [900.0]}}
    solved(opened(app, document))
    assert "Any one of these changes would be enough" in texts(app)
    assert not any(button.label == BUTTON for button in app.button)
