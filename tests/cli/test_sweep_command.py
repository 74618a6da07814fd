"""``hybridplan sweep``: forms of output, exit codes, refusals in words, and Ctrl+C."""

from __future__ import annotations

import csv
import io
import json
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from hybridplan.cli import main
from hybridplan.io.catalogue import data_dir

Command = Callable[..., tuple[int, str, str]]
REFERENCE = data_dir() / "scenarios" / "reference_avoidable.json"
PRICE = "pools.public.price_usd_per_accelerator_hour"
OWNED = "pools.private.capacity_accelerators"


@pytest.fixture
def sweep(capfd: pytest.CaptureFixture[str]) -> Command:
    """Run ``hybridplan sweep``: exit code, stdout, stderr."""

    def run(*arguments: object) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as end:
            main(["sweep", *(str(argument) for argument in arguments)])
        out, err = capfd.readouterr()
        assert "Traceback" not in out + err
        return int(end.value.code or 0), out, err

    return run


def test_csv_has_one_row_for_each_combination(sweep: Command) -> None:
    """150 servers wanted; own ones cost 0.50 USD, rented ones 0.30 or 0.70 USD.

    150 x 0.30 = 45 in both cases; at 0.70 without own ones 150 x 0.70 = 105, else 100 x 0.50 + 50 x 0.70 = 85.
    """
    code, out, _ = sweep(REFERENCE, "--set", f"{PRICE}=0.3:0.7:2", "--set", f"{OWNED}=0,100", "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(out)))
    assert code == 0
    assert [(float(row[PRICE]), float(row[OWNED])) for row in rows] == [(0.3, 0), (0.3, 100), (0.7, 0), (0.7, 100)]
    assert [float(row["objective_usd"]) for row in rows] == [pytest.approx(usd) for usd in (45, 45, 105, 85)]
    assert {row["status"] for row in rows} == {"optimal"}


def test_json_and_table_say_what_is_not_valid_and_what_is_infeasible(sweep: Command) -> None:
    arguments = (REFERENCE, "--jobs", 1, "--set", f"{PRICE}=-1,0.3")
    code, out, err = sweep(*arguments, "--format", "json")
    found = json.loads(out)
    assert (code, found["paths"], found["asked"], found["complete"]) == (2, [PRICE], 2, True)
    assert [point["status"] for point in found["points"]] == ["invalid", "optimal"]
    assert found["points"][1]["objective_usd"] == pytest.approx(45.0)
    assert f"error: {PRICE}" in err
    code, out, _ = sweep(*arguments)
    assert code == 2
    assert "invalid" in out


def test_a_sweep_without_any_plan_exits_with_3(sweep: Command, tmp_path: Path) -> None:
    document = json.loads(REFERENCE.read_text(encoding="utf-8"))
    document["workloads"]["demand"]["must_serve"] = True
    path = tmp_path / "hard.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    code, out, _ = sweep(path, "--jobs", 1, "--set", f"{OWNED}=0", "--set", "pools.public.capacity_accelerators=10,20")
    assert code == 3
    assert out.count("infeasible") == 2


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ((), "--set"),
        (("--set", PRICE), "no path with values"),
        (("--set", f"{PRICE}=cheap"), "cheap is no number"),
        (("--set", f"{PRICE}=1,,2"), "nothing is no number"),
        (("--set", f"{PRICE}=1:2"), "no range"),
        (("--set", f"{PRICE}=1:2:1"), "count from 2"),
        (("--set", f"{PRICE}=1:2:99999"), "count from 2"),
        (("--set", f"{PRICE}=nan"), "plain number"),
        (("--set", "pools.publik.busy_kw=1"), "pools.publik.busy_kw"),
        (("--set", f"{PRICE}=1", "--set", f"{PRICE}=2"), "twice"),
        (("--set", f"{PRICE}=1", "--jobs", 0), "--jobs"),
        (("--set", f"{PRICE}=1", "--time-limit", 0), "--time-limit"),
    ],
)
def test_bad_options_exit_with_2(sweep: Command, options: tuple[object, ...], said: str) -> None:
    code, _, err = sweep(REFERENCE, *options)
    assert code == 2
    assert said in err


def test_ctrl_c_prints_what_there_is() -> None:
    demo = data_dir() / "scenarios" / "demo.json"
    arguments = [
        "sweep",
        str(demo),
        "--jobs",
        "1",
        "--set",
        "policy.carbon_usd_per_tonne=0:500:400",
        "--format",
        "json",
    ]
    command = subprocess.Popen(
        [sys.executable, "-m", "hybridplan", *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert command.stderr is not None
    for line in command.stderr:
        if "of 400 points" in line:
            break
    command.send_signal(signal.SIGINT)
    out, err = command.communicate(timeout=60)
    found = json.loads(out)
    assert (command.returncode, found["complete"]) == (4, False)
    assert 0 < len(found["points"]) < 400
    assert f"Stopped: {len(found['points'])} of 400 points." in err
    assert "Traceback" not in err
