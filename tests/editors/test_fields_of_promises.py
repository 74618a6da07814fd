"""Failures to survive on Assumptions, and promised shares on Demand."""

from __future__ import annotations

from typing import Any

from test_more_table_pages import edit, opened, workspace

from hybridplan.io import catalogue, scenario_json


def demo() -> dict[str, Any]:
    return scenario_json.load(catalogue.scenario_paths()["demo"]).to_dict()


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
