"""Forms of what may be committed, bought or kept: exact, found by their header, and applied to their own records."""

from __future__ import annotations

from typing import Any

import pytest
from full_estate import full_estate
from test_forms import KINDS, through_forms
from test_plan_workbook import again, workbook

from hybridplan.domain import parse, require
from hybridplan.errors import InvalidInput
from hybridplan.io import forms, share_link
from hybridplan.io.importing import ImportOptions, import_file

NEW = ("spend_commitments", "spend_rates", "price_tiers", "expansions", "datasets", "copies")


def read(text: str, kind: str) -> Any:
    return import_file(text.encode(), "upload.csv", kind, ImportOptions())  # type: ignore[arg-type]


def test_the_full_estate_is_sound_and_leaves_no_new_field_at_its_default() -> None:
    """Else the round trips would prove little."""
    scenario, issues = parse(full_estate())
    assert scenario is not None
    assert issues == []
    for section in ("commitments", "spend_commitments", "expansions", "datasets"):
        for record in getattr(scenario, section).values():
            later = {"required_link_attributes"}  # see test_forms_of_failures
            assert set(record.model_dump(exclude_defaults=True)) == set(type(record).model_fields) - later


def test_an_estate_passes_through_its_forms_unchanged() -> None:
    scenario = require(full_estate())
    assert through_forms(scenario).content_hash == scenario.content_hash


def by_zone() -> dict[str, Any]:
    """The estate with a zone for each site, which copies and backups must not share."""
    document = full_estate()
    for number, site in enumerate(document["sites"].values()):
        site["zone"] = f"z{number}"
    document["datasets"]["corpus"]["copies_apart"] = "zone"
    document["workloads"]["w"]["backup_apart"] = "zone"
    return document


def test_zones_between_copies_and_backups_pass_through_forms_workbook_and_link() -> None:
    scenario = require(by_zone())
    assert through_forms(scenario).content_hash == scenario.content_hash
    assert again(workbook(scenario)).content_hash == scenario.content_hash
    assert share_link.unpack(share_link.pack(scenario))[0] == scenario.to_dict()


@pytest.mark.parametrize("name", NEW)
def test_a_form_is_recognised_by_its_header_alone(name: str) -> None:
    result = read(forms.to_csv(require(full_estate()), name), KINDS[name])
    assert result.format == f"own form {name}"
    assert result.rejected == []
    assert result.warnings == []
    assert result.rows


def test_rates_go_to_the_commitment_and_not_to_the_pool_that_they_name() -> None:
    document = full_estate()
    rows = read("spend_commitment_id,pool_id,rates_usd_per_accelerator_hour\nplan,od,2.25\n", "pools").rows
    after = forms.apply(document, "pools", rows)
    assert after["spend_commitments"]["plan"]["rates_usd_per_accelerator_hour"] == {"od": 2.25, "od-near": 2.75}
    assert after["pools"] == document["pools"]


def test_a_copy_without_a_state_is_one_to_choose() -> None:
    rows = read("dataset_id,site_id\ncorpus,far\n", "datasets").rows
    document = full_estate()
    del document["datasets"]["corpus"]["copies"]["far"]
    after = forms.apply(document, "datasets", rows)
    assert require(after).datasets["corpus"].copies["far"].state == "choosable"


@pytest.mark.parametrize(
    ("text", "kind", "section"),
    [
        ("spend_commitment_id,pool_id,rates_usd_per_accelerator_hour\nmoon,od,2\n", "pools", "spend_commitments"),
        ("pool_id,tier_id,from_quantity,usd_per_accelerator_hour\nmoon,t,2,1\n", "pools", "pools"),
        ("dataset_id,site_id,state\nmoon,far,present\n", "datasets", "datasets"),
    ],
)
def test_parts_of_a_record_that_does_not_exist_are_refused(text: str, kind: str, section: str) -> None:
    with pytest.raises(InvalidInput) as error:
        forms.apply(full_estate(), kind, read(text, kind).rows)
    assert [issue.path for issue in error.value.issues] == [f"{section}.moon"]


@pytest.mark.parametrize(
    ("text", "kind", "column"),
    [
        ("expansion_id,pool,max_accelerators,capex_usd_per_accelerator\ne,own,-1,5\n", "pools", "max_accelerators"),
        ("expansion_id,pool,max_accelerators\ne,own,1\n", "pools", "capex_usd_per_accelerator"),
        ("dataset_id,site_id,state\ncorpus,far,maybe\n", "datasets", "state"),
        ("dataset_id,home_site,size_gb,min_copies\nd,here,5,1.5\n", "datasets", "min_copies"),
        ("dataset_id,home_site,size_gb,copies_apart\nd,here,5,rack\n", "datasets", "copies_apart"),
        ("commitment_id,pool,fee_usd_per_accelerator_hour,starts\nc,res,2,soon\n", "pools", "starts"),
        ("pool_id,tier_id,from_quantity,usd_per_accelerator_hour\nod,t,0,1\n", "pools", "from_quantity"),
    ],
)
def test_a_cell_that_cannot_be_used_is_rejected_by_its_column(text: str, kind: str, column: str) -> None:
    result = read(text, kind)
    assert result.rows == []
    assert column in {reject.column for reject in result.rejected}


def test_a_commitment_of_before_needs_none_of_the_new_columns() -> None:
    text = "commitment_id,pool,accelerators,fee_usd_per_accelerator_hour\nc9,res,16,1.9\n"
    after = require(forms.apply(full_estate(), "pools", read(text, "pools").rows)).commitments["c9"]
    assert (after.accelerators, after.max_new_accelerators, after.term_years) == (16, 0, None)
