"""Inputs at the edge of sense: each is refused or warned of by name, on one side of its limit only."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest
from builders import deferrable, hour, one_site, pool, rigid

from hybridplan.domain import parse

GANG = {"gpu": {"units_per_accelerator_hour": 1.0, "accelerators_per_replica": 8}}


def severity(place: tuple[str, ...], value: object, path: str, **more: Any) -> str:
    """Of the issue at ``path`` with the field at ``place`` set to this value; empty where there is none."""
    document: dict[str, Any] = {
        "schema_version": 1,
        "name": "test",
        "horizon": hour(1),
        "sites": one_site(),
        "pools": {"o": pool("on_demand", 10, 1.0)},
        "workloads": {"r": rigid([1.0]), "d": {**deferrable(5, 0, 1), **more}},
    }
    document = deepcopy(document)
    *parents, field = place
    record = document
    for key in parents:
        record = record[key]
    record[field] = value
    if parents[0] == "horizon":
        del document["workloads"]["d"]
    _, issues = parse(document)
    return next((issue.severity for issue in issues if issue.path == path), "")


@pytest.mark.parametrize(
    ("start", "expected"),
    [
        ("1899-12-31T23:00:00+00:00", "error"),
        ("1900-01-01T00:00:00+00:00", ""),
        ("2199-12-31T23:00:00+00:00", ""),
        ("2200-01-01T00:00:00+00:00", "error"),
        ("9999-12-31T23:00:00+00:00", "error"),
        ("0001-01-01T00:00:00+14:00", "error"),
    ],
)
def test_blocks_lie_within_the_calendar(start: str, expected: str) -> None:
    assert severity(("horizon", "blocks", "b", "start"), start, "horizon.blocks.b.start") == expected


@pytest.mark.parametrize(("hours", "expected"), [(1e-12, "error"), (0.9 / 3600, "error"), (1 / 3600, "")])
def test_periods_last_at_least_a_second(hours: float, expected: str) -> None:
    path = ("horizon", "blocks", "b", "period_hours")
    assert severity(path, hours, "horizon.blocks.b.period_hours") == expected


@pytest.mark.parametrize(("share", "expected"), [(1e-300, "error"), (0.9e-6, "error"), (1e-6, "")])
def test_shares_that_divide_are_not_next_to_nothing(share: float, expected: str) -> None:
    assert severity(("pools", "o", "efficiency"), share, "pools.o.efficiency") == expected
    assert severity(("workloads", "r", "max_load_share"), share, "workloads.r.max_load_share") == expected
    curve = {"a": {"accelerators": 4.0, "efficiency_share": share}}
    assert severity(("workloads", "d", "scaling"), curve, "workloads.d.scaling") == expected


@pytest.mark.parametrize(("limit", "expected"), [(7.0, "warning"), (8.0, "")])
def test_a_limit_below_the_smallest_gang(limit: float, expected: str) -> None:
    place, path = ("workloads", "d", "parallel_limit_accelerators"), "workloads.d.parallel_limit_accelerators"
    assert severity(place, limit, path, whole_replicas=True, throughput=GANG) == expected
    assert severity(place, limit, path, throughput=GANG) == ""


@pytest.mark.parametrize(("periods", "expected"), [(1, "warning"), (2, "")])
def test_nothing_follows_within_one_period(periods: int, expected: str) -> None:
    document = {
        "schema_version": 1,
        "name": "test",
        "horizon": hour(periods),
        "sites": one_site(),
        "pools": {"o": pool("on_demand", 10, 1.0)},
        "workloads": {"a": deferrable(5, 0, 1), "d": deferrable(5, 0, 1, after="a")},
    }
    _, issues = parse(document)
    path = "workloads.d.windows.v.block"
    assert next((issue.severity for issue in issues if issue.path == path), "") == expected
