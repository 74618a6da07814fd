"""Numbers from text, by our own strict rules: no library guesses a decimal sign, a unit or a currency."""

from __future__ import annotations

import math
import re
from functools import lru_cache
from typing import Final, Literal

Decimal = Literal[".", ","]

_PLAIN: Final = {
    ".": re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,4})?", re.ASCII),
    ",": re.compile(r"[+-]?(?:\d+(?:,\d*)?|,\d+)(?:[eE][+-]?\d{1,4})?", re.ASCII),
}
_GROUPED: Final = {
    ".": re.compile(r"[+-]?\d{1,3}(?:,\d{3})+(?:\.\d*)?", re.ASCII),
    ",": re.compile(r"[+-]?\d{1,3}(?:\.\d{3})+(?:,\d*)?", re.ASCII),
}
_AROUND: Final = re.compile(
    r"(?P<sign>-?)\s*(?:US\s?\$|\$|USD)?\s*(?P<number>[-+\d.,eE]+)\s*(?:USD|\$)?\s*"
    r"(?P<per>hourly|per hour|/\s?(?:hr|hour|h)|an hour)?\.?",
    re.IGNORECASE | re.ASCII,
)
_OTHER_MONEY: Final = re.compile(r"[€£¥₹]|\b(?:EUR|GBP|JPY|CNY|RMB|INR|CHF)\b", re.IGNORECASE)
_NOTHING: Final = frozenset({"", "unavailable", "n/a", "na", "nan", "none", "null", "-", "--"})


def parse_number(text: str, decimal: Decimal = ".") -> float | str:
    """A plain number, or the reason why ``text`` is none. NaN, infinity, units and thousands signs are refused."""
    cell = text.strip(" \t")
    if not _PLAIN[decimal].fullmatch(cell):
        return _why_not(cell, decimal)
    value = float(cell.replace(",", "."))
    return value if math.isfinite(value) else "is too large"


@lru_cache(maxsize=8192)
def parse_money(text: str, decimal: Decimal = ".") -> float | str:
    """A price in USD as spreadsheets show it ("$1,234.50", "0.204 hourly"), or the reason why it is none."""
    value = parse_number(text, decimal)
    if not isinstance(value, str):
        return value
    cell = text.strip()
    if cell.casefold() in _NOTHING:
        return "is not available" if cell else "is empty"
    if _OTHER_MONEY.search(cell):
        return "is not in USD; convert it first"
    match = _AROUND.fullmatch(cell)
    if match is None:
        return value
    number = match["sign"] + match["number"]
    if _GROUPED[decimal].fullmatch(number):
        number = number.replace("," if decimal == "." else ".", "")
    return parse_number(number, decimal)


def _why_not(cell: str, decimal: Decimal) -> str:
    if not cell:
        return "is empty"
    other: Decimal = "," if decimal == "." else "."
    if cell.casefold() in {"nan", "inf", "-inf", "+inf", "infinity", "-infinity"}:
        return "is not a finite number"
    if _PLAIN[other].fullmatch(cell) or _GROUPED[other].fullmatch(cell) or _GROUPED[decimal].fullmatch(cell):
        return f"is not a plain number with '{decimal}' as the decimal sign"
    return "is not a number"
