"""``hybridplan backup``, ``restore`` and ``purge``: what they print, and how they end."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from hybridplan.cli import main
from hybridplan.store import Library, new_key

Run = Callable[..., "Done"]


@dataclass(frozen=True)
class Done:
    """What a command left behind."""

    code: int
    out: str
    err: str


@pytest.fixture
def hybridplan(capfd: pytest.CaptureFixture[str]) -> Run:
    def run(*arguments: object) -> Done:
        with pytest.raises(SystemExit) as end:
            main([str(argument) for argument in arguments])
        out, err = capfd.readouterr()
        assert "Traceback" not in out + err
        return Done(end.value.code if isinstance(end.value.code, int) else 1, out, err)

    return run


@pytest.fixture
def use(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Path]:
    def use(name: str) -> Path:
        path = tmp_path / f"{name}.sqlite3"
        monkeypatch.setenv("HYBRIDPLAN_DATABASE_URL", f"sqlite:///{path}")
        return path

    return use


@pytest.fixture
def library(use: Callable[[str], Path]) -> Iterator[Library]:
    """The database in use, with one scenario in the bin and one that is not."""
    use("first")
    opened = Library()
    for name in ("kept", "deleted"):
        version = opened.save_new({"n": 1}, name=name, scenario_id=new_key(), save_id=new_key())
    opened.delete(version.scenario_id, 1)
    opened.put_plan("h", "1", "HiGHS", b"plan")
    yield opened
    opened.close()


def test_a_copy_is_made_and_put_into_another_database(
    hybridplan: Run, library: Library, use: Callable[[str], Path], tmp_path: Path
) -> None:
    made = hybridplan("backup", tmp_path / "copy", "--format", "json")
    counts = {"drafts": 0, "scenarios": 2, "versions": 2, "notes": 0, "plans": 1, "links": 0}
    assert (made.code, json.loads(made.out), made.err) == (0, counts, "")
    use("second")
    put = hybridplan("restore", tmp_path / "copy")
    assert (put.code, put.err) == (0, "")
    assert put.out.split() == ["Rows", "restored", "table", "rows", *(str(x) for item in counts.items() for x in item)]
    second = Library()
    assert second.scenarios() == library.scenarios()
    second.close()


def test_a_copy_goes_over_no_file_and_into_no_database_with_content(
    hybridplan: Run, library: Library, tmp_path: Path
) -> None:
    assert hybridplan("backup", tmp_path / "copy").code == 0
    again = hybridplan("backup", tmp_path / "copy")
    assert (again.code, "exists already" in again.err) == (2, True)
    full = hybridplan("restore", tmp_path / "copy")
    assert (full.code, full.out) == (4, "")
    assert "error: the database is not empty" in full.err


def test_what_is_no_copy_is_refused(hybridplan: Run, use: Callable[[str], Path], tmp_path: Path) -> None:
    use("empty")
    assert hybridplan("restore", tmp_path / "nothing").code == 2
    assert hybridplan("restore", tmp_path).code == 2
    (tmp_path / "text").write_text("hello")
    refused = hybridplan("restore", tmp_path / "text")
    assert (refused.code, refused.out) == (4, "")
    assert "no copy of a database" in refused.err


def test_there_is_nothing_to_copy_yet(hybridplan: Run, use: Callable[[str], Path], tmp_path: Path) -> None:
    path = use("none")
    none = hybridplan("backup", tmp_path / "copy")
    assert (none.code, "no database yet" in none.err) == (4, True)
    assert not path.exists()


def test_purge_removes_what_is_old_enough(
    hybridplan: Run, library: Library, use: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    nothing = {"links": 0, "notes": 0, "versions": 0, "scenarios": 0, "plans": 0}
    assert json.loads(hybridplan("purge", "--format", "json").out) == nothing
    raw = sqlite3.connect(use("first"))
    raw.execute("UPDATE scenarios SET deleted_at = '2020-01-01T00:00:00+00:00' WHERE deleted_at IS NOT NULL")
    raw.execute("UPDATE plans SET created_at = '2020-01-01T00:00:00+00:00'")
    raw.commit()
    raw.close()
    ages = ("--deleted-days", "100000", "--plan-days", "100000")
    assert json.loads(hybridplan("purge", *ages, "--format", "json").out) == nothing
    monkeypatch.setenv("HYBRIDPLAN_MAX_PLAN_DAYS", "100000")
    removed = json.loads(hybridplan("purge", "--format", "json").out)
    assert removed == {**nothing, "versions": 1, "scenarios": 1}
    removed = json.loads(hybridplan("purge", "--plan-days", "0", "--format", "json").out)
    assert removed == {**nothing, "plans": 1}
    assert [entry.name for entry in library.scenarios()] == ["kept"]


@pytest.mark.parametrize("age", ["-1", "x", "nan", "1e300"])
def test_an_age_that_is_none_is_refused(hybridplan: Run, library: Library, age: str) -> None:
    refused = hybridplan("purge", "--deleted-days", age)
    assert refused.code in (2, 4)
    assert refused.out == ""
    assert len(library.scenarios(deleted=True)) == 1
