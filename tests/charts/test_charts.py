"""Charts: questions as titles, units on axes, at most twelve series, no HTML from names, readable colours."""

from __future__ import annotations

from collections.abc import Callable
from html import unescape
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import pytest

from hybridplan.charts import allocation, bars, cost, flows, latency, text, theme, utilisation
from hybridplan.charts.series import Key, capped, ordered

HOSTILE = '<a href="https://example.org">click</a> & <b>bold</b>'
TIMES = list(pd.date_range("2026-03-02", periods=4, freq="h"))
PLANS = {"plan": "This plan", "all_on_demand": "All on demand"}


def pools(count: int = 3) -> Key:
    """Pools p0, p1, ...; the first one has a name that holds HTML."""
    names = {f"p{n}": HOSTILE if n == 0 else f"pool {n}" for n in range(count)}
    options = ["owned", "reserved", "on_demand", "interruptible"]
    return Key(names, {f"p{n}": options[n % 4] for n in range(count)})


def hourly(key: Key) -> pd.DataFrame:
    """1, 2, 3, ... accelerators per pool in each hour."""
    rows = [(time, pool, 1.0 + n) for n, pool in enumerate(key.names) for time in TIMES]
    return pd.DataFrame(rows, columns=["time", "series", "value"])


def demand() -> pd.DataFrame:
    return pd.DataFrame({"time": TIMES, "used": 6.0, "demanded": 7.0})


def over_time(look: theme.Theme, count: int = 3) -> go.Figure:
    key = pools(count)
    return allocation.over_time(hourly(key), demand(), key, look, period_hours=1, clock="Europe/Berlin")


def of_workload(look: theme.Theme, count: int = 3) -> go.Figure:
    key = pools(count)
    words: dict[str, Any] = {"name": HOSTILE, "unit": "<i>requests</i>", "clock": "UTC"}
    return allocation.of_workload(hourly(key), demand(), key, look, period_hours=2, **words)


def cost_by_term(look: theme.Theme, count: int = 3) -> go.Figure:
    rows = [(f"t{n}", f"Term {n}", n == count - 1, 10.0 + n, 20.0 + n) for n in range(count)]
    table = pd.DataFrame(rows, columns=["term", "name", "is_penalty", *PLANS])
    return cost.by_term(table, PLANS, look, unit="USD per year")


def cost_by_pool(look: theme.Theme, count: int = 3) -> go.Figure:
    key = pools(count)
    table = pd.DataFrame([(pool, 10.0 + n, 5.0) for n, pool in enumerate(key.names)], columns=["pool", *PLANS])
    return cost.by_pool(table, PLANS, key, look, unit="USD per year")


def heatmap(look: theme.Theme, count: int = 3) -> go.Figure:
    key = pools(count)
    rows = [(time, pool, 2.0, 0.0 if n == 1 else 8.0) for n, pool in enumerate(key.names) for time in TIMES]
    table = pd.DataFrame(rows, columns=["time", "pool", "busy", "base"])
    table["utilisation"] = table["busy"] / table["base"].where(table["base"] > 0)
    return utilisation.heatmap(table, key, look, period_hours=1, clock="UTC")


def floors(look: theme.Theme, count: int = 3) -> go.Figure:
    key = pools(count)
    states = ["used", "free", "ruled out"]
    rows = [("w", pool, 10.0 * n, 50.0, states[n % 3]) for n, pool in enumerate(key.names)]
    table = pd.DataFrame(rows, columns=["workload", "pool", "latency_floor_ms", "objective_ms", "state"])
    return latency.floors(table, {"w": HOSTILE, "unused": "x"}, key.names, look)


def sankey(look: theme.Theme, count: int = 3) -> go.Figure:
    key = pools(count)
    works = {f"w{n}": HOSTILE if n == 0 else f"work {n}" for n in range(count)}
    rows = [(work, pool, 1.0 + n) for work in works for n, pool in enumerate(key.names)]
    table = pd.DataFrame(rows, columns=["workload", "pool", "value"])
    question = "Which workload runs on which pool?"
    return flows.sankey(table, works, key, look, question=question, unit="accelerator-hours")


def ranked(look: theme.Theme, count: int = 3) -> go.Figure:
    labels = [HOSTILE, *(f"limit {n}" for n in range(count - 1))]
    values = [float(count - n) for n in range(count)]
    return bars.ranked(labels, values, look, question="What is one more of each worth?", unit="USD over the week")


CHARTS: list[Callable[..., go.Figure]] = [
    over_time,
    of_workload,
    cost_by_term,
    cost_by_pool,
    heatmap,
    floors,
    sankey,
    ranked,
]
LOOKS = list(theme.THEMES.values())


