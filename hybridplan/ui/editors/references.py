"""Where records name other records: followed when an id changes, and checked where it is gone."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Final, Literal

from hybridplan.errors import Issue
from hybridplan.ui.editors.ids import NAMELESS
from hybridplan.ui.editors.rows import Document, section

Shape = Literal["id", "ids", "keys"]
"""How a field names others: one id, a list of ids, or an object whose keys are ids."""


@dataclass(frozen=True)
class Reference:
    """A field that names records of ``target``: ``path`` leads to it, ``*`` standing for every id."""

    path: tuple[str, ...]
    target: str
    shape: Shape
    noun: str


REFERENCES: Final = (
    Reference(("pools", "*", "site"), "sites", "id", "site"),
    Reference(("links", "*", "from_site"), "sites", "id", "site"),
    Reference(("links", "*", "to_site"), "sites", "id", "site"),
    Reference(("workloads", "*", "origin_site"), "sites", "id", "site"),
    Reference(("workloads", "*", "allowed_sites"), "sites", "ids", "site"),
    Reference(("workloads", "*", "denied_sites"), "sites", "ids", "site"),
    Reference(("commitments", "*", "pool"), "pools", "id", "pool"),
    Reference(("spend_commitments", "*", "rates_usd_per_accelerator_hour"), "pools", "keys", "pool"),
    Reference(("expansions", "*", "pool"), "pools", "id", "pool"),
    Reference(("datasets", "*", "home_site"), "sites", "id", "site"),
    Reference(("datasets", "*", "copies"), "sites", "keys", "site"),
    Reference(("datasets", "*", "relay_sites"), "sites", "ids", "site"),
    Reference(("workloads", "*", "datasets"), "datasets", "ids", "dataset"),
    Reference(("workloads", "*", "backup_sites"), "sites", "ids", "site"),
    Reference(("workloads", "*", "route_cost_usd_per_unit"), "pools", "keys", "pool"),
    Reference(("workloads", "*", "after"), "workloads", "id", "workload"),
    Reference(("pools", "*", "up_share"), "horizon.blocks", "keys", "block"),
    Reference(("workloads", "*", "demand_units_per_hour"), "horizon.blocks", "keys", "block"),
    Reference(("workloads", "*", "windows", "*", "block"), "horizon.blocks", "id", "block"),
    Reference(("policy", "contingencies", "*", "sites"), "sites", "ids", "site"),
    Reference(("policy", "contingencies", "*", "pools"), "pools", "ids", "pool"),
    Reference(("policy", "contingencies", "*", "links"), "links", "ids", "link"),
)
_FAILS: Final = {"sites": "site", "links": "link"}
"""Kind of failure whose ``record`` names a record of the section; others name a zone or a provider, or nothing."""


def renamed(document: Document, target: str, names: Mapping[str, str]) -> Document:
    """The document with every reference to a record of ``target`` following ``names`` (old id -> new id)."""
    if not names:
        return document
    out: Any = document
    for reference in REFERENCES:
        if reference.target == target:
            out = _mapped(out, reference.path, partial(_follow, shape=reference.shape, names=names))
    if target in _FAILS:
        change = partial(_fails, kind=_FAILS[target], names=names)
        out = _mapped(out, ("policy", "contingencies", "*"), change)
    return _links_follow(dict(out), document) if target == "sites" else dict(out)


def broken(document: Document) -> list[Issue]:
    """One issue for every named record that does not exist, also where other fields are still invalid."""
    issues = []
    for reference in REFERENCES:
        known = section(document, reference.target)
        for path, value in _found(document, reference.path, ()):
            for identifier in _ids(value, reference.shape):
                if identifier not in known and not identifier.startswith(NAMELESS):
                    mend = f"Add the {reference.noun}, or correct the id."
                    issues.append(
                        Issue(".".join(path), f"there is no {reference.noun} with this id", identifier, mend=mend)
                    )
    return issues


def _mapped(node: Any, path: tuple[str, ...], change: Callable[[Any], Any]) -> Any:
    if not path:
        return change(node)
    if not isinstance(node, dict):
        return node
    if path[0] == "*":
        return {name: _mapped(child, path[1:], change) for name, child in node.items()}
    return {**node, path[0]: _mapped(node[path[0]], path[1:], change)} if path[0] in node else node


def _follow(value: Any, shape: Shape, names: Mapping[str, str]) -> Any:
    if shape == "id":
        return names.get(value, value) if isinstance(value, str) else value
    if shape == "ids":
        return [_follow(item, "id", names) for item in value] if isinstance(value, list) else value
    return {names.get(name, name): item for name, item in value.items()} if isinstance(value, dict) else value


def _fails(contingency: Any, kind: str, names: Mapping[str, str]) -> Any:
    """A contingency whose record is of this kind names it by its new id."""
    if not isinstance(contingency, dict) or contingency.get("kind") != kind or "record" not in contingency:
        return contingency
    return {**contingency, "record": _follow(contingency["record"], "id", names)}


def _links_follow(after: Document, before: Document) -> Document:
    """Links that are called after their ends keep being so, and what names them follows."""
    old, out = section(before, "links"), {}
    names: dict[str, str] = {}
    for identifier, link in section(after, "links").items():
        was = old[identifier]
        if isinstance(link, dict) and identifier == f"{was.get('from_site')}>{was.get('to_site')}":
            wanted = f"{link.get('from_site')}>{link.get('to_site')}"
            if wanted not in old and wanted not in out:
                names[identifier] = wanted
        out[names.get(identifier, identifier)] = link
    return renamed({**after, "links": out}, "links", names) if "links" in after else after


def _found(node: Any, path: tuple[str, ...], here: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Any]]:
    if not path:
        yield here, node
    elif isinstance(node, dict):
        for name in node if path[0] == "*" else [path[0]]:
            if name in node:
                yield from _found(node[name], path[1:], (*here, name))


def _ids(value: Any, shape: Shape) -> list[str]:
    if shape == "id":
        return [value] if isinstance(value, str) else []
    return [item for item in value if isinstance(item, str)] if isinstance(value, list | dict) else []
