"""The Report button: on every page and in shared views; it says what the files hold, and that a plan is old."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from shared_estate import click, estate, go, rename, texts, visit, workspace
from streamlit.testing.v1 import AppTest

from hybridplan.report.files import KINDS
from hybridplan.ui import report
from hybridplan.ui.sitemap import PAGES

LABELS = ["HTML report", "PDF", "Excel workbook", "Hourly costs (CSV)", "Scenario (JSON)", "Everything (ZIP)"]


@pytest.fixture
def small(app: AppTest) -> AppTest:
    """The smallest example, solved."""
    app.run().selectbox(key="bundled").set_value("reference_sunk").run()
    return click(app, "open_bundled")


def offered(app: AppTest) -> list[str]:
    """Labels of the download buttons of the dialog."""
    labels = [one.proto.label.replace("\\", "") for one in app.get("download_button")]
    return [label for label in labels if label in LABELS]


def change(app: AppTest, **fields: Any) -> None:
    """Change the scenario's workload as an editor would."""
    ws = workspace(app)
    works = {key: {**work, **fields} for key, work in ws.document["workloads"].items()}
    ws.commit({**ws.document, "workloads": works}, "Change", rebuild=True)
    app.run()


@pytest.mark.parametrize("page", [page.name for page in PAGES if page.in_shared_views])
def test_every_page_of_a_shared_view_offers_every_file(root: Path, page: str) -> None:
    app = visit(root, s=estate().link())
    go(app, page)
    click(app, "report")
    assert offered(app) == LABELS
    assert not app.exception


def test_each_file_says_what_it_is_for(small: AppTest) -> None:
    click(small, "report")
    assert offered(small) == LABELS
    assert len(LABELS) == len(KINDS)
    said = texts(small)
    assert "Opens in any browser without a network; about 5 MB" in said
    assert "FOCUS columns" in said
    assert "They hold all names and prices." in said
    assert not small.warning


def test_an_old_plan_says_so_and_can_be_solved_first(small: AppTest) -> None:
    """The files are of the inputs that were solved, and of the new ones after solving."""
    click(small, "report")
    change(small, unserved_usd_per_unit=7.0)
    ws = workspace(small)
    assert ws.is_stale
    assert "These files hold the inputs that were solved" in texts(small)
    assert report.origin(ws) == ""
    click(small, "report_solve").run()
    assert not workspace(small).is_stale
    assert "These files hold" not in texts(small)
    assert offered(small) == LABELS


def test_without_a_plan_there_is_nothing_to_hand_over_but_a_way_to_one(small: AppTest, pool: Any) -> None:
    pool.is_slow = True
    workspace(small).plan = None
    change(small, unserved_usd_per_unit=9.0)
    click(small, "report")
    assert offered(small) == []
    assert "has not been solved yet" in texts(small)
    click(small, "report_solve")
    assert workspace(small).solving


def test_an_impossible_scenario_offers_a_report_that_says_so(small: AppTest) -> None:
    change(small, must_serve=True, demand_units_per_hour={"hour": [400.0]})
    click(small, "solve").run()
    click(small, "report")
    assert offered(small) == ["HTML report", "PDF", "Scenario (JSON)", "Everything (ZIP)"]
    assert "There is no plan. The report says why" in texts(small)


def test_the_saved_version_is_named(root: Path) -> None:
    shown = workspace(visit(root, s=estate().link()))
    assert report.origin(shown).startswith("Version 1 of Estate, saved ")


def test_a_draft_that_was_never_saved_names_no_version(small: AppTest) -> None:
    assert report.origin(workspace(rename(small, "Mine"))) == ""


def test_a_file_that_cannot_be_built_fails_with_words_and_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    def broken() -> bytes:
        raise ZeroDivisionError

    build = report._guarded(report.File("x-report.html", "text/html", broken))
    with pytest.raises(report.HybridplanError, match="could not be built"):
        build()
    assert "html could not be built" in caplog.text
