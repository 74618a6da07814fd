"""JSON merge patch (RFC 7396): what changed between two documents, as a document."""

from __future__ import annotations

from typing import Any


def make_patch(before: Any, after: Any) -> Any:
    """A patch that turns ``before`` into ``after``, wherever a merge patch can say it.

    It cannot say "this field is null" (null deletes), so check with :func:`apply_patch` and :func:`same`.
    """
    if not (isinstance(before, dict) and isinstance(after, dict)):
        return after
    patch: dict[str, Any] = {key: None for key in before if key not in after}
    for key, value in after.items():
        if key not in before:
            patch[key] = value
        elif not same(before[key], value):
            patch[key] = make_patch(before[key], value)
    return patch


def apply_patch(target: Any, patch: Any) -> Any:
    """``target`` with ``patch`` merged into it, as a new value; neither argument is changed."""
    if not isinstance(patch, dict):
        return patch
    merged = dict(target) if isinstance(target, dict) else {}
    for key, value in patch.items():
        if value is None:
            merged.pop(key, None)
        else:
            merged[key] = apply_patch(merged.get(key), value)
    return merged


def same(one: Any, other: Any) -> bool:
    """True where two JSON values are equal; unlike ``==``, True is not 1 (1 and 1.0 are the same number)."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(same(a, b) for a, b in zip(one, other, strict=True))
    return isinstance(one, bool) == isinstance(other, bool) and bool(one == other)
