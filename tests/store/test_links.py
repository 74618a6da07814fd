"""Share links: they show what was shared and nothing else, whatever happened to them, and can change nothing."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import event
from store_places import Place, run_in_processes

from hybridplan.errors import StoreError
from hybridplan.store import (
    Library,
    UnknownEntry,
    UnknownLink,
    Version,
    VersionConflict,
    new_key,
    new_token,
)
from hybridplan.store.database import Database, clock


def saved(library: Library, n: int = 1, name: str = "week") -> Version:
    return library.save_new({"n": n}, name=name, author="Ana", scenario_id=new_key(), save_id=new_key())


def again(library: Library, version: Version, n: int) -> Version:
    return library.save(version.scenario_id, {"n": n}, based_on=version.number, save_id=new_key())


def refused(library: Library, token: str) -> str:
    with pytest.raises(UnknownLink) as caught:
        library.shared(token)
    return str(caught.value)


def dump(place: Place) -> list[list[tuple[object, ...]]]:
    tables = ("drafts", "scenarios", "versions", "notes", "plans", "links")
    return [sorted(place.sql(f"SELECT * FROM {table}"), key=repr) for table in tables]


def test_a_link_to_a_version_shows_that_version_for_ever(library: Library) -> None:
    first, token = saved(library), new_token()
    link = library.share(first.scenario_id, 1, label="Board", author="Ana", token=token)
    assert (link.version, link.label, link.author, link.opened, link.state) == (1, "Board", "Ana", 0, "active")
    assert link.expires_at == link.created_at + timedelta(days=90)
    again(library, first, 2)
    shown = library.shared(token)
    assert (shown.name, shown.version.number, shown.version.document, shown.latest) == ("week", 1, {"n": 1}, 2)
    assert shown.link == link
    assert shown.version == library.get(first.scenario_id, 1)


def test_a_link_to_the_latest_follows_the_scenario(library: Library) -> None:
    first, token = saved(library), new_token()
    assert library.share(first.scenario_id, None, token=token, expires_days=None).expires_at is None
    assert library.shared(token).version.document == {"n": 1}
    again(library, first, 2)
    assert (library.shared(token).version.document, library.shared(token).latest) == ({"n": 2}, 2)


def test_the_database_keeps_no_token(library: Library, place: Place) -> None:
    token = new_token()
    assert len(token) == 43
    link = library.share(saved(library).scenario_id, 1, token=token)
    assert token not in repr(dump(place))
    assert refused(library, link.id) == refused(library, new_token())


def test_expired_withdrawn_deleted_and_unknown_links_say_the_same(library: Library, place: Place) -> None:
    first = saved(library)
    tokens = [new_token() for _ in range(4)]
    made = [library.share(first.scenario_id, 1, token=token) for token in tokens[:3]]
    place.sql(f"UPDATE links SET expires_at = '2020-01-01T00:00:00+00:00' WHERE token_hash = '{made[0].id}'")
    library.revoke(made[1].id)
    texts = {refused(library, token) for token in (tokens[0], tokens[1], tokens[3], "", "x" * 10_000, "a' OR '1'='1")}
    assert library.shared(tokens[2]).version.number == 1
    entry = library.delete(first.scenario_id, library.entry(first.scenario_id).rev)
    assert {*texts, refused(library, tokens[2])} == {
        "this link opens nothing: it was never made here, has expired, or was withdrawn"
    }
    library.undelete(first.scenario_id, entry.rev)
    assert library.shared(tokens[2]).version.number == 1
    assert {link.id: link.state for link in library.links(first.scenario_id)} == {
        made[0].id: "expired",
        made[1].id: "revoked",
        made[2].id: "active",
    }
    assert library.working_links() == {first.scenario_id: 1}


def test_the_same_questions_are_asked_whatever_the_reason(library: Library, place: Place) -> None:
    """Neither the number of statements nor their text tells an expired link from one that never was."""
    first, tokens = saved(library), [new_token() for _ in range(3)]
    made = [library.share(first.scenario_id, 1, token=token) for token in tokens[:2]]
    place.sql(f"UPDATE links SET expires_at = '2020-01-01T00:00:00+00:00' WHERE token_hash = '{made[0].id}'")
    library.revoke(made[1].id)
    asked: list[str] = []
    event.listen(library._database.opened(), "before_cursor_execute", lambda *given: asked.append(given[2]))
    seen = []
    for token in tokens:
        asked.clear()
        refused(library, token)
        seen.append(tuple(asked))
    assert len(set(seen)) == 1
    assert len(seen[0]) > 0


def test_a_link_ends_at_its_moment(library: Library, place: Place) -> None:
    """By the clock of the database: a second before it works, at it and after it does not."""
    first, token = saved(library), new_token()
    link = library.share(first.scenario_id, 1, token=token)
    with library._database.transaction(writes=False) as connection:
        now = clock(connection)
    assert now.endswith("+00:00")
    for moment, works in (("9999-01-01T00:00:00+00:00", True), (now, False)):
        place.sql(f"UPDATE links SET expires_at = '{moment}' WHERE token_hash = '{link.id}'")
        if works:
            assert library.shared(token).version.number == 1
        else:
            refused(library, token)


def test_openings_count_once_a_minute(library: Library, place: Place) -> None:
    first, token = saved(library), new_token()
    link = library.share(first.scenario_id, 1, token=token)
    for _ in range(100):
        library.shared(token)
    assert library.links(first.scenario_id) == [link]
    for _ in range(3):
        library.count_opening(token)
    (once,) = library.links(first.scenario_id)
    assert once.opened == 1
    assert once.last_opened_at is not None
    earlier = (once.last_opened_at - timedelta(seconds=60)).isoformat(timespec="seconds")
    place.sql(f"UPDATE links SET last_opened_at = '{earlier}'")
    library.count_opening(token)
    assert library.links(first.scenario_id)[0].opened == 2
    library.revoke(link.id)
    place.sql(f"UPDATE links SET last_opened_at = '{earlier}'")
    before = dump(place)
    for unknown in (token, new_token(), "", link.id):
        library.count_opening(unknown)
    assert dump(place) == before


def test_withdrawing_is_for_good_and_once(library: Library) -> None:
    token = new_token()
    link = library.share(saved(library).scenario_id, 1, token=token)
    withdrawn = library.revoke(link.id)
    assert withdrawn.state == "revoked"
    assert library.revoke(link.id) == withdrawn
    for unknown in (token, "", "0" * 64, link.id.upper()):
        with pytest.raises(UnknownLink):
            library.revoke(unknown)


def test_a_repeated_call_makes_one_link(library: Library) -> None:
    first, token = saved(library), new_token()
    made = library.share(first.scenario_id, 1, label=" For  Ben ", token=token)
    assert library.share(first.scenario_id, 1, label="For Ben", token=token) == made
    with pytest.raises(StoreError, match="belongs to another link"):
        library.share(first.scenario_id, None, label="For Ben", token=token)
    assert library.links(first.scenario_id) == [made]


@pytest.mark.parametrize("days", [0, -1, float("nan"), float("inf"), 1e9])
def test_an_absurd_age_is_refused(library: Library, days: float) -> None:
    with pytest.raises(StoreError, match="days"):
        library.share(saved(library).scenario_id, 1, expires_days=days, token=new_token())


def test_what_is_not_there_cannot_be_shared(library: Library, place: Place) -> None:
    first = saved(library)
    gone = saved(library)
    library.delete(gone.scenario_id, 1)
    before = dump(place)
    for scenario_id, version in ((new_key(), 1), (first.scenario_id, 2), (first.scenario_id, 0), (gone.scenario_id, 1)):
        with pytest.raises(UnknownEntry):
            library.share(scenario_id, version, token=new_token())
    for token in ("", new_key(), "x" * 43 + "!", "'; DROP TABLE links; --"):
        with pytest.raises(StoreError, match="no token"):
            library.share(first.scenario_id, 1, token=token)
    assert dump(place) == before


def test_a_token_is_no_id(library: Library) -> None:
    """A save under the token of a link would hide a scenario behind it."""
    token = new_token()
    with pytest.raises(StoreError, match="is not an id"):
        library.save_new({"n": 1}, name="x", scenario_id=token, save_id=new_key())
    with pytest.raises(UnknownEntry):
        library.get(token)


def test_a_transaction_that_reads_cannot_write(library: Library, place: Place) -> None:
    """As that of a share link: the database itself refuses."""
    first = saved(library)
    database, before = Database(place.url), dump(place)
    for statement in ("DELETE FROM links", "UPDATE scenarios SET name = 'taken'", "CREATE TABLE taken (n INTEGER)"):
        with pytest.raises(StoreError), database.transaction(writes=False) as connection:
            connection.exec_driver_sql(statement)
    assert dump(place) == before
    with database.transaction(writes=True) as connection:  # on the same connection, given back to the pool
        assert connection.exec_driver_sql("UPDATE scenarios SET name = 'mine'").rowcount == 1
    database.close()
    assert library.entry(first.scenario_id).name == "mine"


def test_a_restored_backup_opens_every_link(library: Library, place: Place, make_place, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    first, token = saved(library), new_token()
    library.share(first.scenario_id, 1, token=token)
    library.backup(tmp_path / "copy.sqlite3")
    other = Library(make_place("sqlite").url)
    other.restore_from(tmp_path / "copy.sqlite3")
    assert other.shared(token) == library.shared(token)
    other.close()


COUNTING = """
library = Library(url)
for _ in range(20):
    library.count_opening("{token}")
    library.shared("{token}")
"""


def test_eight_readers_at_once_count_one_opening(library: Library, place: Place) -> None:
    first, token = saved(library), new_token()
    library.share(first.scenario_id, 1, token=token)
    run_in_processes(8, COUNTING.format(token=token), place.url)
    assert library.links(first.scenario_id)[0].opened in (1, 2)  # 2 where a minute passed meanwhile


def test_a_link_is_no_way_around_a_conflict(library: Library) -> None:
    """Sharing takes no version and leaves none: the next save still has to be based on the latest."""
    first = saved(library)
    library.share(first.scenario_id, None, token=new_token())
    again(library, first, 2)
    with pytest.raises(VersionConflict):
        again(library, first, 3)
