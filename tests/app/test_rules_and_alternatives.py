"""Tabs Rules and Alternatives of Trade-offs: what is asked, what is shown of it, and an alternative as a plan."""

from __future__ import annotations

from typing import Any

import pytest
from streamlit.testing.v1 import AppTest
from test_answer_pages import downloads, opened, solved, texts, titles

from hybridplan.ui import cache


def document() -> dict[str, Any]:
    """150 units of work: 100 owned accelerators, of which a fifth is held back, or rented ones of two providers."""
    found = cache.bundled_document("reference_sunk")
    (owned,) = [key for key, one in found["pools"].items() if one["purchase_option"] == "owned"]
    found["pools"][owned]["held_back_share"] = 0.2
    (rented,) = [key for key in found["pools"] if key != owned]
    other = found["pools"][rented]["site"]
    found["sites"]["second"] = {**found["sites"][other], "provider": "another", "name": "Second *site*"}
    found["pools"]["second"] = {**found["pools"][rented], "site": "second", "name": "Second <b>pool</b>"}
    found["pools"]["second"]["price_usd_per_accelerator_hour"] *= 1.01
    for key, link in list(found["links"].items()):
        moved = {name: "second" if site == other else site for name, site in link.items() if name.endswith("_site")}
        found["links"][f"{key}-2"] = {**link, **moved}
    return found


def tab(app: AppTest, title: str) -> AppTest:
    solved(opened(app, document(), "tradeoffs"))
    app.session_state["tradeoffs-section"] = title
    app.run()
    assert not app.exception
    return app


def press(app: AppTest, label: str) -> AppTest:
    next(button for button in app.button if button.label == label).click().run()
    assert not app.exception
    return app


def test_rules_are_priced_when_asked_and_both_ways_down_are_shown(app: AppTest) -> None:
    """20 of the 100 owned are held back: without that rule 20 fewer are rented at 0.30 USD, 6 USD an hour."""
    tab(app, "Rules")
    assert titles(app) == []
    press(app, "Price the rules")
    page = texts(app)
    assert "the plan would cost 6 USD less over the hour" in page
    assert "Removed one after another" in page
    assert titles(app) == [
        "What does each rule cost, the others in place?",
        "What is left of the cost when the rules go?",
    ]
    assert "CSV" in downloads(app)
    way = next(one for one in app.get("button_group") if one.key == "rules-way")
    way.set_value("alone").run()
    assert not app.exception
    assert "taken back in one bar" in texts(app)


def test_alternatives_are_listed_with_ranges_and_one_opens_as_a_plan(app: AppTest) -> None:
    """70 are rented at 0.30 USD, 21 USD; all of them at the second provider cost 0.21 USD more, 1 %; the
    other 0.21 of the 2 % pay for 0.7 in place of own ones, which are free."""
    tab(app, "Alternatives")
    press(app, "Look for alternatives")
    page = texts(app)
    assert "serve at least as much as the cheapest one" in page
    assert "Most on what is owned: 80 accelerator-hours, as in the cheapest plan, at the same cost." in page
    assert "in every plan within 2 % of the cheapest" in page
    assert "Second <b>pool</b> is busy for at most 70.7 accelerator-hours" in page
    assert titles(app) == ["How busy is each pool in all of these plans?"]
    before = app.session_state["workspace"].document
    press(app, "Open as plan")
    page = texts(app)
    assert "Its rules were checked and its money was counted again" in page
    assert "Your scenario and its own plan stay as they are." in page
    assert "Whole plan (Excel)" in downloads(app)
    assert app.session_state["workspace"].document == before
    assert app.session_state["workspace"].plan.certificate.gap <= 1e-6
    press(app, "Close")
    assert "Its rules were checked" not in texts(app)


@pytest.mark.parametrize(("title", "label"), [("Rules", "Price the rules"), ("Alternatives", "Look for alternatives")])
def test_what_is_found_so_far_is_shown_while_the_rest_is_under_way(
    app: AppTest, pool: Any, title: str, label: str
) -> None:
    tab(app, title)
    press(app, label)
    done = pool.found(pool.submitted[-1])
    pool._results.clear()
    pool.is_slow, pool.partial = True, done
    app.run()
    press(app, label)
    assert [button.label for button in app.button if button.label == "Cancel"]
    assert app.dataframe


def test_today_may_be_the_plan_before_the_changes(app: AppTest) -> None:
    """With a price twice as high nothing moves: 0 hours of change from the plan before, at no cost."""
    tab(app, "Alternatives")
    ws = app.session_state["workspace"]
    changed = document()
    for pool in changed["pools"].values():
        pool["price_usd_per_accelerator_hour"] *= 2
    ws.opened = document()
    ws.commit(changed, "Test", rebuild=True)
    solved(app.run())
    assert not app.exception
    press(app, "Look for alternatives")
    page = texts(app)
    assert "Today is the cheapest plan before your changes." in page
    assert "Closest to today: 0 accelerator-hours of change, as in the cheapest plan, at the same cost." in page
