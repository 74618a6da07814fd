"""What leaves hybridplan: JSON that parses, a workbook that runs nothing, CSV that no spreadsheet runs."""

from __future__ import annotations

import csv
import io
import json
import math
from dataclasses import fields
from typing import Any

import openpyxl
import pandas as pd
import pytest
from builders import hour, one_site, pool, rigid

from hybridplan.analysis import planner
from hybridplan.domain import require
from hybridplan.io.cells import FORMULA_STARTS, guard, restore
from hybridplan.io.exports import plan_excel, plan_json, table_csv
from hybridplan.plan import Plan, PlanTables

EVIL = '=HYPERLINK("http://example.invalid","x")'


@pytest.fixture(scope="module")
def plan() -> Plan:
    """Demand 150 against 100 own and 30 rented accelerators: 20 stay unserved. Names try to be formulas."""
    own, rented = pool("owned", 100, 0.5, name=EVIL, notes="-1+1"), pool("on_demand", 30, 0.3, name="@SUM(A1)")
    document = {
        "schema_version": 1,
        "name": EVIL,
        "horizon": hour(2),
        "sites": one_site(),
        "pools": {"own": own, "rented": rented},
        "workloads": {"w": rigid([150.0, 50.0], unit="requests")},
    }
    return planner.solve(require(document))


@pytest.fixture(scope="module")
def impossible() -> Plan:
    document = {
        "schema_version": 1,
        "name": "impossible",
        "horizon": hour(),
        "sites": one_site(),
        "pools": {"own": pool("owned", 100, 0.5)},
        "workloads": {"w": rigid([150.0], must_serve=True)},
    }
    return planner.solve(require(document))


def test_the_plan_as_json_has_every_promised_key_and_adds_up(plan: Plan) -> None:
    """Hour 0: 100 own and 30 rented of 150, 20 unserved; hour 1: 50 own. Own 100 x 0.5 x 2 = 100, rented 30 x 0.3 = 9,
    unserved 20 x 100 = 2,000."""
    document = json.loads(json.dumps(plan_json(plan), allow_nan=False))
    assert document["status"] == "optimal"
    assert document["objective_usd"] == pytest.approx(2109)
    assert document["cost_usd"]["owned_fixed"] == pytest.approx(100)
    assert document["cost_usd"]["usage"] == pytest.approx(9)
    assert document["penalty_usd"]["unserved"] == pytest.approx(2000)
    assert document["unserved"]["w"] == {"quantity": pytest.approx(20), "unit": "requests", "share": pytest.approx(0.1)}
    busy = {(row["pool"], row["period_start"]): row["accelerators_busy"] for row in document["allocation"]}
    assert busy["rented", "2026-06-01T00:00:00+00:00"] == pytest.approx(30)
    certificate = document["certificate"]
    assert certificate["passed"] is True
    assert certificate["bound_usd"] == pytest.approx(2109)
    assert {"max_residual", "gap", "bound_source"} <= set(certificate)
    assert {"objective_usd", "cost_usd", "unserved", "breaks"} <= set(document["baselines"]["private_first"])
    assert {"solver", "shadow_prices", "whole_nodes", "diagnosis"} <= set(document)
    assert (document["kind"], document["instant_objective_usd"]) == ("linear", None)


def test_a_plan_that_does_not_exist_is_json_too_with_its_diagnosis(impossible: Plan) -> None:
    document = json.loads(json.dumps(plan_json(impossible), allow_nan=False))
    assert document["status"] == "infeasible"
    assert document["objective_usd"] is None
    assert document["certificate"] is None
    assert document["allocation"] == []
    assert document["diagnosis"]["alternatives"] or document["diagnosis"]["sufficient_set"]
    assert openpyxl.load_workbook(io.BytesIO(plan_excel(impossible))).sheetnames[:2] == ["Read me", "Summary"]


