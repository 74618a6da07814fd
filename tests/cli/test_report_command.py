"""``hybridplan report``: the file that was asked for, exit codes as of ``solve``, and what was written on stderr."""

from __future__ import annotations

import csv
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from hybridplan.cli import main
from hybridplan.io.catalogue import data_dir

Command = Callable[..., tuple[int, str, str]]


@pytest.fixture
def report(capfd: pytest.CaptureFixture[str]) -> Command:
    """Run ``hybridplan report``: exit code, stdout, stderr."""

    def run(*arguments: object) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as end:
            main(["report", *(str(argument) for argument in arguments)])
        out, err = capfd.readouterr()
        assert "Traceback" not in out + err
        return int(end.value.code or 0), out, err

    return run


def scenario(name: str = "reference_sunk") -> Path:
    return data_dir() / "scenarios" / f"{name}.json"


def changed(folder: Path, **fields: Any) -> Path:
    """The reference case with other fields of its workload."""
    document = json.loads(scenario().read_text(encoding="utf-8"))
    document["workloads"]["demand"] |= fields
    path = folder / "changed.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("ending", "begins", "what"),
    [
        (".html", b"<!DOCTYPE html>", "report"),
        (".PDF", b"%PDF-", "report"),
        (".xlsx", b"PK", "workbook"),
        (".csv", b"", "hourly costs"),
        (".json", b"{", "scenario"),
        (".zip", b"PK", "report and all other files"),
    ],
)
def test_the_ending_says_what_is_written(
    report: Command, tmp_path: Path, ending: str, begins: bytes, what: str
) -> None:
    output = tmp_path / f"out{ending}"
    code, out, err = report(scenario(), "--output", output)
    assert (code, out) == (0, "")
    assert output.read_bytes().lstrip().startswith(begins)
    assert f"written: {output} ({what}, " in err


def test_the_costs_are_the_plan_hour_by_hour(report: Command, tmp_path: Path) -> None:
    """100 x 0.5 + 50 x 0.3 = 65 USD."""
    report(scenario(), "--output", tmp_path / "costs.csv")
    with (tmp_path / "costs.csv").open(encoding="utf-8", newline="") as file:
        costs = [float(row["EffectiveCost"] or 0) for row in csv.DictReader(file)]
    assert sum(costs) == pytest.approx(65.0, rel=1e-9)


@pytest.mark.parametrize("ending", [".html", ".pdf", ".zip"])
def test_an_impossible_scenario_still_gets_a_report_that_says_so(report: Command, tmp_path: Path, ending: str) -> None:
    """Demand 400 must be served, but only 100 + 200 exist."""
    path = changed(tmp_path, must_serve=True, demand_units_per_hour={"hour": [400]})
    output = tmp_path / f"out{ending}"
    code, _, err = report(path, "--output", output)
    assert code == 3
    assert "No plan can meet every rule" in err
    assert "written: " in err
    if ending == ".html":
        text = output.read_text(encoding="utf-8")
        assert "No plan can meet every rule at the same time." in text
        assert "What would make a plan possible" in text
    if ending == ".zip":
        assert len(zipfile.ZipFile(output).namelist()) == 3


def test_no_plan_in_time_is_said_in_the_report(report: Command, tmp_path: Path) -> None:
    output = tmp_path / "out.html"
    code, _, err = report(scenario("demo"), "--output", output, "--time-limit", "1e-9")
    assert code == 4
    assert "No plan was found within" in err
    assert "No plan found in time" in output.read_text(encoding="utf-8")


def test_a_file_that_would_be_empty_is_not_written(report: Command, tmp_path: Path) -> None:
    path = changed(tmp_path, must_serve=True, demand_units_per_hour={"hour": [400]})
    output = tmp_path / "out.csv"
    code, _, err = report(path, "--output", output)
    assert code == 3
    assert f"not written: {output}" in err
    assert not output.exists()


@pytest.mark.parametrize("name", ["out.txt", "out", "out.", ".html", "missing/out.html"])
def test_an_output_that_cannot_be_written_is_bad_input(report: Command, tmp_path: Path, name: str) -> None:
    """Found out before the solve."""
    code, _, err = report(scenario(), "--output", tmp_path / name)
    assert code == 2
    assert err.startswith("error: --output: ")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_in_place_of_the_output_is_bad_input(report: Command, tmp_path: Path) -> None:
    (tmp_path / "out.html").mkdir()
    code, _, err = report(scenario(), "--output", tmp_path / "out.html")
    assert code == 2
    assert "cannot be written" in err


@pytest.mark.parametrize(
    "arguments", [[], ["--output"], ["--output", "x.html", "--time-limit", "0"], ["--output", "x.html", "--unknown"]]
)
def test_wrong_usage_is_bad_input(report: Command, arguments: list[str]) -> None:
    assert report(scenario(), *arguments)[0] == 2


def test_a_scenario_with_errors_is_bad_input(report: Command, tmp_path: Path) -> None:
    code, _, err = report(changed(tmp_path, origin_site="nowhere"), "--output", tmp_path / "out.html")
    assert code == 2
    assert "nowhere" in err
    assert not (tmp_path / "out.html").exists()
