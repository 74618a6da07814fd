"""Charts of queues, elastic pools and jobs: questions, units, traces, and no HTML from names."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import pytest

from hybridplan.charts import elasticity, jobs, latency, text, theme
from hybridplan.charts.series import Key

HOSTILE = '<a href="https://example.org">click</a> & <b>bold</b>'
TIMES = list(pd.date_range("2026-03-02", periods=4, freq="h"))
NAN = float("nan")
KEY = Key({"p0": HOSTILE, "p1": "pool 1", "p2": "pool 2"}, {"p0": "owned", "p1": "on_demand", "p2": "interruptible"})
LOOKS = list(theme.THEMES.values())


def routes() -> pd.DataFrame:
    """One route with an objective on p95, one on the mean, one without."""
    rows = [
        (HOSTILE, 100.0, 300.0, 300.0, 400.0, "p95"),
        ("Chat on cloud", 50.0, 200.0, 90.0, 100.0, "mean"),
        ("Batch on cloud", 40.0, 160.0, NAN, NAN, "no objective"),
    ]
    return pd.DataFrame(rows, columns=["name", "p50_ms", "p95_ms", "achieved_ms", "objective_ms", "statistic"])


def achieved(look: theme.Theme) -> go.Figure:
    return latency.achieved(routes(), look)


def hourly() -> pd.DataFrame:
    """Nothing runs in hour 2."""
    frame = pd.DataFrame({"time": TIMES, "mean_ms": [90.0, 95.0, NAN, 80.0], "p50_ms": [60.0, 65.0, NAN, 55.0]})
    return frame.assign(p95_ms=frame["mean_ms"] * 3, achieved_ms=frame["mean_ms"] * 5, objective_ms=500.0)


def over_time(look: theme.Theme) -> go.Figure:
    return latency.over_time(hourly(), look, name=HOSTILE, statistic="p99", period_hours=1, clock="UTC")


def pool() -> pd.DataFrame:
    """n = 4, 8, 4, 0 with an hour to boot; half of 20 is in maintenance in hour 2."""
    return pd.DataFrame(
        {
            "time": TIMES,
            "busy": [0.0, 3.0, 4.0, 0.0],
            "assigned": [0.0, 4.0, 4.0, 0.0],
            "ready": [0.0, 4.0, 4.0, 0.0],
            "provisioned": [4.0, 8.0, 4.0, 0.0],
            "booting": [4.0, 4.0, 0.0, 0.0],
            "available": [20.0, 20.0, 10.0, 20.0],
            "in_maintenance": [0.0, 0.0, 10.0, 0.0],
            "started": [4.0, 4.0, 0.0, 0.0],
        }
    )


def switched(look: theme.Theme) -> go.Figure:
    return elasticity.over_time(pool(), look, period_hours=1, clock="Europe/Berlin")


def work() -> pd.DataFrame:
    """Job a: 4 of p0 in hours 0 and 1, with 2 of p1 in hour 1 beside it. Job b: gangs of 8 on p2 in hour 3."""
    rows = [("a", "p0", 0, 4.0, 0), ("a", "p0", 1, 4.0, 0), ("a", "p1", 1, 2.0, 0), ("b", "p2", 3, 16.0, 8)]
    made = [(w, p, TIMES[h], TIMES[h] + pd.Timedelta(hours=1), n, gang) for w, p, h, n, gang in rows]
    return pd.DataFrame(made, columns=["workload", "pool", "start", "end", "assigned", "gang"])


def spans() -> pd.DataFrame:
    end = TIMES[-1] + pd.Timedelta(hours=1)
    rows = [("a", "<i>w</i>", TIMES[0], TIMES[2], 1.0), ("b", "w", TIMES[2], end, 0.5)]
    return pd.DataFrame(rows, columns=["workload", "window", "start", "end", "share_done"])


def timeline(look: theme.Theme) -> go.Figure:
    return jobs.timeline(work(), spans(), {"a": HOSTILE, "b": "Job b", "unused": "x"}, KEY, look, clock="UTC")


def progress(look: theme.Theme) -> go.Figure:
    table = pd.DataFrame({"time": TIMES, "done": [0.0, 4.0, 6.0, 6.0], "taken": [0.0, 0.0, 2.0, 5.0]})
    return jobs.progress(table, look, first=HOSTILE, follower="Training", unit="<i>shards</i>", clock="UTC")


def gains(look: theme.Theme) -> go.Figure:
    curves = {"p0": [(0.0, 0.0), (4.0, 4.0), (8.0, 6.0)], "p1": [(0.0, 0.0), (4.0, 3.0)]}
    used = pd.DataFrame({"pool": ["p0"], "busy": [8.0], "effective": [6.0]})
    return jobs.gains(curves, used, KEY, look, name=HOSTILE)


CHARTS: list[Callable[..., go.Figure]] = [achieved, over_time, switched, timeline, progress, gains]


def texts(value: Any) -> list[str]:
    """Every text in a figure's JSON."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [found for one in value.values() for found in texts(one)]
    if isinstance(value, list | tuple | np.ndarray):
        return [found for one in value for found in texts(one)]
    return []


