"""What a link shows: its version, read only, on every page; or nothing, with one page for all reasons."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from shared_estate import address, click, database_file, document, estate, go, rename, rows, texts, visit, workspace
from streamlit.testing.v1 import AppTest

from hybridplan.analysis import planner, registry
from hybridplan.domain import require
from hybridplan.errors import StoreError
from hybridplan.store import Library, new_key, new_token
from hybridplan.ui import cache, drafting, library, tabs
from hybridplan.ui.sitemap import PAGES
from hybridplan.ui.workspace import Copied, ReadOnly, Workspace

SHARED_PAGES = [page.name for page in PAGES if page.in_shared_views]
WRITING = {"undo", "redo", "reset", "new", "duplicate", "open_bundled", "save_new", "save_version", "library_first"}


def test_a_link_shows_its_version_read_only_and_solved(root: Path) -> None:
    app = visit(root, s=estate(versions=2).link(1, label="Board"))
    ws = workspace(app)
    assert (ws.read_only, ws.draft_key, ws.origin) == (True, None, None)
    assert ws.document == document(100)
    assert ws.plan is not None
    said = texts(app)
    assert "Read only: Estate**, version 1, saved" in said
    assert "by Ana. Shared as: Board. This link always shows version 1, which never changes." in said
    assert "There is 1 newer version, which it does not show. It works until" in said


def test_a_link_to_the_latest_names_it(root: Path) -> None:
    app = visit(root, s=estate(versions=2).link(None, expires_days=None))
    assert workspace(app).document == document(50)
    assert "always shows the latest version, which is version 2 now. It works until withdrawn." in texts(app)


def test_a_fixed_link_to_the_newest_version_says_so(root: Path) -> None:
    assert "which never changes; it is the latest." in texts(visit(root, s=estate().link()))


@pytest.mark.parametrize("page", SHARED_PAGES)
def test_every_page_keeps_the_link_and_has_nothing_that_writes(root: Path, page: str) -> None:
    token = estate().link()
    app = go(visit(root, s=token), page)
    assert address(app) == {"s": token}
    assert not {button.key for button in app.button} & WRITING
    assert not app.file_uploader
    assert all(field.disabled for field in app.number_input)


def test_the_library_is_not_part_of_a_shared_view(root: Path) -> None:
    app = visit(root, "library", s=estate().link())
    assert "the library is not part of it" in texts(app)
    assert not app.dataframe
    assert {button.key for button in app.button} == {"solve", "share", "report", "explore_copy"}


def test_a_shared_view_writes_nothing(root: Path) -> None:
    made = estate(versions=2)
    token = made.link()
    before = rows()
    app = visit(root, s=token)
    for page in (*SHARED_PAGES, "library"):
        click(go(app, page), "solve")
        click(app, "share")
    assert rows() == before
    assert made.store.links(made.entry)[0].opened == 1


def test_the_kept_plan_is_shown_without_a_solve(root: Path, pool: Any) -> None:
    made = estate()
    version = made.store.get(made.entry)
    ws = Workspace(document=document(), opened=document(), origin=library.origin(version, "Estate"))
    ws.plan = planner.solve(require(document()))
    library.keep_plan(ws, made.store)
    app = visit(root, s=made.link())
    assert pool.submitted == []
    plan = workspace(app).plan
    assert plan is not None
    assert plan.objective_usd == pytest.approx(65, rel=1e-6)


def test_an_opening_is_counted_once_in_a_session(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    token, counted = estate().link(), list[str]()
    monkeypatch.setattr(Library, "count_opening", lambda _, opened: counted.append(opened))
    app = visit(root, s=token)
    go(app, "plan").run()
    click(app, "explore_copy")
    app.query_params["s"] = token
    assert workspace(app.run()).read_only
    assert counted == [token]


def test_a_counter_that_fails_is_no_matter(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(*_: object) -> None:
        raise StoreError("the database is busy; try again")

    token = estate().link()
    monkeypatch.setattr(Library, "count_opening", failing)
    app = visit(root, s=token)
    assert not app.exception
    assert workspace(app).read_only


def expire(label: str) -> None:
    """Put the end of the link with this label into the past."""
    with closing(sqlite3.connect(database_file())) as connection, connection:
        connection.execute("UPDATE links SET expires_at = '2020-01-01T00:00:00+00:00' WHERE label = ?", (label,))


def dead_links() -> dict[str, str]:
    """One link for each way of showing nothing."""
    made, binned = estate(), estate()
    links = {
        "expired": made.link(label="expired"),
        "withdrawn": made.link(label="withdrawn"),
        "deleted": binned.link(),
        "unknown": new_token(),
        "malformed": "' OR 1=1 --",
        "empty": "",
        "upper case": made.link(label="right").upper(),
        "an id": made.entry,
    }
    expire("expired")
    made.store.revoke(next(link.id for link in made.store.links(made.entry) if link.label == "withdrawn"))
    binned.store.delete(binned.entry, binned.store.entry(binned.entry).rev)
    return links


def shown(app: AppTest) -> list[tuple[str, str]]:
    """Everything on the page, in its order."""
    assert not app.exception
    _, *elements = app.main
    return [(one.type, str(getattr(one, "value", "")) + str(getattr(one, "label", ""))) for one in elements]


def test_links_that_show_nothing_all_look_the_same(root: Path, pool: Any) -> None:
    pages = {kind: shown(visit(root, s=token)) for kind, token in dead_links().items()}
    assert pages["unknown"][0] == ("title", "This link shows nothing")
    assert {kind for kind, page in pages.items() if page != pages["unknown"]} == set()
    assert pool.submitted == []


def test_from_a_dead_link_to_the_example_and_back(root: Path) -> None:
    dead = new_token()
    app = visit(root, s=dead)
    assert "workspace" not in app.session_state
    assert not app.sidebar.children
    click(app, "link_example")
    assert workspace(app).name == cache.first_document()["name"]
    assert address(app) == {}
    app.query_params["s"] = dead
    assert app.run().title[0].value == "This link shows nothing"
    click(app, "link_back")
    assert (address(app), app.title[0].value) == ({}, "Overview")


@pytest.mark.parametrize(
    ("payload", "words"), [("damaged", "damaged or cut off"), ("A" * 9000, "longer than 8000 characters"), ("", "")]
)
def test_a_damaged_link_says_why_and_shows_no_scenario(root: Path, payload: str, words: str) -> None:
    app = visit(root, z=payload)
    assert app.title[0].value == "This link cannot be opened"
    assert words in texts(app)
    assert "Ask for the link again" in texts(app)
    click(app, "link_example")
    assert workspace(app).name == cache.first_document()["name"]


def test_without_its_database_a_link_can_be_tried_again(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    token, good = estate().link(), f"sqlite:///{database_file()}"
    broken = tmp_path / "broken.sqlite3"
    broken.write_bytes(b"garbage " * 1000)
    monkeypatch.setenv("HYBRIDPLAN_DATABASE_URL", f"sqlite:///{broken}")
    app = visit(root, s=token)
    assert app.title[0].value == "This link cannot be opened now"
    assert "the database file is damaged" in texts(app)
    assert "expired" not in texts(app)
    click(app, "link_retry")
    assert app.title[0].value == "This link cannot be opened now"
    monkeypatch.setenv("HYBRIDPLAN_DATABASE_URL", good)
    click(app, "link_retry")
    assert workspace(app).document == document()
    assert address(app) == {"s": token}


@pytest.mark.parametrize(("tab", "title"), [("limits", "Limits"), ("cost", "What it costs")])
def test_a_link_opens_at_the_section_that_it_names(root: Path, tab: str, title: str) -> None:
    app = visit(root, s=estate().link())
    app.query_params["at"] = tab
    go(app, "plan")
    assert app.session_state["plan-section"] == title
    app.session_state["plan-section"] = "Routes"
    app.run()
    assert app.session_state["plan-section"] == "Routes"


TABS = [(page, code, title) for page in ("tradeoffs", "resilience") for code, title in tabs.TITLES[page].items()]


@pytest.mark.parametrize(("page", "tab", "title"), TABS)
def test_it_opens_at_any_section_of_trade_offs_and_resilience(root: Path, page: str, tab: str, title: str) -> None:
    app = visit(root, s=estate().link())
    app.query_params["at"] = tab
    go(app, page)
    assert [one.label for one in app.tabs] == list(tabs.TITLES[page].values())
    assert app.session_state[f"{page}-section"] == title


@pytest.mark.parametrize(("page", "tab"), [("resilience", "frontier"), ("tradeoffs", "drill"), ("demand", "drill")])
def test_a_section_of_another_page_is_passed_over(root: Path, page: str, tab: str) -> None:
    app = visit(root, s=estate().link())
    app.query_params["at"] = tab
    go(app, page)
    first = next(iter(tabs.TITLES.get(page, {}).values()), None)
    assert (app.session_state[f"{page}-section"] if first else None) == first


@pytest.mark.parametrize("tab", ["jobs", "no such", "Limits", ""])
def test_a_section_that_is_not_there_is_passed_over(root: Path, tab: str) -> None:
    """The example has no jobs, so no such tab."""
    assert "jobs" not in registry.tabs(require(document()))
    app = visit(root, s=estate().link())
    app.query_params["at"] = tab
    go(app, "plan")
    assert app.session_state["plan-section"] == "Where it runs"


def test_a_copy_is_a_draft_of_ones_own_that_knows_what_it_is_a_copy_of(root: Path) -> None:
    made = estate()
    token = made.link()
    app = click(visit(root, s=token), "explore_copy")
    assert set(address(app)) == {"d"}
    assert (workspace(app).read_only, workspace(app).origin) == (False, None)
    assert "Your copy of Estate, version 1, saved" in texts(app)
    rename(app, "Mine")
    again = visit(root, **address(app))
    assert workspace(again).name == "Mine"
    assert "Your copy of Estate, version 1, saved" in texts(again)
    click(again, "save_new")
    assert {entry.name: entry.versions for entry in made.store.scenarios()} == {"Mine": 1, "Estate": 1}
    assert made.store.get(made.entry).document == document()
    copied = workspace(visit(root, **address(again))).copied
    assert copied is not None
    assert copied.document == document()
    assert workspace(visit(root, s=token)).document == document()


def drawer(app: AppTest) -> AppTest:
    """The page with the drawer open."""
    app.session_state["copied_drawer"] = True
    return app.run()


def test_a_copy_shows_what_changed_and_what_that_does_to_the_cost(root: Path) -> None:
    """By hand: 100 sunk private at 0.5 and 50 public at 0.3 cost 65; 50 private and 100 public cost 25 + 30 = 55."""
    app = click(visit(root, s=estate().link()), "explore_copy")
    assert "your copy costs 65" in texts(drawer(app))
    assert "so yours costs the same." in texts(app)
    workspace(app).commit(document(50), "Less private capacity")
    app.run()
    assert "Solve your copy to compare its cost" in texts(app)
    click(app, "solve")
    said = "your copy costs 55 USD; the plan of the link costs 65 USD, so yours costs 10 USD (15.4 %) less."
    assert said in texts(app)
    again = drawer(visit(root, **address(app)))
    assert said in texts(again)
    frame = next(one.value for one in again.dataframe if "before" in one.value)
    assert frame.to_dict("records") == [
        {"path": "pools.private.capacity_accelerators", "before": "100", "after": "50", "unit": "accelerators"}
    ]


def test_a_copy_whose_link_has_no_plan_any_more_says_so(root: Path, pool: Any) -> None:
    app = click(visit(root, s=estate().link()), "explore_copy")
    workspace(app).commit(document(50), "Less private capacity")
    click(app.run(), "solve")
    pool._results.pop(require(document()).content_hash)
    assert "is not kept here any more" in texts(drawer(visit(root, **address(app))))


def test_a_shared_view_is_never_saved(store: Library) -> None:
    with pytest.raises(ReadOnly):
        library.save(Workspace(document=document(), opened=document(), read_only=True), store)
    assert store.scenarios() == []


@pytest.fixture
def store(_own_database: None, tmp_path: Path) -> Library:
    return Library(f"sqlite:///{tmp_path / 'drafts.sqlite3'}")


@pytest.mark.parametrize("kept", [document(), {**document(), "name": "As it was opened"}])
def test_what_a_draft_is_a_copy_of_comes_back(kept: Any) -> None:
    copied = Copied(kept, "Estate", 3, "Ana", datetime(2026, 10, 1, 9, 30, tzinfo=UTC))
    ws = drafting.start(document(), epoch=0, saved=True, copied=copied)
    assert ws.draft_key is not None
    draft = drafting.load(ws.draft_key)
    assert draft is not None
    again = drafting.resume(ws.draft_key, draft, epoch=0)
    assert (again.copied, again.opened) == (copied, document())


def test_a_withdrawn_link_ends_when_its_reader_goes_to_another_page(root: Path) -> None:
    made = estate()
    app = visit(root, s=made.link())
    made.store.revoke(made.store.links(made.entry)[0].id)
    assert workspace(app.run()).read_only, "the page that is open stays"
    go(app, "plan")
    assert app.title[0].value == "This link shows nothing"
    assert not [button for button in app.button if button.key == "link_back"]
    click(app, "link_example")
    assert not workspace(app).read_only
    assert "s" not in address(app)


def test_a_deleted_entry_that_is_brought_back_shows_again(root: Path) -> None:
    made = estate()
    token = made.link()
    app = visit(root, s=token)
    deleted = made.store.delete(made.entry, made.store.entry(made.entry).rev)
    assert go(app, "plan").title[0].value == "This link shows nothing"
    made.store.undelete(made.entry, deleted.rev)
    assert visit(root, s=token).title[0].value == "Overview"


def test_a_link_to_the_latest_goes_on_to_a_newer_version_on_the_next_page(root: Path) -> None:
    made = estate()
    latest, fixed = visit(root, s=made.link(None)), visit(root, s=made.link(1))
    made.save(1, 50)
    assert workspace(latest.run()).document == document(100), "nothing moves under the reader's eyes"
    go(latest, "plan")
    assert workspace(latest).document == document(50)
    assert workspace(latest).plan is not None
    assert "Version 2 was saved meanwhile" in texts(latest)
    assert "There is 1 newer version" in texts(go(fixed, "plan"))
    assert workspace(fixed).document == document(100)


def test_a_database_that_goes_away_does_not_end_a_view(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    app = visit(root, s=estate().link())

    def fails(*_: object) -> None:
        raise StoreError("the database is away")

    monkeypatch.setattr(Library, "shared", fails)
    assert go(app, "plan").title[0].value == "Plan"


def test_a_version_with_faults_says_that_only_a_copy_can_be_mended(root: Path) -> None:
    made = estate()
    faulty = {**document(), "pools": {**document()["pools"], "private": {"site": "nowhere"}}}
    made.store.save(made.entry, faulty, based_on=1, save_id=new_key())
    assert "They can be mended in a copy only." in texts(visit(root, s=made.link(2)))
    assert "in a copy only" not in texts(visit(root, s=made.link(1)))


def test_a_second_click_makes_no_copy_of_the_copy(root: Path) -> None:
    app = visit(root, s=estate().link())
    both = app.button(key="explore_copy")
    click(app, "explore_copy")
    first = workspace(app)
    both.click().run()
    assert workspace(app) is first
    assert first.copied is not None
    assert first.copied.number == 1


def test_a_duplicate_of_a_copy_is_still_compared_with_the_link(root: Path) -> None:
    app = click(click(visit(root, s=estate().link()), "explore_copy"), "duplicate")
    assert workspace(app).name == "Estate (copy)"
    assert "Your copy of Estate, version 1, saved" in texts(app)
    again = visit(root, **address(app))
    assert "Your copy of Estate, version 1, saved" in texts(again)
