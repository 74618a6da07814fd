"""The frame: first visit, links, drafts, undo, menu and solving, as Streamlit's test runner sees them."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from streamlit.proto.WidgetStates_pb2 import WidgetStates
from streamlit.testing.v1 import AppTest

from hybridplan.domain import require
from hybridplan.io import exports, share_link
from hybridplan.store import DraftStore, database_url, new_key
from hybridplan.ui import cache, holders
from hybridplan.ui.session import Workspace
from hybridplan.ui.sitemap import PAGES


def workspace(app: AppTest) -> Workspace:
    return app.session_state["workspace"]


def address(app: AppTest) -> dict[str, str]:
    """The parameters in the address bar; Streamlit's runner gives a value as text or as a list of one."""
    return {key: value if isinstance(value, str) else value[0] for key, value in app.query_params.items()}


def key_in(app: AppTest) -> str:
    return address(app)["d"]


def texts(app: AppTest) -> str:
    """All that the frame says."""
    shown = [*app.header, *app.markdown, *app.caption, *app.warning, *app.error, *app.info]
    return "\n".join(element.value for element in shown).replace("\\", "")


def rename(app: AppTest, name: str) -> AppTest:
    field = next(field for field in app.text_input if field.label == "Name")
    return field.set_value(name).run()


def other_visit(root: Path, **query: str) -> AppTest:
    app = AppTest.from_file(str(root / "app.py"), default_timeout=60)
    for key, value in query.items():
        app.query_params[key] = value
    return app.run()


def test_the_first_visit_shows_the_demo_solved_and_writes_nothing(app: AppTest, pool: Any) -> None:
    app.run()
    assert not app.exception
    assert app.title[0].value == "Overview"
    assert "Cheapest for these inputs" in texts(app)
    assert not address(app)
    assert workspace(app).draft_key is None


@pytest.mark.parametrize("page", [page.name for page in PAGES[1:]])
def test_each_page_has_its_title_and_no_exception(app: AppTest, page: str) -> None:
    app.run().switch_page(f"pages/{page}.py").run()
    assert not app.exception
    assert app.title[0].value == {entry.name: entry.title for entry in PAGES}[page]


def test_a_change_is_saved_under_a_key_that_reload_opens(app: AppTest, root: Path) -> None:
    rename(app.run(), "Mine")
    again = other_visit(root, d=key_in(app))
    assert workspace(again).name == "Mine"
    assert "Saved at" in texts(again)


def test_the_key_stays_in_the_address_on_every_page(app: AppTest) -> None:
    rename(app.run(), "Mine")
    key = key_in(app)
    app.switch_page("pages/demand.py").run()
    assert key_in(app) == key
    assert workspace(app).name == "Mine"


def test_going_back_to_an_address_without_a_key_loses_nothing(app: AppTest) -> None:
    """The history entry of the first page, before the first change, has no key."""
    rename(app.run(), "Mine")
    key = key_in(app)
    del app.query_params["d"]
    app.run()
    assert workspace(app).name == "Mine"
    assert key_in(app) == key


def test_going_back_to_an_older_draft_opens_it_again(app: AppTest) -> None:
    rename(app.run(), "First")
    first = key_in(app)
    app.button(key="new").click().run()
    assert workspace(app).name == "New scenario"
    app.query_params["d"] = first
    app.run()
    assert workspace(app).name == "First"


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ({"d": "no-such-key"}, "There is no draft under this address"),
        ({"d": "' OR 1=1 --"}, "There is no draft under this address"),
    ],
)
def test_an_unknown_draft_says_so_and_shows_the_demo(root: Path, query: dict[str, str], words: str) -> None:
    app = other_visit(root, **query)
    assert not app.exception
    assert words in texts(app)
    assert workspace(app).name == cache.first_document()["name"]
    assert not address(app)


