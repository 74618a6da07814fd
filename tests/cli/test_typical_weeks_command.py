"""``hybridplan typical-weeks``: the scenario that is written, the errors that are printed, refusals in words."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from hybridplan.cli import main
from hybridplan.io import scenario_json
from hybridplan.io.catalogue import data_dir

Command = Callable[..., tuple[int, str, str]]
REFERENCE = data_dir() / "scenarios" / "reference_sunk.json"
MONDAY = datetime(2026, 1, 5, tzinfo=UTC)


@pytest.fixture
def weeks(capfd: pytest.CaptureFixture[str]) -> Command:
    """Run ``hybridplan typical-weeks``: exit code, stdout, stderr."""

    def run(*arguments: object) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as end:
            main(["typical-weeks", *(str(argument) for argument in arguments)])
        out, err = capfd.readouterr()
        assert "Traceback" not in out + err
        return int(end.value.code or 0), out, err

    return run


@pytest.fixture
def year(tmp_path: Path) -> Path:
    """Four weeks at 10, 10, 40 and 10 units per hour of the workload of the reference case, in the long form."""
    levels = [level for level in (10, 10, 40, 10) for _ in range(168)]
    lines = [f"demand,{(MONDAY + timedelta(hours=h)).isoformat()},{level}" for h, level in enumerate(levels)]
    path = tmp_path / "year.csv"
    path.write_text("\n".join(["workload_id,period_start,value", *lines]), encoding="utf-8")
    return path


def test_the_weeks_are_written_and_their_errors_printed(weeks: Command, year: Path, tmp_path: Path) -> None:
    """10 stands for three weeks, 40 for one; both are exact, so every error is 0."""
    out_path = tmp_path / "out.json"
    code, out, err = weeks(REFERENCE, year, "--weeks", 2, "--extreme", "-o", out_path)
    assert (code, "written" in err) == (0, True)
    assert "2 weeks stand for 672 hours" in out
    assert "as high as in the year" in out
    scenario = scenario_json.load(out_path)
    assert sorted(block.weight for block in scenario.horizon.blocks.values()) == [1, 3]
    assert scenario.horizon.plan_hours == 672


def test_json_holds_the_same(weeks: Command, year: Path, tmp_path: Path) -> None:
    """One week for all: 17.5 an hour, 22.5 below the peak of 40: 56.25 %; blocks a year later."""
    code, out, _ = weeks(REFERENCE, year, "--weeks", 1, "--later", 52, "-o", tmp_path / "o.json", "--format", "json")
    found = json.loads(out)
    assert code == 0
    assert found["weeks"][0]["weight"] == 4
    assert found["weeks"][0]["start"].startswith("2027-01-")
    assert found["errors"][0]["peak_error_share"] == pytest.approx(-0.5625)
    assert found["errors"][0]["total_error_share"] == pytest.approx(0, abs=1e-12)


def test_faults_are_named_and_nothing_is_written(weeks: Command, year: Path, tmp_path: Path) -> None:
    out_path = tmp_path / "out.json"
    text = year.read_text(encoding="utf-8")
    for changed, options, word in (
        (text.replace("demand,", "nobody,"), (), "no workload with this id"),
        (text.replace(",40", ",-40", 1), (), "is negative"),
        ("\n".join(text.split("\n")[:100] + text.split("\n")[101:]), (), "missing"),
        (text, ("--weeks", 13), "1 to 12"),
        (text, ("--weeks", 1, "--extreme"), "from 2"),
    ):
        year.write_text(changed, encoding="utf-8")
        code, _, err = weeks(REFERENCE, year, *options, "-o", out_path)
        assert (code, word in err) == (2, True), err
        assert not out_path.exists()


def test_a_file_that_cannot_be_written_is_said(weeks: Command, year: Path, tmp_path: Path) -> None:
    code, _, err = weeks(REFERENCE, year, "--weeks", 2, "-o", tmp_path / "no" / "out.json")
    assert code == 2
    assert "cannot be written" in err
