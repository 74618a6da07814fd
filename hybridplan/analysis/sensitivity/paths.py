"""Any numeric field of a scenario by its path: what there is, in words, and the scenario with another value."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from difflib import get_close_matches
from typing import Any, Final, NamedTuple

from hybridplan.analysis import labels
from hybridplan.analysis.objectives import after_failure_ms
from hybridplan.analysis.sensitivity.fields import Numeric, left_out, numeric_at, numeric_fields
from hybridplan.analysis.wording import ENGLISH, say
from hybridplan.domain import Scenario, require
from hybridplan.domain.features import public_providers
from hybridplan.errors import InvalidInput, Issue
from hybridplan.io.workbook_inputs import Path, join, split

_CLOSE: Final = 3
"""Paths that are named where one is not known."""
_MOST_WINDOWS: Final = 12
"""Of a workload with more windows only the factor on all volumes is listed; each may still be changed by its path."""
_AFTER: Final = "latency_after_failure_ms"
_ON_COMMITMENTS: Final = ("capacity_accelerators", "price_usd_per_accelerator_hour", "discount_share")
"""Fields of a pool that a reserved one has on its commitments."""


class NumericPath(NamedTuple):
    """A number that may be changed. ``path`` is dotted, an id with a dot in double quotes: ``pools."a.1".busy_kw``."""

    path: str
    label: str
    """What it is, with the record's name: ``Price of Own H100``."""
    unit: str
    value: float | None
    """As it is now; 1 for factors, None where the field is optional and not given."""


def numeric_paths(scenario: Scenario, *, given_only: bool = False) -> list[NumericPath]:
    """Every number of the scenario that a planner may change, in the order of its fields.

    Ids, times and lengths of periods are none. A profile, and all windows of a workload together, stand as one factor.
    ``given_only``: without fields that are at their default.
    """
    document: Any = scenario.to_dict() if given_only else None
    names = _Names(scenario)
    found = []
    for field in numeric_fields():
        for path in _expanded(scenario, field):
            if _is_listed(scenario, path) and (document is None or _is_in(document, path)):
                found.append(_described(names, field, path))
    return found


def describe(scenario: Scenario, path: str) -> NumericPath:
    """The number at a path. Raises :class:`InvalidInput` where there is none that may be changed."""
    field, keys = _at(scenario, path, "")
    return _described(_Names(scenario), field, keys)


def with_value(scenario: Scenario, path: str, value: float) -> Scenario:
    """The scenario with ``value`` (in the field's unit) at ``path``; all checks of a scenario have passed.

    Profiles (``workloads.chat.demand_units_per_hour``, ``workloads.train.windows``, ``pools.own.up_share``) are
    multiplied by ``value``. Raises :class:`InvalidInput`, which names path, value, unit and how to mend it, where the
    path is no number that may be changed, or the scenario would not be valid.
    """
    return with_values(scenario, {path: value})


def with_values(scenario: Scenario, values: Mapping[str, float]) -> Scenario:
    """The same for several paths at once, checked together.

    Where only a latency objective is moved, the one after a failure becomes as long where it would be the shorter one.
    """
    document = scenario.to_dict()
    for path, value in values.items():
        field, keys = _at(scenario, path, str(value))
        if isinstance(value, bool) or not math.isfinite(value) or (field.kind == "profile" and value < 0):
            wanted = "a factor of 0 or more" if field.kind == "profile" else "a plain number"
            raise InvalidInput([Issue(path, f"must be {wanted}", str(value), field.unit, "Correct the value.")])
        _put(document, field, keys, value)
        if keys[2:] == ("latency_objective_ms",) and join((*keys[:2], _AFTER)) not in values:
            work = document["workloads"][keys[1]]
            work[_AFTER] = after_failure_ms(scenario.workloads[keys[1]].latency_after_failure_ms, value)
    try:
        return require(document)
    except InvalidInput as error:
        raise InvalidInput(_about(scenario, values, error.issues)) from error


def _at(scenario: Scenario, path: str, value: str) -> tuple[Numeric, Path]:
    """The field at a path of this scenario, and its keys. Raises :class:`InvalidInput` where there is none."""
    keys = split(path)
    field = None if keys is None else numeric_at(keys)
    if keys is not None and field is not None and keys in set(_expanded(scenario, field)):
        return field, keys
    if keys is not None and (reason := left_out(keys)):
        raise InvalidInput([Issue(path, f"is not changed here: {reason}", value, mend="Choose another field.")])
    known = [found.path for found in numeric_paths(scenario)]
    near = [other for other in known if path and other.startswith(path)] or get_close_matches(path, known, _CLOSE, 0.6)
    near = near[:_CLOSE]
    mend = f"Did you mean {' or '.join(near)}?" if near else "Paths look like pools.fra-h100.capacity_accelerators."
    raise InvalidInput([Issue(path, "there is no number at this path of the scenario", value, mend=mend)])


def _expanded(scenario: Scenario, field: Numeric) -> Iterator[Path]:
    """The paths of a kind of field in this scenario, whether or not the field is given."""
    yield from _below(scenario, scenario, (), field.pattern, field.kind == "profile")


