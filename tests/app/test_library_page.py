"""The library page, and saving from the scenario menu, as Streamlit's test runner sees them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from hybridplan.domain import require
from hybridplan.io import share_link
from hybridplan.store import Library, database_url, new_key
from hybridplan.ui import cache
from hybridplan.ui.session import Workspace

HOSTILE = "![x](http://evil.example/p.png) <b> $x$"


@pytest.fixture
def store(_own_database: None) -> Library:
    """The library that the pages use, on a connection of its own."""
    return Library(database_url())


def workspace(app: AppTest) -> Workspace:
    found: Workspace = app.session_state["workspace"]
    return found


def texts(app: AppTest) -> str:
    shown = [*app.header, *app.markdown, *app.caption, *app.warning, *app.error, *app.info, *app.success]
    return "\n".join(element.value for element in shown).replace("\\", "")


def field(app: AppTest, label: str) -> Any:
    return next(one for one in (*app.text_input, *app.text_area) if one.label == label)


def click(app: AppTest, key: str) -> AppTest:
    app.button(key=key).click().run()
    assert not app.exception
    return app


def rename(app: AppTest, name: str) -> AppTest:
    field(app, "Name").set_value(name)
    return app.run()


def save(app: AppTest, note: str = "", author: str = "") -> AppTest:
    if author:
        field(app, "Your name").set_value(author).run()
    if note:
        field(app, "Note (what changed, and why)").set_value(note).run()
    ws = workspace(app)
    return click(app, "save_version" if ws.origin else "save_new")


def visit(root: Path, page: str = "", **query: str) -> AppTest:
    app = AppTest.from_file(str(root / "app.py"), default_timeout=60)
    for key, value in query.items():
        app.query_params[key] = value
    app.run()
    return app.switch_page(f"pages/{page}.py").run() if page else app


def key_in(app: AppTest) -> str:
    value = app.query_params["d"]
    return value if isinstance(value, str) else value[0]


def keep(store: Library, name: str, **options: Any) -> str:
    """An entry with the smallest example in it; its id."""
    entry = new_key()
    document = {**cache.bundled_document("reference_sunk"), "name": name}
    store.save_new(document, name=name, scenario_id=entry, save_id=new_key(), **options)
    return entry


def later(store: Library, entry: str, number: int, **options: Any) -> None:
    """One more version after ``number``, with a private pool of 50 instead of 100."""
    document = store.get(entry, number).document or {}
    first = next(iter(document["pools"]))
    document["pools"][first]["capacity_accelerators"] = 50
    store.save(entry, document, based_on=number, save_id=new_key(), **options)


def test_an_empty_library_offers_to_save_what_is_open(root: Path, store: Library) -> None:
    app = visit(root, "library")
    assert "Nothing is saved yet" in texts(app)
    click(app, "library_first")
    (entry,) = store.scenarios()
    assert entry.name == workspace(app).name
    assert "Version 1, saved" in texts(app)


def test_saving_from_the_menu_makes_versions_and_says_which(app: AppTest, store: Library) -> None:
    save(rename(app.run(), "Mine"), note="First", author="Ana")
    assert "Saved as version 1 of Mine." in texts(app)
    rename(app, "Mine, later")
    assert "changed since" in texts(app)
    save(app)
    assert "Version 2, saved" in texts(app)
    (entry,) = store.scenarios()
    assert [(version.number, version.author, version.note) for version in store.versions(entry.id)] == [
        (2, "Ana", ""),
        (1, "Ana", "First"),
    ]


def test_a_reload_remembers_the_entry(app: AppTest, root: Path, store: Library) -> None:
    save(rename(app.run(), "Mine"))
    again = visit(root, d=key_in(app))
    assert "Version 1, saved" in texts(again)
    rename(again, "Mine, later")
    save(again)
    (entry,) = store.scenarios()
    assert entry.versions == 2


def test_a_conflict_offers_a_copy(app: AppTest, root: Path, store: Library) -> None:
    save(rename(app.run(), "Mine"))
    (entry,) = store.scenarios()
    later_document = {**workspace(app).document, "name": "Theirs"}
    store.save(entry.id, later_document, based_on=1, author="Ana", save_id=new_key())
    save(rename(app, "Mine, changed"))
    assert "Not saved: Ana saved version 2 of Mine" in texts(app)
    assert workspace(app).name == "Mine, changed"
    app.toggle(key="conflict_compare").set_value(True).run()
    assert [list(frame.value["after"]) for frame in app.dataframe if "after" in frame.value] == [["Mine, changed"]]
    click(app, "conflict_copy")
    assert "Not saved" not in texts(app)
    assert {found.name: found.versions for found in store.scenarios()} == {"Mine": 2, "Mine, changed": 1}


def test_a_conflict_can_open_theirs_and_mine_stays_in_its_draft(app: AppTest, root: Path, store: Library) -> None:
    save(rename(app.run(), "Mine"))
    (entry,) = store.scenarios()
    store.save(entry.id, {**workspace(app).document, "name": "Theirs"}, based_on=1, save_id=new_key())
    save(rename(app, "Mine, changed"))
    mine = key_in(app)
    click(app, "conflict_open")
    assert workspace(app).name == "Theirs"
    assert "Version 2, saved" in texts(app)
    assert workspace(visit(root, d=mine)).name == "Mine, changed"


def test_a_version_opens_with_its_kept_plan_and_without_a_solve(
    app: AppTest, root: Path, store: Library, pool: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    app.run().selectbox(key="bundled").set_value("reference_sunk").run()
    save(click(app, "open_bundled"))
    other = visit(root, "library")
    pool._results.clear()
    pool.submitted.clear()
    click(other, "library_open")
    assert other.title[0].value == "Overview"
    assert pool.submitted == []
    plan = workspace(other).plan
    assert plan is not None
    assert plan.objective_usd == pytest.approx(65, rel=1e-6)
    assert "Cheapest for these inputs" in texts(other)
    assert "Version 1, saved" in texts(other)


def test_a_version_without_a_kept_plan_is_solved(root: Path, store: Library, pool: Any) -> None:
    keep(store, "Kept")
    app = visit(root, "library")
    click(app, "library_open")
    assert "Cheapest for these inputs" in texts(app)
    assert workspace(app).name == "Kept"


def test_search_and_tags_narrow_the_table(root: Path, store: Library) -> None:
    keep(store, "Frankfurt", tags=["eu", "prod"])
    keep(store, "Ohio", tags=["us"], author="Ana")
    app = visit(root, "library")
    assert set(app.dataframe[0].value["name"]) == {"Frankfurt", "Ohio"}
    app.text_input(key="library_search").set_value("ana").run()
    assert list(app.dataframe[0].value["name"]) == ["Ohio"]
    app.text_input(key="library_search").set_value("").run()
    app.multiselect(key="library_tags").set_value(["eu"]).run()
    assert list(app.dataframe[0].value["name"]) == ["Frankfurt"]
    app.text_input(key="library_search").set_value("no such").run()
    assert "No saved scenario has all of that" in texts(app)


def test_rename_and_tags(root: Path, store: Library) -> None:
    entry = keep(store, "Old name")
    app = visit(root, "library")
    field(app, "New name").set_value("New name").run()
    click(app, "library_rename")
    assert store.entry(entry).name == "New name"
    found = store.entry(entry)
    app.session_state[f"tags:{entry}:{found.rev}"] = ["eu", "2027"]
    click(app, "library_save_tags")
    assert store.entry(entry).tags == ("eu", "2027")


def test_a_change_behind_our_back_is_not_overwritten(root: Path, store: Library) -> None:
    entry = keep(store, "Old name")
    app = visit(root, "library")
    store.rename(entry, "Theirs", store.entry(entry).rev)
    field(app, "New name").set_value("Ours")
    click(app, "library_rename")
    assert "Somebody changed this entry meanwhile" in texts(app)
    assert store.entry(entry).name == "Theirs"


def test_delete_can_be_undone_and_deleted_entries_come_back(root: Path, store: Library) -> None:
    entry = keep(store, "Gone")
    app = visit(root, "library")
    click(app, "library_delete")
    assert store.scenarios() == []
    click(app, "library_undo")
    assert [found.id for found in store.scenarios()] == [entry]
    click(app, "library_delete")
    app.segmented_control(key="library_view").set_value("Deleted").run()
    assert "Gone" in texts(app)
    click(app, f"undelete:{entry}")
    assert [found.id for found in store.scenarios()] == [entry]
    assert "Nothing is deleted." in texts(app)


def test_an_old_version_is_restored_as_the_newest_once(root: Path, store: Library) -> None:
    entry = keep(store, "Estate")
    later(store, entry, 1)
    app = visit(root, "library")
    assert app.button(key="library_restore").disabled
    app.selectbox(key=f"version:{entry}:2").set_value(1).run()
    click(app, "library_restore")
    assert "Version 1 is the newest again, as version 3" in texts(app)
    assert store.get(entry, 3).document == store.get(entry, 1).document


def test_two_versions_are_compared(root: Path, store: Library) -> None:
    entry = keep(store, "Estate")
    later(store, entry, 1)
    app = visit(root, "library")
    frame = next(frame.value for frame in app.dataframe if "before" in frame.value)
    assert frame.to_dict("records") == [
        {
            "path": "pools.private.capacity_accelerators",
            "before": "100",
            "after": "50",
            "unit": "accelerators",
        }
    ]
    app.selectbox(key=f"compare:After:{entry}:2").set_value(1).run()
    assert "have the same inputs" in texts(app)
    assert not app.exception


def test_notes_on_an_input_are_kept_and_deleted(root: Path, store: Library) -> None:
    entry = keep(store, "Estate")
    app = visit(root, "library")
    app.selectbox(key=f"note_path:{entry}").set_value("pools.private.capacity_accelerators").run()
    field(app, "Note").set_value("From the asset list\n" + HOSTILE).run()
    click(app, "library_add_note")
    (note,) = store.notes(entry)
    assert (note.path, note.text) == ("pools.private.capacity_accelerators", "From the asset list\n" + HOSTILE)
    assert "pools.private.capacity_accelerators" in texts(app)
    assert field(app, "Note").value == ""
    click(app, f"delete_note:{note.id}")
    assert store.notes(entry) == []


def test_an_empty_note_is_not_kept(root: Path, store: Library) -> None:
    entry = keep(store, "Estate")
    app = click(visit(root, "library"), "library_add_note")
    assert "Type the note first" in texts(app)
    assert store.notes(entry) == []


def test_hostile_text_is_shown_as_text(root: Path, store: Library) -> None:
    entry = keep(store, HOSTILE, note=HOSTILE, author=HOSTILE[:40], tags=[HOSTILE[:40]])
    store.add_note(entry, "", HOSTILE, HOSTILE[:40], new_key())
    app = visit(root, "library")
    click(app, "library_delete")
    app.segmented_control(key="library_view").set_value("Deleted").run()
    shown = [*app.header, *app.markdown, *app.caption, *app.warning, *app.error, *app.info, *app.success]
    assert not [one.value for one in shown if "![x](" in one.value or "<b>" in one.value]
    assert any("http" in one.value for one in shown)


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    path = tmp_path / "broken.sqlite3"
    path.write_bytes(b"garbage " * 1000)
    monkeypatch.setenv("HYBRIDPLAN_DATABASE_URL", f"sqlite:///{path}")
    return path


def test_without_a_database_the_page_says_so_and_work_goes_on(broken: Path, root: Path) -> None:
    app = visit(root, "library")
    assert not app.exception
    assert "The library does not answer: the database file is damaged" in texts(app)
    click(app, "save_new")
    assert "Not saved to the library: the database file is damaged" in texts(app)
    click(app, "solve")
    assert "Cheapest for these inputs" in texts(app)
    click(app, "library_retry")
    assert broken.read_bytes() == b"garbage " * 1000


def test_a_shared_view_has_no_library_and_offers_a_copy(root: Path, store: Library) -> None:
    keep(store, "Kept")
    payload = share_link.pack(require(cache.bundled_document("reference_sunk")))
    app = visit(root, "library", z=payload)
    assert "the library is not part of it" in texts(app)
    assert "Kept" not in texts(app)
    assert not app.dataframe
    click(app, "explore_copy")
    assert not workspace(app).read_only
    assert [list(frame.value["name"]) for frame in app.dataframe if "name" in frame.value] == [["Kept"]]
