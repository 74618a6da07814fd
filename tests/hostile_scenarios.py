"""Scenarios that are valid and awkward: text, ids and numbers that spreadsheets and text files like to change."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from builders import random_document
from feature_documents import random_feature_document
from pydantic import StringConstraints

from hybridplan.domain import Block, Commitment, Link, Pool, Site, Throughput, Workload
from hybridplan.domain.policy import DisplayCurrency, Finance
from hybridplan.domain.record import Record

TEXTS = (
    "=1+1",
    "+x",
    "-1",
    "@SUM(A1)",
    '=HYPERLINK("http://example.invalid","x")',
    "\ttab",
    "two\nlines",
    " blanks ",
    "'",
    "''",
    "'=1",
    '\'"x"',
    '"quoted", and; more|',
    "007",
    "1e5",
    "1.50",
    "NA",
    "NaN",
    "TRUE",
    "null",
    "2026-06-01",
    "1/2",
    "_x000D_",
    "_x005F_x000D_",
    "&lt;b&gt; <b>",
    "漢字とかな",
    "😀" * 100,
    "e\u0301 \u00e4",
    "\u2028\ufffe\uffff",
    ' r="XFD1048576"',
    "https://example.invalid/a",
    "x" * 200,
)
"""Each fits any text field."""
LONG = ("😀" * 4000, "line\n" * 800, "_x0041_" * 571)
"""Each fits a description."""
IDS = {
    "w0": "007",
    "p0": "TRUE",
    "p1": "1e5",
    "home": "2026-06-01",
    "b0": "b.0",
    "gpu": "NA",
    "cloud": "1.0",
    "DE": "0x1F",
    "c0": "a>b:c",
}
"""Ids of random documents, and awkward ones instead."""


def awkward(seed: int, first: int = 0) -> dict[str, Any]:
    """A random scenario with a text of TEXTS in every text field, from number ``first`` on, and ids of IDS."""
    document = random_feature_document(seed) if seed % 2 else random_document(seed)
    document["description"], document["lesson"] = LONG[seed % 3], LONG[(seed + 1) % 3]
    document["policy"]["provider_discount_share"] |= {"a.b": 0.1 + 0.2, "own": -0.0}
    document |= {"finance": {"interest_rate": 1 / 3}, "display_currency": {"code": "EUR", "units_per_usd": 2 / 3}}
    number = first
    for record, fields in _records(document):
        for field in fields:
            record[field] = TEXTS[number % len(TEXTS)]
            number += 1
    first_pool = next(iter(document["pools"].values()))
    first_pool["attributes"] = ["NA", "007", "x" * 80]
    text = json.dumps(document)
    for plain, odd in IDS.items():
        text = re.sub(rf'(?<!\\)"{plain}"', json.dumps(odd), text)
    changed: dict[str, Any] = json.loads(text)
    return changed


def long_lists(seed: int) -> dict[str, Any]:
    """A random scenario with lists that no cell of a workbook holds: 900 ids of 80 characters are 72,899 characters."""
    document = random_document(seed)
    document["sites"]["home"]["attributes"] = [f"{number:080d}" for number in range(900)]
    document["pools"]["p0"]["attributes"] = ["one", "two"]
    return document


def _records(document: dict[str, Any]) -> Iterator[tuple[dict[str, Any], list[str]]]:
    """Every record of a document and the names of its text fields."""
    yield document, ["name"]
    sections: dict[str, type[Record]] = {"sites": Site, "pools": Pool, "links": Link, "commitments": Commitment}
    for section, model in sections.items():
        yield from ((record, _texts(model)) for record in document.get(section, {}).values())
    yield from ((block, _texts(Block)) for block in document["horizon"]["blocks"].values())
    for work in document["workloads"].values():
        yield work, _texts(Workload)
        yield from ((through, _texts(Throughput)) for through in work["throughput"].values())
    yield document["finance"], _texts(Finance)
    yield document["display_currency"], [name for name in _texts(DisplayCurrency) if name != "code"]


def _texts(model: type[Record]) -> list[str]:
    return [name for name, info in model.model_fields.items() if _is_free_text(info.metadata)]


def _is_free_text(metadata: list[Any]) -> bool:
    return any(isinstance(part, StringConstraints) and part.pattern is None for part in metadata)
