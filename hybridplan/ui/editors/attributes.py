"""Attributes that are offered while they are typed: the standard names, and those that the document has."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from hybridplan.domain.attributes import LINK_ATTRIBUTES, PLACE_ATTRIBUTES
from hybridplan.ui.editors.rows import section


def of_places(document: Mapping[str, Any]) -> tuple[str, ...]:
    """The standard names for sites and pools."""
    return tuple(PLACE_ATTRIBUTES)


def of_links(document: Mapping[str, Any]) -> tuple[str, ...]:
    """The standard names for links."""
    return tuple(LINK_ATTRIBUTES)


def required_of_places(document: Mapping[str, Any]) -> tuple[str, ...]:
    """The standard names, and what sites and pools offer besides."""
    return _with(PLACE_ATTRIBUTES, document, "sites", "pools")


def required_of_links(document: Mapping[str, Any]) -> tuple[str, ...]:
    """The standard names, and what links offer besides."""
    return _with(LINK_ATTRIBUTES, document, "links")


def _with(standard: Iterable[str], document: Mapping[str, Any], *sections: str) -> tuple[str, ...]:
    records = [record for name in sections for record in section(document, name).values()]
    offered = [record.get("attributes") for record in records if isinstance(record, Mapping)]
    own = [name for names in offered if isinstance(names, list) for name in names if isinstance(name, str)]
    return tuple(dict.fromkeys([*standard, *own]))
