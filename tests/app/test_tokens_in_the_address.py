"""A view token, and what can be made of it, in the address of the pages: nothing is shown, and nothing changes."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest
from token_variants import variants

from hybridplan.domain import require
from hybridplan.io import scenario_json
from hybridplan.store import DraftStore, Library, UnknownLink, database_url, new_key, new_token

EVERY = 2
"""Of all variants; the calls of the store are tried with each of them."""
NO_DRAFT = "There is no draft under this address"


@pytest.fixture
def token(root: Path) -> str:
    """Of a saved version, which stands beside a draft and a withdrawn link."""
    scenario = scenario_json.load(root / "data" / "scenarios" / "reference_sunk.json")
    document, library, drafts = require(scenario.to_dict()).to_dict(), Library(), DraftStore()
    made = library.save_new(document, name="Shared", scenario_id=new_key(), save_id=new_key())
    token = new_token()
    library.share(made.scenario_id, 1, token=token)
    library.revoke(library.share(made.scenario_id, 1, token=new_token()).id)
    drafts.put(new_key(), document, document, None)
    return token


def rows() -> list[tuple[object, ...]]:
    """Every row of every table but kept plans, which come and go with each solve."""
    with closing(sqlite3.connect(database_url().removeprefix("sqlite:///"))) as raw:
        tables = ("drafts", "scenarios", "versions", "notes", "links")
        return [(table, *row) for table in tables for row in raw.execute(f"SELECT * FROM {table}")]


def said(app: AppTest) -> str:
    return "\n".join(str(one.value) for one in [*app.title, *app.header, *app.warning, *app.markdown]).replace("\\", "")


@pytest.mark.parametrize(
    ("parameter", "words"), [("s", "This link shows nothing"), ("z", "This link cannot be opened"), ("d", NO_DRAFT)]
)
def test_no_variant_opens_or_changes_anything(root: Path, token: str, parameter: str, words: str) -> None:
    before, first = rows(), ""
    app = AppTest.from_file(str(root / "app.py"), default_timeout=60)
    texts = [text for text in variants(token, [])[1::EVERY] if text]
    assert len(texts) >= 40
    for text in [*texts, token] if parameter != "s" else texts:
        app.query_params.clear()
        app.query_params[parameter] = text
        app.run()
        assert not app.exception, text
        assert words in said(app), text
        if parameter == "s":
            first = first or said(app)
            assert said(app) == first
            assert "Shared" not in said(app)
    assert rows() == before


def test_a_token_opens_its_view_only(root: Path, token: str) -> None:
    """The reader walks through all pages and cannot save, rename or restore; only the count of openings moves."""
    before = rows()
    app = AppTest.from_file(str(root / "app.py"), default_timeout=60)
    app.query_params["s"] = token
    app.run()
    for page in ("inventory", "demand", "assumptions", "plan", "tradeoffs", "compare", "library", "method"):
        app.switch_page(f"pages/{page}.py").run()
        assert not app.exception
        keys = {button.key for button in app.button}
        assert not keys & {"save_version", "save_new", "undo", "redo", "new", "reset", "library_restore"}
        assert not [field for field in app.text_input if field.label == "Name"]
    changed = [(one, other) for one, other in zip(before, rows(), strict=True) if one != other]
    assert all(one[0] == "links" and one[1:-2] == other[1:-2] for one, other in changed)
    with pytest.raises(UnknownLink):
        Library().shared(token[:-1])
