"""The share dialog: a link to a saved version, saved first where that is needed; nothing is made twice."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from PIL import Image
from shared_estate import address, click, estate, field, go, rename, texts, visit, workspace
from streamlit.testing.v1 import AppTest

from hybridplan.errors import StoreError
from hybridplan.store import Entry, Library, Link, database_url, new_key
from hybridplan.ui import links, tabs
from hybridplan.ui.sitemap import PAGES


@pytest.fixture
def store(_own_database: None) -> Library:
    return Library(database_url())


@pytest.fixture
def small(app: AppTest) -> AppTest:
    """A draft of the smallest example, not saved to the library."""
    app.run().selectbox(key="bundled").set_value("reference_sunk").run()
    return rename(click(app, "open_bundled"), "Mine")


def share(app: AppTest) -> AppTest:
    return click(app, "share")


def make(app: AppTest) -> AppTest:
    return click(app, "share_make")


def link(app: AppTest) -> str:
    (code,) = app.code
    found: str = code.value
    return found


def token(app: AppTest) -> str:
    return parse_qs(urlsplit(link(app)).query)["s"][0]


def only(store: Library) -> tuple[Entry, Link]:
    """The one entry, and its one link."""
    (entry,) = store.scenarios()
    (made,) = store.links(entry.id)
    return entry, made


def test_one_button_saves_a_new_draft_and_makes_its_link(small: AppTest, root: Path, store: Library) -> None:
    share(small)
    assert "It is saved there first, as version 1." in texts(small)
    field(small, "For whom").set_value("Board").run()
    small.text_input(key="author:share:0").set_value("Ana").run()
    make(small)
    entry, made = only(store)
    assert (entry.name, entry.versions, entry.latest.author) == ("Mine", 1, "Ana")
    assert (made.version, made.label, made.author) == (1, "Board", "Ana")
    assert made.expires_at is not None
    assert (made.expires_at - made.created_at).days == 90
    assert "The link for Board is made. It shows version 1" in texts(small)
    assert "A lost one is replaced by a new link." in texts(small)
    opened = visit(root, s=token(small))
    assert workspace(opened).document == workspace(small).document
    assert address(small)["d"] not in link(small)
    assert "Version 1, saved" in texts(small)


def test_what_was_changed_since_is_saved_as_the_next_version(small: AppTest, store: Library) -> None:
    make(share(small))
    rename(small, "Mine, later")
    assert not small.code
    assert "It is saved first, as version 2." in texts(small)
    make(small)
    (entry,) = store.scenarios()
    assert [made.version for made in store.links(entry.id)] in ([1, 2], [2, 1])
    assert store.get(entry.id).document == workspace(small).document


def test_a_saved_draft_is_not_saved_again(small: AppTest, store: Library) -> None:
    click(small, "save_new")
    share(small)
    assert small.button(key="share_make").label == "Make the link"
    make(small)
    assert only(store)[0].versions == 1


def test_a_link_can_show_the_latest_and_have_no_end(small: AppTest, store: Library) -> None:
    share(small).radio(key="share_shows").set_value("Always the latest version").run()
    make(small.selectbox(key="share_expiry").set_value("Until I withdraw it").run())
    made = only(store)[1]
    assert (made.version, made.expires_at) == (None, None)
    assert "It shows always the latest version and works until you withdraw it." in texts(small)


@pytest.mark.parametrize(("choice", "days"), [("7 days", 7), ("30 days", 30), ("90 days", 90), ("1 year", 365)])
def test_each_time_that_a_link_can_work(choice: str, days: float) -> None:
    assert links.EXPIRY[choice] == days


def test_a_version_that_someone_else_saved_is_said_and_no_link_is_made(small: AppTest, store: Library) -> None:
    click(small, "save_new")
    (entry,) = store.scenarios()
    theirs = {**workspace(small).document, "name": "Theirs"}
    store.save(entry.id, theirs, based_on=1, author="Ben", save_id=new_key())
    rename(small, "Mine, changed")
    make(share(small))
    assert "Not saved: Ben saved version 2 of Mine" in texts(small)
    assert "The choices are on the page" in texts(small)
    assert small.button(key="conflict_copy")
    assert store.links(entry.id) == []


class Lost:
    """Loses the answer of the first :meth:`Library.share`, on the way there or on the way back."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *, arrives: bool) -> None:
        self.tokens: list[str] = []
        real = Library.share

        def share(store: Library, *args: Any, **options: Any) -> Link:
            self.tokens.append(options["token"])
            made = real(store, *args, **options) if arrives or len(self.tokens) > 1 else None
            if len(self.tokens) == 1 or made is None:
                raise StoreError("the connection was closed")
            return made

        monkeypatch.setattr(Library, "share", share)


@pytest.mark.parametrize("arrives", [True, False])
def test_a_second_try_makes_no_second_link(
    small: AppTest, store: Library, monkeypatch: pytest.MonkeyPatch, arrives: bool
) -> None:
    lost = Lost(monkeypatch, arrives=arrives)
    make(share(small))
    assert "The link was not made: the connection was closed. Try again." in texts(small)
    make(small)
    assert lost.tokens[0] == lost.tokens[1] == token(small)
    assert only(store)[0].versions == 1


