"""Sensitivity on Trade-offs: each question is asked, answered in words, drawn, and can be taken away as a table."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from hybridplan.ui.session import Workspace

FILES = Path(__file__).resolve().parents[2] / "data" / "scenarios"
PUBLIC = "pools.public.price_usd_per_accelerator_hour"


def textbook() -> dict[str, Any]:
    """150 units; 100 private ones that need not be kept at 0.50 USD, 200 public ones at 0.30 USD."""
    document: dict[str, Any] = json.loads((FILES / "reference_avoidable.json").read_text(encoding="utf-8"))
    return document


def workspace(app: AppTest) -> Workspace:
    return app.session_state["workspace"]


def opened(app: AppTest, question: str, document: dict[str, Any] | None = None) -> AppTest:
    """The tab on another scenario, with this question open."""
    app.run()
    ws = workspace(app)
    ws.commit(document or textbook(), "Test", rebuild=True)
    ws.plan = None
    app.session_state["tradeoffs-section"] = "Sensitivity"
    app.switch_page("pages/tradeoffs.py").run()
    app.button(key="solve").click().run()
    app.session_state["sensitivity"] = question
    app.run()
    assert not app.exception
    return app


def number(app: AppTest, label: str) -> Any:
    """The field for a number whose label begins so."""
    return next(one for one in app.number_input if one.label.startswith(label))


def texts(app: AppTest) -> str:
    """All that the page says, without the backslashes that keep names from being read as Markdown."""
    shown = [*app.markdown, *app.caption, *app.warning, *app.info, *app.success]
    return "\n".join(str(element.value) for element in shown).replace("\\", "")


def titles(app: AppTest) -> list[str]:
    """Titles of the charts on the page."""
    specs = [json.loads(element.proto.spec) for element in app.get("plotly_chart")]
    return [spec["layout"]["title"]["text"].replace("<br>", " ") for spec in specs]


def test_tornado(app: AppTest) -> None:
    opened(app, "Tornado").button(key="study_tornado").click().run()
    assert not app.exception
    assert "Most depends on this: Throughput on server." in texts(app)
    assert titles(app) == ["Which assumption moves the cost most?"]
    (table,) = app.dataframe
    assert len(table.value) == 7
    assert table.value["low_change"].max() == pytest.approx(11.25)


def test_a_tornado_of_another_width_is_another_study(app: AppTest) -> None:
    """Half the throughput needs 300 for the 150 units: 200 x 0.3 + 100 x 0.5 = 110, 65 more than 45."""
    opened(app, "Tornado").button(key="study_tornado").click().run()
    app.slider(key="tornado_share").set_value(50).run()
    assert not app.dataframe
    app.button(key="study_tornado").click().run()
    assert app.dataframe[0].value["low_change"].max() == pytest.approx(65.0)


def test_other_values_of_a_number(app: AppTest) -> None:
    """0.15 to 0.45 is half to one and a half of 0.30: 150 x 0.15 = 22.5 and 150 x 0.45 = 67.5."""
    opened(app, "Other values")
    assert app.selectbox(key="sweep_path").value == PUBLIC
    app.button(key="study_field_sweep").click().run()
    assert not app.exception
    assert "goes from 22.5 USD to 67.5 USD" in texts(app)
    assert titles(app) == ["What does the plan cost at other values?"]
    assert app.dataframe[0].value["objective"].tolist()[0] == pytest.approx(22.5)


def test_pools_that_change_are_drawn(app: AppTest) -> None:
    """From 0.15 to 0.75 the private units come into use at 0.5."""
    number(opened(app, "Other values"), "To").set_value(0.75).run()
    app.button(key="study_field_sweep").click().run()
    assert "Private servers is used from 0.51" in texts(app)
    assert titles(app)[1:] == ["Which pools work more or less?"]


def test_another_number_has_a_range_of_its_own(app: AppTest) -> None:
    opened(app, "Other values").selectbox(key="sweep_path").set_value("pools.private.capacity_accelerators").run()
    assert [one.value for one in app.number_input] == [50.0, 150.0]
    assert [one.label for one in app.number_input] == ["From \\(accelerators\\)", "To \\(accelerators\\)"]


def test_a_number_that_is_edited_has_a_new_range(app: AppTest) -> None:
    """At a public price of 0.60 the range is 0.30 to 0.90; 100 private units at 0.50 and 50 public ones cost 80."""
    opened(app, "Break-even").selectbox(key="outcome").set_value("objective").run()
    assert [one.value for one in app.number_input] == [0.15, 0.45, 45.0]
    document = textbook()
    document["pools"]["public"]["price_usd_per_accelerator_hour"] = 0.6
    workspace(app).commit(document, "Test", rebuild=True)
    app.run()
    app.button(key="solve").click().run()
    assert [one.value for one in app.number_input] == [0.3, 0.9, 80.0]


def test_a_range_that_is_none_is_not_solved(app: AppTest) -> None:
    number(opened(app, "Other values"), "From").set_value(2.0).run()
    assert "Give two numbers, the smaller one first." in texts(app)
    assert "study_field_sweep" not in [one.key for one in app.button]


def test_fields_at_their_default_on_request(app: AppTest) -> None:
    opened(app, "Other values")
    before = len(app.selectbox(key="sweep_path").options)
    app.toggle(key="sweep_every").set_value(True).run()
    assert len(app.selectbox(key="sweep_path").options) > 2 * before


def test_break_even_of_a_pool(app: AppTest) -> None:
    """Private units are worth 0.50: above that public price they are used."""
    number(opened(app, "Break-even"), "To").set_value(1.0).run()
    app.selectbox(key="outcome_pool_used:public").set_value("private").run()
    app.button(key="study_break_even").click().run()
    assert not app.exception
    assert "Break-even at 0.5 USD per accelerator-hour, now 0.3 USD per accelerator-hour." in texts(app)
    assert "Below that, Private servers is not used; above it, Private servers is used." in texts(app)
    assert titles(app) == ["Where does it change?"]
    assert {"Private servers is used", "Private servers is not used"} == set(app.dataframe[0].value["outcome"])


def test_break_even_that_does_not_exist_is_said(app: AppTest) -> None:
    opened(app, "Break-even").selectbox(key="outcome_pool_used:public").set_value("private").run()
    app.button(key="study_break_even").click().run()
    assert "at all 9 values tried, Private servers is not used" in texts(app)


def test_at_which_rented_price_buying_more_wins(app: AppTest) -> None:
    """10 own units at 0.50 that are paid in every hour save 10 public ones: worth it above 0.50."""
    document = textbook()
    document["pools"]["private"]["owned_cost"] = "sunk"
    number(opened(app, "Break-even", document), "To").set_value(1.0).run()
    app.selectbox(key="outcome").set_value("bought").run()
    app.number_input(key="outcome_more").set_value(10).run()
    app.button(key="study_break_even").click().run()
    assert not app.exception
    assert "Break-even at 0.5 USD per accelerator-hour" in texts(app)
    assert "above it, this scenario costs more than with 10 more in Private servers" in texts(app)


def test_break_even_of_an_amount(app: AppTest) -> None:
    """150 x 0.4 = 60."""
    opened(app, "Break-even").selectbox(key="outcome").set_value("objective").run()
    number(app, "Amount").set_value(60.0).run()
    app.button(key="study_break_even").click().run()
    assert "Break-even at 0.4 USD per accelerator-hour" in texts(app)


def test_prices_of_limits(app: AppTest) -> None:
    """100 own units, sunk, and 40 public ones: 10 of 150 stay unserved at 5 USD.

    One more own unit saves 5 - 0.5 = 4.5, up to 110; one more public one 5 - 0.3 = 4.7.
    """
    document = textbook()
    document["pools"]["private"]["owned_cost"] = "sunk"
    document["pools"]["public"]["capacity_accelerators"] = 40
    opened(app, "Prices of limits", document).button(key="study_price_ranges").click().run()
    assert not app.exception
    assert "Capacity of Private servers: 1 more than 100 accelerators saves 4.50 USD" in texts(app)
    assert "this holds up to 110" in texts(app)
    assert app.dataframe[0].value.set_index("limit")["saves"]["Capacity of Public cloud servers"] == pytest.approx(4.7)