def _is_listed(scenario: Scenario, path: Path) -> bool:
    """False for what cannot be changed here, and for single windows among many."""
    if path[0] == "pools" and path[2] in _ON_COMMITMENTS:
        return scenario.pools[path[1]].purchase_option != "reserved"
    if path[2:3] == ("windows",) and len(path) > 3:
        return len(scenario.workloads[path[1]].windows) <= _MOST_WINDOWS
    return True


def _below(scenario: Scenario, node: Any, path: Path, rest: Path, is_profile: bool) -> Iterator[Path]:
    if not rest:
        if not is_profile or node:
            yield path
        return
    name, *further = rest
    after = tuple(further)
    if name != "*":
        inner = getattr(node, name, None)
        yield from _below(scenario, inner, (*path, name), after, is_profile)
        return
    keys = list(node)
    if path == ("policy", "provider_discount_share"):
        keys = list(dict.fromkeys([*keys, *(scenario.sites[pool.site].provider for pool in scenario.pools.values())]))
    elif path == ("policy", "provider_fixed_usd_per_hour"):
        keys = list(dict.fromkeys([*keys, *public_providers(scenario)]))
    for key in keys:
        yield from _below(scenario, node.get(key), (*path, key), after, is_profile)


class _Names:
    """Names of the records of a scenario, each section worked out once."""

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario
        self._known: dict[str, dict[str, str]] = {}

    def of(self, section: str, key: str) -> str:
        """The name of a record; its id where it has none."""
        if section not in self._known:
            self._known[section] = self._table(section)
        return self._known[section].get(key, key)

    def _table(self, section: str) -> dict[str, str]:
        tables: dict[str, Callable[[Scenario], dict[str, str]]] = {
            "pools": labels.pools,
            "workloads": labels.workloads,
            "sites": labels.sites,
            "links": labels.links,
            "horizon": labels.blocks,
            "commitments": labels.commitments,
            "spend_commitments": labels.spend_commitments,
            "expansions": labels.expansions,
            "datasets": labels.datasets,
        }
        return tables[section](self.scenario) if section in tables else {}


def _described(names: _Names, field: Numeric, path: Path) -> NumericPath:
    return NumericPath(join(path), _label(names, field, path), field.unit, _value(names.scenario, field, path))


def _value(scenario: Scenario, field: Numeric, path: Path) -> float | None:
    if field.kind == "profile":
        return 1.0
    node: Any = scenario
    for key in path:
        node = node.get(key) if isinstance(node, dict) else getattr(node, key, None)
    return None if node is None else float(node)


def _label(names: _Names, field: Numeric, path: Path) -> str:
    """What the field is called, with the names of the records above it; its own name where it has no words."""
    ids = [key for key, name in zip(path, field.pattern, strict=True) if name == "*"]
    words = [names.of(path[0], ids[0]), *ids[1:]] if ids else []
    if field.pattern[-2:-1] in (("route_cost_usd_per_unit",), ("rates_usd_per_accelerator_hour",)):
        words[1] = names.of("pools", ids[1])
    if field.code in ENGLISH:
        return say(field.code, **dict(zip(("name", "part"), words, strict=False)))
    plain = next(name for name in reversed(field.pattern) if name != "*").replace("_", " ").capitalize()
    return f"{plain}: {', '.join(words)}" if words else plain


def _is_in(document: Any, path: Path) -> bool:
    for key in path:
        if not isinstance(document, dict) or key not in document:
            return False
        document = document[key]
    return True


def _put(document: dict[str, Any], field: Numeric, path: Path, value: float) -> None:
    *above, last = path
    node = document
    for key in above:
        node = node.setdefault(key, {})
    if field.kind == "profile":
        node[last] = _multiplied(node[last], value)
    elif field.kind == "whole" and value == int(value):
        node[last] = int(value)
    else:
        node[last] = value


def _multiplied(profiles: dict[str, Any], factor: float) -> dict[str, Any]:
    """Profiles by block, or windows by id, with their values or volumes times the factor."""
    return {
        key: {**part, "volume_units": part["volume_units"] * factor}
        if isinstance(part, dict)
        else [value * factor for value in part]
        for key, part in profiles.items()
    }


def _about(scenario: Scenario, values: Mapping[str, float], issues: tuple[Issue, ...]) -> list[Issue]:
    """The issues with the path, value and unit of the change that they come from, where one can be told."""
    out = []
    for issue in issues:
        plain = {path: ".".join(split(path) or ()) for path in values}
        at = next((path for path, dotted in plain.items() if issue.path.startswith(dotted)), None)
        at = next(iter(values)) if at is None and len(values) == 1 else at
        if at is None:
            out.append(issue)
            continue
        is_itself = issue.path == plain[at]
        message = issue.message if is_itself else f"leaves a scenario that is not valid: {issue.path} {issue.message}"
        unit, mend = describe(scenario, at).unit, issue.mend if is_itself else "Choose another value."
        out.append(Issue(at, message, f"{values[at]:g}", unit, mend))
    return out[:1] if len({issue.path for issue in out}) == 1 else out
