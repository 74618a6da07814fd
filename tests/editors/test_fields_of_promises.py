"""Failures to survive and rules on providers on Assumptions; promised shares and their forms on Demand."""

from __future__ import annotations

from typing import Any

from test_more_table_pages import edit, opened, workspace

from hybridplan.io import catalogue, scenario_json
from hybridplan.ui.editors.provider_fields import PROVIDER_NUMBER
from hybridplan.ui.editors.usual_failures import KEY


def demo() -> dict[str, Any]:
    """The demo without failures and promises of its own."""
    document = scenario_json.load(catalogue.scenario_paths()["demo"]).to_dict()
    document.get("policy", {}).pop("contingencies", None)
    for work in document["workloads"].values():
        for field in ("promised_share", "promise_form", "recovery_minutes", "availability_objective_share"):
            work.pop(field, None)
        work.pop("latency_after_failure_ms", None)
    return document


def test_a_failure_is_added_and_a_share_is_promised() -> None:
    document = demo()
    site = next(iter(document["sites"]))
    app = opened("assumptions", document)
    row = {"id": "lost", "kind": "site", "record": site}
    edit(app, "contingencies", {"added_rows": [row]})
    assert workspace(app).document["policy"]["contingencies"] == {"lost": {"kind": "site", "record": site}}
    assert workspace(app).scenario is not None
    rigid = [key for key, work in document["workloads"].items() if "windows" not in work]
    where = list(document["workloads"]).index(rigid[0])
    app.session_state["all:workloads"] = True
    app.switch_page("pages/demand.py").run()
    edit(app, "workloads", {"edited_rows": {where: {"promised_share": "80 %"}}})
    assert workspace(app).document["workloads"][rigid[0]]["promised_share"] == 0.8
    assert workspace(app).scenario is not None


def test_a_group_is_picked_from_lists_and_keeps_what_is_picked() -> None:
    document = demo()
    sites, links = list(document["sites"]), list(document["links"])
    app = opened("assumptions", document)
    row = {"id": "feed", "kind": "group", "sites": sites[:2], "links": [links[0]], "failures_per_year": "0.5"}
    edit(app, "contingencies", {"added_rows": [row]})
    wanted = {"kind": "group", "sites": sites[:2], "links": [links[0]], "failures_per_year": 0.5}
    assert workspace(app).document["policy"]["contingencies"] == {"feed": wanted}
    again = opened("assumptions", workspace(app).document)
    edit(again, "contingencies", {"edited_rows": {0: {"sites": [], "links": links[1:3]}}})
    changed = workspace(again).document["policy"]["contingencies"]["feed"]
    assert changed == {"kind": "group", "links": links[1:3], "failures_per_year": 0.5}
    assert workspace(again).scenario is not None


def test_usual_failures_are_added_once_and_taken_back() -> None:
    """Every site with pools fails by itself; the tool then has nothing left to add, and one undo takes all back."""
    document = demo()
    app = opened("assumptions", document)
    app.button(key=KEY).click().run()
    found = workspace(app).document["policy"]["contingencies"]
    assert {one["record"] for one in found.values() if one["kind"] == "site"} == {
        pool["site"] for pool in document["pools"].values()
    }
    assert workspace(app).scenario is not None
    assert not app.exception
    assert app.button(key=KEY).disabled
    workspace(app).undo()
    app.run()
    assert not workspace(app).document.get("policy", {}).get("contingencies")
    assert not app.button(key=KEY).disabled


def test_the_number_of_providers_is_typed_and_what_cannot_be_met_is_said() -> None:
    app = opened("assumptions", demo())
    app.text_input(key="field:policy.min_providers:1").set_value("90").run()
    assert workspace(app).document["policy"]["min_providers"] == 90
    assert any("cannot be met" in frame.value.to_csv() for frame in app.dataframe)
    hours = ".".join(PROVIDER_NUMBER[2].path)
    assert [box for box in app.text_input if str(box.key).startswith(f"field:{hours}")], "asked for with a least number"
    app.text_input(key="field:policy.min_providers:1").set_value("").run()
    assert "min_providers" not in workspace(app).document["policy"]
    assert not app.exception
