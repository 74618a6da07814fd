"""Our own forms: export and import give the same scenario, whatever text and numbers it holds."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import pytest
from builders import random_document
from feature_documents import random_feature_document
from hostile_scenarios import TEXTS, awkward, long_lists
from hypothesis import given, settings
from hypothesis import strategies as st

from hybridplan.domain import Scenario, require
from hybridplan.errors import InvalidInput
from hybridplan.io import catalogue, forms, scenario_json
from hybridplan.io.importing import ImportOptions, import_file

KINDS = {
    "sites": "sites",
    "pools": "pools",
    "workloads": "workloads",
    "throughput": "workloads",
    "windows": "workloads",
    "scaling": "workloads",
    "route_costs": "workloads",
    "links": "links",
    "commitments": "pools",
    "demand": "demand",
    "maintenance": "pools",
    "spend_commitments": "pools",
    "spend_rates": "pools",
    "price_tiers": "pools",
    "expansions": "pools",
    "datasets": "datasets",
    "copies": "datasets",
    "contingencies": "contingencies",
}


def through_forms(scenario: Scenario, *, wide: bool = False) -> Scenario:
    """Every record of a scenario out to its forms and back; horizon and policy stay in the document."""
    document = scenario.to_dict()
    for section in {form.section for form in forms.FORMS if "." not in form.section}:
        document[section] = {}
    document.get("policy", {}).pop("contingencies", None)
    for form in forms.FORMS:
        text = forms.to_csv(scenario, form.name, wide=wide)
        if text.count("\n") == 1:
            continue
        result = import_file(text.encode(), f"{form.name}.csv", KINDS[form.name], ImportOptions())
        assert result.rejected == [], form.name
        document = forms.apply(document, KINDS[form.name], result.rows)
    return require(document)


@pytest.mark.parametrize("name", sorted(catalogue.scenario_paths()))
@pytest.mark.parametrize("wide", [False, True])
def test_shipped_scenarios_pass_through_their_forms_unchanged(name: str, wide: bool) -> None:
    scenario = scenario_json.load(catalogue.scenario_paths()[name])
    assert through_forms(scenario, wide=wide).content_hash == scenario.content_hash


AWKWARD = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cf", "Cs"], include_characters="=+-@\t\n'\"|;,"),
    max_size=20,
)


@settings(max_examples=40)
@given(seed=st.integers(0, 10_000), texts=st.lists(AWKWARD, min_size=6, max_size=6))
def test_random_scenarios_pass_through_their_forms_unchanged(seed: int, texts: list[str]) -> None:
    document = random_document(seed)
    site = next(iter(document["sites"].values()))
    pool = next(iter(document["pools"].values()))
    workload = next(iter(document["workloads"].values()))
    site["name"], site["notes"], pool["name"], pool["notes"], workload["notes"], workload["unit"] = texts
    site["attributes"] = ["encryption_in_use", "infiniband"]
    scenario = require(document)
    assert through_forms(scenario).content_hash == scenario.content_hash


@settings(max_examples=20)
@given(seed=st.integers(0, 10_000), first=st.integers(0, len(TEXTS) - 1), wide=st.booleans())
def test_awkward_text_ids_and_numbers_pass_through_their_forms_unchanged(seed: int, first: int, wide: bool) -> None:
    scenario = require(awkward(seed, first))
    assert through_forms(scenario, wide=wide).content_hash == scenario.content_hash


@settings(max_examples=10)
@given(seed=st.integers(0, 10_000))
def test_random_scenarios_with_every_feature_pass_through_their_forms_unchanged(seed: int) -> None:
    scenario = require(random_feature_document(seed, whole=True))
    assert through_forms(scenario).content_hash == scenario.content_hash


@pytest.mark.parametrize("first", range(0, len(TEXTS), 8))
def test_no_cell_of_any_exported_form_starts_a_formula(first: int) -> None:
    for form in forms.FORMS:
        rows = csv.reader(io.StringIO(forms.to_csv(require(awkward(first + 1, first)), form.name), newline=""))
        numbers = [cell for row in rows for cell in row if cell[:1] in ("=", "+", "-", "@", "\t", "\r")]
        assert all(float(cell) == 0 for cell in numbers), form.name  # the only number with a sign is -0.0


def test_a_list_that_is_longer_than_a_cell_may_be_is_refused_and_never_cut() -> None:
    text = forms.to_csv(require(long_lists(1)), "sites")
    result = import_file(text.encode(), "sites.csv", "sites", ImportOptions())
    assert [(fault.column, fault.reason) for fault in result.rejected if "1,000" in fault.reason]
    assert "home" not in [row["site_id"] for row in result.rows]


@pytest.mark.parametrize("text", ["=1+1", "+1", "-x", "@SUM(A1)", "\tx", "'=1", "'", "''x", '=HYPERLINK("x")'])
def test_no_exported_cell_starts_a_formula_and_import_restores_it(text: str) -> None:
    document = random_document(1)
    document["sites"]["home"]["name"] = text
    exported = forms.to_csv(document, "sites")
    cells = [cell for row in csv.reader(io.StringIO(exported)) for cell in row]
    assert not [cell for cell in cells if cell[:1] in ("=", "+", "-", "@", "\t", "\r")]
    result = import_file(exported.encode(), "sites.csv", "sites", ImportOptions())
    assert next(row for row in result.rows if row["site_id"] == "home")["name"] == text


@pytest.mark.parametrize("form", [form.name for form in forms.FORMS])
def test_each_template_is_a_file_that_is_accepted_whole(form: str) -> None:
    text = forms.template(form)
    header, example = list(csv.reader(io.StringIO(text)))
    assert tuple(header) == forms.form_named(form).header
    assert len(example) == len(header)
    result = import_file(text.encode(), f"{form}.csv", KINDS[form], ImportOptions())
    assert (len(result.rows), result.rejected) == (1, [])


def read(text: str, kind: str, **options: Any) -> Any:
    return import_file(text.encode(), "upload.csv", kind, ImportOptions(**options))  # type: ignore[arg-type]


def test_only_the_given_columns_change_and_an_empty_cell_means_the_default() -> None:
    document = random_document(3)
    name = next(iter(document["pools"]))
    before = document["pools"][name]
    rows = read(
        f"pool_id,site,sku,purchase_option,capacity_accelerators,price_usd_per_accelerator_hour,efficiency\n{name},{before['site']},gpu,owned,12,0.5,\n",
        "pools",
    ).rows
    after = forms.apply(document, "pools", rows)["pools"][name]
    assert after["capacity_accelerators"] == 12
    assert "efficiency" not in after
    assert after["held_back_share"] == before["held_back_share"]
    assert document["pools"][name] is before


def test_a_free_owned_pool_is_warned_about() -> None:
    result = read(
        "pool_id,site,sku,purchase_option,capacity_accelerators,price_usd_per_accelerator_hour\na,s,gpu,owned,4,0\n",
        "pools",
    )
    assert len(result.rows) == 1
    assert any("price of 0" in warning and "a" in warning for warning in result.warnings)


WEEK = {
    "name": "x",
    "horizon": {"blocks": {"b": {"start": "2026-06-01T00:00:00+02:00", "periods": 4}}},
    "workloads": {"w": {"unit": "requests"}},
}


def demand(values: list[float], start: int = 0) -> list[dict[str, Any]]:
    text = "workload_id,period_start,value\n" + "".join(
        f"w,2026-06-01T{start + i:02d}:00:00+02:00,{value}\n" for i, value in enumerate(values)
    )
    result = read(text, "demand")
    assert result.rejected == []
    return result.rows


def test_demand_goes_to_its_periods_by_instant() -> None:
    rows = [*reversed(demand([1, 2, 3, 4]))]
    assert forms.apply(WEEK, "demand", rows)["workloads"]["w"]["demand_units_per_hour"] == {"b": [1, 2, 3, 4]}


def test_short_demand_is_refused_with_the_number_of_missing_periods() -> None:
    with pytest.raises(InvalidInput, match="2 of 4 periods are missing"):
        forms.apply(WEEK, "demand", demand([1, 2]))


@pytest.mark.parametrize(
    ("choice", "expected"), [("repeat", [1, 2, 1, 2]), ("scale", [1, 1, 2, 2]), ("pad", [1, 2, 0, 0])]
)
def test_short_demand_is_continued_as_chosen(choice: Any, expected: list[float]) -> None:
    done = forms.apply(WEEK, "demand", demand([1, 2]), short_trace=choice)
    assert done["workloads"]["w"]["demand_units_per_hour"]["b"] == pytest.approx(expected)


def test_times_outside_the_horizon_and_unknown_workloads_are_named() -> None:
    with pytest.raises(InvalidInput, match="start no period"):
        forms.apply(WEEK, "demand", demand([1], start=9))
    with pytest.raises(InvalidInput, match=r"workloads\.w: there is no record"):
        forms.apply({**WEEK, "workloads": {}}, "demand", demand([1, 2, 3, 4]))


def test_a_unit_that_is_not_the_workloads_own_is_refused() -> None:
    text = "workload_id,period_start,value,unit\nw,2026-06-01T00:00:00+02:00,5,tokens per hour\n"
    with pytest.raises(InvalidInput, match="tokens per hour"):
        forms.apply(WEEK, "demand", read(text, "demand").rows)


def test_parts_of_a_record_that_does_not_exist_are_refused_and_nothing_changes() -> None:
    document = {**WEEK, "workloads": {}}
    rows = read("workload_id,sku,units_per_accelerator_hour\nw,H100,10\n", "workloads").rows
    before = json.dumps(document)
    with pytest.raises(InvalidInput, match="there is no record"):
        forms.apply(document, "workloads", rows)
    assert json.dumps(document) == before


SLIPS = [
    ("pools", "price_usd_per_accelerator_hour", 2.5 * 730),
    ("pools", "price_usd_per_accelerator_hour", 3.5 * 24),
    ("pools", "busy_kw", 700.0),
    ("pools", "busy_kw", 0.0007),
    ("links", "round_trip_ms", 9500.0),
    ("links", "round_trip_ms", 0.0095),
    ("links", "usd_per_gb", 80.0),
    ("links", "gbps", 1e5),
    ("sites", "electricity_usd_per_kwh", 180.0),
    ("sites", "grid_carbon_g_per_kwh", 0.4),
    ("commitments", "fee_usd_per_accelerator_hour", 1.9 * 730),
]


@pytest.mark.parametrize(("form", "field", "value"), SLIPS)
def test_values_that_look_like_another_unit_are_warned_about_by_name(form: str, field: str, value: float) -> None:
    """Month or day for hour (x 730, x 24), W for kW, s for ms, per TB for per GB, per MWh for per kWh, kg for g."""
    spec = forms.form_named(form)
    record = spec.example | {field: repr(value)}
    header = [name for name in spec.header if name in record]
    text = ",".join(header) + "\n" + ",".join(record[name] for name in header) + "\n"
    result = read(text, KINDS[form])
    assert len(result.rows) == 1
    assert any(warning.startswith(field) and record[spec.keys[0]] in warning for warning in result.warnings)


@pytest.mark.parametrize("name", sorted(catalogue.scenario_paths()))
def test_shipped_scenarios_raise_no_such_warning(name: str) -> None:
    scenario = scenario_json.load(catalogue.scenario_paths()[name])
    for form in ("sites", "pools", "links", "commitments", "throughput", "workloads"):
        text = forms.to_csv(scenario, form)
        if text.count("\n") > 1:
            assert not [warning for warning in read(text, KINDS[form]).warnings if "usual" in warning]
