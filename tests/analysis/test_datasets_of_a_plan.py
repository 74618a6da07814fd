"""Copies, their use, ways and cost, results and backups, by hand: see :mod:`estate_plan`."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import estate_plan
import pandas as pd
import pytest

from hybridplan.analysis import datasets
from hybridplan.analysis.sentences import datasets as words
from hybridplan.plan import COPY_COLUMNS, SYNC_COLUMNS, Plan


def copies(plan: Plan) -> dict[str, dict[Any, Any]]:
    assert plan.tables is not None
    return {row["site"]: row for row in datasets.copies(plan, plan.tables).to_dict("records")}


def test_copies_their_cost_and_their_first_copy() -> None:
    """900 GB for 12 months of 730 hours: 0.02, 0.03 and 0.01 USD make 216, 324 and 108; at 1 Gbit/s, 450 GB/h, a first
    copy takes 2 hours. Changes of 9 GB/h go to both copies."""
    found = copies(estate_plan.plan())
    assert {site: row["state"] for site, row in found.items()} == {"fra": "home", "cld": "chosen", "far": "planned"}
    assert {site: row["storage_usd"] for site, row in found.items()} == pytest.approx(
        {"fra": 216.0, "cld": 324.0, "far": 108.0}
    )
    assert {site: row["first_copy_hours"] for site, row in found.items()} == {"fra": 0.0, "cld": 2.0, "far": 2.0}
    assert {site: row["change_gb_per_hour"] for site, row in found.items()} == {"fra": 0.0, "cld": 9.0, "far": 9.0}


def test_work_that_uses_a_copy() -> None:
    """In the cloud base runs 40 and rent 20 an occurrence: 60 x 1,095 accelerator-hours; far away 16 x 1,095."""
    found = copies(estate_plan.plan())
    assert found["cld"]["works"] == ("train",)
    assert found["cld"]["accelerator_hours"] == pytest.approx(60 * 1095)
    assert found["far"]["accelerator_hours"] == pytest.approx(16 * 1095)


def test_a_copy_that_may_be_chosen_and_is_not_costs_nothing() -> None:
    made = estate_plan.plan()
    assert made.tables is not None
    none = replace(
        made.tables,
        copies=pd.DataFrame([("images", "far")], columns=list(COPY_COLUMNS)),
        syncs=pd.DataFrame(columns=list(SYNC_COLUMNS)),
    )
    found = copies(replace(made, tables=none))
    assert (found["cld"]["state"], found["cld"]["storage_usd"]) == ("left", 0.0)


def test_residency_of_each_copy() -> None:
    """Only Germany and Ireland are allowed: the planned copy in the United States is not within that."""
    document = estate_plan.document()["datasets"]["images"]
    limited = {"images": document | {"allowed_jurisdictions": ["DE", "IE"], "copies": {"cld": {}}}}
    made = estate_plan.plan()
    assert made.tables is not None
    only = replace(
        made.tables,
        copies=pd.DataFrame([("images", "cld")], columns=list(COPY_COLUMNS)),
        syncs=pd.DataFrame([("images", "cld", "out", 1.0)], columns=list(SYNC_COLUMNS)),
    )
    found = copies(replace(made, scenario=estate_plan.scenario(datasets=limited), tables=only))
    assert {site: (row["jurisdiction"], row["is_allowed"]) for site, row in found.items()} == {
        "fra": ("DE", True),
        "cld": ("IE", True),
    }


def test_ways_from_home_with_what_they_cost() -> None:
    """The far copy goes over the cloud. 9 of 4,500 GB/h of the link to the cloud. Its traffic at each peak is 18 GB of
    changes, all of the 100 on the private line a fault of this hand-made plan, so only the onward link is priced here:
    9 x 8,760 x 0.02 = 1,576.80 for changes, 900 x 0.02 = 18 for the first copy."""
    made = estate_plan.plan()
    assert made.tables is not None
    rows = datasets.ways(made, made.tables)
    assert rows[["site", "link"]].to_numpy().tolist() == [["cld", "out"], ["far", "out"], ["far", "on"]]
    assert rows["of_link"].tolist()[:2] == pytest.approx([9 / 4500] * 2)
    last = rows.iloc[-1]
    assert (last["change_usd"], last["first_usd"]) == pytest.approx((1576.8, 18.0))


def test_results_and_their_backup() -> None:
    """0.5 GB per step kept 365 hours. In Frankfurt 54.5 x 1,095 steps make 29,838.75 GB, 1,243.28 GB at a time; their
    backup is in the cloud: 29,838.75 x half a month x (0.02 + 0.03) = 745.97 USD. What runs in the cloud goes far."""
    document = estate_plan.document()["workloads"]
    kept = {"result_gb_per_unit": 0.5, "result_kept_hours": 365.0, "backup_sites": ["cld", "far"]}
    document["train"] |= kept
    made = replace(estate_plan.plan(), scenario=estate_plan.scenario(workloads=document))
    assert made.tables is not None
    found = {row["site"]: row for row in datasets.results(made, made.tables).to_dict("records")}
    steps = sum(a + b for a, b in estate_plan.OWN.values()) * 1095
    assert found["fra"]["gb"] == pytest.approx(steps / 2)
    assert found["fra"]["kept_gb"] == pytest.approx(steps / 2 / 8760 * 365)
    assert found["fra"]["storage_usd"] == pytest.approx(steps / 4 * 0.05)
    assert {site: row["backup"] for site, row in found.items()} == {"fra": "cld", "cld": "far", "far": "cld"}
    assert found["fra"]["jurisdictions"] == ("DE", "IE")


@pytest.mark.parametrize(
    ("apart", "said"),
    [
        ("site", "must be at 2 sites or more; it is at 3: "),
        ("zone", "must be at 2 zones or more; it is at 2: za and zb."),
        ("provider", "must be at 2 providers or more; it is at 2: "),
    ],
)
def test_how_far_copies_are_apart_is_said(apart: str, said: str) -> None:
    """Home and two copies stand; the cloud and the far site are in one zone and of one provider."""
    made = estate_plan.plan()
    sites = {
        key: {**one, "zone": "za" if key == "fra" else "zb"} for key, one in estate_plan.document()["sites"].items()
    }
    sites["far"]["provider"] = sites["cld"]["provider"]
    data = estate_plan.document()["datasets"]["images"] | {"min_copies": 2, "copies_apart": apart}
    scenario = estate_plan.scenario(sites=sites, datasets={"images": data})
    assert any(said in line for line in words.summary(replace(made, scenario=scenario)))
    one = estate_plan.scenario(sites=sites, datasets={"images": data | {"min_copies": 1}})
    assert not any("or more" in line for line in words.summary(replace(made, scenario=one)))


@pytest.mark.parametrize(("apart", "said"), [("site", ""), ("zone", ", in another zone"), ("provider", ", of another")])
def test_how_far_a_backup_is_apart_is_said(apart: str, said: str) -> None:
    document, sites = estate_plan.document()["workloads"], estate_plan.document()["sites"]
    kept = {"result_gb_per_unit": 0.5, "result_kept_hours": 365.0, "backup_sites": ["cld", "far"]}
    document["train"] |= {**kept, "backup_apart": apart}
    zoned = {key: {**one, "zone": key, "provider": key} for key, one in sites.items()}
    made = replace(estate_plan.plan(), scenario=estate_plan.scenario(sites=zoned, workloads=document))
    assert made.tables is not None
    lines = words.results(made, made.tables)
    assert lines
    assert all("with a backup at" in line for line in lines)
    assert all((said or ". Storage") in line for line in lines)


def test_what_has_no_data_has_no_view() -> None:
    document = estate_plan.document()["workloads"]
    del document["train"]["datasets"]
    assert datasets.occur(estate_plan.scenario())
    assert not datasets.occur(estate_plan.scenario(datasets={}, workloads=document))
