"""``hybridplan import``: rows, rejected lines with their reasons, and an option for each assumption."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from hybridplan.cli import main

Command = Callable[..., tuple[int, str, str]]

POOLS = """pool_id,site,sku,purchase_option,capacity_accelerators,price_usd_per_accelerator_hour
fra-h100,fra,H100,owned,64,1.48
,fra,H100,owned,8,1.48
ams-h100,ams,H100,on_demand,many,4.1
lon-h100,lon,H100,on_demand,16,"4,1"
"""
TRACE = "TIMESTAMP,ContextTokens,GeneratedTokens\n2023-11-16 18:15:46,100,20\n2023-11-16 18:45:00,50,10\n"


@pytest.fixture
def hybridplan(capsys: pytest.CaptureFixture[str]) -> Command:
    def run(*arguments: object) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as end:
            main([str(argument) for argument in arguments])
        out, err = capsys.readouterr()
        assert "Traceback" not in out + err
        assert isinstance(end.value.code, int)
        return end.value.code, out, err

    return run


def written(folder: Path, text: str, name: str = "table.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def as_json(result: tuple[int, str, str]) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(result[1])
    return found


def test_three_bad_lines_are_named_and_the_good_one_is_kept(hybridplan: Command, tmp_path: Path) -> None:
    """Line 3 has no id, line 4 a capacity in words, line 5 a decimal comma."""
    result = hybridplan("import", written(tmp_path, POOLS), "--kind", "pools", "--format", "json")
    assert result[0] == 0
    found = as_json(result)
    assert found["accepted"] == len(found["rows"]) == 1
    assert found["rows"][0]["pool_id"] == "fra-h100"
    assert found["rows"][0]["capacity_accelerators"] == 64
    assert {line["line"] for line in found["rejected"]} == {3, 4, 5}
    assert all(line["reason"] for line in found["rejected"])
    assert {"many", "4,1"} <= {line["value"] for line in found["rejected"]}
    assert found["lines_read"] == 4


def test_the_table_form_names_them_too(hybridplan: Command, tmp_path: Path) -> None:
    code, out, err = hybridplan("import", written(tmp_path, POOLS), "--kind", "pools")
    assert code == 0
    assert "fra-h100" in out
    assert "many" in out
    assert "1 rows accepted" in err


def test_the_decimal_sign_is_an_option(hybridplan: Command, tmp_path: Path) -> None:
    """With a comma as decimal sign, 4,1 is 4.1; line 2 and its 1.48 are then no number."""
    result = hybridplan("import", written(tmp_path, POOLS), "--kind", "pools", "--decimal", ",", "--format", "json")
    rows = {row["pool_id"]: row for row in as_json(result)["rows"]}
    assert rows["lon-h100"]["price_usd_per_accelerator_hour"] == pytest.approx(4.1)
    assert "fra-h100" not in rows


def test_an_assumption_is_listed_and_its_option_takes_it_away(hybridplan: Command, tmp_path: Path) -> None:
    path = written(tmp_path, TRACE, "chat.csv")
    command = ("import", path, "--kind", "trace", "--format", "json")
    assumed = as_json(hybridplan(*command))
    assert "time_zone" in {known["name"] for known in assumed["assumptions"]}
    told = as_json(hybridplan(*command, "--timezone", "Europe/Berlin"))
    assert "time_zone" not in {known["name"] for known in told["assumptions"]}
    assert assumed["rows"] != told["rows"]


def test_a_table_without_one_good_row_is_bad_input(hybridplan: Command, tmp_path: Path) -> None:
    path = written(tmp_path, "colour,shape\nred,round\n")
    result = hybridplan("import", path, "--kind", "pools", "--format", "json")
    assert result[0] == 2
    found = as_json(result)
    assert found["accepted"] == 0
    assert found["needs_mapping"] is True
    assert found["columns"] == ["colour", "shape"]
    assert found["rejected"]


def test_a_mapping_reads_a_file_of_no_known_form(hybridplan: Command, tmp_path: Path) -> None:
    path = written(tmp_path, "From where,To where,RTT\nfra,ams,9.5\n")
    pairs = ("--mapping", "from_site=From where", "--mapping", "to_site=To where", "--mapping", "round_trip_ms=RTT")
    result = hybridplan("import", path, "--kind", "links", "--format", "json", *pairs)
    assert result[0] == 0
    row = as_json(result)["rows"][0]
    assert (row["from_site"], row["to_site"], row["round_trip_ms"]) == ("fra", "ams", 9.5)


@pytest.mark.parametrize(
    "options",
    [
        ("--mapping", "from_site"),
        ("--mapping", "=RTT"),
        ("--timezone", "Mars/Base"),
        ("--throughput", "-1"),
        ("--hours", "0"),
        ("--as-of", "yesterday"),
        ("--decimal", "x"),
    ],
    ids=" ".join,
)
def test_an_option_that_cannot_be_used_is_bad_input(
    hybridplan: Command, tmp_path: Path, options: tuple[str, ...]
) -> None:
    code, _, err = hybridplan("import", written(tmp_path, TRACE), "--kind", "trace", *options)
    assert code == 2
    assert options[1].lstrip("=") in err or options[0].strip("-").replace("-", "_") in err


@pytest.mark.parametrize("content", [b"", b"\x00\x01\x02", b"PK\x03\x04broken", b"\x1f\x8bnot gzip", b'"open'])
def test_a_broken_file_is_bad_input_with_its_fault(hybridplan: Command, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "odd.bin"
    path.write_bytes(content)
    result = hybridplan("import", path, "--kind", "prices", "--format", "json")
    assert result[0] == 2
    assert as_json(result)["rejected"]


def test_a_missing_file_is_bad_input(hybridplan: Command, tmp_path: Path) -> None:
    code, out, err = hybridplan("import", tmp_path / "none.csv", "--kind", "prices")
    assert (code, out) == (2, "")
    assert "none.csv" in err
