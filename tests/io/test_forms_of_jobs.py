"""Forms of queues, elastic pools and jobs: exact both ways, and merged into a scenario field by field."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from hybridplan.domain import (
    Commitment,
    Contingency,
    Dataset,
    Expansion,
    Pool,
    ScalingPoint,
    SpendCommitment,
    Throughput,
    Workload,
    require,
)
from hybridplan.errors import InvalidInput
from hybridplan.io import forms
from hybridplan.io.importing import ImportOptions, ImportResult, import_file

ROOT = Path(__file__).resolve().parents[2]


def read(text: str, kind: str) -> ImportResult:
    return import_file(text.encode(), "upload.csv", kind, ImportOptions())  # type: ignore[arg-type]


def document() -> dict[str, Any]:
    """An elastic pool and an always-on pool; rigid work with a queue, a job that follows another, with its points."""
    window = {
        "block": "b",
        "start": "2026-06-01T00:00:00+00:00",
        "end": "2026-06-01T04:00:00+00:00",
        "volume_units": 8,
    }
    common = {"origin_site": "here", "unserved_usd_per_unit": 100}
    return {
        "schema_version": 1,
        "name": "jobs",
        "horizon": {"blocks": {"b": {"start": "2026-06-01T00:00:00+00:00", "periods": 4}}},
        "sites": {"here": {"kind": "private", "provider": "own", "jurisdiction": "DE"}},
        "pools": {
            "rented": {
                "site": "here",
                "sku": "gpu",
                "purchase_option": "on_demand",
                "capacity_accelerators": 64,
                "price_usd_per_accelerator_hour": 2,
                "accelerators_per_node": 8,
                "whole_nodes": True,
                "interconnect": "infiniband",
                "ramp_up_accelerators_per_hour": 32,
                "ramp_down_accelerators_per_hour": 16.5,
                "lead_time_hours": 0.25,
                "min_provisioned_accelerators": 8,
                "min_busy_share": 0.125,
                "min_on_hours": 2,
                "start_usd_per_node": 1.5,
                "initial_provisioned_accelerators": 0,
            },
            "owned": {
                "site": "here",
                "sku": "gpu",
                "purchase_option": "owned",
                "capacity_accelerators": 8,
                "price_usd_per_accelerator_hour": 1,
                "can_power_down": True,
            },
        },
        "workloads": {
            "chat": {
                **common,
                "kind": "inference",
                "demand_units_per_hour": {"b": [1, 2, 3, 4]},
                "latency_objective_ms": 900,
                "latency_statistic": "p95",
                "latency_point": "last_token",
                "prompt_tokens": 1500,
                "output_tokens": 200,
                "max_load_share": 0.8,
                "mean_latency_cap_ms": 700,
                "congestion_usd_per_unit_second": 0.001,
                "throughput": {
                    "gpu": {
                        "units_per_accelerator_hour": 10,
                        "prefill_tokens_per_second": 6000,
                        "decode_tokens_per_second": 400.5,
                    }
                },
            },
            "prepare": {
                **common,
                "kind": "data",
                "flexibility": "deferrable",
                "windows": {"v": window},
                "throughput": {"gpu": {"units_per_accelerator_hour": 1}},
            },
            "train": {
                **common,
                "kind": "training",
                "flexibility": "deferrable",
                "windows": {"v": window},
                "throughput": {"gpu": {"units_per_accelerator_hour": 1, "accelerators_per_replica": 8}},
                "parallel_limit_accelerators": 48,
                "whole_replicas": True,
                "one_site": True,
                "after": "prepare",
                "after_units_per_unit": 0.25,
                "scaling": {
                    "8": {"accelerators": 8, "efficiency_share": 1},
                    "ib-64": {"interconnect": "infiniband", "accelerators": 64, "efficiency_share": 0.92},
                },
            },
        },
        "policy": {"balance": {"form": "squared", "weight_usd_per_hour": 2}, "queue_form": "tangents"},
    }


FORMS = ("pools", "workloads", "throughput", "windows", "scaling", "demand")


def kind_of(form: str) -> str:
    return {"pools": "pools", "demand": "demand"}.get(form, "workloads")


def test_all_new_fields_pass_through_their_forms_unchanged() -> None:
    scenario = require(document())
    bare = document() | {"pools": {}, "workloads": {}}
    for form in FORMS:
        result = read(forms.to_csv(scenario, form), kind_of(form))
        assert (result.rejected, result.warnings) == ([], []), form
        assert result.format == f"own form {form}"
        bare = forms.apply(bare, kind_of(form), result.rows)
    assert require(bare).content_hash == scenario.content_hash


@pytest.mark.parametrize(
    ("form", "record", "without"),
    [
        ("pools", Pool, {"up_share", "price_tiers"}),
        ("spend_commitments", SpendCommitment, {"rates_usd_per_accelerator_hour"}),
        ("datasets", Dataset, {"copies"}),
        ("expansions", Expansion, set()),
        ("throughput", Throughput, set()),
        ("scaling", ScalingPoint, set()),
        (
            "workloads",
            Workload,
            {"demand_units_per_hour", "windows", "throughput", "scaling", "route_cost_usd_per_unit"},
        ),
    ],
)
def test_a_form_has_a_column_for_every_field_that_has_no_form_of_its_own(
    form: str, record: Any, without: set[str]
) -> None:
    spec = forms.form_named(form)
    assert {column.name for column in spec.columns} == set(record.model_fields) - without
    named = {one.part for one in forms.FORMS if one.section == spec.section}
    assert without <= named


def test_points_without_an_interconnect_column_are_points_and_no_workloads() -> None:
    """The first column of the form has a default and may be left out."""
    rows = read("workload_id,point_id,accelerators,efficiency_share\nprepare,16,16,0.5\n", "workloads").rows
    works = forms.apply(document(), "workloads", rows)["workloads"]
    assert works["prepare"]["scaling"] == {"16": {"accelerators": 16, "efficiency_share": 0.5}}
    assert works["train"] == document()["workloads"]["train"]


def test_points_are_merged_by_id_and_an_empty_cell_means_the_default() -> None:
    text = "workload_id,point_id,interconnect,accelerators,efficiency_share\ntrain,ib-64,,32,0.95\ntrain,n,nvlink,8,1\n"
    points = forms.apply(document(), "workloads", read(text, "workloads").rows)["workloads"]["train"]["scaling"]
    assert points == {
        "8": {"accelerators": 8, "efficiency_share": 1},
        "ib-64": {"accelerators": 32, "efficiency_share": 0.95},
        "n": {"interconnect": "nvlink", "accelerators": 8, "efficiency_share": 1},
    }


def test_points_of_a_workload_that_does_not_exist_are_refused() -> None:
    rows = read("workload_id,point_id,accelerators,efficiency_share\nghost,1,8,1\n", "workloads").rows
    with pytest.raises(InvalidInput, match=r"workloads\.ghost: there is no record"):
        forms.apply(document(), "workloads", rows)


@pytest.mark.parametrize(
    ("header", "cells", "column"),
    [
        ("workload_id,point_id,accelerators,efficiency_share", "train,a,0,1", "accelerators"),
        ("workload_id,point_id,accelerators,efficiency_share", "train,a,8,1.2", "efficiency_share"),
        ("workload_id,point_id,accelerators,efficiency_share", "train,a,,1", "accelerators"),
        (
            "workload_id,sku,units_per_accelerator_hour,decode_tokens_per_second",
            "chat,gpu,1,-4",
            "decode_tokens_per_second",
        ),
        (
            "workload_id,kind,origin_site,unserved_usd_per_unit,latency_statistic",
            "c,data,here,1,p42",
            "latency_statistic",
        ),
        ("workload_id,kind,origin_site,unserved_usd_per_unit,max_load_share", "c,data,here,1,0.99", "max_load_share"),
        ("workload_id,kind,origin_site,unserved_usd_per_unit,one_site", "c,data,here,1,yes", "one_site"),
    ],
)
def test_a_value_that_no_record_takes_is_refused_with_its_column(header: str, cells: str, column: str) -> None:
    result = read(f"{header}\n{cells}\n", "workloads")
    assert result.rows == []
    assert [(one.line, one.column) for one in result.rejected] == [(2, column)]


@pytest.mark.parametrize(
    ("header", "cells", "kind", "name"),
    [
        ("workload_id,sku,units_per_accelerator_hour,prefill_tokens_per_second", "c,g,1,5", "workloads", "prefill"),
        (
            "workload_id,kind,origin_site,unserved_usd_per_unit,mean_latency_cap_ms",
            "c,data,h,1,0.2",
            "workloads",
            "mean",
        ),
        (
            "pool_id,site,sku,purchase_option,capacity_accelerators,price_usd_per_accelerator_hour,lead_time_hours",
            "p,h,g,on_demand,8,2,3600",
            "pools",
            "lead_time_hours",
        ),
    ],
)
def test_a_slip_of_the_unit_is_warned_about(header: str, cells: str, kind: str, name: str) -> None:
    """Tokens per request for tokens per second; seconds for milliseconds; seconds for hours."""
    result = read(f"{header}\n{cells}\n", kind)
    assert len(result.rows) == 1
    assert any(warning.startswith(name) and "usual" in warning for warning in result.warnings)


def test_the_examples_of_the_document_are_records_that_are_valid() -> None:
    text = (ROOT / "docs" / "formats.md").read_text(encoding="utf-8")
    records: dict[str, Any] = {}
    for found in re.findall(r"```json\n(.*?)```", text, flags=re.DOTALL):
        records |= json.loads(f"{{{found}}}")
    kinds = {
        "burst-h100": Pool,
        "chat": Workload,
        "training": Workload,
        "a100-1y": Commitment,
        "plan-3y": SpendCommitment,
        "fra-2027": Expansion,
        "corpus": Dataset,
    }
    failures = records.pop("contingencies")
    assert set(records) == set(kinds)
    for failure in failures.values():
        Contingency.model_validate_json(json.dumps(failure), strict=True)
    for name, kind in kinds.items():
        kind.model_validate_json(json.dumps(records[name]), strict=True)
    (table,) = re.findall(r"```csv\n(.*?)```", text, flags=re.DOTALL)
    result = read(table, "workloads")
    assert (len(result.rows), result.rejected, result.format) == (2, [], "own form scaling")
    points = records["training"]["scaling"]
    assert {row["point_id"]: row["accelerators"] for row in result.rows} == {
        key: point["accelerators"] for key, point in points.items()
    }
