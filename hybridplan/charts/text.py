"""Text inside charts: never HTML from people's names, wrapped rather than cut."""

from __future__ import annotations

import textwrap
from html import escape
from typing import Final

TITLE_WIDTH: Final = 40
"""Characters of a title line that fit on a screen 390 px wide."""
LABEL_WIDTH: Final = 18
"""Characters of an axis label line that leave room for the plot on such a screen."""


def plain(text: str) -> str:
    """One line of text with ``<``, ``>`` and ``&`` escaped: Plotly reads a few HTML tags, links among them."""
    return escape(" ".join(str(text).split()), quote=False)


def wrapped(text: str, width: int) -> str:
    """Escaped text in lines of at most ``width`` characters, broken at blanks or hyphens, else within a word."""
    lines = textwrap.wrap(" ".join(str(text).split()), width) or [""]
    return "<br>".join(escape(line, quote=False) for line in lines)


def title(text: str) -> str:
    """A chart title, wrapped for a narrow screen."""
    return wrapped(text, TITLE_WIDTH)


def label(text: str) -> str:
    """An axis label, wrapped for a narrow screen."""
    return wrapped(text, LABEL_WIDTH)


def short(text: str, width: int) -> str:
    """One line of at most ``width`` characters, not escaped yet; where there was more it ends with an ellipsis."""
    whole = " ".join(str(text).split())
    return whole if len(whole) <= width else f"{whole[: width - 1].rstrip()}…"


def lines_in(text: str) -> int:
    """How many lines a wrapped text takes."""
    return text.count("<br>") + 1