def named(fig: go.Figure) -> dict[str, Any]:
    return {trace.name: trace for trace in fig.data}


@pytest.mark.parametrize("chart", CHARTS)
def test_the_title_asks_a_question_and_axes_name_units(chart: Callable[..., go.Figure]) -> None:
    fig = chart(theme.LIGHT)
    assert fig.layout.title.text.endswith("?")
    assert fig.layout.uirevision
    titles = f"{fig.layout.xaxis.title.text or ''} {fig.layout.yaxis.title.text or ''}"
    assert any(unit in titles for unit in ("ms", "ccelerators", "shards", "UTC"))


@pytest.mark.parametrize("look", LOOKS, ids=lambda look: look.name)
@pytest.mark.parametrize("chart", CHARTS)
def test_names_never_become_html(chart: Callable[..., go.Figure], look: theme.Theme) -> None:
    for found in texts(chart(look).to_plotly_json()):
        rest = found
        for ours in ("<br>", "<extra>", "</extra>"):
            rest = rest.replace(ours, "")
        assert "<" not in rest, found


def test_marks_of_each_route_against_its_objective() -> None:
    fig = named(achieved(theme.LIGHT))
    assert list(fig["Objective"].x) == [400.0, 100.0]
    assert list(fig["What the objective limits"].x) == [300.0, 90.0]
    assert list(fig["Half of the requests (p50)"].x) == [100.0, 50.0, 40.0]
    assert fig["Objective"].y[1] == text.label("Chat on cloud")


def test_latencies_far_apart_are_on_a_log_axis() -> None:
    wide = routes().assign(p50_ms=[10000.0, 50.0, 40.0])
    assert latency.achieved(wide, theme.LIGHT).layout.xaxis.type == "log"
    assert achieved(theme.LIGHT).layout.xaxis.type is None


def test_latency_over_time_leaves_a_gap_where_nothing_runs_and_doubles_no_line() -> None:
    fig = named(over_time(theme.LIGHT))
    assert list(fig) == [
        "Mean",
        "Half of the requests (p50)",
        "95 of 100 requests (p95)",
        "What the objective limits (p99)",
        "Objective",
    ]
    assert np.isnan(fig["Mean"].y[2])
    assert fig["Mean"].x[-1] == TIMES[-1] + pd.Timedelta(hours=1)
    same = latency.over_time(hourly(), theme.LIGHT, name="x", statistic="p95", period_hours=1, clock="UTC")
    assert "95 of 100 requests (p95)" not in named(same)
    none = hourly().assign(achieved_ms=NAN, objective_ms=NAN)
    free = latency.over_time(none, theme.LIGHT, name="x", statistic="no objective", period_hours=2, clock="UTC")
    assert "Objective" not in named(free)


