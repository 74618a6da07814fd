"""The command line as scripts see it: exit codes, JSON on stdout, messages on stderr, never a traceback."""

from __future__ import annotations

import json
import math
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from hybridplan.cli import main
from hybridplan.io import scenario_json
from hybridplan.io.catalogue import data_dir
from hybridplan.io.exports import plan_excel
from hybridplan.plan import Plan, SolverRun, SolveStatus


@dataclass(frozen=True)
class Result:
    """What one command left behind."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Command = Callable[..., Result]


@pytest.fixture
def hybridplan(capfd: pytest.CaptureFixture[str]) -> Command:
    """Run one command in this process; also what C code prints is captured."""

    def run(*arguments: object) -> Result:
        with pytest.raises(SystemExit) as end:
            main([str(argument) for argument in arguments])
        out, err = capfd.readouterr()
        assert "Traceback" not in out + err
        return Result(end.value.code if isinstance(end.value.code, int) else 1, out, err)

    return run


def bundled(name: str) -> Path:
    return data_dir() / "scenarios" / f"{name}.json"


def written(folder: Path, change: Callable[[dict[str, Any]], None], base: str = "reference_sunk") -> Path:
    """A bundled scenario with a change, as a new file."""
    document = json.loads(bundled(base).read_text(encoding="utf-8"))
    change(document)
    path = folder / "changed.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("name", "usd", "private", "public"),
    [
        ("reference_avoidable", 45, 0, 150),
        ("reference_sunk", 65, 100, 50),
        ("reference_owned_first", 65, 100, 50),
    ],
)
def test_the_reference_case_in_three_readings(
    hybridplan: Command, name: str, usd: float, private: float, public: float
) -> None:
    """Private 100 at 0.5, public 200 at 0.3, demand 150.

    Avoidable: all public, 150 x 0.3 = 45. Sunk: the private 100 are paid anyway, 100 x 0.5 + 50 x 0.3 = 65. Owned
    first: the least paid to others is 50 x 0.3, so again 100 + 50.
    """
    result = hybridplan("solve", bundled(name), "--format", "json")
    assert result.code == 0
    plan = result.json
    assert plan["objective_usd"] == pytest.approx(usd)
    busy = {"private": 0.0, "public": 0.0}
    for row in plan["allocation"]:
        busy[row["pool"]] += row["accelerators_busy"]
    assert busy == {"private": pytest.approx(private, abs=1e-6), "public": pytest.approx(public, abs=1e-6)}


def test_a_workbook_that_was_written_before_is_solved_as_its_scenario_is(hybridplan: Command, tmp_path: Path) -> None:
    """The reference case with sunk cost: 65 USD."""
    scenario = scenario_json.load(bundled("reference_sunk"))
    path = tmp_path / "plan.xlsx"
    path.write_bytes(plan_excel(Plan(scenario, SolveStatus.FAILED, SolverRun("none", "0", 0, 0, 1), pd.DataFrame())))
    result = hybridplan("solve", path, "--format", "json")
    assert result.code == 0
    assert result.json["objective_usd"] == pytest.approx(65)
    assert result.json["content_hash"] == scenario.content_hash


def test_a_damaged_workbook_is_bad_input(hybridplan: Command, tmp_path: Path) -> None:
    path = tmp_path / "plan.xlsx"
    path.write_bytes(b"PK\x03\x04" + b"x" * 100)
    result = hybridplan("solve", path)
    assert result.code == 2
    assert "damaged workbook" in result.err


def test_the_json_of_a_plan_has_the_promised_keys(hybridplan: Command) -> None:
    plan = hybridplan("solve", bundled("reference_sunk"), "--format", "json").json
    assert plan["status"] == "optimal"
    assert sum(plan["cost_usd"].values()) + sum(plan["penalty_usd"].values()) == pytest.approx(plan["objective_usd"])
    assert plan["unserved"]["demand"] == {"quantity": 0, "unit": "unit-hours", "share": 0}
    keys = {"workload", "pool", "period_start", "accelerators_busy", "accelerators_assigned", "units_per_hour"}
    assert keys <= set(plan["allocation"][0])
    assert {"pool", "period_start", "accelerators_provisioned"} <= set(plan["provisioned"][0])
    certificate = plan["certificate"]
    assert certificate["passed"] is True
    assert certificate["bound_usd"] <= plan["objective_usd"] + 1e-6
    assert {"max_residual", "gap", "bound_source"} <= set(certificate)
    for baseline in plan["baselines"].values():
        assert {"objective_usd", "cost_usd", "unserved", "breaks"} <= set(baseline)


def test_the_table_says_what_the_json_says(hybridplan: Command) -> None:
    result = hybridplan("solve", bundled("reference_avoidable"))
    assert result.code == 0
    assert "45" in result.out
    assert "public" in result.out


def test_bad_input_lists_every_issue(hybridplan: Command, tmp_path: Path) -> None:
    """Two faults in two records: both are named, with field, value and unit."""

    def spoil(document: dict[str, Any]) -> None:
        document["pools"]["private"]["capacity_accelerators"] = -3
        document["workloads"]["demand"]["unserved_usd_per_unit"] = "dear"

    result = hybridplan("solve", written(tmp_path, spoil), "--format", "json")
    assert result.code == 2
    assert result.out == ""
    assert "pools.private.capacity_accelerators" in result.err
    assert "-3" in result.err
    assert "workloads.demand.unserved_usd_per_unit" in result.err


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"\xff\xfe\x00",
        b"\x00" * 100,
        b"[" * 5000,
        b'{"a": NaN}',
        b'{"a": 1e999}',
        b"7" * 6000,
    ],
    ids=["empty", "open", "list", "null", "utf-16", "nul", "deep", "nan", "huge", "long"],
)
def test_a_file_that_is_no_scenario_is_bad_input(hybridplan: Command, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "odd.json"
    path.write_bytes(content)
    result = hybridplan("solve", path)
    assert result.code == 2
    assert result.err.strip()
    assert result.out == ""


def test_a_missing_file_and_a_folder_are_bad_input(hybridplan: Command, tmp_path: Path) -> None:
    for path in (tmp_path / "none.json", tmp_path):
        result = hybridplan("solve", path)
        assert result.code == 2
        assert str(path) in result.err


def test_a_file_above_the_limit_is_refused_unread(
    hybridplan: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HYBRIDPLAN_MAX_UPLOAD_MB", "0.0001")
    path = tmp_path / "large.json"
    path.write_bytes(b" " * 101)
    result = hybridplan("solve", path)
    assert result.code == 2
    assert "larger than 0.0001 MB" in result.err


@pytest.mark.parametrize(
    "arguments",
    [
        ["solve"],
        ["solve", "a.json", "b.json"],
        ["solve", "a.json", "--format", "xml"],
        ["solve", "a.json", "--time-limit", "soon"],
        ["import", "a.csv"],
        ["import", "a.csv", "--kind", "weather"],
        ["fly"],
        ["--fly"],
    ],
    ids=" ".join,
)
def test_wrong_usage_is_bad_input(hybridplan: Command, arguments: list[str]) -> None:
    result = hybridplan(*arguments)
    assert result.code == 2
    assert result.out == ""
    assert result.err.strip()


@pytest.mark.parametrize("seconds", ["0", "-1", "nan", "inf"])
def test_a_time_limit_is_a_positive_number(hybridplan: Command, seconds: str) -> None:
    result = hybridplan("solve", bundled("reference_sunk"), f"--time-limit={seconds}")
    assert result.code == 2
    assert "--time-limit" in result.err


def test_an_impossible_scenario_comes_with_its_diagnosis(hybridplan: Command, tmp_path: Path) -> None:
    """Demand 400 must be served, but only 100 + 200 exist: 100 accelerators are missing."""

    def overload(document: dict[str, Any]) -> None:
        document["workloads"]["demand"]["must_serve"] = True
        document["workloads"]["demand"]["demand_units_per_hour"] = {"hour": [400]}

    result = hybridplan("solve", written(tmp_path, overload), "--format", "json")
    assert result.code == 3
    plan = result.json
    assert plan["status"] == "infeasible"
    assert plan.get("objective_usd") is None
    amounts = [change["amount"] for change in plan["diagnosis"]["alternatives"]]
    assert any(amount == pytest.approx(100, rel=1e-4) for amount in amounts)
    assert result.err.strip()


def test_residency_is_named_and_offered_only_where_asked(hybridplan: Command, tmp_path: Path) -> None:
    """The work may only be where there is no site: it is named as standing in the way, and offered with the option."""

    def elsewhere(document: dict[str, Any]) -> None:
        document["workloads"]["demand"] |= {"must_serve": True, "allowed_jurisdictions": ["ZZ"]}

    path = written(tmp_path, elsewhere)
    result = hybridplan("solve", path, "--format", "json")
    assert result.json["diagnosis"]["withheld"] == [{"rule": "residency", "record": "demand"}]
    assert "residency" not in {change["rule"] for change in result.json["diagnosis"]["alternatives"]}
    assert "stand in the way" in result.err
    result = hybridplan("solve", path, "--format", "json", "--offer-residency")
    assert result.code == 3
    changes = [c for c in result.json["diagnosis"]["alternatives"] if c["rule"] == "residency"]
    assert changes
    assert all(change["proven"] and change["new_value"][0] == "ZZ" for change in changes)
    assert "too. Proven" in result.err


def test_no_plan_in_time_shows_no_number(hybridplan: Command) -> None:
    """A nanosecond is not enough for the demo; whatever the solver holds then is not shown."""
    result = hybridplan("solve", bundled("demo"), "--format", "json", "--time-limit", "1e-9")
    assert result.code == 4
    plan = result.json
    assert plan["status"] == "no_plan_in_time"
    assert plan.get("objective_usd") is None
    assert not plan.get("allocation")
    assert result.err.strip()


def test_schema_is_a_json_schema(hybridplan: Command) -> None:
    result = hybridplan("schema")
    assert result.code == 0
    assert {"horizon", "sites", "pools", "workloads"} <= set(result.json["properties"])


def test_scenarios_lists_what_is_shipped_with_a_path_that_solves(hybridplan: Command) -> None:
    rows = {row["id"]: row for row in hybridplan("scenarios", "--format", "json").json}
    assert {"demo", "reference_avoidable", "reference_sunk", "reference_owned_first"} <= set(rows)
    assert all(row["name"] and row["description"] and Path(row["path"]).is_file() for row in rows.values())
    listed = hybridplan("scenarios").out
    assert all(row["name"] in listed for row in rows.values())


def test_verify_reproduces_every_published_figure(hybridplan: Command) -> None:
    result = hybridplan("verify", "--format", "json")
    assert result.code == 0
    assert all(row["passed"] is True and row["source"] for row in result.json)
    assert all(math.isclose(row["got"], row["expected"], abs_tol=row["tolerance"]) for row in result.json)
    assert hybridplan("verify").code == 0


def test_verify_fails_where_one_figure_differs(hybridplan: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    from hybridplan.analysis import published

    wrong = published.CaseResult("case", "objective", 1.0, float("nan"), "USD", 1e-6, False, "a book")
    monkeypatch.setattr(published, "cases", lambda: [wrong])
    result = hybridplan("verify", "--format", "json")
    assert result.code == 4
    assert result.json[0]["got"] is None


def test_an_unexpected_fault_shows_no_traceback(hybridplan: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    from hybridplan.analysis import planner

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("a wire is loose")

    monkeypatch.setattr(planner, "solve", broken)
    result = hybridplan("solve", bundled("reference_sunk"))
    assert result.code == 4
    assert "a wire is loose" in result.err


@pytest.mark.parametrize("start", [["-m", "hybridplan"], ["-c", "from hybridplan.cli import main; main()"]])
def test_the_module_and_the_script_are_the_same_command(start: list[str], tmp_path: Path) -> None:
    command = [sys.executable, *start, "solve", str(bundled("reference_sunk")), "--format", "json"]
    env = {**os.environ, "PYTHONIOENCODING": "ascii"}
    done = subprocess.run(command, cwd=tmp_path, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["objective_usd"] == pytest.approx(65)


def test_help_does_not_load_the_optimiser() -> None:
    """Help must answer at once: cvxpy alone takes most of a second."""
    code = "import sys, hybridplan.cli; print(sorted({'cvxpy', 'pandas', 'plotly', 'streamlit'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_closed_pipe_is_not_an_error_message(tmp_path: Path) -> None:
    command = f"{sys.executable} -m hybridplan schema | head -1"
    done = subprocess.run(["sh", "-c", command], capture_output=True, text=True, check=True)
    assert done.stderr == ""
