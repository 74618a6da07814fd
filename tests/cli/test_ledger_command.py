"""``hybridplan ledger``: forms of output, exit codes, and refusals in words."""

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
REFERENCE = data_dir() / "scenarios" / "reference_owned_first.json"


@pytest.fixture
def ledger(capfd: pytest.CaptureFixture[str]) -> Command:
    """Run ``hybridplan ledger``: exit code, stdout, stderr."""

    def run(*arguments: object) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as end:
            main(["ledger", *(str(argument) for argument in arguments)])
        out, err = capfd.readouterr()
        assert "Traceback" not in out + err
        return int(end.value.code or 0), out, err

    return run


def test_json_csv_and_table_say_the_same(ledger: Command) -> None:
    """Owned first costs 65 in place of 45 USD in the one hour of the reference case, 20 x 8,760 USD per year."""
    code, out, err = ledger(REFERENCE, "--format", "json")
    found = json.loads(out)
    assert (code, found["status"], found["complete"], found["solves"]) == (0, "optimal", True, 2)
    (rule,) = found["rules"]
    assert (rule["kind"], rule["served"]) == ("owned_first", "same")
    assert (rule["usd"], rule["usd_per_year"]) == (pytest.approx(20.0), pytest.approx(175_200.0))
    assert (found["total_usd"], found["interaction_usd"]) == (pytest.approx(20.0), pytest.approx(0.0, abs=1e-9))
    assert "Without Owned first" in err
    code, out, _ = ledger(REFERENCE, "--format", "csv")
    (row,) = csv.DictReader(io.StringIO(out))
    assert float(row["usd"]) == rule["usd"]
    code, out, _ = ledger(REFERENCE)
    assert code == 0
    assert "objective without rules" in out
    assert "45.00 USD" in out


def test_a_scenario_without_a_plan_exits_with_3_and_tells_which_rule_alone_is_the_cause(
    ledger: Command, tmp_path: Path
) -> None:
    document = json.loads(REFERENCE.read_text(encoding="utf-8"))
    document["policy"]["budget"] = {"usd": 1.0}
    for work in document["workloads"].values():
        work["must_serve"] = True
    path = tmp_path / "poor.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    code, out, err = ledger(path, "--format", "json")
    assert (code, json.loads(out)["total_usd"]) == (3, None)
    assert "Without Budget alone a plan would be possible." in err
    assert "raise the budget by 44 USD" in err, "all 150 of the work on the pool at 0.3 USD cost 45 USD"
    code, _, err = ledger(path, "--pairs")
    assert (code, "raise the budget by 44 USD" in err) == (3, True)


@pytest.mark.parametrize(("options", "said"), [(("--most-solves", 3), "most_solves"), (("--time-limit", 0), "--time")])
def test_bad_options_exit_with_2(ledger: Command, options: tuple[object, ...], said: str) -> None:
    code, _, err = ledger(REFERENCE, *options)
    assert code == 2
    assert said in err


def test_pairs_alone(ledger: Command) -> None:
    """The city has residency, latency objectives and promises: three pairs, of two plans each; residency is free."""
    city = data_dir() / "scenarios" / "smart_city.json"
    code, out, err = ledger(city, "--pairs", "--format", "json")
    found = json.loads(out)
    assert (code, found["status"], found["complete"]) == (0, "optimal", True)
    rows = {(row["pair"], row["rules"]): row["objective_usd"] for row in found["pairs"]}
    assert list(rows) == [(pair, side) for pair in ("residency", "latency", "promise") for side in ("with", "without")]
    assert rows["residency", "with"] == pytest.approx(rows["residency", "without"], rel=1e-9)
    assert rows["promise", "with"] > rows["promise", "without"]
    assert "Residency: costs nothing now." in err
    code, out, _ = ledger(REFERENCE, "--pairs", "--format", "csv")
    assert (code, out.splitlines()[0].split(",")[:3]) == (0, ["pair", "records", "rules"])
