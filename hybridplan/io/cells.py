"""Text cells that spreadsheets must not run: guarded when written, restored when read."""

from __future__ import annotations

import re
from typing import Final

FORMULA_STARTS: Final = "=+-@\t\r\n\0"
"""A spreadsheet reads text that begins so as a formula, or as something other than the text."""
_GUARD: Final = "'"
_PLAIN_NUMBER: Final = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)


def guard(text: str) -> str:
    """The text with a leading ' where a spreadsheet would run it, or where it begins with ' itself."""
    return _GUARD + text if text and text[0] in FORMULA_STARTS + _GUARD else text


def restore(text: str) -> str:
    """The text that :func:`guard` was given; a leading ' before an ordinary letter is left alone."""
    if len(text) > 1 and text[0] == _GUARD and text[1] in FORMULA_STARTS + _GUARD:
        return text[1:]
    return text


def is_number(text: str) -> bool:
    """True for a plain number in ASCII digits with '.' as the decimal sign."""
    return _PLAIN_NUMBER.fullmatch(text) is not None
