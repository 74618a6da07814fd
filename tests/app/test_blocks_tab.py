"""Plan page: the tab that sets blocks side by side."""

from __future__ import annotations

import json

from streamlit.testing.v1 import AppTest

from hybridplan.ui import cache

TAB = "By block"


def shown(app: AppTest, key: str) -> str:
    """All that the Plan page says of a solved example, without backslashes."""
    app.run()
    ws = app.session_state["workspace"]
    ws.commit(cache.bundled_document(key), "Test", rebuild=True)
    ws.plan = None
    app.switch_page("pages/plan.py").run()
    app.button(key="solve").click().run()
    app.session_state["plan-section"] = TAB
    app.run()
    assert not app.exception
    return "\n".join(str(one.value) for one in [*app.markdown, *app.caption]).replace("\\", "")


def titles(app: AppTest) -> list[str]:
    specs = [json.loads(element.proto.spec) for element in app.get("plotly_chart")]
    return [spec["layout"]["title"]["text"].replace("<br>", " ") for spec in specs]


def test_blocks_of_a_week_and_a_week_end_side_by_side(app: AppTest) -> None:
    """smart_city has two kinds of day: its blocks, what they cost, and how full its pools are in them."""
    page = shown(app, "smart_city")
    assert "in 2 blocks" in page
    assert titles(app) == [
        "What does each block cost?",
        "How full is each pool in each block?",
        "How much is asked for in each block?",
    ]
    assert len(app.dataframe) >= 2


def test_money_by_the_hour_is_at_the_rate_of_each_block(app: AppTest) -> None:
    shown(app, "smart_city")
    app.session_state["period:blocks"] = "hour"
    app.run()
    spec = json.loads(app.get("plotly_chart")[0].proto.spec)
    assert spec["layout"]["xaxis"]["title"]["text"] == "USD per hour"


def test_a_single_block_has_no_such_tab(app: AppTest) -> None:
    app.run()
    app.switch_page("pages/plan.py").run()
    assert TAB not in [tab.label for tab in app.tabs]
