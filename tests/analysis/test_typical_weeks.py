"""Typical weeks from a year: worked by hand, and what holds for any year."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import hybridplan as hp
from hybridplan.analysis.typical_weeks import ALL, TypicalWeeks, typical_weeks
from hybridplan.analysis.typical_weeks.quality import Load, curve_differences
from hybridplan.analysis.typical_weeks.rescale import scaled_to_total
from hybridplan.domain import Scenario, require
from hybridplan.errors import InvalidInput

MONDAY = datetime(2026, 1, 5, tzinfo=UTC)
Row = dict[str, Any]


def estate(zone: str = "UTC", start: str = "2026-01-05T00:00:00+00:00", **block: Any) -> Scenario:
    """One pool of SKU X; chat makes 2 units in an accelerator-hour, search 5; a week to follow, with growth."""

    def work(speed: float) -> dict[str, Any]:
        return {
            "kind": "inference",
            "unit": "units",
            "origin_site": "home",
            "unserved_usd_per_unit": 10,
            "throughput": {"X": {"units_per_accelerator_hour": speed}},
            "demand_units_per_hour": {"old": [1.0] * 168},
        }

    return require(
        {
            "schema_version": 1,
            "name": "estate",
            "horizon": {"time_zone": zone, "blocks": {"old": {"start": start, "periods": 168, **block}}},
            "sites": {"home": {"kind": "private", "provider": "own", "jurisdiction": "DE"}},
            "pools": {
                "own": {
                    "site": "home",
                    "sku": "X",
                    "purchase_option": "owned",
                    "capacity_accelerators": 100,
                    "price_usd_per_accelerator_hour": 1,
                }
            },
            "workloads": {"chat": work(2.0), "search": work(5.0)},
        }
    )


def rows(workload: str, values: Any, start: datetime = MONDAY) -> list[Row]:
    """Hourly rows from ``start``."""
    return [
        {"workload_id": workload, "period_start": (start + timedelta(hours=h)).isoformat(), "value": float(value)}
        for h, value in enumerate(values)
    ]


def flat_weeks(*levels: float) -> list[float]:
    """A week of 168 equal hours for each level."""
    return [level for level in levels for _ in range(168)]


def totals(found: TypicalWeeks, workload: str) -> float:
    """sum of weight x demand over the new blocks."""
    horizon = found.document["horizon"]["blocks"]
    profiles = found.document["workloads"][workload]["demand_units_per_hour"]
    return sum(block.get("weight", 1.0) * sum(profiles[key]) for key, block in horizon.items())


def peak(found: TypicalWeeks, workload: str) -> float:
    """Highest demand of any hour of the new blocks."""
    return max(max(values) for values in found.document["workloads"][workload]["demand_units_per_hour"].values())


def test_two_levels_give_two_weeks_without_error() -> None:
    """Three weeks at 10 and one at 40: the weeks are 10 with weight 3 and 40 with weight 1; 3 x 10 + 40 = 70 a hour."""
    found = typical_weeks(estate(), rows("chat", flat_weeks(10, 40, 10, 10)), 2)
    assert found.weeks["weight"].tolist() == [3.0, 1.0]
    assert totals(found, "chat") == pytest.approx(70 * 168, rel=1e-12)
    shares = [name for name in found.errors if name.endswith("_share")]
    assert np.abs(found.errors[shares].to_numpy(dtype=float)).max() < 1e-12
    assert found.scenario.horizon.plan_hours == 4 * 168


def test_errors_of_one_week_by_hand() -> None:
    """Weeks at 10, 10 and 16, one typical week: the medoid 10 is scaled to 12 with weight 3.

    Peak 12 for 16: -4/16 = -25 %. Load-duration: |16 - 12| for a third, |10 - 12| for two thirds: mean 8/3 of a mean
    of 12, 22.2 %; largest 4 of a peak of 16, 25 %.
    """
    found = typical_weeks(estate(), rows("chat", flat_weeks(10, 10, 16)), 1)
    row = found.errors.set_index("workload").loc["chat"]
    assert peak(found, "chat") == pytest.approx(12, rel=1e-12)
    assert row["peak_error_share"] == pytest.approx(-0.25)
    assert row["curve_mean_error_share"] == pytest.approx(8 / 3 / 12)
    assert row["curve_max_error_share"] == pytest.approx(0.25)
    assert row["total_error_share"] == pytest.approx(0, abs=1e-12)
    all_of_it = found.errors.set_index("workload").loc[ALL]
    assert all_of_it["year_peak"] == pytest.approx(16 / 2), "chat makes 2 units in an accelerator-hour"


def test_the_busiest_week_is_kept_as_it_was() -> None:
    """Levels 10, 12, 30 and 8: the week at 30 keeps weight 1; the other three hold 30 in all, so 10 each hour."""
    found = typical_weeks(estate(), rows("chat", flat_weeks(10, 12, 30, 8)), 2, extreme=True)
    by_extreme = found.weeks.set_index("is_extreme")
    assert by_extreme.loc[True, "weight"] == 1.0
    assert by_extreme.loc[True, "taken_from"] == MONDAY + timedelta(weeks=2)
    assert by_extreme.loc[False, "weight"] == 3.0
    assert peak(found, "chat") == 30
    assert totals(found, "chat") == pytest.approx(60 * 168, rel=1e-12)


def test_the_busiest_hour_is_that_of_all_workloads_in_accelerators() -> None:
    """chat 10, 30 (5, 15 accelerators), search 100, 20 (20, 4): 25 accelerators in the first week, 19 in the second."""
    year = rows("chat", flat_weeks(10, 30, 10)) + rows("search", flat_weeks(100, 20, 20))
    found = typical_weeks(estate(), year, 2, extreme=True)
    assert found.weeks.loc[found.weeks["is_extreme"], "taken_from"].item() == MONDAY


def test_days_at_the_edges_count_as_part_of_a_week() -> None:
    """Two days at 20, two weeks at 10, a day at 5: weights 48/168 + 24/168 + 2; 2 x 20 + 14 x 10 + 5 = 185 a day."""
    start = MONDAY - timedelta(days=2)
    found = typical_weeks(estate(), rows("chat", [20] * 48 + [10] * 336 + [5] * 24, start), 1)
    assert found.weeks["weight"].sum() == pytest.approx(17 / 7)
    assert found.year_hours == 17 * 24
    assert totals(found, "chat") == pytest.approx(185 * 24, rel=1e-11)


def test_a_peak_outside_of_whole_weeks_is_said() -> None:
    """The first two days hold the peak, and make no whole week."""
    year = rows("chat", [20] * 48 + flat_weeks(10, 12), MONDAY - timedelta(days=2))
    assert typical_weeks(estate(), year, 2, extreme=True).peak_outside
    assert not typical_weeks(estate(), rows("chat", flat_weeks(10, 12)), 2, extreme=True).peak_outside


def test_weeks_in_which_clocks_change_have_167_and_169_hours() -> None:
    """Berlin 2026: 29 March has 23 hours, 25 October 25; three weeks around each, one typical week for each week."""
    zone = ZoneInfo("Europe/Berlin")
    for first, hours in ((datetime(2026, 3, 16, tzinfo=zone), 167), (datetime(2026, 10, 12, tzinfo=zone), 169)):
        count = 336 + hours
        year = rows("chat", range(1, count + 1), first.astimezone(UTC))
        found = typical_weeks(estate("Europe/Berlin", "2026-01-05T00:00:00+01:00"), year, 3)
        assert found.weeks["hours"].tolist() == [168, hours, 168]
        assert [start.hour for start in found.weeks["start"]] == [0, 0, 0]
        assert found.weeks["weight"].tolist() == [1.0, 1.0, 1.0]
        assert peak(found, "chat") == count
        assert found.scenario.horizon.plan_hours == count


def test_a_later_year_keeps_hours_of_the_day() -> None:
    """52 weeks after 23 March 2026 clocks change on another day: 9 o'clock in Berlin stays 9 o'clock."""
    zone = ZoneInfo("Europe/Berlin")
    start = datetime(2026, 3, 16, tzinfo=zone)
    hours = 168 * 4 - 1
    moments = [(start.astimezone(UTC) + timedelta(hours=h)).astimezone(zone) for h in range(hours)]
    year = rows("chat", [100 if m.hour == 9 else 1 for m in moments], start.astimezone(UTC))
    found = typical_weeks(estate("Europe/Berlin", "2026-01-05T00:00:00+01:00"), year, 4, weeks_later=52)
    scenario = found.scenario
    for key, block in scenario.horizon.blocks.items():
        assert block.start.astimezone(zone).year == 2027
        values = scenario.workloads["chat"].demand_units_per_hour[key]
        high = [
            moment.astimezone(zone).hour for moment, value in zip(block.starts(), values, strict=True) if value > 50
        ]
        assert high == [9] * 7
    assert found.scenario.horizon.plan_hours == pytest.approx(hours)


def test_growth_and_what_the_year_does_not_tell_are_kept() -> None:
    """Factors of the old block stay; search, which the file lacks, keeps its week hour by hour."""
    scenario = estate(demand_factor=1.5, price_factor=0.9)
    found = typical_weeks(scenario, rows("chat", flat_weeks(10, 20)), 2)
    blocks = found.scenario.horizon.blocks.values()
    assert [(block.demand_factor, block.price_factor) for block in blocks] == [(1.5, 0.9)] * 2
    assert set(found.scenario.workloads["search"].demand_units_per_hour) == {"week-2026-01-05", "week-2026-01-12"}
    assert totals(found, "search") == 2 * 168


def test_windows_and_maintenance_follow_the_local_clock() -> None:
    """A window on Tuesday night and an outage on Wednesday at 9 stand on Tuesday night and Wednesday at 9 again."""
    document = estate().to_dict()
    document["workloads"]["night"] = {
        "kind": "batch",
        "unit": "units",
        "origin_site": "home",
        "flexibility": "deferrable",
        "unserved_usd_per_unit": 10,
        "throughput": {"X": {"units_per_accelerator_hour": 1}},
        "windows": {
            "tue": {
                "block": "old",
                "start": "2026-01-06T22:00:00+00:00",
                "end": "2026-01-07T04:00:00+00:00",
                "volume_units": 3,
            }
        },
    }
    document["pools"]["own"]["up_share"] = {"old": [0.5 if hour == 57 else 1.0 for hour in range(168)]}
    found = typical_weeks(require(document), rows("chat", flat_weeks(10, 20)), 2).scenario
    windows = found.workloads["night"].windows
    assert [(one.block, one.start.day, one.start.hour) for one in windows.values()] == [
        ("week-2026-01-05", 6, 22),
        ("week-2026-01-12", 13, 22),
    ]
    assert [values.index(0.5) for values in found.pools["own"].up_share.values()] == [57, 57]


def test_a_day_to_follow_is_repeated_on_each_day() -> None:
    """Demand of search at 8 and a window at night, in a block of one day: seven times in each week."""
    document = estate().to_dict()
    document["horizon"]["blocks"]["old"]["periods"] = 24
    for work in document["workloads"].values():
        work["demand_units_per_hour"] = {"old": [7.0 if hour == 8 else 0.0 for hour in range(24)]}
    document["workloads"]["search"] |= {"flexibility": "deferrable", "demand_units_per_hour": {}}
    document["workloads"]["search"]["windows"] = {
        "night": {
            "block": "old",
            "start": "2026-01-05T01:00:00+00:00",
            "end": "2026-01-05T05:00:00+00:00",
            "volume_units": 3,
        }
    }
    found = typical_weeks(require(document), rows("chat", flat_weeks(10)), 1).scenario
    assert [one.start.day for one in found.workloads["search"].windows.values()] == [5, 6, 7, 8, 9, 10, 11]


def test_work_in_few_weeks_gets_its_average_week() -> None:
    """search runs in one week of six only. No chosen week has it, so its mean week stands in: total kept."""
    year = rows("chat", flat_weeks(10, 10, 10, 50, 50, 50)) + rows("search", flat_weeks(0, 1, 0, 0, 0, 0))
    found = typical_weeks(estate(), year, 2)
    assert found.averaged == ("search",)
    assert totals(found, "search") == pytest.approx(168, rel=1e-9)


@pytest.mark.parametrize(
    ("year", "word"),
    [
        ([], "no demand"),
        (rows("chat", flat_weeks(1, 1))[:100] + rows("chat", flat_weeks(1, 1))[101:], "missing"),
        (rows("chat", flat_weeks(1, 1)) + rows("chat", [1.0]), "two values"),
        (rows("chat", flat_weeks(1, 1)) + rows("search", flat_weeks(1)), "same time"),
        (rows("nobody", flat_weeks(1)), "no workload"),
        (rows("chat", [-1.0, *flat_weeks(1)]), "negative"),
        (rows("chat", [1.0, float("nan"), 1.0]), "no numbers"),
        (rows("chat", [1.0] * 100), "whole weeks"),
        (rows("chat", [1.0] * 400, datetime(1, 1, 2, tzinfo=UTC)), "between the years"),
        (rows("chat", [1.0] * 400, datetime(9999, 12, 1, tzinfo=UTC)), "between the years"),
        ([{"workload_id": "chat", "period_start": "2026-01-05T00:00:00", "value": 1.0}], "offset"),
        (rows("chat", flat_weeks(1, 1), MONDAY + timedelta(minutes=30)), "full hour"),
    ],
)
def test_faults_of_the_year_are_named(year: list[Row], word: str) -> None:
    with pytest.raises(InvalidInput, match=word):
        typical_weeks(estate(), year, 1)


@pytest.mark.parametrize(("weeks", "extreme"), [(0, False), (13, False), (1, True), (3, False)])
def test_an_impossible_number_of_weeks_is_refused(weeks: int, extreme: bool) -> None:
    """0 and 13 are out of bounds; the busiest week alone cannot stand for the rest; the year holds 2 weeks."""
    with pytest.raises(InvalidInput):
        typical_weeks(estate(), rows("chat", flat_weeks(1, 2)), weeks, extreme=extreme)


def test_shorter_and_longer_periods_become_hours() -> None:
    """Quarters of an hour 1, 2, 3, 4 have the mean 2.5; a value for six hours holds in each of them."""
    quarters = [
        {"workload_id": "chat", "period_start": (MONDAY + timedelta(minutes=15 * i)).isoformat(), "value": i % 4 + 1}
        for i in range(168 * 4)
    ]
    six_hours = [
        {"workload_id": "search", "period_start": (MONDAY + timedelta(hours=6 * i)).isoformat(), "value": 9.0}
        for i in range(28)
    ]
    found = typical_weeks(estate(), quarters + six_hours, 1)
    assert found.document["workloads"]["chat"]["demand_units_per_hour"] == {"week-2026-01-05": [2.5] * 168}
    assert found.document["workloads"]["search"]["demand_units_per_hour"] == {"week-2026-01-05": [9.0] * 168}


def test_load_duration_curves_with_unequal_steps() -> None:
    """Year 4, 2 (an hour each); weeks 3 for 1.5 hours and 1 for 0.5: |1| x 1 + |1| x 0.5 + |1| x 0.5 = 2 over 2 h."""
    year = Load(np.array([2.0, 4.0]), np.ones(2))
    weeks = Load(np.array([3.0, 1.0]), np.array([1.5, 0.5]))
    assert curve_differences(year, weeks) == pytest.approx((1.0, 1.0))


def test_scaling_holds_hours_at_the_peak() -> None:
    """(1, 4) to a total of 8, none above 5: factor 1.6 would give 6.4, so 5 is held and 1 becomes 3."""
    out = scaled_to_total(np.array([1.0, 4.0]), np.ones(2), 8.0, 5.0)
    assert out is not None
    assert out.tolist() == pytest.approx([3.0, 5.0])
    assert scaled_to_total(np.array([0.0, 4.0]), np.ones(2), 8.0, 5.0) is None


@settings(max_examples=25, deadline=None)
@given(st.data())
def test_totals_weights_and_peaks_of_any_year(data: st.DataObject) -> None:
    """Totals to 1e-9, weight x hours = hours, no hour above the year's peak, the peak kept; rows in any order."""
    seed = data.draw(st.integers(0, 2**32 - 1))
    weeks, before, after = data.draw(st.integers(3, 9)), data.draw(st.integers(0, 100)), data.draw(st.integers(0, 100))
    count, extreme = data.draw(st.integers(2, 3)), data.draw(st.booleans())
    rng = np.random.default_rng(seed)
    hours = weeks * 168
    start = MONDAY - timedelta(hours=before)
    demand = {name: rng.gamma(2.0, 5.0, before + hours + after) * (rng.random() < 0.9) for name in ("chat", "search")}
    edge = np.r_[0:before, before + hours : before + hours + after]
    for values in demand.values():
        values[edge] = np.minimum(values[edge], values[before : before + hours].mean())
    year = [row for name, values in demand.items() for row in rows(name, values, start)]
    found = typical_weeks(estate(), year, count, extreme=extreme)
    assert (found.weeks["weight"] * found.weeks["hours"]).sum() == pytest.approx(before + hours + after, rel=1e-12)
    assert (found.weeks["hours"] == 168).all()
    for name, values in demand.items():
        assert totals(found, name) == pytest.approx(values.sum(), rel=1e-9, abs=1e-9)
        assert peak(found, name) <= values.max() * (1 + 1e-9)
    if extreme:
        both = found.errors.set_index("workload").loc[ALL]
        assert both["weeks_peak"] >= both["year_peak"] * (1 - 1e-9)
    shuffled = [year[i] for i in rng.permutation(len(year))]
    assert typical_weeks(estate(), shuffled, count, extreme=extreme).document == found.document


def test_it_is_a_public_name_and_takes_a_table() -> None:
    frame = pd.DataFrame(rows("chat", flat_weeks(10, 20)))
    assert hp.typical_weeks(estate(), frame, 2).year_hours == 336
    with pytest.raises(InvalidInput, match="value"):
        hp.typical_weeks(estate(), frame[["workload_id", "period_start"]], 2)
