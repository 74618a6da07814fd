"""Typical weeks of real series: two months of a cluster and a year of hours, where the files are there."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from hybridplan.analysis.typical_weeks import ALL, typical_weeks
from hybridplan.domain import Scenario
from hybridplan.io import catalogue, scenario_json


@pytest.fixture(scope="module")
def demo() -> Scenario:
    return scenario_json.load(catalogue.scenario_paths()["demo"])


def as_demand(times: pd.Series[pd.Timestamp], values: pd.Series[float], workload: str) -> pd.DataFrame:
    starts = [time.isoformat() for time in times]
    return pd.DataFrame({"workload_id": workload, "period_start": starts, "value": values.astype(float)})


@pytest.fixture(scope="module")
def year(real_data: Path) -> pd.DataFrame:
    """The shape of a year: carbon of the German grid by the hour, 364 days, as demand of the chat."""
    rows = pd.read_csv(real_data / "opendc" / "carbon_DE_2022_hourly.csv.gz", parse_dates=["timestamp"])
    times = rows["timestamp"].dt.tz_localize("UTC")
    return as_demand(times, rows["carbon_intensity"] / 5, "chat-70b")


@pytest.fixture(scope="module")
def cluster(real_data: Path) -> pd.DataFrame:
    """Active nodes of a cluster every ten minutes over two months, gaps filled with the value before them."""
    rows = pd.read_csv(
        real_data / "helios-artifact" / "philly_node_sequence_2017-10_11_10min.csv.gz", parse_dates=["time"]
    )
    steady = rows.drop_duplicates("time").set_index("time")["active"].resample("10min").ffill()
    steady = steady.loc[steady.index[0].ceil("h") : steady.index[-1].floor("h") - pd.Timedelta(minutes=10)]
    return as_demand(steady.index.to_series().dt.tz_localize("UTC"), steady, "assistant-8b")


@pytest.mark.parametrize("series", ["year", "cluster"])
def test_totals_are_exact_and_the_peak_is_kept(series: str, demo: Scenario, request: pytest.FixtureRequest) -> None:
    rows: pd.DataFrame = request.getfixturevalue(series)
    found = typical_weeks(demo, rows, 4, extreme=True)
    row = found.errors.iloc[0]
    assert abs(row["total_error_share"]) < 1e-9
    assert abs(row["peak_error_share"]) < 1e-9 or found.peak_outside
    assert (found.weeks["weight"] * found.weeks["hours"]).sum() == pytest.approx(found.year_hours)
    assert found.scenario.horizon.plan_hours == pytest.approx(found.year_hours)


def test_more_weeks_follow_the_year_more_closely(
    year: pd.DataFrame, demo: Scenario, record_property: Callable[[str, object], None]
) -> None:
    """Not in every step, but from 1 over 4 to 12; the mean difference of the curves then is below 5 %."""
    means = {}
    for count in (1, 4, 12):
        errors = typical_weeks(demo, year, count).errors.set_index("workload")
        means[count] = float(errors.loc[ALL, "curve_mean_error_share"])
    record_property("measured", f"load-duration error of 1, 4, 12 weeks of a year: {means}")
    assert means[12] < means[4] < means[1]
    assert means[12] < 0.05


def test_the_curve_that_is_drawn_covers_the_year(year: pd.DataFrame, demo: Scenario) -> None:
    curve = typical_weeks(demo, year, 3).load_duration
    for _, part in curve.groupby("series"):
        assert part["to_hour"].max() == pytest.approx(len(year))
        assert np.all(np.diff(part["load"]) <= 0)