def test_layers_stack_up_to_what_is_provisioned() -> None:
    """Hour 1: 3 busy, 1 kept free, 0 unassigned, 4 booting = 8."""
    fig = named(switched(theme.LIGHT))
    layers = [trace for trace in fig.values() if trace.stackgroup == "on"]
    assert [sum(layer.y[hour] for layer in layers) for hour in range(4)] == [4.0, 8.0, 4.0, 0.0]
    assert list(fig["Provisioned"].y) == [4.0, 8.0, 4.0, 0.0, 0.0]
    assert "On, not assigned" not in fig
    assert list(fig["Available without maintenance"].y[:4]) == [20.0] * 4
    assert list(fig["Starts"].x) == TIMES[:2]
    assert list(fig["Starts"].customdata) == [4.0, 4.0]


def test_what_does_not_occur_has_no_line() -> None:
    zero = {"in_maintenance": 0.0, "started": 0.0, "booting": 0.0}
    fig = named(elasticity.over_time(pool().assign(**zero), theme.DARK, period_hours=1, clock="UTC"))
    assert not {"Starts", "Available without maintenance", "Booting, already paid"} & set(fig)


def test_bars_are_as_tall_as_accelerators_and_stand_on_each_other() -> None:
    """Job a takes 6 at most: 4 fill 0.8 x 4 / 6 of its row, 2 stand on them. Two like hours become one bar."""
    fig = named(timeline(theme.LIGHT))
    own, rented, gang = (fig[KEY.name(pool)] for pool in ("p0", "p1", "p2"))
    hour = 3_600_000
    assert list(own.x) == [2 * hour]
    assert list(own.base) == [TIMES[0]]
    assert own.width[0] == pytest.approx(0.8 * 4 / 6)
    assert own.y[0] + own.width[0] / 2 == pytest.approx(0.4)
    assert rented.y[0] + rented.width[0] / 2 == pytest.approx(own.y[0] - own.width[0] / 2)
    assert gang.width[0] == pytest.approx(0.8)
    assert gang.y[0] == pytest.approx(1.0)
    assert "16 accelerators, in gangs of 8" in gang.customdata[0]
    assert "gangs" not in own.customdata[0]


def test_windows_are_frames_and_what_is_left_over_is_marked() -> None:
    fig = named(timeline(theme.LIGHT))
    assert list(fig["Window"].x) == [2 * 3_600_000, 2 * 3_600_000]
    assert fig["Window"].customdata[1] == "Window w: 50 % done"
    assert list(fig["Not all done"].y) == [1]
    assert fig["Not all done"].customdata[0] == "50 % left over"
    done = jobs.timeline(work(), spans().assign(share_done=1.0), {"a": "a", "b": "b"}, KEY, theme.LIGHT, clock="UTC")
    assert "Not all done" not in named(done)


def test_a_block_in_which_nothing_runs_still_shows_its_windows() -> None:
    fig = jobs.timeline(work().iloc[:0], spans(), {"a": "a", "b": "b"}, KEY, theme.LIGHT, clock="UTC")
    assert [trace.name for trace in fig.data] == ["Window", "Not all done"]
    nothing = jobs.timeline(work().iloc[:0], spans().iloc[:0], {"a": "a"}, KEY, theme.LIGHT, clock="UTC")
    assert nothing.layout.title.text


def test_gains_stand_beside_no_loss_at_all() -> None:
    fig = named(gains(theme.LIGHT))
    assert list(fig["No loss"].x) == list(fig["No loss"].y) == [0.0, 8.0]
    assert list(fig["pool 1"].y) == [0.0, 3.0]
    assert list(fig["In this plan, one mark a period"].y) == [6.0]


def test_progress_of_both_is_in_one_unit() -> None:
    fig = progress(theme.LIGHT)
    assert [list(trace.y) for trace in fig.data] == [[0.0, 4.0, 6.0, 6.0], [0.0, 0.0, 2.0, 5.0]]
    assert "shards" in fig.layout.yaxis.title.text
