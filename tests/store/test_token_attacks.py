"""A view token, and whatever can be made of it, against every call that changes something: nothing changes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from store_places import Place
from token_variants import variants

from hybridplan.errors import StoreError
from hybridplan.store import DraftStore, Library, UnknownLink, new_key, new_token
from hybridplan.store.engine import hashed
from hybridplan.store.texts import is_token

TABLES = ("drafts", "scenarios", "versions", "notes", "plans", "links", "store", "purging")
Dump = dict[str, set[str]]
Call = Callable[[str], object]


@dataclass(frozen=True)
class Target:
    """A library in use: what there is to be attacked, and a token that shows one version of it."""

    library: Library
    drafts: DraftStore
    token: str
    others: list[str]


@pytest.fixture
def target(library: Library) -> Any:
    drafts = DraftStore(library._database.url)
    ids = [new_key(), new_key()]
    for scenario_id in ids:
        library.save_new({"n": 1}, name="week", author="Ana", tags=["a"], scenario_id=scenario_id, save_id=new_key())
        library.save(scenario_id, {"n": 2}, based_on=1, save_id=new_key())
    tokens, note, draft = [new_token() for _ in range(4)], new_key(), new_key()
    library.add_note(ids[0], "pools.x", "a note", "Ana", note)
    library.put_plan("0" * 64, "1", "HiGHS", b"plan")
    library.share(ids[0], 1, token=tokens[0])
    library.share(ids[1], None, token=tokens[1])
    library.revoke(library.share(ids[0], 2, token=tokens[2]).id)
    library.share(ids[1], 1, token=tokens[3], expires_days=0.00001)
    drafts.put(draft, {"n": 1}, {"n": 0}, None)
    gone = new_key()
    library.save_new({"n": 1}, name="gone", scenario_id=gone, save_id=new_key())
    library.delete(gone, 1)
    yield Target(library, drafts, tokens[0], [*tokens[1:], hashed(draft), "0" * 64])
    drafts.close()


def dump(place: Place) -> Dump:
    return {table: {repr(row) for row in place.sql(f"SELECT * FROM {table}")} for table in TABLES}


def mutating_calls(target: Target) -> dict[str, Call]:
    """Every call that changes something, with the text in the place of each of its ids; the rest is as it is there."""
    library, drafts, document = target.library, target.drafts, {"n": 9}
    return {
        "save": lambda v: library.save(v, document, based_on=2, save_id=new_key()),
        "save, save": lambda v: library.save(v, document, based_on=1, save_id=v),
        "restore": lambda v: library.restore(v, 1, based_on=2, save_id=new_key()),
        "rename": lambda v: library.rename(v, "x", 1),
        "set_tags": lambda v: library.set_tags(v, ["x"], 1),
        "delete": lambda v: library.delete(v, 1),
        "undelete": lambda v: library.undelete(v, 2),
        "add_note": lambda v: library.add_note(v, "", "x", "x", new_key()),
        "add_note, note": lambda v: library.add_note(new_key(), "", "x", "x", v),
        "delete_note": lambda v: library.delete_note(v),
        "share": lambda v: library.share(v, 1, token=new_token()),
        "share, token": lambda v: library.share(new_key(), 1, token=v),
        "revoke": lambda v: library.revoke(v),
        "put over": lambda v: drafts.put(v, document, document, 1),
        # What these make is not to be taken for something that was there: they come last.
        "save_new": lambda v: library.save_new(document, name="x", scenario_id=v, save_id=new_key()),
        "save_new, save": lambda v: library.save_new(document, name="x", scenario_id=new_key(), save_id=v),
        "put": lambda v: drafts.put(v, document, document, None),
    }


MAKING = {"save_new", "save_new, save", "put"}
"""They may make something new under a text that is an id of its own; never under what has the form of a token."""


def outcome(call: Call, text: str) -> str:
    """ "made", or that it was refused in words; anything else that is raised fails the test."""
    try:
        call(text)
    except StoreError as error:
        said = str(error)
    else:
        return "made"
    assert said
    assert "Error" not in said
    return "refused"


def test_a_thousand_tries_with_a_view_token_change_nothing(target: Target, place: Place) -> None:
    calls = mutating_calls(target)
    before, tries = dump(place), 0
    for text in variants(target.token, target.others):
        for name, call in calls.items():
            ended = outcome(call, text)
            tries += 1
            if name not in MAKING or is_token(text):
                assert ended == "refused", (name, text)
    assert tries >= 1_000
    after = dump(place)
    for table in TABLES:
        assert before[table] <= after[table], table
        assert table in {"drafts", "scenarios", "versions"} or before[table] == after[table], table
    shown = target.library.shared(target.token)
    assert (shown.version.number, shown.version.document) == (1, {"n": 1})


def test_nothing_that_is_made_of_a_token_opens_or_counts_anything(target: Target, place: Place) -> None:
    before = dump(place)
    for text in variants(target.token, target.others[2:]):
        if text == target.token:
            continue
        with pytest.raises(UnknownLink):
            target.library.shared(text)
        target.library.count_opening(text)
        assert target.drafts.get(text) is None
        for call in (target.library.get, target.library.entry, target.library.notes, target.library.links):
            assert outcome(call, text) == "refused"
    assert dump(place) == before


def test_every_public_method_is_among_them_or_known_to_take_no_id() -> None:
    """A method that is added later must be put to the test, or be named here."""
    read = {"scenarios", "entry", "versions", "get", "notes", "links", "working_links", "shared", "plan_document"}
    other = {"count_opening", "put_plan", "purge", "backup", "restore_from", "close"}
    tested = {name.split(",")[0] for name in mutating_calls(Target(Library(), DraftStore(), "", []))}
    public = {name for name in vars(Library) if not name.startswith("_")}
    assert public <= read | other | tested
    assert {name for name in vars(DraftStore) if not name.startswith("_")} == {"put", "get", "purge", "probe", "close"}
