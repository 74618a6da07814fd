"""Every method of the library, on both databases: what goes in comes out, once, and never over somebody's work."""

from __future__ import annotations

import hashlib
import json
import zlib
from datetime import UTC, datetime

import pytest
from store_places import Place

from hybridplan.errors import StoreError
from hybridplan.store import (
    Entry,
    Library,
    StaleEntry,
    UnknownEntry,
    Version,
    VersionConflict,
    new_key,
    texts,
)

DOCUMENT = {
    "name": "Zürich \u2192 東京 \U0001f680",
    "x": [0.1, 1e-6, None, True],
    "bad": "12k",
    "z": 1,
    "a": {"\u0000": ""},
}


def saved(library: Library, name: str = "week", document: object = None, **more: object) -> Version:
    return library.save_new(
        {"n": 1} if document is None else document,  # type: ignore[arg-type]
        name=name,
        scenario_id=new_key(),
        save_id=new_key(),
        **more,  # type: ignore[arg-type]
    )


def only(library: Library, **how: object) -> Entry:
    (entry,) = library.scenarios(**how)  # type: ignore[arg-type]
    return entry


def test_what_is_saved_is_got_back_exactly(library: Library) -> None:
    version = saved(library, "week", DOCUMENT, note="first\nidea", author="Ana", tags=("eu", "q3"))
    assert (version.number, version.note, version.author, version.document) == (1, "first\nidea", "Ana", None)
    assert abs((datetime.now(UTC) - version.created_at).total_seconds()) < 60
    got = library.get(version.scenario_id)
    assert got.document == DOCUMENT
    assert list(got.document) == list(DOCUMENT)
    canonical = json.dumps(DOCUMENT, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    assert got.content_hash == version.content_hash == hashlib.sha256(canonical.encode()).hexdigest()
    entry = only(library)
    assert entry == library.entry(version.scenario_id)
    assert (entry.id, entry.name, entry.tags, entry.versions, entry.rev) == (
        version.scenario_id,
        "week",
        ("eu", "q3"),
        1,
        1,
    )
    assert (entry.latest, entry.deleted_at) == (version, None)


def test_versions_count_up_and_earlier_ones_stay(library: Library) -> None:
    first = saved(library)
    for n in (2, 3):
        assert library.save(first.scenario_id, {"n": n}, based_on=n - 1, save_id=new_key()).number == n
    assert [version.number for version in library.versions(first.scenario_id)] == [3, 2, 1]
    assert {version.document for version in library.versions(first.scenario_id)} == {None}
    assert [library.get(first.scenario_id, n).document for n in (None, 1, 2, 3)] == [{"n": n} for n in (3, 1, 2, 3)]
    assert (only(library).versions, only(library).latest.number, only(library).rev) == (3, 3, 1)


def test_a_save_on_an_older_version_is_refused_and_writes_nothing(library: Library) -> None:
    first = saved(library)
    second = library.save(first.scenario_id, {"n": 2}, based_on=1, author="Ben", save_id=new_key())
    for stale in (1, 0, 3, -1, 2**31, 2**70):
        with pytest.raises((VersionConflict, StoreError), match=r"nothing was written|too large|failed") as refused:
            library.save(first.scenario_id, {"n": 99}, based_on=stale, save_id=new_key())
        if stale == 1:
            assert isinstance(refused.value, VersionConflict)
            assert refused.value.latest == second
            assert "Ben saved version 2 at" in str(refused.value)
    assert library.get(first.scenario_id).document == {"n": 2}
    assert len(library.versions(first.scenario_id)) == 2


def test_a_save_that_is_sent_again_gives_back_the_first_result(library: Library) -> None:
    scenario_id, new_id, next_id = new_key(), new_key(), new_key()

    def new() -> Version:
        return library.save_new({"n": 1}, name="week", scenario_id=scenario_id, save_id=new_id)

    def following() -> Version:
        return library.save(scenario_id, {"n": 2}, based_on=1, save_id=next_id)

    assert new() == new()
    assert following() == following()
    library.save(scenario_id, {"n": 3}, based_on=2, save_id=new_key())
    assert (new().number, following().number) == (1, 2)
    assert len(library.versions(scenario_id)) == 3


def test_an_id_of_another_save_or_scenario_is_refused(library: Library) -> None:
    """Giving back an earlier save as if it were this one would lose what was to be saved."""
    scenario_id, save_id = new_key(), new_key()
    library.save_new({"n": 1}, name="week", scenario_id=scenario_id, save_id=save_id)
    other = saved(library, "other")
    for call in (
        lambda: library.save_new({"n": 2}, name="week", scenario_id=scenario_id, save_id=save_id),
        lambda: library.save(scenario_id, {"n": 2}, based_on=1, save_id=save_id),
        lambda: library.save(other.scenario_id, {"n": 1}, based_on=1, save_id=save_id),
        lambda: library.save_new({"n": 1}, name="week", scenario_id=scenario_id, save_id=new_key()),
    ):
        with pytest.raises(StoreError, match=r"another save|exists already"):
            call()
    assert len(library.versions(scenario_id)) == len(library.versions(other.scenario_id)) == 1


def test_an_earlier_version_comes_back_as_a_new_one(library: Library) -> None:
    first = saved(library, document={"n": "one"})
    library.save(first.scenario_id, {"n": "two"}, based_on=1, save_id=new_key())
    save_id = new_key()
    for _ in range(2):
        third = library.restore(first.scenario_id, 1, author="Ana", save_id=save_id, based_on=2)
        assert (third.number, third.content_hash, third.author) == (3, first.content_hash, "Ana")
    assert library.get(first.scenario_id).document == {"n": "one"}
    with pytest.raises(VersionConflict):
        library.restore(first.scenario_id, 1, save_id=new_key(), based_on=2)
    with pytest.raises(UnknownEntry):
        library.restore(first.scenario_id, 9, save_id=new_key(), based_on=3)


def test_name_tags_and_deletion_change_on_the_revision_that_was_read(library: Library) -> None:
    first = saved(library)
    entry = library.rename(first.scenario_id, " Week  of\tJune ", 1)
    assert (entry.name, entry.rev) == ("Week of June", 2)
    entry = library.set_tags(entry.id, ["eu", "eu", " ", "q3"], 2)
    assert (entry.tags, entry.rev) == (("eu", "q3"), 3)
    for call in (
        lambda: library.rename(entry.id, "x", 2),
        lambda: library.set_tags(entry.id, [], 2),
        lambda: library.delete(entry.id, 2),
        lambda: library.undelete(entry.id, 2),
    ):
        with pytest.raises(StaleEntry) as stale:
            call()
        assert stale.value.entry == entry
    assert library.scenarios() == [entry]


def test_a_deleted_scenario_is_in_the_bin_until_it_is_brought_back(library: Library) -> None:
    first = saved(library)
    gone = library.delete(first.scenario_id, 1)
    assert gone.deleted_at is not None
    assert (library.scenarios(), library.scenarios(deleted=True)) == ([], [gone])
    assert library.get(first.scenario_id).document == {"n": 1}
    with pytest.raises(UnknownEntry, match="deleted"):
        library.save(first.scenario_id, {"n": 2}, based_on=1, save_id=new_key())
    with pytest.raises(UnknownEntry, match="deleted"):
        library.add_note(first.scenario_id, "", "text", "", new_key())
    back = library.undelete(first.scenario_id, gone.rev)
    assert (back.deleted_at, back.rev) == (None, 3)
    assert (library.scenarios(), library.scenarios(deleted=True)) == ([back], [])


def test_notes_are_kept_in_order_once_and_deleted(library: Library) -> None:
    first = saved(library)
    ids = [new_key() for _ in range(3)]
    path = "pools.fra-h100.price_usd_per_accelerator_hour"
    for _ in range(2):
        notes = [library.add_note(first.scenario_id, path, f"n{i}\r\nline", "Ana", key) for i, key in enumerate(ids)]
    assert library.notes(first.scenario_id) == notes
    assert [(note.number, note.path, note.text, note.author) for note in notes] == [
        (i + 1, path, f"n{i}\nline", "Ana") for i in range(3)
    ]
    for _ in range(2):
        library.delete_note(ids[1])
    assert library.notes(first.scenario_id) == [notes[0], notes[2]]
    with pytest.raises(StoreError, match="another note"):
        library.add_note(first.scenario_id, path, "different", "", ids[0])
    with pytest.raises(UnknownEntry):
        library.delete_note(new_key())


def test_a_kept_plan_is_replaced_and_told_apart_by_version_and_solver(library: Library) -> None:
    key = ("a" * 64, "1.2.0", "HiGHS 1.16.0")
    assert library.plan_document(*key) is None
    packed = zlib.compress(b'{"objective_usd": 45}')
    library.put_plan(*key, packed)
    library.put_plan(*key, packed + b"\x00")
    assert library.plan_document(*key) == packed + b"\x00"
    for other in (("b" * 64, *key[1:]), (key[0], "1.2.1", key[2]), (*key[:2], "CLARABEL")):
        assert library.plan_document(*other) is None


UNKNOWN = ["", "x", "' OR 1=1 --", "a" * 22, "ä" * 22, "a\x00" + "a" * 21, "\ud800" * 22, "a" * 100_000]


@pytest.mark.parametrize("scenario_id", UNKNOWN, ids=range(len(UNKNOWN)))
def test_what_the_library_does_not_have_is_said_so(library: Library, scenario_id: str) -> None:
    saved(library)
    for call in (
        lambda: library.get(scenario_id),
        lambda: library.entry(scenario_id),
        lambda: library.versions(scenario_id),
        lambda: library.notes(scenario_id),
        lambda: library.rename(scenario_id, "name", 1),
        lambda: library.set_tags(scenario_id, [], 1),
        lambda: library.delete(scenario_id, 1),
        lambda: library.undelete(scenario_id, 1),
        lambda: library.delete_note(scenario_id),
        lambda: library.restore(scenario_id, 1, save_id=new_key(), based_on=1),
        lambda: library.add_note(scenario_id, "", "text", "", new_key()),
    ):
        with pytest.raises(UnknownEntry):
            call()
    with pytest.raises(StoreError):
        library.save(scenario_id, {}, based_on=1, save_id=new_key())
    assert only(library).rev == 1


@pytest.mark.parametrize("number", [0, -1, 2, 2**31, 2**64])
def test_a_number_that_no_version_has_is_said_so(library: Library, number: int) -> None:
    with pytest.raises(UnknownEntry):
        library.get(saved(library).scenario_id, number)


@pytest.mark.parametrize(
    ("field", "value", "why"),
    [
        ("name", "", "name is empty"),
        ("name", " \n ", "name is empty"),
        ("name", "x" * 201, "201 characters"),
        ("name", "a\u202eb", "invisible character"),
        ("name", "a\x00b", "invisible character"),
        ("name", "\ud800", "invisible character"),
        ("note", "x" * 2001, "2,001 characters"),
        ("note", "a\u200bb", "invisible character"),
        ("author", "x" * 81, "81 characters"),
        ("tags", ["x" * 41], "41 characters"),
        ("tags", [f"t{n}" for n in range(21)], "21 tags"),
        ("scenario_id", "short", "not an id"),
        ("save_id", "x" * 65, "not an id"),
        ("document", {"x": float("nan")}, "cannot be written"),
        ("document", {"x": {1, 2}}, "cannot be written"),
        ("document", {"x": "\ud800"}, "cannot be written"),
    ],
)
def test_what_is_beyond_a_limit_is_refused_and_writes_nothing(
    library: Library, field: str, value: object, why: str
) -> None:
    given = {"document": {}, "name": "week", "scenario_id": new_key(), "save_id": new_key(), field: value}
    with pytest.raises(StoreError, match=why):
        library.save_new(given.pop("document"), **given)  # type: ignore[arg-type]
    assert library.scenarios() == []


def test_what_is_at_the_limit_is_kept(library: Library) -> None:
    tags = [f"{n:040d}" for n in range(20)]
    version = saved(library, "n" * 200, note="é" * 2000, author="a" * 80, tags=tags)
    entry = only(library, search="É" * 2000)
    assert (entry.name, entry.tags, entry.latest) == ("n" * 200, tuple(tags), version)


def test_texts_are_kept_in_one_form_of_unicode(library: Library) -> None:
    saved(library, "Zu\u0308rich", tags=["u\u0308"])
    assert (only(library).name, only(library).tags) == ("Z\u00fcrich", ("\u00fc",))


def test_a_document_may_have_25_mb_and_not_more(library: Library) -> None:
    room = texts.MAX_DOCUMENT_BYTES - len('{"x":""}')
    with pytest.raises(StoreError, match=r"at most 25 MB"):
        saved(library, document={"x": "a" * (room + 1)})
    with pytest.raises(StoreError, match=r"at most 25 MB"):
        saved(library, document={"x": "é" * (room // 2 + 1)})
    assert library.get(saved(library, document={"x": "a" * room}).scenario_id).document == {"x": "a" * room}


def test_order_hangs_on_numbers_when_the_clock_jumps_back(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(texts, "now", lambda: "2030-01-01T12:00:00+00:00")
    early, late = saved(library, "early"), saved(library, "late")
    note = library.add_note(early.scenario_id, "", "before", "", new_key())
    assert library.save(early.scenario_id, {"n": 2}, based_on=1, save_id=new_key()).number == 2
    monkeypatch.setattr(texts, "now", lambda: "2020-01-01T12:00:00+00:00")
    assert library.save(early.scenario_id, {"n": 3}, based_on=2, save_id=new_key()).number == 3
    assert [version.number for version in library.versions(early.scenario_id)] == [3, 2, 1]
    assert library.get(early.scenario_id).document == {"n": 3}
    after = library.add_note(early.scenario_id, "", "after", "", new_key())
    assert library.notes(early.scenario_id) == [note, after]
    assert [entry.name for entry in library.scenarios()] == ["early", "late"]
    library.rename(late.scenario_id, "later", 1)
    assert [entry.name for entry in library.scenarios()] == ["later", "early"]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE versions SET note = 'nothing happened'",
        "UPDATE versions SET document = '{}' WHERE number = 1",
        "UPDATE versions SET number = 7 WHERE number = 2",
        "DELETE FROM versions",
        "DELETE FROM versions WHERE number = 2",
    ],
)
def test_a_saved_version_cannot_be_changed_or_deleted(library: Library, place: Place, statement: str) -> None:
    first = saved(library)
    library.save(first.scenario_id, {"n": 2}, based_on=1, save_id=new_key())
    before = place.sql("SELECT * FROM versions ORDER BY number")
    with pytest.raises(Exception, match="versions are immutable"):
        place.sql(statement)
    assert place.sql("SELECT * FROM versions ORDER BY number") == before


def test_a_saved_version_cannot_be_replaced_or_cut_off(library: Library, place: Place) -> None:
    saved(library)
    before = place.sql("SELECT * FROM versions")
    if place.path is None:
        statement = "TRUNCATE versions"
    else:
        statement = (
            "INSERT OR REPLACE INTO versions SELECT scenario_id, number, '', '', '', '', '', '', '' FROM versions"
        )
    with pytest.raises(Exception, match="versions are immutable"):
        place.sql(statement)
    assert place.sql("SELECT * FROM versions") == before


def test_purge_removes_what_is_old_enough_and_nothing_else(
    library: Library, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Deleted 31, 29 and 0 days ago; plans made 31 and 0 days ago; 30 days are kept."""
    times = {
        "old": "2026-05-01T00:00:00+00:00",
        "young": "2026-05-03T00:00:00+00:00",
        "now": "2026-06-01T00:00:00+00:00",
    }
    ids = {}
    for when in times:
        ids[when] = saved(library, when).scenario_id
        library.save(ids[when], {"n": 2}, based_on=1, save_id=new_key())
    kept = saved(library, "kept")
    for when, stamp in times.items():
        monkeypatch.setattr(texts, "now", lambda stamp=stamp: stamp)
        library.add_note(ids[when], "", "note", "", new_key())
        library.delete(ids[when], 1)
        library.put_plan(when, "1", "HiGHS", b"plan")
        library.add_note(kept.scenario_id, "", when, "", note_id := new_key())
        library.delete_note(note_id)
    place.sql(
        "INSERT INTO links (token_hash, scenario_id, label, author, created_at, opened)"
        f" VALUES ('h', '{ids['old']}', '', '', '2026-05-01T00:00:00+00:00', 0)"
    )
    assert library.purge(30, 30) == {"links": 1, "notes": 2, "versions": 2, "scenarios": 1, "plans": 1}
    assert {entry.name for entry in library.scenarios(deleted=True)} == {"young", "now"}
    assert library.get(ids["young"], 1).document == {"n": 1}
    assert [library.plan_document(when, "1", "HiGHS") for when in times] == [None, b"plan", b"plan"]
    with pytest.raises(UnknownEntry):
        library.get(ids["old"])
    assert place.sql("SELECT count(*) FROM purging") == [(0,)]
    assert library.purge(30, 30) == dict.fromkeys(("links", "notes", "versions", "scenarios", "plans"), 0)
    with pytest.raises(Exception, match="immutable"):
        place.sql("DELETE FROM versions")
    assert library.get(kept.scenario_id).number == 1


@pytest.mark.parametrize("days", [1e9, float("nan"), float("inf"), -1e12])
def test_an_age_that_is_no_age_is_refused(library: Library, days: float) -> None:
    with pytest.raises(StoreError, match="no age"):
        library.purge(days, 1)
