"""Charts inside a file that stands by itself: Plotly's script once, figures as data that cannot end their element."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping
from functools import cache
from typing import Any, Final

from plotly.graph_objects import Figure
from plotly.offline import get_plotlyjs

_TOP_PX: Final = 12
_ESCAPED: Final = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}
"""HTML ends a script at ``</script`` and hides text after ``<!--``, also inside strings of JSON."""


@cache
def library() -> str:
    """Plotly's script, about 4.8 MB. It must not hold what would end the element that it stands in."""
    text: str = get_plotlyjs()
    if "</script" in text.lower() or "<!--" in text:
        raise ValueError("Plotly's script cannot stand inside a page")
    return text


def data(looks: Mapping[str, Figure]) -> str:
    """The same chart in several looks (by name) as JSON text that is safe inside a script element.

    The first look stands in full, the others as :func:`differences` from it: the figures themselves are the same. The
    title is left out, since the page has it as a heading, and its room at the top is given back.
    """
    bare = {name: _bare(figure) for name, figure in looks.items()}
    first = next(iter(bare.values()))
    found = {name: values if values is first else differences(first, values) for name, values in bare.items()}
    return escaped(json.dumps(found, allow_nan=False))


def differences(base: Any, other: Any) -> dict[str, Any]:
    """What of ``other`` differs from ``base``: report.js puts the two together again.

    ``{"=": value}`` where it is another value; for records with the same names, and lists of records of the same
    length, the differences of what differs, by name or place. No name is ``=``.
    """
    if isinstance(base, dict) and isinstance(other, dict) and base.keys() == other.keys():
        pairs = {name: (base[name], other[name]) for name in base}
    elif _are_records(base) and _are_records(other) and len(base) == len(other):
        pairs = {str(place): pair for place, pair in enumerate(zip(base, other, strict=True))}
    else:
        return {"=": other}
    return {name: differences(*pair) for name, pair in pairs.items() if pair[0] != pair[1]}


def _are_records(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(one, dict) for one in value)


def escaped(text: str) -> str:
    """JSON text without the characters that HTML gives a meaning; it still reads as the same values."""
    for character, code in _ESCAPED.items():
        text = text.replace(character, code)
    return text


def digest(script: str) -> str:
    """What a Content-Security-Policy calls this script: ``sha256-...``."""
    return f"sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}"


def _bare(figure: Figure) -> dict[str, Any]:
    """The figure as plain values, without its title."""
    values: dict[str, Any] = json.loads(figure.to_json())
    layout = values["layout"]
    layout.pop("title", None)
    top = int(figure.layout.margin.t or 0)
    height = figure.layout.height
    layout["margin"] = {**layout.get("margin", {}), "t": _TOP_PX}
    if height:
        layout["height"] = int(height) - max(0, top - _TOP_PX)
    return values
