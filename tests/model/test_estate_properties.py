"""What must hold of any estate, whatever it costs: one thing is changed, and what that may do is known."""

from __future__ import annotations

from copy import deepcopy
from datetime import datetime, timedelta
from math import inf
from typing import Any

import pytest
from estate_scenarios import random_estate
from hypothesis import Phase, assume, given, settings
from hypothesis import strategies as st

from hybridplan.domain import require
from hybridplan.model.solve import optimise
from hybridplan.plan import Plan, SolveStatus

seeds = st.integers(min_value=0, max_value=100_000)
few = settings(max_examples=3, phases=[Phase.explicit, Phase.reuse, Phase.generate])
"""A seed has no simpler one: nothing is shrunk."""
Document = dict[str, Any]


def solved(document: Document) -> Plan:
    """The plan, or that there is none."""
    plan = optimise(require(document))
    assert plan.status in (SolveStatus.OPTIMAL, SolveStatus.INFEASIBLE), (plan.status, plan.certificate)
    return plan


def objective(document: Document) -> float:
    """Infinite where there is no plan."""
    found = solved(document).objective_usd
    return inf if found is None else found


def cost(document: Document) -> float:
    """Of an estate that has a plan."""
    found = objective(document)
    assume(found < inf)
    return found


def same(found: float, expected: float) -> bool:
    """To 2e-6: each of two plans with whole numbers may be 1e-6 above its optimum."""
    return found == pytest.approx(expected, rel=2e-6, abs=1e-6)


def no_more(after: float, before: float) -> bool:
    return after <= before + 1e-6 * abs(before) + 1e-6


@few
@given(seeds, st.sampled_from(["max_new_accelerators", "max_new_usd_per_hour"]), st.floats(1, 50))
def test_more_that_may_be_committed_never_costs_more(seed: int, field: str, added: float) -> None:
    document = random_estate(seed)
    offers = [record for record in _committed(document) if field in record]
    assume(offers)
    before = cost(document)
    offers[0][field] += round(added, 3)
    assert no_more(cost(document), before)


@few
@given(seeds, st.integers(1, 5))
def test_more_that_may_be_bought_never_costs_more(seed: int, nodes: int) -> None:
    document = random_estate(seed)
    assume(document["expansions"])
    before = cost(document)
    next(iter(document["expansions"].values()))["max_accelerators"] += 8.0 * nodes
    assert no_more(cost(document), before)


@few
@given(seeds, st.floats(0.1, 5))
def test_a_wider_private_line_on_offer_never_costs_more(seed: int, added: float) -> None:
    document = random_estate(seed)
    offers = [link for link in document["links"].values() if "max_private_gbps" in link]
    assume(offers)
    before = cost(document)
    for link in offers:
        link["max_private_gbps"] += round(added, 3)
    assert no_more(cost(document), before)


@few
@given(seeds)
def test_a_place_for_one_more_copy_never_costs_more(seed: int) -> None:
    document = random_estate(seed)
    places = [
        (data, s)
        for data in document.get("datasets", {}).values()
        for s in document["sites"]
        if s != data["home_site"] and s not in data["copies"] and f"{data['home_site']}>{s}" in document["links"]
        and ("allowed_jurisdictions" not in data or document["sites"][s]["jurisdiction"] == "DE")
    ]  # fmt: skip
    assume(places)
    before = objective(document)
    data, s = places[0]
    data["copies"][s] = {"state": "choosable"}
    assert no_more(objective(document), before) or before == inf


@few
@given(seeds, st.floats(1.01, 3))
def test_what_is_dearer_than_on_demand_is_never_committed(seed: int, factor: float) -> None:
    """An on-demand pool, the same but for its price and its size, stands beside the commitment's; no nodes.

    Where nodes are whole, a commitment could fill up a node that is committed in part.
    """
    document = random_estate(seed)
    reserved = [p for p, pool in document["pools"].items() if pool["purchase_option"] == "reserved"]
    assume(reserved)
    name = reserved[0]
    document["pools"][name].pop("whole_nodes", None)
    dearest = max(block["price_factor"] for block in document["horizon"]["blocks"].values())
    twin = {key: value for key, value in document["pools"][name].items() if key != "up_share"}
    twin.update(purchase_option="on_demand", capacity_accelerators=500.0, price_usd_per_accelerator_hour=1.0)
    document["pools"]["twin"] = {**twin, "discount_share": 0.0}
    for commitment in document["commitments"].values():
        if commitment["pool"] == name:
            commitment.pop("min_new_accelerators", None)
            commitment["max_new_accelerators"] = 30.0
            commitment["fee_usd_per_accelerator_hour"] = round(factor * dearest, 6)
    plan = solved(document)
    assume(plan.tables is not None)
    assert plan.tables is not None
    mine = [c for c, x in document["commitments"].items() if x["pool"] == name]
    bought = plan.tables.purchases.query("kind == 'commitment' and record in @mine")
    assert len(bought) == len(mine)
    assert bought["quantity"].max() <= 1e-6


