"""What to buy on Trade-offs: prices begin at what the scenario says, and the advice is that of the study."""

from __future__ import annotations

from typing import Any

import pytest
from builders import hour, one_site, pool, rigid
from streamlit.testing.v1 import AppTest
from test_answer_pages import opened, solved, texts, titles

from hybridplan.analysis.buying import Buying

TAB = "tradeoffs-section"


def document(owned: float = 4.0, price: float = 0.5, **pools: Any) -> dict[str, Any]:
    """Work for 0, 10 and 20 accelerators; some owned, more at 3 USD an hour."""
    made = {"own": pool("owned", owned, price), "cloud": pool("on_demand", 99, 3.0), **pools}
    return {
        "schema_version": 1,
        "name": "To buy",
        "horizon": hour(3),
        "sites": one_site(),
        "pools": made,
        "workloads": {"w": rigid([0.0, 10.0, 20.0])},
        "finance": {"interest_rate": 0.0, "life_years": 1.0},
    }


@pytest.fixture
def tab(app: AppTest) -> AppTest:
    """The tab, of a scenario with four owned accelerators at 0.50 USD an hour."""
    return at_tab(app, document())


def at_tab(app: AppTest, given: dict[str, Any]) -> AppTest:
    solved(opened(app, given, "tradeoffs"))
    app.session_state[TAB] = "What to buy"
    return app.run()


def number(app: AppTest, label: str) -> Any:
    """The field for a number whose label begins so."""
    return next(one for one in app.number_input if one.label.startswith(label))


def asked(app: AppTest) -> AppTest:
    return app.button(key="study_buying").click().run()


def test_prices_begin_at_what_the_scenario_says(tab: AppTest) -> None:
    """A life of one year without interest: 0.50 USD an hour are 4,380 USD."""
    assert not tab.exception
    assert number(tab, "Purchase price").value == pytest.approx(4380.0)
    assert tab.number_input(key="buy:yearly:own").value == 0.0
    assert "Life, rate and what is left begin at those of Assumptions" in texts(tab)
    assert "costs 4,380 USD a year, or 0.500 USD per hour" in texts(tab)


def test_prices_begin_anew_where_the_scenario_says_others(tab: AppTest) -> None:
    """Over two years without interest 1.00 USD an hour are 17,520 USD."""
    number(tab, "Purchase price").set_value(9_000.0).run()
    given = document(price=1.0)
    given["finance"]["life_years"] = 2.0
    solved(opened(tab, given, "tradeoffs"))
    assert number(tab, "Life").value == 2.0
    assert number(tab, "Purchase price").value == pytest.approx(17_520.0)


def test_the_advice_is_that_of_the_study(tab: AppTest, pool: Any) -> None:
    """At 0.50 USD an hour all 20 pay: 16 more. At 1.50 (13,140 USD) ten do: 6 more, each saving 17,520 a year."""
    asked(tab)
    assert not tab.exception
    assert "Buy 16 more gpu in own" in texts(tab)
    assert titles(tab) == ["What do more accelerators save, and cost?", "For how many hours is how much gpu busy?"]
    number(tab, "Purchase price").set_value(13_140.0).run()
    assert "study_buying" in [button.key for button in tab.button]
    asked(tab)
    said = texts(tab)
    assert "Buy 6 more gpu in own: they save 105,000 USD a year and cost 78,800 USD, so 26,300 USD a year" in said
    assert "pay back in 0.750 years" in said
    assert "fewer pay at a purchase price above 17,500 USD" in said
    assert "more pay at a purchase price below 8,760 USD, against 13,100 USD now" in said
    assert "busy in 50 % of all hours" in said
    assert "A year is counted as the 3 hours planned repeated" in said
    found = pool.found(pool.submitted[-1])
    assert isinstance(found, Buying)
    tab.segmented_control(key="buy:mix").set_value("As it is").run()
    assert not tab.exception


def test_none_is_bought_where_none_pays(tab: AppTest) -> None:
    number(tab, "Purchase price").set_value(30_000.0).run()
    asked(tab)
    said = texts(tab)
    assert "Buy none in own: one more gpu would save 17,500 USD a year and costs 30,000 USD" in said
    assert "it would pay at a purchase price below 17,500 USD, against 30,000 USD now" in said


def test_a_price_that_nobody_has_said_must_be_entered(app: AppTest) -> None:
    at_tab(app, document(price=0.0))
    assert not app.exception
    assert number(app, "Purchase price").value is None
    assert "Enter the purchase price to begin" in texts(app)
    assert "study_buying" not in [button.key for button in app.button]


def test_commitments_begin_at_their_fee(app: AppTest) -> None:
    given = document(committed=pool("reserved", 0, 0.0))
    given["commitments"] = {"c": {"pool": "committed", "accelerators": 2, "fee_usd_per_accelerator_hour": 1.25}}
    at_tab(app, given)
    app.selectbox(key="buy:pool").set_value("committed").run()
    assert number(app, "Fee").value == 1.25
    asked(app)
    assert "Commit to 4 more gpu in committed" in texts(app)


def test_without_a_pool_to_buy_for_it_says_so(app: AppTest) -> None:
    given = document()
    del given["pools"]["own"]
    at_tab(app, given)
    assert not app.exception
    assert "There is no owned or committed pool" in texts(app)
