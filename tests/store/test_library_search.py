"""Searching finds what is written, character by character; and SQL is text like any other, everywhere."""

from __future__ import annotations

import pytest
from store_places import Place

from hybridplan.errors import StoreError
from hybridplan.store import Library, new_key

NAMES = (
    "100 % owned",
    "100 x owned",
    "a_b",
    "axb",
    'it\'s "quoted"',
    "back\\slash",
    "for/ward",
    "GRÜN STRASSE",
    "x'); DROP TABLE scenarios; --",
    "İstanbul",
)
SQL = "x'); DELETE FROM scenarios; SELECT (' \" ; -- /* %s %(a)s :a ? $1 {0} \\"


@pytest.fixture
def filled(library: Library) -> Library:
    for name in NAMES:
        library.save_new({}, name=name, scenario_id=new_key(), save_id=new_key())
    return library


@pytest.mark.parametrize(
    ("term", "found"),
    [
        ("", set(NAMES)),
        ("  ", set(NAMES)),
        ("%", {"100 % owned"}),
        ("0 % o", {"100 % owned"}),
        ("_", {"a_b"}),
        ("A_B", {"a_b"}),
        ("'", {'it\'s "quoted"', "x'); DROP TABLE scenarios; --"}),
        ('"', {'it\'s "quoted"'}),
        ("\\", {"back\\slash"}),
        ("/", {"for/ward"}),
        ("grün straße", {"GRÜN STRASSE"}),
        ("gru\u0308n", {"GRÜN STRASSE"}),
        ("  OWNED ", {"100 % owned", "100 x owned"}),
        ("x'); drop table", {"x'); DROP TABLE scenarios; --"}),
        ("' OR '1'='1", set()),
        ("100 %% owned", set()),
        ("i\u0307stanbul", {"İstanbul"}),
        ("\x00", set()),
        ("\ud800", set()),
        ("a" * 1_000_000, set()),
        ("%" * 6000, set()),
    ],
)
def test_a_search_is_a_plain_substring(filled: Library, term: str, found: set[str]) -> None:
    assert {entry.name for entry in filled.scenarios(term)} == found


def test_tags_notes_and_authors_are_searched_of_every_version(library: Library) -> None:
    first = library.save_new(
        {},
        name="week",
        note="as Offered\nby Ana",
        author="Björn",
        tags=["Q3", "eu"],
        scenario_id=new_key(),
        save_id=new_key(),
    )
    library.save(first.scenario_id, {}, based_on=1, note="cheaper", author="Cem", save_id=new_key())
    for term in ("q3", "EU", "offered by", "BJÖRN", "cheaper", "cem", "wee"):
        assert len(library.scenarios(term)) == 1, term
    for term in ("q3 eu", "week q3", "ana björn", "cheapercem"):
        assert library.scenarios(term) == [], f"{term}: across two texts"


def test_every_tag_that_is_asked_for_is_there(library: Library) -> None:
    for name, tags in {"both": ["eu", "q3"], "one": ["eu"], "odd": ['","', "EU"], "none": []}.items():
        library.save_new({}, name=name, tags=tags, scenario_id=new_key(), save_id=new_key())
    names = {
        tags: {entry.name for entry in library.scenarios(tags=tags)}
        for tags in ((), ("eu",), ("eu", "q3"), ('","',), ("q",), ("%",))
    }
    assert names == {
        (): {"both", "one", "odd", "none"},
        ("eu",): {"both", "one"},
        ("eu", "q3"): {"both"},
        ('","',): {"odd"},
        ("q",): set(),
        ("%",): set(),
    }
    assert [entry.name for entry in library.scenarios("o", ["eu"])] == ["one", "both"]


def test_sql_is_text_in_every_field(library: Library, place: Place) -> None:
    bystander = library.save_new({}, name="bystander", scenario_id=new_key(), save_id=new_key())
    tag = SQL[:40].strip()
    version = library.save_new(
        {SQL: SQL}, name=SQL, note=SQL, author=SQL, tags=[tag], scenario_id=new_key(), save_id=new_key()
    )
    entry = library.rename(version.scenario_id, SQL + "!", 1)
    entry = library.set_tags(entry.id, [tag, "'"], entry.rev)
    note = library.add_note(entry.id, SQL, SQL, SQL, new_key())
    library.put_plan(SQL[:64], SQL[:64], SQL, SQL.encode())
    assert library.plan_document(SQL[:64], SQL[:64], SQL) == SQL.encode()
    got = library.get(entry.id)
    assert (got.document, got.note, got.author) == ({SQL: SQL}, SQL, SQL)
    assert (entry.name, entry.tags) == (SQL + "!", (tag, "'"))
    assert library.notes(entry.id) == [note]
    assert (note.path, note.text, note.author) == (SQL, SQL, SQL)
    assert library.scenarios(SQL) == [entry]
    assert library.scenarios(tags=[tag]) == [entry]
    for ids in ({"scenario_id": SQL, "save_id": new_key()}, {"scenario_id": new_key(), "save_id": SQL}):
        with pytest.raises(StoreError, match="not an id"):
            library.save_new({}, name="x", **ids)
    with pytest.raises(StoreError, match="not an id"):
        library.add_note(entry.id, "", "x", "", SQL)
    assert place.sql("SELECT count(*) FROM scenarios") == [(2,)]
    assert library.get(bystander.scenario_id) == library.get(bystander.scenario_id, 1)
