"""Many at once, killed at any moment: no save is lost, none is made twice, none overwrites another."""

from __future__ import annotations

import hashlib
import json
import os
import random
import signal
import subprocess
import sys
import threading
import time

import pytest
from store_places import Place, run_in_processes

from hybridplan.store import Library, Version, new_key

ADD_TEN = """
library = Library(url)
(entry,) = library.scenarios()
done = 0
while done < 10:
    latest = library.get(entry.id)
    number = latest.number
    try:
        made = library.save(
            entry.id, {"n": latest.document["n"] + 1}, based_on=number, author=str(mine), save_id=new_key()
        )
    except VersionConflict as conflict:
        assert conflict.latest.number > number
        continue
    assert made.number == number + 1
    done += 1
"""


def test_of_eight_processes_none_overwrites_another(library: Library) -> None:
    """Each adds 1 to the latest version 10 times: 8 x 10 + 1 versions, and version n holds n - 1."""
    scenario_id = new_key()
    library.save_new({"n": 0}, name="shared", scenario_id=scenario_id, save_id=new_key())
    run_in_processes(8, ADD_TEN, library._database.url)
    versions = library.versions(scenario_id)
    assert [version.number for version in versions] == list(range(81, 0, -1))
    assert [library.get(scenario_id, n).document for n in range(1, 82)] == [{"n": n} for n in range(81)]
    authors = [version.author for version in versions]
    assert {author: authors.count(author) for author in set(authors) - {""}} == {str(n): 10 for n in range(8)}


def in_threads(count: int, work) -> list[object]:  # type: ignore[no-untyped-def]
    """Results, or the exceptions, of ``work`` in several threads that begin together."""
    ready, results = threading.Barrier(count), []

    def run() -> None:
        ready.wait()
        try:
            results.append(work())
        except Exception as error:
            results.append(error)

    threads = [threading.Thread(target=run) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_one_save_that_is_sent_eight_times_at_once_is_made_once(library: Library) -> None:
    scenario_id, new_id, next_id, note_id = new_key(), new_key(), new_key(), new_key()
    library.scenarios()
    for number, work in enumerate(
        (
            lambda: library.save_new({"n": 1}, name="week", scenario_id=scenario_id, save_id=new_id),
            lambda: library.save(scenario_id, {"n": 2}, based_on=1, save_id=next_id),
        ),
        start=1,
    ):
        results = in_threads(8, work)
        assert {result.number if isinstance(result, Version) else result for result in results} == {number}
        assert len(library.versions(scenario_id)) == number
    results = in_threads(8, lambda: library.add_note(scenario_id, "", "text", "", note_id))
    assert results == [library.notes(scenario_id)[0]] * 8


def test_notes_and_plans_at_one_moment_are_all_kept(library: Library) -> None:
    scenario_id = new_key()
    library.save_new({"n": 1}, name="week", scenario_id=scenario_id, save_id=new_key())
    results = in_threads(8, lambda: library.add_note(scenario_id, "", "text", "", new_key()).number)
    assert sorted(results) == list(range(1, 9))  # type: ignore[type-var]
    assert in_threads(8, lambda: library.put_plan("h", "1", "HiGHS", b"plan")) == [None] * 8
    assert library.plan_document("h", "1", "HiGHS") == b"plan"


WRITER = """
import sys
from hybridplan.store import Library
library, scenario, n = Library(sys.argv[1]), sys.argv[2], int(sys.argv[3])
while True:
    n += 1
    document = {"n": n, "filler": str(n % 10) * 20_000}
    library.save(scenario, document, based_on=n - 1, save_id=f"save-{n:030d}")
    print("saved", n, flush=True)
    library.add_note(scenario, "", str(n), "", f"note-{n:030d}")
    print("noted", n, flush=True)
"""


def kill_in_rounds(library: Library, place: Place, rounds: int) -> None:
    """A process saves version after version, with a note on each, and says so; it is killed at a random moment."""
    scenario_id, moments = new_key(), random.Random(rounds)
    library.save_new({"n": 1, "filler": "1"}, name="killed", scenario_id=scenario_id, save_id=new_key())
    latest = 1
    for _ in range(rounds):
        said = _killed_writer(place.url, scenario_id, latest, moments.uniform(0, 0.3))
        library.close()
        place.wait_until_left()
        versions = library.versions(scenario_id)
        assert [version.number for version in versions] == list(range(len(versions), 0, -1))
        assert versions[0].number == library.entry(scenario_id).latest.number in (said["saved"], said["saved"] + 1)
        notes = [note.text for note in library.notes(scenario_id)]
        assert str(said["noted"]) in notes or said["noted"] == 0
        for number in range(max(2, latest), len(versions) + 1):
            _check_whole(library.get(scenario_id, number))
        latest = len(versions)
        # Whoever does not know whether the last save came through sends it again.
        document = {"n": latest, "filler": str(latest % 10) * 20_000}
        again = library.save(scenario_id, document, based_on=latest - 1, save_id=f"save-{latest:030d}")
        assert (again.number, len(library.versions(scenario_id))) == (latest, latest)
    if place.path is not None:
        assert place.sql("PRAGMA integrity_check") == [("ok",)]
        assert place.sql("PRAGMA foreign_key_check") == []


def _killed_writer(url: str, scenario_id: str, latest: int, seconds: float) -> dict[str, int]:
    """The last numbers that a writer said before it was killed."""
    said = {"saved": latest, "noted": 0}
    command = [sys.executable, "-c", WRITER, url, scenario_id, str(latest)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout is not None
        first = writer.stdout.readline()
        time.sleep(seconds)
        os.kill(writer.pid, signal.SIGKILL)
        for line in (first, *writer.stdout):
            if line.endswith("\n"):
                what, number = line.split()
                said[what] = int(number)
    return said


def _check_whole(version: Version) -> None:
    assert version.document is not None
    assert version.document == {"n": version.number, "filler": str(version.number % 10) * 20_000}
    canonical = json.dumps(version.document, sort_keys=True, separators=(",", ":"))
    assert version.content_hash == hashlib.sha256(canonical.encode()).hexdigest()


def test_a_kill_loses_no_acknowledged_save_and_leaves_none_in_part(library: Library, place: Place) -> None:
    kill_in_rounds(library, place, 5)


@pytest.mark.soak
def test_sixty_kills(library: Library, place: Place) -> None:
    kill_in_rounds(library, place, 60)