@few
@given(seeds, st.integers(0, 3))
def test_what_has_expired_equals_what_never_was(seed: int, days: int) -> None:
    document = random_estate(seed)
    over = [(name, c) for name in ("commitments", "spend_commitments") for c in document.get(name, {})]
    assume(over)
    first = min(datetime.fromisoformat(block["start"]) for block in document["horizon"]["blocks"].values())
    gone = deepcopy(document)
    for name, c in over:
        document[name][c].pop("starts", None)
        document[name][c]["ends"] = f"{first - timedelta(days=days)}"
        document[name][c].pop("min_new_accelerators", None)
        document[name][c].pop("min_new_usd_per_hour", None)
        del gone[name][c]
    assert same(cost(document), cost(gone))


@few
@given(seeds)
def test_a_block_that_counts_twice_equals_two_blocks(seed: int) -> None:
    """Where nothing is bound to the first block, to the order of blocks, or to dates: first copies, lead times."""
    document = random_estate(seed, parts=("commitments", "spend", "tiers", "hardware", "limits", "lines", "results"))
    for record in _committed(document):
        record.pop("starts", None)
        record.pop("ends", None)
    for expansion in document["expansions"].values():
        expansion["lead_time_blocks"] = 0
    for pool in document["pools"].values():
        pool.pop("retires", None)
    blocks = document["horizon"]["blocks"]
    name = list(blocks)[-1]
    blocks[name]["weight"] = 2.0
    before = cost(document)
    blocks[name]["weight"] = 1.0
    later = timedelta(days=20)
    blocks["twin"] = {**blocks[name], "start": f"{datetime.fromisoformat(blocks[name]['start']) + later}"}
    for record in [*document["pools"].values(), *document["workloads"].values()]:
        for field in ("up_share", "demand_units_per_hour"):
            if field in record:
                record[field]["twin"] = record[field][name]
        if "windows" in record:
            moved = {at: f"{datetime.fromisoformat(record['windows'][name][at]) + later}" for at in ("start", "end")}
            record["windows"]["twin"] = {**record["windows"][name], "block": "twin", **moved}
    assert same(cost(document), before)


@few
@given(seeds, st.floats(0.5, 20))
def test_what_is_committed_already_moves_the_constant_by_exactly_its_fee(seed: int, added: float) -> None:
    """Fee x accelerators, or USD per hour, x hours of the blocks in service."""
    document = random_estate(seed)
    document["policy"].pop("budget", None)
    records = _committed(document)
    assume(records)
    before = solved(document)
    assume(before.status.has_plan)
    moved = 0.0
    for record in records:
        usd = record.get("fee_usd_per_accelerator_hour", 1.0)
        field = "accelerators" if "pool" in record else "usd_per_hour"
        record[field] = record.get(field, 0.0) + round(added, 3)
        moved += usd * round(added, 3) * _service_hours(document, record)
    after = solved(document)
    assert after.constant_usd - before.constant_usd == pytest.approx(moved, rel=1e-9, abs=1e-6)
    assert no_more(after.objective_usd or 0.0, (before.objective_usd or 0.0) + moved)


def _committed(document: Document) -> list[Document]:
    """Capacity and spend commitments."""
    return [*document["commitments"].values(), *document.get("spend_commitments", {}).values()]


def _service_hours(document: Document, record: Document) -> float:
    hours = 0.0
    for block in document["horizon"]["blocks"].values():
        start = datetime.fromisoformat(block["start"])
        begun = "starts" not in record or start >= datetime.fromisoformat(record["starts"])
        if begun and ("ends" not in record or start < datetime.fromisoformat(record["ends"])):
            hours += block["weight"] * block["period_hours"] * block["periods"]
    return hours
