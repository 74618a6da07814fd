"""Names that are no ids, zones and providers: what is called after one follows when the last record gives it up."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from hybridplan.ui.editors.rows import Document, section

_FIELDS: Final = {"zone": ("sites", "pools"), "provider": ("sites",)}
"""Field that carries a name (and the kind of failure that names it) -> sections whose records have it."""
_PRICED: Final = ("provider_discount_share", "provider_fixed_usd_per_hour")
"""Fields of the policy that are keyed by provider."""


def names_followed(before: Document, after: Document) -> Document:
    """``after``, where sites or pools were edited, with failures and provider rules following zones and providers.

    A name is followed where no record has it any longer and all that had it have one other name now. Discounts and
    prices follow only to a name that nobody had before, so that they never come to hold for another provider.
    """
    for field, sections in _FIELDS.items():
        was, now = _names(before, field, sections), _names(after, field, sections)
        gone = set(was.values()) - set(now.values())
        names: dict[str, set[str]] = {name: set() for name in gone}
        for place, name in was.items():
            if name in gone and place in now:
                names[name].add(now[place])
        clear = {name: new.pop() for name, new in names.items() if len(new) == 1}
        after = _failures(after, field, clear)
        if field == "provider":
            fresh = {name: new for name, new in clear.items() if new not in was.values()}
            after = _prices(after, fresh)
    return after


def _names(document: Document, field: str, sections: tuple[str, ...]) -> dict[tuple[str, str], str]:
    """Name by section and id."""
    return {
        (part, key): record[field]
        for part in sections
        for key, record in section(document, part).items()
        if isinstance(record, Mapping) and isinstance(record.get(field), str) and record[field]
    }


def _failures(document: Document, kind: str, names: Mapping[str, str]) -> Document:
    found = section(document, "policy.contingencies")
    changed = {
        key: {**one, "record": names[one["record"]]}
        for key, one in found.items()
        if isinstance(one, Mapping) and one.get("kind") == kind and _is_among(one.get("record"), names)
    }
    return _with_policy(document, "contingencies", {**found, **changed}) if changed else document


def _prices(document: Document, names: Mapping[str, str]) -> Document:
    for field in _PRICED:
        found = section(document, f"policy.{field}")
        if any(name in found and new not in found for name, new in names.items()):
            kept = {
                names[key] if key in names and names[key] not in found else key: value for key, value in found.items()
            }
            document = _with_policy(document, field, kept)
    return document


def _is_among(value: Any, names: Mapping[str, str]) -> bool:
    return isinstance(value, str) and value in names


def _with_policy(document: Document, field: str, value: Any) -> Document:
    return {**document, "policy": {**section(document, "policy"), field: value}}
