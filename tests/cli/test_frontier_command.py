"""``hybridplan frontier``: forms of output, exit codes, and refusals in words."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from hybridplan.cli import main
from hybridplan.io.catalogue import data_dir

Command = Callable[..., tuple[int, str, str]]


@pytest.fixture
def frontier(capfd: pytest.CaptureFixture[str]) -> Command:
    """Run ``hybridplan frontier``: exit code, stdout, stderr."""

    def run(*arguments: object) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as end:
            main(["frontier", *(str(argument) for argument in arguments)])
        out, err = capfd.readouterr()
        assert "Traceback" not in out + err
        return int(end.value.code or 0), out, err

    return run


def reference(folder: Path, **work: Any) -> Path:
    """The avoidable reference case with carbon: private 100 and public 400 g/kWh, 1 kW each."""
    path = data_dir() / "scenarios" / "reference_avoidable.json"
    document = json.loads(path.read_text(encoding="utf-8"))
    for site in document["sites"].values():
        site["grid_carbon_g_per_kwh"] = 100.0 if site["kind"] == "private" else 400.0
    for pool in document["pools"].values():
        pool["busy_kw"] = 1.0
    for workload in document["workloads"].values():
        workload |= work
    changed = folder / "reference.json"
    changed.write_text(json.dumps(document), encoding="utf-8")
    return changed


def test_json_csv_and_table_say_the_same(frontier: Command, tmp_path: Path) -> None:
    """All public: 150 x 0.4 kg = 60 kg, 45 USD. At most private: 100 x 0.1 + 50 x 0.4 = 30 kg, 50 + 15 = 65 USD."""
    path = reference(tmp_path)
    code, out, _ = frontier(path, "--against", "carbon", "--points", 5, "--format", "json")
    found = json.loads(out)
    assert (code, found["against"], found["status"], len(found["points"])) == (0, "carbon", "optimal", 5)
    first, last = found["points"][0], found["points"][-1]
    assert (first["cap"], first["objective_usd"]) == (pytest.approx(0.030, rel=1e-3), pytest.approx(65.0, rel=1e-3))
    assert (last["cap"], last["objective_usd"]) == (pytest.approx(0.060), pytest.approx(45.0))
    code, out, _ = frontier(path, "--against", "carbon", "--points", 5, "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(out)))
    assert code == 0
    assert [float(row["cap"]) for row in rows] == [point["cap"] for point in found["points"]]
    code, out, _ = frontier(path, "--against", "carbon", "--points", 5)
    assert code == 0
    assert "t CO2e over the horizon" in out


def test_an_impossible_scenario_exits_with_3(frontier: Command, tmp_path: Path) -> None:
    path = reference(tmp_path, must_serve=True, demand_units_per_hour={"hour": [1000.0]})
    document = json.loads(path.read_text(encoding="utf-8"))
    block = next(iter(document["horizon"]["blocks"]))
    for work in document["workloads"].values():
        work["demand_units_per_hour"] = {block: [1000.0]}
    path.write_text(json.dumps(document), encoding="utf-8")
    code, out, err = frontier(path, "--against", "carbon", "--format", "json")
    assert (code, json.loads(out)["points"]) == (3, [])
    assert "hybridplan solve says why" in err


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--against", "carbon", "--points", 1), "--points"),
        (("--against", "carbon", "--time-limit", -1), "--time-limit"),
        (("--against", "latency"), "--against"),
        (("--against", "mean_latency"), "--of"),
        (("--against", "carbon", "--of", "ai"), "--of"),
        ((), "--against"),
    ],
)
def test_bad_options_exit_with_2(frontier: Command, tmp_path: Path, options: tuple[object, ...], said: str) -> None:
    code, _, err = frontier(reference(tmp_path), *options)
    assert code == 2
    assert said in err
