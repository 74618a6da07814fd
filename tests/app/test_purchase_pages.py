"""Commitments and hardware, and data, on Plan, Trade-offs and Overview; and nothing of it where there is none."""

from __future__ import annotations

from typing import Any

import pytest
from feature_scenarios import plain
from purchase_documents import estate
from streamlit.testing.v1 import AppTest
from test_feature_pages import on_plan, tab_names, texts, titles

from hybridplan.analysis import registry
from hybridplan.analysis.sentences import commitments, datasets, hardware, purchasing

TITLE = "Commitments and hardware"


def test_a_scenario_without_such_records_has_no_such_tabs(app: AppTest) -> None:
    on_plan(app, plain(), "where")
    assert not {TITLE, "Data"} & set(tab_names(app))


def test_commitments_and_hardware_on_the_plan(app: AppTest) -> None:
    made = on_plan(app, estate(), "commitments")
    page = texts(app)
    advice = [*commitments.advice(made), *hardware.advice(made), *hardware.line_advice(made)]
    assert any(line.startswith("Commit to") for lines in advice for line in lines)
    assert any(line.startswith("Buy ") for lines in advice for line in lines)
    for line in (*commitments.summary(made), *hardware.dates(made), *hardware.room(made), *commitments.bills(made)):
        assert line in page
    assert all(line in page for lines in advice for line in lines)
    assert titles(app) == [
        "How much can Steady pay for, and for how many hours?",
        "When are commitments billed, and when do they count?",
        "From which use on is New nodes cheaper than renting?",
        "How many accelerators stand in Own H100, block by block?",
    ]


def test_another_commitment_can_be_looked_at(app: AppTest) -> None:
    on_plan(app, estate(), "commitments")
    app.selectbox(key="duration-of").select("spend_commitment:plan").run()
    assert "How much can Savings plan pay for, and for how many hours?" in titles(app)


def test_data_on_the_plan(app: AppTest) -> None:
    made = on_plan(app, estate(), "data")
    page = texts(app)
    assert titles(app) == ["What does each copy of the data cost?"]
    assert all(line in page for line in datasets.summary(made))


def test_what_is_bought_stands_on_the_overview_and_leads_to_the_plan(app: AppTest) -> None:
    made = on_plan(app, estate(), "where", "overview")
    page = texts(app)
    assert purchasing.decided(made)
    assert all(line in page for line in purchasing.decided(made))
    assert "Before you sign: the plan buys or commits to" in page


def test_sized_offers_stand_under_what_to_buy(app: AppTest) -> None:
    made = on_plan(app, estate(), "where")
    app.session_state["tradeoffs-section"] = "What to buy"
    app.switch_page("pages/tradeoffs.py").run()
    assert not app.exception
    page = texts(app)
    assert all(line in page for lines in hardware.advice(made) for line in lines)
    assert "One pool at a time, at a price of your own" in page


def test_the_price_that_overturns_an_offer_is_solved_for(app: AppTest) -> None:
    """New nodes are bought at 25,000 USD; the last price at which they are lies above that, and is proven."""
    document = estate()
    for section in ("commitments", "spend_commitments", "datasets"):
        document.pop(section)
    del document["workloads"]["chat"]["datasets"]
    for block in document["horizon"]["blocks"].values():
        block["label"] = ""
    del document["pools"]["base"]
    on_plan(app, document, "where")
    app.session_state["tradeoffs-section"] = "What to buy"
    app.switch_page("pages/tradeoffs.py").run()
    app.selectbox(key="overturn:offer").select("expansion/nodes").run()
    app.button(key="study_overturn").click().run()
    assert not app.exception
    page = "\n".join([texts(app), *(str(one.value).replace("\\", "") for one in app.success)])
    assert "Purchase price of New nodes: Break-even at" in page
    assert "some of New nodes is taken; above it, none of New nodes is taken" in page


def without(*sections: str, **changes: Any) -> dict[str, Any]:
    """The estate without some of its records."""
    return {key: value for key, value in (estate() | changes).items() if key not in sections}


@pytest.mark.parametrize(
    "document",
    [
        without("expansions", "spend_commitments", "datasets", "commitments"),
        without("expansions", "spend_commitments"),
        without("commitments", "spend_commitments"),
        without("datasets"),
    ],
)
def test_each_part_can_be_missing(app: AppTest, document: dict[str, Any]) -> None:
    for work in document["workloads"].values():
        if "datasets" not in document:
            del work["datasets"]
    on_plan(app, document, "commitments")
    for tab in (registry.TABS["data"], registry.TABS["flows"], registry.TABS["cost"], registry.TABS["limits"]):
        app.session_state["plan-section"] = tab
        assert not app.run().exception, tab
