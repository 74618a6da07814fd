"""``hybridplan drill`` and ``hybridplan replay``: what they print, exit codes, and refusals in words."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from builders import pool, rigid, scenario

from hybridplan.cli import main
from hybridplan.io import scenario_json

Command = Callable[..., tuple[int, str, str]]


@pytest.fixture
def command(capfd: pytest.CaptureFixture[str]) -> Command:
    """Run a command: exit code, stdout, stderr."""

    def run(*arguments: object) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as end:
            main([str(argument) for argument in arguments])
        out, err = capfd.readouterr()
        assert "Traceback" not in out + err
        return int(end.value.code or 0), out, err

    return run


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """10, then 5 requests at home, of which 80 % are promised; standby is rented 10 ms away."""
    return written(tmp_path, {})


def written(folder: Path, work: dict[str, Any], **policy: Any) -> Path:
    sites = {
        "here": {"kind": "private", "provider": "own", "jurisdiction": "DE", "name": "Frankfurt"},
        "far": {"kind": "public", "provider": "cloud", "jurisdiction": "DE"},
    }
    failures = {"lost": {"kind": "site", "record": "here", "failures_per_year": 2.0}}
    made = scenario(
        {"own": pool("owned", 20, 1.0), "far": pool("on_demand", 50, 3.0, site="far")},
        {"w": rigid([10.0, 5.0], unit="requests", promised_share=0.8, **work)},
        periods=2,
        sites=sites,
        links={"out": {"from_site": "here", "to_site": "far", "round_trip_ms": 10.0}},
        policy={"contingencies": failures, **policy},
    )
    path = folder / "scenario.json"
    path.write_text(scenario_json.dump(made), encoding="utf-8")
    return path


def test_the_worst_hour_as_json(command: Command, path: Path) -> None:
    code, out, err = command("drill", path, "--contingency", "lost", "--format", "json")
    found = json.loads(out)
    assert (code, found["kind"], found["period_start"]) == (0, "stored", "2026-06-01T00:00:00+00:00")
    assert found["lost"] == {"sites": ["here"], "pools": ["own"], "links": []}
    (work,) = found["works"]
    assert (work["served_before"], work["served_after"], work["kept_promise"]) == (
        pytest.approx(10.0),
        pytest.approx(8.0),
        True,
    )
    assert [row["pool"] for row in found["after"]] == ["far"]
    assert "after the loss of Frankfurt: 80 % of w goes on from far (10 ms instead of 0 ms)." in err


def test_another_hour_answered_anew_as_a_table(command: Command, path: Path) -> None:
    options = ("--period", "2026-06-01T03:30:00+02:00", "--answer", "best_rented")
    code, out, err = command("drill", path, "--contingency", "lost", *options)
    assert code == 0
    assert "What goes on, units per hour" in out
    assert "01 Jun 2026, 01:00, after the loss of Frankfurt: w goes on fully from far" in err


def test_a_replay_gives_the_same_for_the_same_seed(command: Command, path: Path) -> None:
    options = ("--runs", 40, "--seed", 9, "--years", 2, "--format", "json")
    code, out, err = command("replay", path, *options)
    found = json.loads(out)
    assert (code, found["runs"], found["seed"], found["years"]) == (0, 40, 9, 2.0)
    (work,) = found["works"]
    assert 0.99 < work["availability"] < 1.0
    assert work["availability_objective_share"] is None
    assert "40 runs of 2 years" in err
    assert command("replay", path, *options)[1] == out
    code, out, _ = command("replay", path, "--runs", 5)
    assert code == 0
    assert "Share of demand that is served" in out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("drill", "--contingency", "flood"), "Known: lost."),
        (("drill", "--contingency", "lost", "--period", "noon"), "is no time"),
        (("drill", "--contingency", "lost", "--period", "2031-01-01"), "is not planned"),
        (("drill", "--contingency", "lost", "--time-limit", 0), "--time-limit"),
        (("replay", "--runs", 0), "runs"),
        (("replay", "--years", "-1"), "years"),
    ],
)
def test_bad_options_exit_with_2(command: Command, path: Path, arguments: tuple[object, ...], said: str) -> None:
    name, *rest = arguments
    code, _, err = command(name, path, *rest)
    assert code == 2
    assert said in err


@pytest.mark.parametrize("arguments", [("drill", "--contingency", "lost"), ("replay", "--runs", 5)])
def test_without_a_plan_they_exit_with_3_and_say_why(
    command: Command, tmp_path: Path, arguments: tuple[object, ...]
) -> None:
    name, *rest = arguments
    code, out, err = command(name, written(tmp_path, {"must_serve": True}, budget={"usd": 1.0}), *rest)
    assert (code, out) == (3, "")
    assert "No plan can meet every rule" in err
