"""What differs between two documents is said once, with its unit, and nothing else is."""

from __future__ import annotations

import copy
from typing import Any

from hybridplan.analysis.differences import MISSING, Difference, differences, paths, table
from hybridplan.ui import cache


def demo() -> dict[str, Any]:
    return cache.bundled_document("demo")


def changed(**pool: Any) -> tuple[dict[str, Any], dict[str, Any], str]:
    """The demo, the demo with other fields of its first pool, and that pool's id."""
    before = demo()
    after = copy.deepcopy(before)
    key = next(iter(after["pools"]))
    after["pools"][key].update(pool)
    return before, after, key


def test_a_number_is_shown_before_and_after_with_its_unit() -> None:
    before, after, key = changed(capacity_accelerators=1064)
    assert differences(before, after) == [
        Difference(f"pools.{key}.capacity_accelerators", "64", "1,064", "accelerators")
    ]


def test_a_default_that_is_written_out_and_another_order_are_no_difference() -> None:
    before, after, key = changed(held_back_share=0.0)
    before["pools"][key].pop("held_back_share", None)
    after["pools"] = dict(reversed(after["pools"].items()))
    after["pools"][key]["capacity_accelerators"] = float(before["pools"][key]["capacity_accelerators"])
    assert differences(before, after) == []


def test_a_default_is_shown_where_a_value_was_typed_over_it() -> None:
    before, after, key = changed()
    before["pools"][key].pop("held_back_share", None)
    after["pools"][key]["held_back_share"] = 0.25
    assert differences(before, after) == [Difference(f"pools.{key}.held_back_share", "0", "0.25", "share from 0 to 1")]


def test_a_profile_is_told_in_one_line() -> None:
    """168 values of 10, of which one grows by 84 and one shrinks by 5: the mean grows by (84 - 5) / 168."""
    before = {"workloads": {"chat": {"demand_units_per_hour": {"week": [10.0] * 168}}}}
    after = copy.deepcopy(before)
    values = after["workloads"]["chat"]["demand_units_per_hour"]["week"]
    values[3], values[4] = 94.0, 5.0
    (row,) = differences(before, after)
    assert row.path == "workloads.chat.demand_units_per_hour.week"
    assert row.before == "168 values, mean 10"
    assert row.after == "168 values, mean 10.47; 2 changed by −5 to +84"
    assert row.unit == "work units per hour"


def test_profiles_of_another_length_say_their_lengths() -> None:
    (row,) = differences({"p": [1.0] * 10}, {"p": [1.0] * 12})
    assert (row.before, row.after) == ("10 values, mean 1", "12 values, mean 1")


def test_a_record_that_one_side_lacks_is_one_line() -> None:
    before, after, key = changed()
    gone = after["pools"].pop(key)
    found = [row for row in differences(before, after) if row.path == f"pools.{key}"]
    assert [row.after for row in found] == [MISSING]
    assert found[0].before.startswith(gone["name"])
    back = [row for row in differences(after, before) if row.path == f"pools.{key}"]
    assert [row.before for row in back] == [MISSING]


def test_documents_with_faults_are_compared_as_typed() -> None:
    before, after, key = changed(capacity_accelerators="12k")
    assert Difference(f"pools.{key}.capacity_accelerators", "64", "12k", "accelerators") in differences(before, after)
    assert differences({"a": True}, {"a": 1}) == [Difference("a", "yes", "1")]
    assert differences({"a": None, "b": ""}, {"a": [], "b": "x"}) == [
        Difference("a", "none", "none"),
        Difference("b", "empty", "x"),
    ]


def test_a_number_inside_an_id_gives_no_unit_to_a_name() -> None:
    assert differences({"pools": {"fra_ms": {"name": "a"}}}, {"pools": {"fra_ms": {"name": "b"}}})[0].unit == ""


def test_lists_of_records_are_told_item_by_item_and_others_whole() -> None:
    one = {"points": [{"a": 1}, {"a": 2}], "tags": ["x"], "odd": [[1], "x"]}
    two = {"points": [{"a": 1}, {"a": 3}], "tags": ["x", "y"], "odd": [[2], "x"]}
    assert differences(one, two) == [
        Difference("points.2.a", "2", "3"),
        Difference("tags", "x", "x, y"),
        Difference("odd", '[[1], "x"]', '[[2], "x"]'),
    ]


def test_long_texts_are_cut_around_what_differs() -> None:
    """Both have 200 characters in common; 30 of them are shown before the difference."""
    (row,) = differences({"t": "a" * 200 + "old"}, {"t": "a" * 200 + "new"})
    assert (row.before, row.after) == ("…" + "a" * 30 + "old", "…" + "a" * 30 + "new")


def test_the_table_has_a_row_for_each_and_columns_where_there_is_none() -> None:
    assert list(table([]).columns) == ["path", "before", "after", "unit"]
    assert table([Difference("a", "1", "2", "ms")]).to_dict("records") == [
        {"path": "a", "before": "1", "after": "2", "unit": "ms"}
    ]


def test_paths_name_records_and_inputs() -> None:
    found = paths({"schema_version": 1, "name": "n", "pools": {"p": {"pue": 1.2, "up_share": {"week": [1.0, 0.5]}}}})
    assert found == ["name", "pools.p", "pools.p.pue", "pools.p.up_share", "pools.p.up_share.week"]
