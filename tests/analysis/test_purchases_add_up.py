"""Tables of what is bought, committed to and copied add up to the audited costs of a solved plan: no euro twice."""

from __future__ import annotations

from functools import cache

import pytest
from purchase_documents import estate

import hybridplan as hp
from hybridplan.analysis import datasets, flows
from hybridplan.analysis.commitments import billing, holdings, use
from hybridplan.analysis.hardware import expansions, lines
from hybridplan.domain import require
from hybridplan.plan import PlanTables


@cache
def solved() -> hp.Plan:
    return hp.solve(require(estate()))


def tables() -> PlanTables:
    found = solved().tables
    assert found is not None
    return found


def test_commitments_are_their_fees_and_what_is_used_is_what_ran() -> None:
    made, rows = solved(), use.by_commitment(solved())
    assert rows["usd"].sum() == pytest.approx(made.cost_usd["commitment"])
    assert billing.by_block(made.scenario, billing.schedule(made))["effective_usd"].sum() == pytest.approx(
        made.cost_usd["commitment"]
    )
    for one, row in zip(holdings.holdings(made), rows.to_dict("records"), strict=True):
        whole = one.size * one.fee_usd_per_hour * one.service_hours
        assert row["usd"] == pytest.approx(whole)
        assert row["used_usd"] == pytest.approx(row["utilisation"] * whole)


def test_hardware_is_its_yearly_cost_in_its_hours() -> None:
    made = solved()
    for one in expansions.expansions(made):
        assert one.usd == pytest.approx(one.accelerators * one.fixed_usd / 8760 * one.service_hours)
    assert sum(one.usd for one in expansions.expansions(made)) == pytest.approx(made.cost_usd["expansion"])


def test_links_are_their_data_and_their_fixed_prices() -> None:
    made, rows = solved(), flows.by_link(solved().scenario, tables())
    assert rows["usd"].sum() == pytest.approx(made.cost_usd["transfer"])
    assert rows["fixed_usd"].sum() == pytest.approx(made.cost_usd["link_fixed"])
    assert lines.by_link(made, tables())["usd"].sum() == pytest.approx(made.cost_usd["link_fixed"])


def test_copies_and_results_are_all_of_storage() -> None:
    made = solved()
    stored = (
        datasets.copies(made, tables())["storage_usd"].sum() + datasets.results(made, tables())["storage_usd"].sum()
    )
    assert stored == pytest.approx(made.cost_usd["storage"])
    moved = datasets.ways(made, tables())[["change_usd", "first_usd"]].to_numpy().sum()
    of_datasets = made.cost_lines.loc[(made.cost_lines["term"] == "transfer") & (made.cost_lines["record"] == "images")]
    assert moved == pytest.approx(of_datasets["usd"].sum())
