"""One look for every chart, light and dark, with colours that colour-blind readers can tell apart."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final, Literal
from zlib import crc32

import plotly.graph_objects as go

from hybridplan.charts import text

ThemeName = Literal["light", "dark"]

MAX_SERIES: Final = 12
TRANSPARENT: Final = "rgba(0,0,0,0)"
"""Charts stand on the page's own background; ``Theme.background`` is that colour, for hover boxes and gaps."""
_TITLE_LINE_PX: Final = 22
_LEGEND_LINE_PX: Final = 19
OTHER: Final = "other"
"""Key of the series that takes what is beyond :data:`MAX_SERIES`."""

FONT: Final = '"Source Sans", "Source Sans Pro", sans-serif'
PATTERNS: Final = {"owned": "", "reserved": "x", "on_demand": "/", "interruptible": "."}
"""Purchase options are told apart by hatching as well as by colour."""
OPTION_PLACES: Final = {"owned": 0, "reserved": 11, "on_demand": 1, "interruptible": 4}
"""Places of the palette where purchase options themselves are drawn: the same in every chart."""


@dataclass(frozen=True)
class Theme:
    """Colours of one look. ``text`` and ``muted`` keep a contrast of 4.5 : 1 against ``background``."""

    name: ThemeName
    background: str
    text: str
    muted: str
    grid: str
    palette: tuple[str, ...]
    other: str
    demand: str
    limit: str
    scale: tuple[tuple[float, str], ...]
    """From nothing to full, for heat maps."""


# Both palettes come from a search that holds the hues of Okabe and Ito (2008) near their place and maximises the
# smallest distance (OKLab) between any two colours in normal sight and under simulated protanopia, deuteranopia and
# tritanopia (Machado and others, 2009, severity 1).
LIGHT: Final = Theme(
    name="light",
    background="#FFFFFF",
    text="#1F2430",
    muted="#5A6270",
    grid="#E3E6EB",
    palette=(
        "#0137A2",
        "#EA6411",
        "#56987A",
        "#6A2E58",
        "#FF9C0B",
        "#66A8FC",
        "#8C63CC",
        "#47003D",
        "#273900",
        "#B1B3BF",
        "#BC3903",
        "#307569",
    ),
    other="#7A808C",
    demand="#1F2430",
    limit="#B00020",
    scale=((0.0, "#F4F7FB"), (0.25, "#BFD9F2"), (0.5, "#7FB2E0"), (0.75, "#2F7FC1"), (1.0, "#08306B")),
)
DARK: Final = Theme(
    name="dark",
    background="#171614",
    text="#F1F3F7",
    muted="#B8B6B0",
    grid="#3A3835",
    palette=(
        "#2374ED",
        "#C49565",
        "#1D7260",
        "#A335AB",
        "#FEB95F",
        "#A0EBFC",
        "#B5B9FD",
        "#E061A1",
        "#EAF298",
        "#329DFE",
        "#C62430",
        "#4ED8B6",
    ),
    other="#8F8F8A",
    demand="#FFFFFF",
    limit="#FF8A8A",
    scale=((0.0, "#26251F"), (0.25, "#153A5C"), (0.5, "#1E659F"), (0.75, "#5AA9E6"), (1.0, "#DDF0FF")),
)
THEMES: Final[dict[ThemeName, Theme]] = {"light": LIGHT, "dark": DARK}


def template(theme: Theme) -> go.layout.Template:
    """The Plotly template of a theme: colours, fonts, margins that grow with labels, legend below the plot."""
    axis = {
        "automargin": True,
        "gridcolor": theme.grid,
        "linecolor": theme.grid,
        "zerolinecolor": theme.grid,
        "tickfont": {"color": theme.muted, "size": 12},
        "title": {"font": {"color": theme.muted, "size": 13}, "standoff": 8},
    }
    layout = go.Layout(
        paper_bgcolor=TRANSPARENT,
        plot_bgcolor=TRANSPARENT,
        font={"family": FONT, "size": 13, "color": theme.text},
        title={
            "font": {"size": 16, "color": theme.text},
            "x": 0,
            "xref": "container",
            "xanchor": "left",
            "y": 1,
            "yref": "container",
            "yanchor": "top",
            "pad": {"t": 6, "l": 4},
        },
        colorway=list(theme.palette),
        margin={"l": 8, "r": 12, "t": 40, "b": 8},
        xaxis=axis,
        yaxis=axis,
        legend=_legend(theme),
        hoverlabel={
            "bgcolor": theme.background,
            "bordercolor": theme.muted,
            "font": {"family": FONT, "size": 13, "color": theme.text},
            "namelength": -1,
        },
    )
    return go.layout.Template(layout=layout)


def _legend(theme: Theme) -> dict[str, Any]:
    """Below the plot, at the foot of the figure."""
    return {
        "orientation": "h",
        "x": 0,
        "xref": "container",
        "xanchor": "left",
        "y": 0,
        "yref": "container",
        "yanchor": "bottom",
        "font": {"size": 12, "color": theme.text},
        "bgcolor": TRANSPARENT,
        "maxheight": 400,
    }


def figure(question: str, theme: Theme, *, height: int, key: str) -> go.Figure:
    """An empty figure with its question as title. ``key``: view state (zoom, hidden series) is kept while it stays."""
    heading = text.title(question)
    lines = text.lines_in(heading)
    fig = go.Figure()
    fig.update_layout(
        template=template(theme),
        # A second line lifts the title once; further ones grow downwards from there.
        title={"text": heading, "pad": {"t": 6 + _TITLE_LINE_PX * min(lines - 1, 1), "l": 4}},
        height=height + _TITLE_LINE_PX * (lines - 1),
        uirevision=key,
        margin_t=20 + _TITLE_LINE_PX * lines,
    )
    return fig


def legend_px(series: int) -> int:
    """Height that a legend takes on a narrow screen, where each entry has a line of its own."""
    return _LEGEND_LINE_PX * series


def colours(ids: Iterable[str], theme: Theme) -> dict[str, str]:
    """A colour for each id: the same id keeps its colour when others come or go, unless two want the same one.

    Each id wants a place of the palette by its checksum; a place that is taken passes on to the next free one.
    """
    size = len(theme.palette)
    taken: dict[int, int] = dict.fromkeys(range(size), 0)
    out = {OTHER: theme.other}
    for key in ids:
        wanted = crc32(key.encode()) % size
        least = min(taken.values())
        place = next(p for p in (*range(wanted, size), *range(wanted)) if taken[p] == least)
        taken[place] += 1
        out[key] = theme.palette[place]
    return out


def shades(theme: Theme, words: tuple[str, str, str]) -> dict[str, Any]:
    """Colour bar below the plot of a heat map of per cent: what 0, 50 and 100 mean."""
    return {
        "tickvals": [0, 50, 100],
        "ticktext": list(words),
        "tickfont": {"color": theme.muted},
        "outlinecolor": theme.grid,
        "orientation": "h",
        "thickness": 10,
        "len": 0.8,
        "x": 0.5,
        "xanchor": "center",
        "yref": "container",
        "y": 0,
        "yanchor": "bottom",
    }