def test_other_options_after_an_error_are_another_link(
    small: AppTest, store: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    lost = Lost(monkeypatch, arrives=False)
    make(share(small))
    field(small, "For whom").set_value("Board").run()
    make(small)
    assert lost.tokens[0] != lost.tokens[1]
    assert only(store)[1].label == "Board"


def test_another_link_has_another_token(small: AppTest, store: Library) -> None:
    first = token(make(share(small)))
    click(small, "share_another")
    assert not small.code
    assert token(make(small)) != first
    (entry,) = store.scenarios()
    assert len(store.links(entry.id)) == 2


def test_a_second_click_makes_no_second_link(small: AppTest, store: Library) -> None:
    button = share(small).button(key="share_make")
    first = token(make(small))
    button.click().run()
    assert token(small) == first
    only(store)


def test_a_link_opens_at_the_page_and_section_that_are_chosen(small: AppTest) -> None:
    go(small, "plan")
    small.session_state["plan-section"] = "Limits"
    make(share(small.run()))
    made = urlsplit(link(small))
    assert made.path.rstrip("/").endswith("plan")
    assert parse_qs(made.query)["at"] == ["limits"]
    small.selectbox(key="share_tab:plan").set_value("routes").run()
    assert parse_qs(urlsplit(link(small)).query)["at"] == ["routes"]
    small.selectbox(key="share_page").set_value("").run()
    assert urlsplit(link(small)).path in ("", "/")
    assert set(parse_qs(urlsplit(link(small)).query)) == {"s"}


@pytest.mark.parametrize("page", ["tradeoffs", "resilience"])
def test_a_link_can_open_at_any_section_of_pages_that_have_some(small: AppTest, root: Path, page: str) -> None:
    """What is chosen in the dialog is what is open on the page that the link leads to; the first time the open one."""
    titles = tabs.TITLES[page]
    last = list(titles)[-1]
    go(small, page)
    small.session_state[f"{page}-section"] = titles[last]
    make(share(small.run()))
    assert parse_qs(urlsplit(link(small)).query)["at"] == [last]
    assert small.selectbox(key=f"share_tab:{page}").options == list(titles.values())
    for code, title in titles.items():
        small.selectbox(key=f"share_tab:{page}").set_value(code).run()
        made = urlsplit(link(small))
        assert made.path.rstrip("/").endswith(page)
        (at,) = parse_qs(made.query)["at"]
        opened = visit(root, s=token(small))
        opened.query_params["at"] = at
        go(opened, page)
        assert opened.session_state[f"{page}-section"] == title
    small.selectbox(key="share_page").set_value("demand").run()
    assert set(parse_qs(urlsplit(link(small)).query)) == {"s"}


def test_the_library_is_no_place_for_a_link_to_open_at(small: AppTest) -> None:
    share(go(small, "library"))
    offered = small.selectbox(key="share_page").options
    assert offered == [page.title for page in PAGES if page.name != "library"]


def test_the_dialog_is_closed_when_the_page_is_left(small: AppTest) -> None:
    assert share(small).radio
    go(small, "demand")
    assert not [one for one in small.radio if one.key == "share_kind"]


def test_one_dialog_is_open_at_a_time(small: AppTest) -> None:
    """Streamlit would stop the page at a second one."""
    share(small)
    click(small, "report")
    assert not [one for one in small.radio if one.key == "share_kind"]
    assert [one for one in share(small).radio if one.key == "share_kind"]


def test_a_reader_may_pass_on_the_link_and_makes_none(root: Path, store: Library) -> None:
    made = estate()
    opened = made.link()
    app = share(go(visit(root, s=opened), "demand"))
    assert link(app).endswith(f"demand?s={opened}")
    assert "You may pass on the link that you opened" in texts(app)
    assert not [button for button in app.button if button.key == "share_make"]
    assert len(store.links(made.entry)) == 1
    go(app, "plan")
    app.session_state["plan-section"] = "Limits"
    assert link(share(app.run())).endswith(f"plan?s={opened}&at=limits")


def test_a_draft_with_errors_gets_no_link(small: AppTest, store: Library) -> None:
    workspace(small).commit({**workspace(small).document, "pools": 1}, "Break it")
    share(small.run())
    assert "has errors" in texts(small)
    assert not [button for button in small.button if button.key == "share_make"]


def test_the_picture_is_a_code_in_black_with_a_white_border() -> None:
    """Four modules of white around it, of six pixels each, as readers need."""
    with Image.open(io.BytesIO(links.qr_code("https://plan.example/?s=" + "A" * 43))) as picture:
        grey = picture.convert("L")
    assert set(grey.tobytes()) == {0, 255}
    assert set(grey.crop((0, 0, grey.width, 24)).tobytes()) == {255}
    assert grey.getpixel((24, 24)) == 0


@pytest.mark.parametrize(
    ("here", "page", "tab", "expected"),
    [
        ("https://h.example/", "", "", "https://h.example/?s=T"),
        ("https://h.example/plan", "", "", "https://h.example/?s=T"),
        ("https://h.example/plan", "plan", "cost", "https://h.example/plan?s=T&at=cost"),
        ("http://h.example:8501/app/library", "demand", "", "http://h.example:8501/app/demand?s=T"),
        ("http://h.example:8501/app", "demand", "", "http://h.example:8501/app/demand?s=T"),
    ],
)
def test_links_lead_to_this_server_whatever_page_is_open(here: str, page: str, tab: str, expected: str) -> None:
    assert links.to_server(here, "T", page, tab) == expected
