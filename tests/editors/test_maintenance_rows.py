"""Maintenance as rows and as profiles: exact both ways, and nothing typed is lost."""

from __future__ import annotations

import json
from typing import Any

import pytest
from builders import random_document
from documents import SCENARIOS, broken, bundled, small

from hybridplan.domain import parse
from hybridplan.ui.editors.maintenance import records_of, row_at, written

NOON = "2026-06-01T12:00:00+02:00"


def at(hour: float, day: int = 1) -> str:
    """A time of June 2026 in Berlin."""
    return f"2026-06-{day:02d}T{int(hour):02d}:{round(hour % 1 * 60):02d}:00+02:00"


def row(start: str, end: str, share: Any = 0.5, pool: str = "own-h100") -> dict[str, Any]:
    return {"pool": pool, "from": start, "to": end, "up_share": share}


def document(*blocks: tuple[str, int, float], up: dict[str, list[Any]] | None = None) -> dict[str, Any]:
    """Blocks of (start, periods, period_hours) called b0, b1, ...; ``up``: profiles of own-h100."""
    found = small()
    found["horizon"]["blocks"] = {
        f"b{i}": {"start": start, "periods": periods, "period_hours": hours}
        for i, (start, periods, hours) in enumerate(blocks)
    }
    del found["pools"]["own-h100"]["up_share"]
    if up is not None:
        found["pools"]["own-h100"]["up_share"] = up
    return found


def profiles(found: dict[str, Any], pool: str = "own-h100") -> Any:
    return found["pools"][pool].get("up_share")


def test_a_run_is_one_row_at_its_local_time() -> None:
    """Hours 1 to 3 of a day that starts at midnight in Berlin, at a half; hour 3 at 0: two rows."""
    found = document((at(0), 6, 1), up={"b0": [1, 0.5, 0.5, 0, 1, 1.0]})
    assert list(records_of(found).values()) == [row(at(1), at(3), 0.5), row(at(3), at(4), 0)]


@pytest.mark.parametrize(
    ("hours", "start", "end", "expected"),
    [
        (0.5, at(0.5), at(1.5), [1, 0.5, 0.5, 1]),
        (1, at(1), at(3), [1, 0.5, 0.5, 1]),
        (2, at(4), at(8), [1, 1, 0.5, 0.5]),
        (24, at(0, 2), at(0, 3), [1, 0.5, 1, 1]),
    ],
)
def test_a_row_is_written_to_its_periods_and_read_back(
    hours: float, start: str, end: str, expected: list[float]
) -> None:
    """Four periods from midnight on 1 June, of half an hour, an hour, two hours, a day."""
    found, faults = written(document((at(0), 4, hours)), {"x": row(start, end)})
    assert faults == {}
    assert profiles(found) == {"b0": expected}
    assert list(records_of(found).values()) == [row(start, end)]


def test_a_row_may_span_blocks_that_follow_each_other_and_no_others() -> None:
    """Blocks 0 to 4 and 4 to 8 o'clock (2-hour periods) on 1 June, and 8 June: a row from 2 to 6 is a half of each."""
    three = document((at(0), 4, 1), (at(4), 2, 2), (at(0, 8), 4, 1))
    found, faults = written(three, {"x": row(at(2), at(6), 0)})
    assert (faults, profiles(found)) == ({}, {"b0": [1, 1, 0, 0], "b1": [0, 1]})
    assert list(records_of(found).values()) == [row(at(2), at(4), 0), row(at(4), at(6), 0)]
    same, faults = written(three, {"x": row(at(6), at(2, 8), 0)})
    assert same == three
    assert "not planned" in faults["x"].message


@pytest.mark.parametrize(
    ("record", "field", "message"),
    [
        (row(at(1.5), at(3)), "from", "is inside a period of 1 h"),
        (row(at(1), at(2.5)), "to", "is inside a period of 1 h"),
        (row(at(23), at(23.5)), "from", "is outside the blocks"),
        (row(at(3), at(12)), "to", "is outside the blocks"),
        (row(at(3), at(3)), "to", "must be later"),
        (row("tomorrow", at(3)), "from", "is no time"),
        (row("2026-06-01T01:00", at(3)), "from", "is no time"),
        (row(at(1), at(3), pool="gone"), "pool", "there is no pool"),
        ({"pool": "own-h100", "from": at(1), "to": at(3)}, "up_share", "is empty"),
        ({"pool": "own-h100", "up_share": 0}, "from", "is empty"),
    ],
)
def test_a_row_that_stands_nowhere_is_named_with_its_column(record: dict[str, Any], field: str, message: str) -> None:
    before = document((at(0), 6, 1), up={"b0": [1, 1, 1, 1, 1, 0]})
    good = records_of(before)["m1"]
    after, faults = written(before, {"good": good, "bad": record})
    assert json.dumps(after) == json.dumps(before)
    assert list(faults) == ["bad"]
    assert faults["bad"].path == field
    assert message in faults["bad"].message


