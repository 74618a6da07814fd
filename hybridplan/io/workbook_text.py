"""Values as the cells of a workbook's input sheets: what is read from a cell is exactly what was written."""

from __future__ import annotations

import json
import math
import re
from typing import Final

MAX_CELL: Final = 32_000
"""Excel holds 32,767 UTF-16 units in a cell."""
_MARK: Final = "'"
_ESCAPE: Final = re.compile("_x[0-9A-Fa-f]{4}_|[\ufffe\uffff]")
"""Text that the file format itself would take for an escaped character, and characters that XML has not."""


def encode(text: str) -> str:
    """The cell of a text: the text itself but for four cases, which begin with an apostrophe.

    - empty text (an empty cell means the default): ``'``
    - text that begins with an apostrophe: with one more
    - text with ``_x000D_`` or the like, and with characters that XML has not: as a JSON string after the apostrophe
    """
    if _ESCAPE.search(text):
        quoted = json.dumps(text, ensure_ascii=False).replace("_x", "\\u005fx")
        return _MARK + quoted.replace("\ufffe", "\\ufffe").replace("\uffff", "\\uffff")
    return _MARK + text if not text or text.startswith(_MARK) else text


def decode(cell: str) -> str:
    """The text of a cell that :func:`encode` made; an apostrophe that it did not put there is kept."""
    rest = cell[1:]
    if not cell.startswith(_MARK) or (rest and rest[0] not in _MARK + '"'):
        return cell
    if not rest.startswith('"'):
        return rest
    try:
        text = json.loads(rest)
    except (ValueError, RecursionError):
        return cell
    return text if isinstance(text, str) else cell


def is_exact(value: float) -> bool:
    """Whether a number cell holds it: files are written with 16 digits, which is not enough for every number, and
    the sign of -0.0 gets lost. A number that is not exact is written as text."""
    return float(f"{value:.16G}") == value and (value != 0 or math.copysign(1.0, value) > 0)


def size(text: str) -> int:
    """Length as Excel counts it: characters beyond the basic plane count twice."""
    return len(text) + sum(char > "\uffff" for char in text)
