"""``hybridplan compare``: forms of output, exit codes, and refusals in words."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from hybridplan.cli import main
from hybridplan.io.catalogue import data_dir

Command = Callable[..., tuple[int, str, str]]
SCENARIOS = data_dir() / "scenarios"


@pytest.fixture
def compare(capfd: pytest.CaptureFixture[str]) -> Command:
    """Run ``hybridplan compare``: exit code, stdout, stderr."""

    def run(*arguments: object) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as end:
            main(["compare", *(str(argument) for argument in arguments)])
        out, err = capfd.readouterr()
        assert "Traceback" not in out + err
        return int(end.value.code or 0), out, err

    return run


FILES = [SCENARIOS / "reference_avoidable.json", SCENARIOS / "reference_sunk.json"]


def test_json_csv_and_table_say_the_same(compare: Command) -> None:
    """Avoidable: all 150 public, 45 USD. Sunk: 50 USD for 100 owned, 50 public for 15: 65, bars +50 and -30."""
    code, out, err = compare(*FILES, "--format", "json")
    found = json.loads(out)
    assert (code, found["span"], found["complete"]) == (0, "horizon", True)
    assert [row["objective_usd"] for row in found["scenarios"]] == pytest.approx([45.0, 65.0])
    assert [row["name"] for row in found["scenarios"]] == ["reference_avoidable", "reference_sunk"]
    bars = {row["term"]: row["usd"] for row in found["waterfall"]}
    assert bars == pytest.approx({"owned_fixed": 50.0, "usage": -30.0})
    assert "held against reference_avoidable" in err
    code, out, _ = compare(*FILES, "--format", "csv")
    rows = [row for row in csv.DictReader(io.StringIO(out)) if row["figure"] == "objective"]
    assert (code, [float(row["value"]) for row in rows]) == (0, pytest.approx([45.0, 65.0]))
    code, out, _ = compare(*FILES, "--format", "csv", "--rows", "moves")
    moves = {row["pool"]: float(row["change"]) for row in csv.DictReader(io.StringIO(out))}
    assert (code, sorted(moves.values())) == (0, pytest.approx([-100.0, 100.0]))
    code, out, _ = compare(*FILES)
    assert code == 0
    assert "Inputs that differ" in out
    assert "What each term adds" in out


def test_an_impossible_one_ends_with_3(compare: Command, tmp_path: Path) -> None:
    document = json.loads(FILES[0].read_text(encoding="utf-8"))
    for work in document["workloads"].values():
        work["must_serve"] = True
    document["policy"] = {"budget": {"usd": 1.0}}
    tight = tmp_path / "tight.json"
    tight.write_text(json.dumps(document), encoding="utf-8")
    code, out, _ = compare(FILES[0], tight)
    assert code == 3
    assert "tight has no plan" in out


def test_bad_input_is_refused(compare: Command, tmp_path: Path) -> None:
    code, _, err = compare(FILES[0])
    assert (code, "from 2 to 4 files" in err) == (2, True)
    code, _, err = compare(*FILES, tmp_path / "none.json")
    assert (code, "cannot be read" in err) == (2, True)
    code, _, err = compare(*FILES, "--time-limit", "-1")
    assert (code, "--time-limit" in err) == (2, True)
