"""docs/formats.md says of each field whether it is required, and its default, as the records have it."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from source import ROOT

from hybridplan import domain
from hybridplan.domain.record import Record

FORMATS = (ROOT / "docs" / "formats.md").read_text(encoding="utf-8").split("\n## Tables of our own")[0]
PLACES: dict[str, type[Record]] = {
    "### Site": domain.Site,
    "### Pool": domain.Pool,
    "| Field of a price tier": domain.PriceTier,
    "### Commitment": domain.Commitment,
    "### Spend commitment": domain.SpendCommitment,
    "### Expansion": domain.Expansion,
    "### Dataset": domain.Dataset,
    "| Field of a copy": domain.Copy,
    "### Workload": domain.Workload,
    "| Field of a throughput": domain.Throughput,
    "| Field of a window": domain.Window,
    "| Field of a scaling point": domain.ScalingPoint,
    "### Link": domain.Link,
    "| Field of a contingency": domain.Contingency,
}
"""Where the table of a record begins: the first table below a heading, or the one with this head."""


def documented(place: str) -> dict[str, tuple[bool, str]]:
    """Field -> (is it in bold, its default as it is written) of the table at ``place``."""
    text = FORMATS[FORMATS.index(f"\n{place}") :]
    table = re.search(r"^\| Field[^\n]*\n\|[-|]+\n((?:\|[^\n]*\n)+)", text, flags=re.MULTILINE)
    assert table, place
    found = {}
    for line in table[1].splitlines():
        names, written = (cell.strip() for cell in line.strip("|").split(" | ")[:2])
        fields = re.findall(r"(\*\*)?`(\w+)`", names)
        defaults = re.split(r", (?![^\[{]*[\]}])", written)
        defaults = defaults if len(defaults) == len(fields) else [written] * len(fields)
        found |= {name: (bool(bold), default) for (bold, name), default in zip(fields, defaults, strict=True)}
    return found


@pytest.mark.parametrize("place", PLACES)
def test_a_table_has_every_field_of_its_record_and_no_other(place: str) -> None:
    assert set(documented(place)) == set(PLACES[place].model_fields)


@pytest.mark.parametrize("place", PLACES)
def test_required_fields_are_bold_and_defaults_are_those_of_the_record(place: str) -> None:
    """A default in words (``not limited``) stands for none."""
    for name, (is_bold, written) in documented(place).items():
        info = PLACES[place].model_fields[name]
        assert is_bold == info.is_required(), name
        if not is_bold:
            default = info.get_default(call_default_factory=True)
            assert value_of(written) == (list(default) if isinstance(default, tuple) else default), name


def value_of(written: str) -> Any:
    try:
        return json.loads(written)
    except ValueError:
        return None
