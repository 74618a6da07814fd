"""What differs between two scenario documents: where, before and after, with units; long profiles in one line."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import pandas as pd

from hybridplan.analysis import format as fmt
from hybridplan.domain import parse
from hybridplan.domain.checks.fields import unit_of
from hybridplan.io.merge_patch import same

MISSING: Final = "not there"
"""Stands for a record or field that one of the two documents does not have."""
_LONG_LIST: Final = 8
"""A list of more numbers than this is told as a profile, in one line."""
_LONG_TEXT: Final = 120
_CONTEXT: Final = 30
_ABSENT: Final = object()


@dataclass(frozen=True)
class Difference:
    """One input that differs: its path (``pools.fra-h100.price_usd_per_accelerator_hour``), both values as text, and
    their unit ("" where it has none). A whole record that only one document has is one difference.
    """

    path: str
    before: str
    after: str
    unit: str = ""


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Difference]:
    """Every input in which two documents differ, in the order of the fields; empty where they mean the same.

    Where both are valid, a default that is written out in one of them only is no difference; else they are compared as
    typed. The order of records is no difference either.
    """
    one, _ = parse(before)
    other, _ = parse(after)
    if one is not None and other is not None:
        return list(_walk((), one.model_dump(mode="json"), other.model_dump(mode="json")))
    return list(_walk((), before, after))


def table(found: Sequence[Difference]) -> pd.DataFrame:
    """The differences as text: path, before, after, unit."""
    rows = [[row.path, row.before, row.after, row.unit] for row in found]
    return pd.DataFrame(rows, columns=["path", "before", "after", "unit"], dtype="str")


def paths(document: Mapping[str, Any]) -> list[str]:
    """Path of every single input of a document, a profile counting as one; its records too, each before its fields."""
    return [path for section, value in document.items() for path in _paths(section, value) if path != "schema_version"]


def _paths(path: str, value: Any) -> Iterator[str]:
    if not isinstance(value, dict):
        yield path
        return
    if "." in path:
        yield path
    for key, inner in value.items():
        yield from _paths(f"{path}.{key}", inner)


def _walk(path: tuple[str, ...], before: Any, after: Any) -> Iterator[Difference]:
    if same(before, after):
        return
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        for key in {**before, **after}:
            yield from _walk((*path, str(key)), before.get(key, _ABSENT), after.get(key, _ABSENT))
    elif _is_profile(before) and _is_profile(after):
        yield Difference(_joined(path), _profile(before), _changed_profile(before, after), _unit(path, after))
    elif _are_nested(before, after):
        for position, pair in enumerate(zip(before, after, strict=True), start=1):
            yield from _walk((*path, str(position)), *pair)
    else:
        texts = _told_apart(_shown(before), _shown(after))
        yield Difference(_joined(path), *texts, _unit(path, before) or _unit(path, after))


def _joined(path: tuple[str, ...]) -> str:
    return ".".join(path) or "scenario"


def _unit(path: tuple[str, ...], value: Any) -> str:
    """The unit of the innermost field that has one; none for texts and records."""
    if not (_is_number(value) or isinstance(value, list)):
        return ""
    return next((unit_of(name) for name in reversed(path) if unit_of(name)), "")


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_profile(value: Any) -> bool:
    return isinstance(value, list) and len(value) > _LONG_LIST and all(_is_number(one) for one in value)


def _are_nested(before: Any, after: Any) -> bool:
    """Lists of as many records or lists each: told item by item, counted from 1."""
    both = isinstance(before, list) and isinstance(after, list) and len(before) == len(after)
    return both and all(isinstance(one, dict | list) for one in (*before, *after))


def _profile(values: list[float]) -> str:
    return f"{len(values):,} values, mean {fmt.number(sum(values) / len(values), 4)}"


def _changed_profile(before: list[float], after: list[float]) -> str:
    """The new profile; how many values changed, and the least and the most that any of them changed by."""
    if len(before) != len(after):
        return _profile(after)
    steps = [new - old for old, new in zip(before, after, strict=True) if new != old]
    least, most = _signed(min(steps)), _signed(max(steps))
    size = least if least == most else f"{least} to {most}"
    return f"{_profile(after)}; {len(steps):,} changed by {size}"


def _signed(value: float) -> str:
    return fmt.number(value, 4) if value < 0 else f"+{fmt.number(value, 4)}"


def _shown(value: Any) -> str:
    if value is _ABSENT:
        return MISSING
    if value is None:
        return "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if _is_number(value):
        return f"{value:,.12g}"
    if isinstance(value, str):
        return value or "empty"
    if _is_profile(value):
        return _profile(value)
    if isinstance(value, Mapping):
        return _record(value)
    if isinstance(value, list) and all(isinstance(one, str) or _is_number(one) for one in value):
        return ", ".join(_shown(one) for one in value) or "none"
    return json.dumps(value, ensure_ascii=False)


def _record(value: Mapping[str, Any]) -> str:
    """A record that only one side has: its name, and how many fields it has."""
    name = value.get("name") or value.get("label")
    fields = f"{len(value)} field{'' if len(value) == 1 else 's'}"
    return f"{name} ({fields})" if isinstance(name, str) else fields


def _told_apart(before: str, after: str) -> tuple[str, str]:
    """Both texts, cut to the part around the first character in which they differ where they are long."""
    if max(len(before), len(after)) <= _LONG_TEXT:
        return before, after
    alike = next((n for n, pair in enumerate(zip(before, after, strict=False)) if pair[0] != pair[1]), 0)
    start = max(0, alike - _CONTEXT)
    return _cut(before, start), _cut(after, start)


def _cut(text: str, start: int) -> str:
    part = text[start : start + _LONG_TEXT]
    return f"{'…' if start and part else ''}{part}{'…' if len(text) > start + _LONG_TEXT else ''}"