def test_the_mend_of_an_inside_time_names_the_two_periods() -> None:
    _, faults = written(document((at(0), 3, 2)), {"x": row(at(3), at(4))})
    assert faults["x"].mend == f"Write {at(2)} or {at(4)}."


def test_of_two_rows_that_overlap_the_first_counts() -> None:
    """The same hours of another pool do not overlap."""
    found, faults = written(
        document((at(0), 4, 1)),
        {"a": row(at(0), at(2), 0), "b": row(at(1), at(3), 0.2), "c": row(at(1), at(3), 0.3, pool="cloud-h100")},
    )
    assert profiles(found) == {"b0": [0, 0, 1, 1]}
    assert profiles(found, "cloud-h100") == {"b0": [1, 0.3, 0.3, 1]}
    assert faults["b"].message == "overlaps row 1 of the same pool"


def test_a_share_that_is_none_is_kept_as_typed_and_listed_by_the_scenario() -> None:
    found, faults = written(document((at(0), 3, 1)), {"a": row(at(1), at(3), "12k")})
    assert faults == {}
    assert profiles(found) == {"b0": [1, "12k", "12k"]}
    paths = [issue.path for issue in parse(found)[1]]
    assert "pools.own-h100.up_share.b0.1" in paths
    assert row_at(found, records_of(found), "own-h100", ".b0.1") == 1
    assert row_at(found, records_of(found), "own-h100", ".b0.0") == 0


def test_removing_the_last_row_removes_the_profile_and_keeps_the_other_blocks() -> None:
    found = document((at(0), 2, 1), (at(0, 8), 2, 1), up={"b0": [0, 1], "b1": [1, 0]})
    first, second = records_of(found).values()
    one, _ = written(found, {"x": second})
    assert profiles(one) == {"b1": [1, 0]}
    none, _ = written(found, {})
    assert profiles(none) is None
    assert list(records_of(one).values()) == [second]
    assert first["from"] == at(0)


def test_only_the_profiles_whose_rows_change_are_touched() -> None:
    """A profile with a hole, one that is too short, and one of ones stay as they are."""
    found = document(
        (at(0), 3, 1), (at(0, 8), 3, 1), (at(0, 9), 3, 1), up={"b0": [1, None, "x"], "b1": [0.5], "b2": [1, 1.0, 1]}
    )
    rows = records_of(found)
    assert json.dumps(written(found, rows)[0]) == json.dumps(found)
    more, faults = written(found, {**rows, "new": row(at(0), at(1), 0, pool="cloud-h100")})
    assert faults == {}
    assert json.dumps(profiles(more)) == json.dumps(profiles(found))
    assert profiles(more, "cloud-h100") == {"b0": [0, 1, 1]}


def test_values_beyond_the_periods_of_a_block_are_kept() -> None:
    """Four values for three periods: the misfit is listed elsewhere and mended there."""
    found = document((at(0), 3, 1), up={"b0": [1, 0.5, 1, 0.25]})
    changed, _ = written(found, {"m1": row(at(1), at(2), 0.75)})
    assert profiles(changed) == {"b0": [1, 0.75, 1, 0.25]}
    assert profiles(written(found, {})[0]) == {"b0": [1, 1, 1, 0.25]}


def test_hours_keep_their_place_where_clocks_change() -> None:
    """25 October 2026: clocks in Berlin go back at 3:00. Six hours from 0:00+02:00; the fourth starts at 2:00+01:00."""
    found = document(("2026-10-25T00:00:00+02:00", 6, 1), up={"b0": [1, 1, 0, 0, 1, 1]})
    (only,) = records_of(found).values()
    assert (only["from"], only["to"]) == ("2026-10-25T02:00:00+02:00", "2026-10-25T03:00:00+01:00")
    assert written(found, {"x": only})[0] == found


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_shipped_scenarios_are_the_same_through_rows(path: Any) -> None:
    found = bundled(path)
    assert json.dumps(written(found, records_of(found))[0]) == json.dumps(found)


@pytest.mark.parametrize("seed", range(12))
def test_random_maintenance_is_the_same_written_from_nothing(seed: int) -> None:
    """Take every profile away and write it again from its rows: periods of 0.5, 1 and 2 hours, one or two blocks."""
    found = random_document(seed)
    rows = records_of(found)
    bare = {**found, "pools": {key: {**pool, "up_share": {}} for key, pool in found["pools"].items()}}
    again, faults = written(bare, rows)
    assert faults == {}
    assert records_of(again) == rows


def test_what_is_broken_has_rows_too() -> None:
    """Blocks that cannot be read have none, and nothing is changed by looking."""
    found = broken()
    assert records_of(found) == {}
    assert written(found, {})[0] == found
    found["pools"]["odd"] = None
    assert written(found, {"x": row(NOON, at(13), pool="odd")})[0] == found
