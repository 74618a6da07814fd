"""A scenario in the library with links to it, and what the pages say of it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from streamlit.testing.v1 import AppTest

from hybridplan.store import Library, database_url, new_key, new_token
from hybridplan.ui import cache
from hybridplan.ui.workspace import Document, Workspace

NAME = "Estate"


def document(private: float = 100) -> Document:
    """The example ``reference_sunk`` under another name, with so much private capacity."""
    made = {**cache.bundled_document("reference_sunk"), "name": NAME}
    made["pools"]["private"]["capacity_accelerators"] = private
    return made


@dataclass
class Estate:
    """An entry of the library; version 1 has 100 private accelerators, version 2 (by Ben) has 50."""

    store: Library
    entry: str

    def link(self, version: int | None = 1, **options: Any) -> str:
        """Token of a new link."""
        token = new_token()
        self.store.share(self.entry, version, token=token, **options)
        return token

    def save(self, number: int, private: float) -> None:
        """One more version after ``number``."""
        self.store.save(self.entry, document(private), based_on=number, author="Ben", save_id=new_key())


def estate(versions: int = 1) -> Estate:
    """An entry with one or two versions, in the database that the pages use."""
    made = Estate(Library(database_url()), new_key())
    made.store.save_new(document(), name=NAME, author="Ana", scenario_id=made.entry, save_id=new_key())
    if versions > 1:
        made.save(1, 50)
    return made


def visit(root: Path, page: str = "", **query: str) -> AppTest:
    """A new visitor at an address."""
    app = AppTest.from_file(str(root / "app.py"), default_timeout=60)
    for key, value in query.items():
        app.query_params[key] = value
    app.run()
    return go(app, page) if page else app


def go(app: AppTest, page: str) -> AppTest:
    app.switch_page(f"pages/{page}.py").run()
    assert not app.exception
    return app


def click(app: AppTest, key: str) -> AppTest:
    app.button(key=key).click().run()
    assert not app.exception
    return app


def workspace(app: AppTest) -> Workspace:
    found: Workspace = app.session_state["workspace"]
    return found


def address(app: AppTest) -> dict[str, str]:
    """The parameters in the address bar; Streamlit's runner gives a value as text or as a list of one."""
    return {key: value if isinstance(value, str) else value[0] for key, value in app.query_params.items()}


def texts(app: AppTest) -> str:
    """All that the page says."""
    shown = [*app.title, *app.header, *app.markdown, *app.caption, *app.warning, *app.error, *app.info, *app.success]
    return "\n".join(element.value for element in shown).replace("\\", "")


def field(app: AppTest, label: str) -> Any:
    return next(one for one in (*app.text_input, *app.text_area) if one.label == label)


def rename(app: AppTest, name: str) -> AppTest:
    field(app, "Name").set_value(name)
    return app.run()


def database_file() -> Path:
    return Path(database_url().removeprefix("sqlite:///"))


def rows() -> dict[str, list[tuple[Any, ...]]]:
    """Everything in the database but how often links were opened, and when."""
    with closing(sqlite3.connect(database_file())) as connection:
        tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        found = {table: connection.execute(f"SELECT * FROM {table}").fetchall() for table in tables}
        found["links"] = connection.execute(
            "SELECT token_hash, scenario_id, version, label, author, created_at, expires_at, revoked_at FROM links"
        ).fetchall()
    return found