def test_a_bad_link_keeps_the_work_that_is_open(app: AppTest) -> None:
    rename(app.run(), "Mine")
    key = key_in(app)
    del app.query_params["d"]
    app.query_params["z"] = "damaged"
    app.run()
    assert app.title[0].value == "This link cannot be opened"
    app.button(key="link_back").click().run()
    assert workspace(app).name == "Mine"
    assert address(app) == {"d": key}


def test_a_draft_that_a_live_tab_holds_opens_as_a_copy(
    app: AppTest, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other tab's name stands in the list of holders; the copy's first change gets a key of its own."""
    rename(app.run(), "Shared by mistake")
    key = key_in(app)
    monkeypatch.setitem(holders._HOLDERS, key, "another tab")
    monkeypatch.setattr(holders, "is_live", lambda session: session == "another tab")
    other = other_visit(root, d=key)
    assert "open in another window" in texts(other)
    rename(other, "Theirs")
    assert key_in(other) != key
    monkeypatch.setattr(holders, "is_live", lambda _: False)
    assert workspace(other_visit(root, d=key)).name == "Shared by mistake"


def test_a_draft_changed_behind_our_back_is_not_overwritten(app: AppTest, root: Path) -> None:
    rename(app.run(), "One")
    key = key_in(app)
    store = DraftStore(database_url())
    draft = store.get(key)
    assert draft is not None
    store.put(key, {**draft.document, "name": "Theirs"}, draft.opened, draft.rev)
    rename(app, "Ours")
    assert "changed in another window" in texts(app)
    assert key_in(app) != key
    assert workspace(other_visit(root, d=key)).name == "Theirs"
    assert workspace(other_visit(root, d=key_in(app))).name == "Ours"


def test_without_a_database_work_goes_on_and_the_page_says_that_it_is_not_saved(
    app: AppTest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = tmp_path / "broken.sqlite3"
    broken.write_bytes(b"garbage " * 1000)
    monkeypatch.setenv("HYBRIDPLAN_DATABASE_URL", f"sqlite:///{broken}")
    rename(app.run(), "Mine")
    assert not app.exception
    assert "Not saved: the database file is damaged" in texts(app)
    app.button(key="solve").click().run()
    assert "Cheapest for these inputs" in texts(app)
    app.button(key="undo").click().run()
    assert workspace(app).name == cache.first_document()["name"]
    assert broken.read_bytes() == b"garbage " * 1000


def test_a_draft_that_cannot_be_read_now_keeps_its_address_for_a_reload(
    root: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    broken = tmp_path / "broken.sqlite3"
    broken.write_bytes(b"garbage " * 1000)
    monkeypatch.setenv("HYBRIDPLAN_DATABASE_URL", f"sqlite:///{broken}")
    key = new_key()
    app = other_visit(root, d=key)
    assert "cannot be read now" in texts(app)
    assert key_in(app) == key


def test_undo_redo_and_reset(app: AppTest) -> None:
    name = workspace(app.run()).name
    assert app.button(key="undo").disabled
    rename(app, "Mine")
    app.button(key="undo").click().run()
    assert workspace(app).name == name
    app.button(key="redo").click().run()
    assert workspace(app).name == "Mine"
    app.button(key="reset").click().run()
    assert workspace(app).name == name
    assert app.button(key="reset").disabled


def test_duplicate_keeps_the_original(app: AppTest, root: Path) -> None:
    rename(app.run(), "Mine")
    original = key_in(app)
    app.button(key="duplicate").click().run()
    assert workspace(app).name == "Mine (copy)"
    assert key_in(app) != original
    assert workspace(other_visit(root, d=original)).name == "Mine"


def test_an_example_opens_solved(app: AppTest) -> None:
    app.run().selectbox(key="bundled").set_value("reference_sunk").run()
    app.button(key="open_bundled").click().run()
    ws = workspace(app)
    assert ws.plan is not None
    assert ws.plan.objective_usd == pytest.approx(65, rel=1e-6)
    assert key_in(app)


def uploader(app: AppTest) -> Any:
    return app.file_uploader[0]


def test_a_field_that_is_gone_does_not_rename_what_was_opened_since(app: AppTest) -> None:
    """A browser that has not heard yet of the new field hands over what was typed into the old one."""
    app.run()
    late = WidgetStates()
    field = late.widgets.add()
    field.id = next(one.proto.id for one in app.text_input if one.label == "Name")
    field.string_value = "Mine"
    app.selectbox(key="bundled").set_value("reference_sunk").run()
    app.button(key="open_bundled").click().run()
    app._run(late)
    assert not app.exception
    assert workspace(app).document == cache.bundled_document("reference_sunk")
    assert not workspace(app).can_undo


def test_a_scenario_file_opens(app: AppTest) -> None:
    document = {**cache.bundled_document("reference_sunk"), "name": "From a file"}
    app.run()
    uploader(app).upload("mine.json", json.dumps(document).encode(), "application/json").run()
    assert not app.exception
    assert workspace(app).name == "From a file"


def test_a_workbook_of_a_plan_opens_as_its_scenario(app: AppTest) -> None:
    plan = workspace(app.run()).plan
    assert plan is not None
    excel = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    uploader(app).upload("plan.xlsx", exports.plan_excel(plan), excel).run()
    assert not app.exception
    opened = workspace(app).scenario
    assert opened is not None
    assert opened.content_hash == plan.content_hash
    uploader(app).upload("plan.xlsx", exports.plan_excel(plan)[:2000], excel).run()
    assert "This file was not opened" in texts(app)


def test_a_workbook_with_a_sheet_of_inputs_that_is_not_read_says_so(app: AppTest) -> None:
    app.run().selectbox(key="bundled").set_value("reference_sunk").run()
    plan = workspace(app.button(key="open_bundled").click().run()).plan
    assert plan is not None
    book = openpyxl.load_workbook(io.BytesIO(exports.plan_excel(plan)))
    book.create_sheet("Input prices")
    buffer = io.BytesIO()
    book.save(buffer)
    excel = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    uploader(app).upload("plan.xlsx", buffer.getvalue(), excel).run()
    assert "Input prices: is no sheet of inputs and was not read." in texts(app).replace("\\", "")


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"name": 1}', b"\xff\xfe\x00", b'{"a":' * 500])
def test_a_file_that_is_no_scenario_is_refused_with_its_faults(app: AppTest, content: bytes) -> None:
    name = workspace(app.run()).name
    uploader(app).upload("bad.json", content, "application/json").run()
    assert not app.exception
    assert "This file was not opened" in texts(app)
    assert workspace(app).name == name


def test_a_share_link_opens_read_only_and_solved_and_writes_nothing(root: Path, pool: Any) -> None:
    payload = share_link.pack(require({**cache.bundled_document("reference_sunk"), "name": "Sent"}))
    app = other_visit(root, z=payload)
    ws = workspace(app)
    assert (ws.name, ws.read_only, ws.draft_key) == ("Sent", True, None)
    assert "Shared view" in texts(app)
    assert ws.plan is not None
    assert address(app) == {"z": payload}
    writing = {"undo", "reset", "duplicate", "new", "open_bundled", "save_new", "save_version"}
    assert not [button.key for button in app.button if button.key in writing]
    assert not app.file_uploader
    app.switch_page("pages/plan.py").run()
    assert address(app) == {"z": payload}


def test_exploring_a_copy_of_a_shared_view_makes_a_draft(root: Path, pool: Any) -> None:
    payload = share_link.pack(require(cache.bundled_document("reference_sunk")))
    app = other_visit(root, z=payload)
    solves = len(pool.submitted)
    app.button(key="explore_copy").click().run()
    assert not workspace(app).read_only
    assert "z" not in address(app)
    assert workspace(app).plan is not None
    assert len(pool.submitted) == solves
    rename(app, "My copy")
    assert workspace(other_visit(root, z=payload)).name != "My copy"


def test_a_shared_document_with_a_fault_shows_the_fault_not_a_traceback(root: Path) -> None:
    app = other_visit(root, z=share_link.pack({"name": "No horizon"}))
    assert not app.exception
    assert workspace(app).scenario is None
    assert app.button(key="solve").disabled


def share_inside(app: AppTest) -> AppTest:
    """The dialog at the link with everything inside."""
    app.button(key="share").click().run()
    return app.radio(key="share_kind").set_value("A link with everything inside").run()


def shared_code(app: AppTest) -> str:
    return share_inside(app).code[0].value


def test_the_share_dialog_gives_a_link_that_opens_the_same_scenario(app: AppTest, root: Path) -> None:
    rename(app.run(), "Sent")
    link = shared_code(app)
    assert "d=" not in link.split("?")[0]
    assert key_in(app) not in link
    other = other_visit(root, z=link.split("?z=")[1])
    assert workspace(other).scenario == workspace(app).scenario
    assert "cannot be revoked" in texts(app)
    assert f"{len(link):,} characters" in texts(app)


def test_a_scenario_too_long_for_a_link_offers_the_file(app: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    app.run()
    monkeypatch.setattr("hybridplan.ui.links.pack", lambda _: "A" * 8000)
    share_inside(app)
    assert not app.code
    assert "Send the file instead" in texts(app)


def test_a_long_link_warns(app: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    app.run()
    monkeypatch.setattr("hybridplan.ui.links.pack", lambda _: "A" * 2001)
    assert "may cut links above 2,000" in texts(share_inside(app))


def change_capacity(app: AppTest) -> AppTest:
    """As an editor does: another capacity of the first pool."""
    ws = workspace(app)
    first, pool = next(iter(ws.document["pools"].items()))
    changed = {**pool, "capacity_accelerators": pool["capacity_accelerators"] + 8}
    ws.commit({**ws.document, "pools": {**ws.document["pools"], first: changed}}, "More accelerators")
    return app.run()


def test_a_new_name_leaves_the_answer_as_it_is(app: AppTest) -> None:
    rename(app.run(), "Renamed")
    ws = workspace(app)
    assert not ws.is_stale
    assert ws.plan is not None
    assert ws.plan.scenario.name == "Renamed"
    change_capacity(app)
    rename(app, "Renamed again")
    assert ws.is_stale


def test_an_edit_makes_the_answer_stale_until_it_is_solved(app: AppTest) -> None:
    change_capacity(app.run())
    assert "Cheapest for these inputs" not in texts(app)
    assert workspace(app).is_stale
    app.button(key="undo").click().run()
    assert "Cheapest for these inputs" in texts(app)
    app.button(key="redo").click().run()
    app.button(key="solve").click().run()
    assert "Cheapest for these inputs" in texts(app)
    assert not workspace(app).is_stale


def test_a_slow_solve_shows_progress_and_can_be_cancelled(app: AppTest, pool: Any) -> None:
    pool.is_slow = True
    app.run()
    assert "Solving, 3 s. Working" in texts(app)
    assert workspace(app).solving
    app.button(key="cancel_solve").click().run()
    assert not workspace(app).solving
    assert "cancel" in texts(app).casefold() or "stopped" in texts(app).casefold()


def test_a_slow_solve_ends_with_the_answer(app: AppTest, pool: Any) -> None:
    pool.is_slow = True
    app.run()
    pool.finish()
    app.run()
    assert "Cheapest for these inputs" in texts(app)


def test_a_solve_that_fails_says_why_and_the_pages_go_on(app: AppTest, pool: Any) -> None:
    pool.failure = "The solver process ended without an answer"
    app.run()
    assert not app.exception
    assert "ended without an answer" in texts(app)
    assert workspace(app).plan is None


def test_a_hostile_name_is_shown_as_text(app: AppTest) -> None:
    rename(app.run(), "![x](http://evil.example/p.png) <b>")
    assert "\\!\\[x\\]\\(http" in app.header[0].value
    assert "![x](" not in app.header[0].value
