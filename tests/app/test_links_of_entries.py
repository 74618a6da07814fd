"""The table of links of an entry: who has them, what they show, how they stand; and withdrawing one."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from shared_estate import Estate, click, database_file, estate, texts, visit
from streamlit.testing.v1 import AppTest

HOSTILE = "![x](http://evil.example/p.png) <b> $x$"


def table(app: AppTest) -> Any:
    return next(frame.value for frame in app.dataframe if "shows" in frame.value)


def chosen(app: AppTest, made: Estate, label: str) -> AppTest:
    """The page with the link of this label chosen."""
    link = next(link.id for link in made.store.links(made.entry) if link.label == label)
    return app.selectbox(key=f"link:{made.entry}").set_value(link).run()


def test_without_links_it_says_where_they_are_made(root: Path) -> None:
    estate()
    assert "No links yet. The Share button" in texts(visit(root, "library"))


def test_each_link_with_its_state_in_words(root: Path) -> None:
    made = estate(versions=2)
    token = made.link(1, label="fixed", author="Ana")
    made.link(None, label="latest", expires_days=None)
    made.link(2, label="old")
    made.link(2, label="gone")
    with closing(sqlite3.connect(database_file())) as connection, connection:
        connection.execute("UPDATE links SET expires_at = '2020-01-01T00:00:00+00:00' WHERE label = 'old'")
    made.store.revoke(next(link.id for link in made.store.links(made.entry) if link.label == "gone"))
    made.store.count_opening(token)
    app = visit(root, "library")
    rows = {row["label"]: row for row in table(app).to_dict("records")}
    assert {label: row["shows"] for label, row in rows.items()} == {
        "fixed": "Version 1",
        "latest": "Latest (2 now)",
        "old": "Version 2",
        "gone": "Version 2",
    }
    assert {label: row["state"].split()[0] for label, row in rows.items()} == {
        "fixed": "Works",
        "latest": "Works",
        "old": "Expired",
        "gone": "Withdrawn",
    }
    assert (rows["fixed"]["opened"], rows["fixed"]["author"], rows["old"]["last"]) == (1, "Ana", "Never")
    assert rows["latest"]["until"] == "No end"
    entries = next(frame.value for frame in app.dataframe if "versions" in frame.value)
    assert list(entries["links"]) == [2]


def test_withdrawing_takes_two_steps_and_only_the_chosen_link(root: Path) -> None:
    made = estate()
    kept, withdrawn = made.link(label="kept"), made.link(label="withdrawn")
    app = chosen(visit(root, "library"), made, "withdrawn")
    assert "This cannot be undone" in texts(app)
    link = next(link for link in made.store.links(made.entry) if link.label == "withdrawn")
    click(app, f"withdraw:{link.id}")
    assert "The link for withdrawn is withdrawn. From now on it shows nothing." in texts(app)
    assert {link.label: link.state for link in made.store.links(made.entry)} == {
        "kept": "active",
        "withdrawn": "revoked",
    }
    assert not [button for button in app.button if button.key == f"withdraw:{link.id}"]
    assert visit(root, s=withdrawn).title[0].value == "This link shows nothing"
    assert visit(root, s=kept).title[0].value == "Overview"


def test_what_changed_since_a_link_was_made(root: Path) -> None:
    made = estate(versions=2)
    made.link(1, label="first")
    made.link(2, label="second")
    made.link(None, label="latest")
    app = chosen(visit(root, "library"), made, "first")
    link = next(link.id for link in made.store.links(made.entry) if link.label == "first")
    app.session_state[f"since:{link}"] = True
    app.run()
    assert "Version 1 and version 2 differ in 1 input." in texts(app)
    changes = [frame.value.to_dict("records") for frame in app.dataframe if "before" in frame.value]
    row = {"path": "pools.private.capacity_accelerators", "before": "100", "after": "50", "unit": "accelerators"}
    assert [row] in changes
    assert "Version 2 is the latest: nothing changed since." in texts(chosen(app, made, "second"))
    assert "so nothing changed since" in texts(chosen(app, made, "latest"))
    assert not app.exception


def test_hostile_labels_are_shown_as_text(root: Path) -> None:
    made = estate()
    token = made.link(label=HOSTILE, author=HOSTILE)
    link = made.store.links(made.entry)[0]
    owner = click(visit(root, "library"), f"withdraw:{link.id}")
    reader = visit(root, s=made.link(label=HOSTILE, author=HOSTILE))
    for app in (owner, reader, visit(root, s=token)):
        shown = [*app.header, *app.markdown, *app.caption, *app.warning, *app.error, *app.info, *app.success]
        assert not [one.value for one in shown if "![x](" in one.value or "<b>" in one.value]


def test_links_that_are_alike_are_told_apart(root: Path) -> None:
    """Three links of the same minute to the same version and for nobody: the one that was chosen is withdrawn."""
    made = estate()
    for _ in range(3):
        made.link()
    newest, middle, first = made.store.links(made.entry)
    app = visit(root, "library")
    assert list(table(app)["number"]) == [3, 2, 1]
    for link in (middle, newest):
        app.selectbox(key=f"link:{made.entry}").set_value(link.id).run()
        click(app, f"withdraw:{link.id}")
    assert [link.state for link in made.store.links(made.entry)] == ["revoked", "revoked", "active"]
    assert first.id == made.store.links(made.entry)[-1].id


def test_entries_of_one_name_are_told_apart(root: Path) -> None:
    """Three entries of one name, saved in the same minute: the one that was chosen is deleted."""
    made = [estate(), estate(), estate()]
    app = visit(root, "library")
    chosen_entry = app.selectbox(key="library_entry").set_value(made[1].entry).run()
    click(chosen_entry, "library_delete")
    assert {entry.id for entry in made[0].store.scenarios()} == {made[0].entry, made[2].entry}
