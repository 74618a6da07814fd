"""What a sweep hands to the audit says the same as the tables of a plan, also of lines, copies and their ways."""

from __future__ import annotations

import numpy as np
import pytest
from estate_scenarios import random_estate

from hybridplan.audit import audit, audit_ledger
from hybridplan.audit.axes import Axes
from hybridplan.audit.ledger import open_ledger
from hybridplan.domain import require
from hybridplan.model.aligned import ledger
from hybridplan.model.data import Data
from hybridplan.model.extract import read
from hybridplan.model.formulation import formulate
from hybridplan.model.linear import run
from hybridplan.model.values import tables

FIELDS = ("private_gbps", "private_flow", "copies", "new_committed", "bought", "new_spend_usd_per_hour")


@pytest.mark.parametrize("seed", range(20))
def test_arrays_and_tables_say_the_same(seed: int) -> None:
    scenario = require(random_estate(seed, whole=False))
    model = formulate(Data(scenario))
    found = run(model.problem(model.total_usd / model.money_scale), 60.0, "highs")
    if found.outcome != "optimal":
        assert found.outcome == "infeasible"
        return
    values = read(model.decisions, model.data)
    ours, read_back = ledger(model.data, values, Axes(scenario)), open_ledger(scenario, tables(model.data, values))
    for field in FIELDS:
        assert np.array_equal(getattr(ours, field), getattr(read_back, field)), field
    ways = [
        set(zip(one.sync_dataset, one.sync_site, one.sync_link, one.sync_share, strict=True))
        for one in (ours, read_back)
    ]
    assert ways[0] == ways[1]
    one, other = audit_ledger(ours), audit(scenario, tables(model.data, values))
    assert one.failures == other.failures == ()
    assert one.cost_usd == pytest.approx(other.cost_usd, rel=1e-12, abs=1e-12)
