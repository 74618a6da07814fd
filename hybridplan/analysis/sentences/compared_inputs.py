"""Inputs that differ between scenarios, in words: what each is called, and its values with names in place of ids."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from hybridplan.analysis import format as fmt
from hybridplan.analysis import labels, registry
from hybridplan.analysis.differences import MISSING
from hybridplan.analysis.wording import ENGLISH, say
from hybridplan.domain import Scenario
from hybridplan.domain.attributes import attribute_label
from hybridplan.errors import InvalidInput
from hybridplan.io.workbook_inputs import join

Names = Callable[[Scenario], dict[str, str]]

_POLICY: Final = {
    "policy.budget": "budget",
    "policy.carbon_cap": "carbon_cap",
    "policy.provider_share_cap": "provider_share",
}
"""Limits that are called by their own names."""
_RECORDS: Final[dict[str, tuple[str, Names]]] = {
    "sites": ("site", labels.sites),
    "pools": ("pool", labels.pools),
    "workloads": ("workload", labels.workloads),
    "links": ("link", labels.links),
    "horizon.blocks": ("block", labels.blocks),
    "commitments": ("commitment", labels.commitments),
    "spend_commitments": ("spend commitment", labels.spend_commitments),
    "expansions": ("expansion", labels.expansions),
    "datasets": ("dataset", labels.datasets),
    "policy.contingencies": ("failure to survive:", labels.contingencies),
}
"""What one record of a section is called."""
_IDS: Final[dict[str, tuple[Names, ...]]] = {
    **dict.fromkeys(
        ("site", "origin_site", "from_site", "to_site", "home_site", "sites", "allowed_sites", "denied_sites"),
        (labels.sites,),
    ),
    **dict.fromkeys(("backup_sites", "relay_sites"), (labels.sites,)),
    **dict.fromkeys(("pool", "pools"), (labels.pools,)),
    "links": (labels.links,),
    "datasets": (labels.datasets,),
    "after": (labels.workloads,),
    "record": (labels.sites, labels.links),
}
"""Fields that hold ids, and whose."""
_ATTRIBUTES: Final = ("attributes", "required_attributes", "required_link_attributes")
_NONE: Final = "none"
_SHARE: Final = "share from 0 to 1"


def is_record(scenarios: Sequence[Scenario], path: str) -> bool:
    """True where the path is that of a whole record, which only one of the scenarios has."""
    found = _record(scenarios, path)
    return found is not None and not found[3]


def record_name(scenarios: Sequence[Scenario], path: str) -> str:
    """A record that only one of the scenarios has: ``pool Own H100``; what the input is called at any other path."""
    found = _record(scenarios, path)
    if found is not None and not found[3]:
        return f"{found[1]} {found[2]}"
    return input_name(scenarios, path)


def input_name(scenarios: Sequence[Scenario], path: str) -> str:
    """What the input at a path of :mod:`differences` is called: ``capacity of fra-h100``."""
    from hybridplan.analysis.sensitivity.paths import describe  # beside studies that bring the solver in

    if path in _POLICY:
        return registry.name(_POLICY[path]).lower()
    parts = path.split(".")
    for scenario in scenarios:
        for length in range(len(parts), 1, -1):
            try:
                label = describe(scenario, join(tuple(parts[:length]))).label
            except InvalidInput:
                continue
            label = label.removesuffix(", factor")
            return label if label[1:2].isupper() else label[:1].lower() + label[1:]
    return _words(scenarios, path)


def _record(scenarios: Sequence[Scenario], path: str) -> tuple[str, str, str, str] | None:
    """Section, kind and name of the record at a path or above it, and the rest of the path; ids may hold dots."""
    for section, (kind, names) in _RECORDS.items():
        for scenario in scenarios:
            known = names(scenario)
            for key in sorted(known, key=lambda key: -len(key)):
                if f"{path}.".startswith(f"{section}.{key}."):
                    return section, kind, known[key], path[len(f"{section}.{key}.") :]
    return None


def _words(scenarios: Sequence[Scenario], path: str) -> str:
    """A field that is no number: in words of its own, else from its name: ``owned cost of Own H100``."""
    found = _record(scenarios, path)
    if found is None:
        code = f"compare.field.{path}"
        return say(code) if code in ENGLISH else path.rsplit(".", 1)[-1].replace("_", " ")
    section, _, name, rest = found
    code = f"compare.field.{section}.{rest}"
    if code in ENGLISH:
        return say(code, name=name)
    field, _, inner = rest.partition(".")
    if inner:  # a record within the record, or a field of one
        names = _named(scenarios)
        key, _, last = (inner, "", "") if inner in names or "." not in inner else inner.rpartition(".")
        field, name = last or field, f"{name}, {names.get(key, key)}"
    return f"{field.replace('_', ' ')} of {name}"


def _named(scenarios: Sequence[Scenario]) -> dict[str, str]:
    """Names by id of what stands below other records: copies at sites, profiles by block, costs by pool."""
    found = dict[str, str]()
    for scenario in reversed(scenarios):
        found |= {**labels.pools(scenario), **labels.blocks(scenario), **labels.sites(scenario)}
    return found


def value(scenarios: Sequence[Scenario], path: str, text: str) -> str:
    """A value of :mod:`differences` as people read it: names for ids, words for codes."""
    found = _record(scenarios, path)
    if found is not None and not found[3]:
        # How many fields a failure has says nothing.
        return found[2] if found[0] == "policy.contingencies" and text != MISSING else text
    if text == MISSING:
        return _NONE
    field = path.rsplit(".", 1)[-1]
    if field in _ATTRIBUTES:
        return ", ".join(attribute_label(one) for one in text.split(", "))
    if field in _IDS:
        names = {
            key: name for scenario in reversed(scenarios) for of in _IDS[field] for key, name in of(scenario).items()
        }
        return ", ".join(names.get(one, one) for one in text.split(", "))
    code = f"compare.value.{field}.{text}"
    return say(code) if code in ENGLISH else text


def in_brackets(scenarios: Sequence[Scenario], path: str, before: str, after: str, unit: str) -> tuple[str, str]:
    """Both values with their unit, short enough for a sentence: numbers with five digits, of a profile its mean."""
    before, after = (value(scenarios, path, text) for text in (before, after))
    if unit == _SHARE:
        return _percent(before), _percent(after)
    before, after = _short(before), _short(after)
    if unit in input_name(scenarios, path):
        return before, after
    # The unit stands beside a number.
    return (f"{before} {unit}".strip(), after) if after == _NONE else (before, f"{after} {unit}".strip())


def _percent(text: str) -> str:
    try:
        return fmt.share(float(text))
    except ValueError:
        return _short(text)


def _short(text: str) -> str:
    text = text.split(";")[0]
    if ", mean " in text:
        return f"mean {text.split(', mean ')[1]}"
    try:
        return f"{float(text.replace(',', '')):,.5g}"
    except ValueError:
        return text