def test_files_carry_every_table_of_the_plan() -> None:
    """8 requests run here for nothing; after the loss of this site all 8 run far away, where 8 accelerators wait."""
    work = rigid([8.0], promised_share=1.0, promise_form="shared")
    far = {"from_site": "here", "to_site": "far", "round_trip_ms": 1.0}
    document = {
        "schema_version": 1,
        "name": "shared",
        "horizon": hour(),
        "sites": {**one_site(), "far": {**one_site()["here"], "kind": "public", "provider": "cloud"}},
        "pools": {"own": pool("owned", 8, 0.0), "rented": pool("on_demand", 20, 3.0, site="far")},
        "links": {"out": far},
        "workloads": {"w": work},
        "policy": {"contingencies": {"gone": {"kind": "site", "record": "here"}}},
    }
    plan = planner.solve(require(document))
    assert plan.tables is not None
    written = plan_json(plan)
    assert {field.name for field in fields(PlanTables)} <= set(written)
    (row,) = written["redispatch"]
    assert (row["contingency"], row["workload"], row["pool"]) == ("gone", "w", "rented")
    assert (row["accelerators_assigned"], row["units_per_hour"]) == (pytest.approx(8.0), pytest.approx(8.0))
    book = openpyxl.load_workbook(io.BytesIO(plan_excel(plan)))
    assert [row[:3] for row in book["After failures"].iter_rows(min_row=2, values_only=True)] == [
        ("gone", "w", "rented")
    ]
    assert "After failures" in [row[0].value for row in book["Read me"].iter_rows()]
    assert "Copies" not in book.sheetnames
    assert "Copies" not in [row[0].value for row in book["Read me"].iter_rows()]


def cells_of(data: bytes) -> list[Any]:
    book = openpyxl.load_workbook(io.BytesIO(data))
    return [cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row if cell.value is not None]


def test_the_workbook_holds_the_plan_and_no_formula_or_link(plan: Plan) -> None:
    data = plan_excel(plan)
    cells = cells_of(data)
    assert not [cell for cell in cells if cell.data_type == "f" or cell.hyperlink]
    assert EVIL in [cell.value for cell in cells]
    book = openpyxl.load_workbook(io.BytesIO(data))
    summary = {row[0]: row[1:] for row in book["Summary"].iter_rows(values_only=True)}
    assert summary["objective"][0] == pytest.approx(2109)
    assert summary["objective"][1] == "USD over the horizon"
    header = [cell.value for cell in next(book["Allocation"].iter_rows())]
    assert "accelerators_busy (accelerators)" in header
    own = {row[0]: row for row in book["Input pools"].iter_rows(values_only=True)}["own"]
    assert 100 in own


def test_the_workbook_takes_further_tables(plan: Plan) -> None:
    more = {"Latency": pd.DataFrame({"pool": [EVIL], "mean_ms": [12.5], "busy": [3.0]}), "Jobs": pd.DataFrame()}
    book = openpyxl.load_workbook(io.BytesIO(plan_excel(plan, more)))
    header, row = book["Latency"].iter_rows(values_only=True)
    assert header == ("pool", "mean_ms", "busy (accelerators)")
    assert row == (EVIL, 12.5, 3)
    assert next(book["Jobs"].iter_rows(values_only=True)) == ("no rows",)


def test_numbers_are_numbers_in_the_workbook(plan: Plan) -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(plan_excel(plan)))["Provisioned"]
    header, first = list(sheet.iter_rows(values_only=True))[:2]
    at = header.index("accelerators_provisioned (accelerators)")
    assert isinstance(first[at], int | float)


def test_a_table_as_csv_keeps_every_digit_and_guards_text() -> None:
    frame = pd.DataFrame(
        {
            "=name": ["=1+1", "-x", "ok", None],
            "usd": [0.1 + 0.2, -1.5, math.nan, 1e-7],
            "when": pd.to_datetime(["2026-06-01T00:00Z"] * 3 + [None]),
            "is": [True, False, True, False],
        }
    )
    header, *rows = list(csv.reader(io.StringIO(table_csv(frame))))
    assert header == ["'=name", "usd", "when", "is"]
    assert rows[0] == ["'=1+1", "0.30000000000000004", "2026-06-01T00:00:00+00:00", "true"]
    assert rows[1][:2] == ["'-x", "-1.5"]
    assert rows[2][:2] == ["ok", ""]
    assert rows[3] == ["", "1e-07", "", "false"]


@pytest.mark.parametrize("start", [*FORMULA_STARTS, "'", "''", "", "a"])
def test_the_guard_is_undone_exactly(start: str) -> None:
    text = start + "x"
    assert guard(text)[0] not in FORMULA_STARTS
    assert restore(guard(text)) == text