def texts(value: Any) -> list[str]:
    """Every text in a figure's JSON."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [found for one in value.values() for found in texts(one)]
    if isinstance(value, list | tuple | np.ndarray):
        return [found for one in value for found in texts(one)]
    return []


@pytest.mark.parametrize("chart", CHARTS)
def test_the_title_asks_a_question_and_keeps_the_view(chart: Callable[..., go.Figure]) -> None:
    fig = chart(theme.LIGHT)
    assert fig.layout.title.text.endswith("?")
    assert fig.layout.uirevision
    assert all(len(line) <= text.TITLE_WIDTH * 3 for line in fig.layout.title.text.split("<br>"))


@pytest.mark.parametrize("chart", [c for c in CHARTS if c is not sankey])
def test_axes_name_their_units(chart: Callable[..., go.Figure]) -> None:
    fig = chart(theme.LIGHT)
    titles = f"{fig.layout.xaxis.title.text or ''} {fig.layout.yaxis.title.text or ''}"
    assert any(unit in titles for unit in ("USD", "ms", "Accelerators", "per hour", "UTC"))


@pytest.mark.parametrize("look", LOOKS, ids=lambda look: look.name)
@pytest.mark.parametrize("chart", CHARTS)
def test_names_never_become_html(chart: Callable[..., go.Figure], look: theme.Theme) -> None:
    """Only line breaks and the empty extra box are ours; everything a person typed is escaped."""
    for found in texts(chart(look).to_plotly_json()):
        rest = found
        for ours in ("<br>", "<extra>", "</extra>"):
            rest = rest.replace(ours, "")
        assert "<" not in rest, found


@pytest.mark.parametrize("chart", [over_time, of_workload, cost_by_term])
def test_at_most_twelve_series(chart: Callable[..., go.Figure]) -> None:
    """Twenty series: eleven and other, with the demand line beside them where there is one."""
    names = [trace.name for trace in chart(theme.LIGHT, 20).data if trace.name != "Demand"]
    assert len(names) == theme.MAX_SERIES
    assert "Other" in names


@pytest.mark.parametrize("chart", [cost_by_pool, ranked])
def test_at_most_twelve_bars(chart: Callable[..., go.Figure]) -> None:
    assert len(chart(theme.LIGHT, 20).data[0].y) == theme.MAX_SERIES


def test_at_most_twelve_nodes_on_each_side() -> None:
    fig = sankey(theme.LIGHT, 20)
    assert len(fig.data[0].node.label) == 2 * theme.MAX_SERIES
    assert sum(fig.data[0].link.value) == 20 * sum(range(1, 21))


def test_long_names_of_nodes_are_cut_and_whole_in_the_hover_box() -> None:
    """A line of a label is 16 px high: nodes stand further apart than that, so that names never touch."""
    works = {f"w{n}": f"{n} Demand forecasting <four times a day>" for n in range(10)}
    table = pd.DataFrame([(work, "p0", 1.0) for work in works], columns=["workload", "pool", "value"])
    fig = flows.sankey(table, works, pools(1), theme.LIGHT, question="What?", unit="GB")
    node = fig.data[0].node
    assert all(len(unescape(label)) <= 25 and "<br>" not in label for label in node.label)
    assert node.label[3].startswith("3 Demand forecasting")
    assert node.label[3].endswith("…")
    assert node.customdata[3] == "3 Demand forecasting &lt;four times a day&gt;"
    assert "%{customdata}" in node.hovertemplate
    assert "%{source.customdata}" in fig.data[0].link.hovertemplate
    room = fig.layout.height * (fig.data[0].domain.y[1] - fig.data[0].domain.y[0])
    assert node.pad > 16
    assert room > 10 * (node.pad + 16)


def test_what_is_added_up_as_other_is_kept_whole() -> None:
    """Series 1 + 2 + ... + 20 in each of 4 hours: 840 in all, before and after."""
    table = capped(hourly(pools(20)), "series", "value")
    assert table["value"].sum() == 840.0
    assert table["series"].nunique() == theme.MAX_SERIES
    assert capped(hourly(pools(3)), "series", "value")["series"].nunique() == 3


def test_owned_pools_are_stacked_first_and_other_last() -> None:
    assert ordered(["other", "p3", "p2", "p0"], pools(4)) == ["p0", "p2", "p3", "other"]


def test_the_last_period_is_drawn_to_its_end() -> None:
    fig = over_time(theme.LIGHT)
    assert fig.data[0].x[-1] == TIMES[-1] + pd.Timedelta(hours=1)
    assert fig.data[0].y[-1] == fig.data[0].y[-2]
    assert of_workload(theme.LIGHT).data[0].x[-1] == TIMES[-1] + pd.Timedelta(hours=2)


def test_deferrable_work_has_no_demand_line() -> None:
    key = pools()
    none = demand().assign(demanded=float("nan"))
    fig = allocation.of_workload(
        hourly(key), none, key, theme.LIGHT, name="train", unit="hours", period_hours=1, clock="UTC"
    )
    assert "Demand" not in [trace.name for trace in fig.data]


def test_a_pool_with_nothing_provisioned_is_blank_in_the_heatmap() -> None:
    fig = heatmap(theme.LIGHT)
    assert np.isnan(fig.data[0].z[1]).all()
    assert fig.data[0].text[1][0] == "Mon 02 Mar, 00:00<br>nothing provisioned"
    assert list(fig.data[0].x) == [*TIMES, TIMES[-1] + pd.Timedelta(hours=1)]
    assert fig.data[0].z[0].tolist() == [25.0] * 4
    assert fig.data[0].text[0][1] == "Mon 02 Mar, 01:00<br>25 % busy: 2.0 of 8.0 accelerators"


def test_penalties_that_dwarf_the_costs_start_hidden() -> None:
    rows = [("usage", "Rented", False, 10.0, 10.0), ("unserved", "Not served", True, 0.0, 1000.0)]
    table = pd.DataFrame(rows, columns=["term", "name", "is_penalty", *PLANS])
    fig = cost.by_term(table, PLANS, theme.LIGHT, unit="USD")
    assert [trace.visible for trace in fig.data] == [True, "legendonly"]
    small = table.assign(all_on_demand=[10.0, 5.0])
    assert cost.by_term(small, PLANS, theme.LIGHT, unit="USD").data[1].visible is True


def test_empty_tables_still_make_a_figure() -> None:
    key, empty = pools(), hourly(pools()).iloc[:0]
    assert allocation.over_time(empty, demand(), key, theme.LIGHT, period_hours=1, clock="UTC").layout.title.text
    nothing = pd.DataFrame(columns=["workload", "pool", "value"])
    assert flows.sankey(nothing, {}, key, theme.LIGHT, question="What?", unit="GB").layout.title.text


@pytest.mark.parametrize("look", LOOKS, ids=lambda look: look.name)
def test_text_has_a_contrast_of_at_least_4_5(look: theme.Theme) -> None:
    for colour in (look.text, look.muted, look.demand, look.limit):
        assert contrast(colour, look.background) >= 4.5, colour


@pytest.mark.parametrize("look", LOOKS, ids=lambda look: look.name)
@pytest.mark.parametrize("sight", ["normal", "protanopia", "deuteranopia", "tritanopia"])
def test_colours_can_be_told_apart_in_every_sight(look: theme.Theme, sight: str) -> None:
    """Any two series colours are at least 0.06 apart in OKLab (a just noticeable difference is about 0.02)."""
    seen = oklab(linear(look.palette) @ SIGHTS[sight].T)
    apart = np.linalg.norm(seen[:, None] - seen[None], axis=-1)
    assert apart[np.triu_indices(len(seen), 1)].min() >= 0.06


def test_an_id_keeps_its_colour_when_another_pool_is_added() -> None:
    few = theme.colours(["a", "b", "c"], theme.LIGHT)
    more = theme.colours(["a", "b", "c", "d"], theme.LIGHT)
    assert all(more[key] == few[key] for key in few)
    assert theme.colours(["c"], theme.LIGHT)["c"] == theme.colours(["c", "z9"], theme.LIGHT)["c"]


def test_twelve_pools_have_twelve_colours() -> None:
    found = theme.colours([f"pool-{n}" for n in range(12)], theme.DARK)
    assert len({found[f"pool-{n}"] for n in range(12)}) == 12


def test_labels_are_wrapped_not_cut() -> None:
    name = "eu-central-1 on demand H100 with a very long name"
    assert text.label(name).replace("<br>", " ") == name
    assert text.plain(HOSTILE).startswith("&lt;a href")


# Machado, Oliveira and Fernandes (2009), severity 1.0, on linear RGB.
SIGHTS = {
    "normal": np.eye(3),
    "protanopia": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "deuteranopia": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
    "tritanopia": np.array(
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]
    ),
}


def linear(colours: tuple[str, ...]) -> np.ndarray:
    """sRGB hex to linear RGB."""
    values = np.array([[int(c[i : i + 2], 16) / 255 for i in (1, 3, 5)] for c in colours])
    return np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)


def oklab(rgb: np.ndarray) -> np.ndarray:
    """Linear RGB to OKLab (Ottosson, 2020)."""
    to_cone = [[0.4122214708, 0.5363325363, 0.0514459929], [0.2119034982, 0.6806995451, 0.1073969566]]
    to_cone.append([0.0883024619, 0.2817188376, 0.6299787005])
    to_lab = [[0.2104542553, 0.7936177850, -0.0040720468], [1.9779984951, -2.4285922050, 0.4505937099]]
    to_lab.append([0.0259040371, 0.7827717662, -0.8086757660])
    return np.cbrt(np.clip(rgb, 0, 1) @ np.array(to_cone).T) @ np.array(to_lab).T


def contrast(first: str, second: str) -> float:
    """WCAG contrast ratio."""
    light = sorted(float(linear((c,))[0] @ [0.2126, 0.7152, 0.0722]) for c in (first, second))
    return (light[1] + 0.05) / (light[0] + 0.05)
