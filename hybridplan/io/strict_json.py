"""JSON from outside, read without the traps of the standard reader: it accepts NaN, keeps the last of two equal keys,
overflows the stack on deep nesting, and turns 1e999 into infinity."""

from __future__ import annotations

import json
import math
import re
from typing import Any, Final, NoReturn

MAX_DEPTH: Final = 20
_MAX_DIGITS: Final = 20
_STRING_OR_BRACKET: Final = re.compile(r'"(?:[^"\\]|\\.)*+"?|[\[\]{}]', re.DOTALL)
# An open string runs to the end of the text: were it left out, the search would start again at each of its quotes.
_SURROGATE: Final = re.compile("[\ud800-\udfff]")


class JsonFault(ValueError):
    """Text that is not JSON as we accept it; the message says what is wrong, in words."""


def loads(text: str, *, max_depth: int = MAX_DEPTH) -> Any:
    """The value of a JSON text. Raises :class:`JsonFault`, and nothing else, for any text whatever."""
    if _is_deeper(text, max_depth):
        raise JsonFault(f"it is nested more than {max_depth} levels deep")
    try:
        value = json.loads(
            text, object_pairs_hook=_no_duplicates, parse_constant=_refuse, parse_int=_whole, parse_float=_number
        )
    except JsonFault:
        raise
    except json.JSONDecodeError as error:
        raise JsonFault(f"it is not JSON ({error.msg}, line {error.lineno}, column {error.colno})") from error
    except (ValueError, RecursionError) as error:
        raise JsonFault("it is not JSON") from error
    # A lone surrogate may stand in the text or be written as an escape; only the parsed value shows both.
    if _SURROGATE.search(json.dumps(value, ensure_ascii=False)):
        raise JsonFault("it holds half a character (a lone surrogate)")
    return value


def _is_deeper(text: str, limit: int) -> bool:
    depth = 0
    for match in _STRING_OR_BRACKET.finditer(text):
        sign = match.group()
        if sign in "[{":
            depth += 1
            if depth > limit:
                return True
        elif sign in "]}":
            depth -= 1
    return False


def _no_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise JsonFault(f"the key {key[:80]!r} stands twice in one record")
        found[key] = value
    return found


def _refuse(literal: str) -> NoReturn:
    raise JsonFault(f"{literal} is not a number")


def _whole(digits: str) -> int:
    if len(digits) > _MAX_DIGITS:
        raise JsonFault(f"a number has more than {_MAX_DIGITS} digits")
    return int(digits)


def _number(digits: str) -> float:
    value = float(digits)
    if not math.isfinite(value):
        raise JsonFault(f"{digits[:40]} is too large")
    return value
