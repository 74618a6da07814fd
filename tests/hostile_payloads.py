"""Payloads of share links that somebody made to break what opens them; the same seed makes the same ones.

Most are packed and signed as a right link is, so that what is inside is reached too.
"""

from __future__ import annotations

import base64
import copy
import hashlib
import json
import random
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from hybridplan.domain import require
from hybridplan.io import catalogue, share_link

Document = dict[str, Any]


@dataclass(frozen=True)
class Hostile:
    """One payload, the kind of attack, and its number among those of its seed."""

    number: int
    kind: str
    payload: str


def signed(deflated: bytes) -> str:
    """A payload with a right checksum around any bytes."""
    return base64.urlsafe_b64encode(hashlib.sha256(deflated).digest()[:8] + deflated).rstrip(b"=").decode()


def deflated(text: bytes) -> bytes:
    deflater = zlib.compressobj(9, zlib.DEFLATED, -15, 9, zlib.Z_DEFAULT_STRATEGY, share_link._DICTIONARY)
    return deflater.compress(text) + deflater.flush()


def payload_of(text: bytes) -> str:
    """A payload with a right checksum around any text."""
    return signed(deflated(text))


def packed(body: object) -> str:
    """Any JSON value as the body of a payload; characters that UTF-8 has no bytes for are written as escapes."""
    try:
        return payload_of(json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode())
    except UnicodeEncodeError:
        return payload_of(json.dumps(body, separators=(",", ":")).encode())


@cache
def _bundled(key: str) -> tuple[str, str]:
    scenario = require(json.loads(catalogue.scenario_paths()[key].read_text(encoding="utf-8")))
    return json.dumps(scenario.to_dict()), scenario.content_hash


def _document(rng: random.Random) -> Document:
    """A small scenario that can be planned, to be spoilt."""
    found: Document = json.loads(_bundled(rng.choice(["reference_sunk", "reference_avoidable", "whole_nodes"]))[0])
    return found


def _full(document: object) -> str:
    return packed({"v": 1, "full": document})


def _patch(rng: random.Random, patch: object) -> str:
    key = rng.choice(["demo", "smart_city", "reference_sunk"])
    return packed({"v": 1, "base": key, "sha256": _bundled(key)[1], "patch": patch})


def _places(value: Any) -> list[tuple[Any, Any]]:
    """Every place in a document, as its record or list and the key in it."""
    found: list[tuple[Any, Any]] = []
    pending = [value]
    while pending:
        holder = pending.pop()
        keys = holder if isinstance(holder, dict) else range(len(holder))
        for key in keys:
            found.append((holder, key))
            if isinstance(holder[key], dict | list):
                pending.append(holder[key])
    return found


def _spoilt(rng: random.Random, values: list[Any]) -> Document:
    """A scenario with one to three of its values replaced."""
    document = _document(rng)
    for _ in range(rng.randint(1, 3)):
        holder, key = rng.choice(_places(document))
        holder[key] = copy.deepcopy(rng.choice(values))
    return document


WRONG: list[Any] = [
    None, True, False, 0, -1, 1.5, "", "x", "5", [], {}, [None], [[]], {"a": {}}, [1, "a"], {"": 1}, "2026-01-01",
    10**19, -(10**19), 2**53 + 1, "NaN", [1] * 50, {"id": None}, 0.1, "true", [True, False],
]  # fmt: skip
EXTREME: list[Any] = [
    1e308, -1e308, 5e-324, -0.0, 1e9, 1e-6, 1.0000001e9, 9.9e-7, 1e18, 10**18, -1e-300, 2**31, 2**63, 2**64 - 1, 1e-320
]  # fmt: skip
ODD_TEXT: list[str] = [
    "\0", "a\0b", "\x1b[31m", "\u202eevil", "\u2066x\u2069", "\u200b", "\ufeff", "a\u0301" * 90, "x" * 201, "x" * 4001,
    "\ud800", "\udfff\ud800", "\u2028", "<script>alert(1)</script>", "![x](http://evil.example/p)", "'; DROP TABLE x--",
    "../../etc/passwd", "${7*7}", "{{7*7}}", "%00", "=cmd|' /C calc'!A0", "\U0001f600" * 60, "\u00ad", "\ufffe", "\r\n",
]  # fmt: skip


def _bomb(rng: random.Random) -> str:
    size = rng.choice([1_100_000, 3_000_000, 5_800_000])
    filler = rng.choice([b"0", b" ", b"[", b'"', b"\\u0000", b"{}", b"1,"])
    body = filler * (size // len(filler))
    inner = {0: body, 1: b'{"v":1,"full":{"x":"' + body + b'"}}', 2: b'{"v":1,"full":{"x":[' + body + b"1]}}"}
    text = inner[rng.randrange(3)]
    return signed(deflated(deflated(text))) if rng.random() < 0.3 else payload_of(text)


def _cut(rng: random.Random) -> str:
    whole = _full(_document(rng))
    if rng.random() < 0.5:
        return whole[: rng.randrange(len(whole))]
    raw = deflated(json.dumps({"v": 1, "full": _document(rng)}).encode())
    return signed(raw[: rng.randrange(len(raw))] + rng.randbytes(rng.choice([0, 0, 1, 9])))


def _flipped(rng: random.Random) -> str:
    def flip(data: bytes) -> bytes:
        changed = bytearray(data)
        for _ in range(rng.randint(1, 4)):
            changed[rng.randrange(len(changed))] ^= 1 << rng.randrange(8)
        return bytes(changed)

    text = json.dumps({"v": 1, "full": _document(rng)}, separators=(",", ":")).encode()
    level = rng.randrange(3)
    if level == 0:
        return flip(payload_of(text).encode()).decode("latin-1")
    return signed(flip(deflated(text))) if level == 1 else payload_of(flip(text))


def _deep(rng: random.Random) -> str:
    depth = rng.choice([19, 21, 100, 1_000, 5_000, 100_000])
    opening, closing = rng.choice([(b"[", b"]"), (b'{"a":', b"}"), (b'[{"a":', b"}]")])
    nested = opening * depth + b"1" + closing * (depth if rng.random() < 0.7 else 0)
    return payload_of(rng.choice([b'{"v":1,"full":{"pools":%s}}', b"%s", b'{"v":%s}']) % nested)


def _literal(rng: random.Random) -> str:
    """A value that JSON readers are known to trip over, written into a scenario where a value stood."""
    digits = rng.choice([19, 21, 400, 5_000])
    words = [
        "NaN", "Infinity", "-Infinity", "1e999", "-1e999", "1e-999", "9" * digits, "-" + "9" * digits, "0x10", "1_000",
        "0" * 5_000, "1." + "0" * 5_000, "1e" + "9" * 50, "00", "+1", ".5", "1.", "-", "'x'", "-0",
    ]  # fmt: skip
    document = _document(rng)
    holder, key = rng.choice(_places(document))
    holder[key] = "@literal@"
    text = json.dumps({"v": 1, "full": document}, separators=(",", ":"))
    return payload_of(text.replace('"@literal@"', rng.choice(words)).encode())


def _twice(rng: random.Random) -> str:
    text = json.dumps({"v": 1, "full": _document(rng)}, separators=(",", ":"))
    key = rng.choice(["v", "full", "name", "pools", "sites", "horizon", "schema_version"])
    return payload_of(text.replace(f'"{key}":', f'"{key}":{rng.choice(["1", "null", "{}"])},"{key}":', 1).encode())


def _surrogate(rng: random.Random) -> str:
    half = rng.choice(["\\ud800", "\\udc00", "\\udfff\\ud800", "\\ud83d", "x\\uDBFF"])
    document = _spoilt(rng, ["@half@"])
    text = json.dumps({"v": 1, "full": document}, separators=(",", ":")).replace("@half@", half)
    if rng.random() < 0.3:
        text = text.replace('"name"', f'"{half}"', 1)
    return payload_of(text.encode())


def _version(rng: random.Random) -> str:
    number = rng.choice([2, 3, 99, 10**15, -1, 0, 1.0, 1.5, True, None, "1", [1], {"v": 1}, "2"])
    if rng.random() < 0.5:
        return packed({"v": number, "full": _document(rng)})
    return _full(_document(rng) | {"schema_version": number})


def _wrong_type(rng: random.Random) -> str:
    if rng.random() < 0.1:
        return packed(rng.choice([*WRONG, {"v": 1, "full": rng.choice(WRONG)}]))
    return _full(_spoilt(rng, WRONG))


def _extreme(rng: random.Random) -> str:
    return _full(_spoilt(rng, EXTREME))


def _foreign_base(rng: random.Random) -> str:
    key: Any = rng.choice(["demo", "", "../demo", "/etc/passwd", "demo.json", "nul", "x" * 3_000, *ODD_TEXT, *WRONG])
    right = _bundled("demo")[1]
    sha256: Any = rng.choice([right, right.upper(), right[:-1], "0" * 64, "", None, 5, [right]])
    if key == "demo" and sha256 == right:
        sha256 = _bundled("reference_sunk")[1]
    return packed({"v": 1, "base": key, "sha256": sha256, "patch": rng.choice([{}, {"name": "x"}, *WRONG])})


def _deleting_patch(rng: random.Random) -> str:
    base = json.loads(_bundled("demo")[0])
    patch: Document = {}
    for _ in range(rng.randint(1, 4)):
        node, change = base, patch
        for _ in range(rng.randint(0, 3)):
            inner = [key for key, value in node.items() if isinstance(value, dict)]
            if not inner:
                break
            key = rng.choice(inner)
            node, change = node[key], change.setdefault(key, {})
            if not isinstance(change, dict):
                break
        if isinstance(change, dict) and node:
            change[rng.choice(list(node))] = rng.choice([None, None, None, {}, [], "x"])
    return packed({"v": 1, "base": "demo", "sha256": _bundled("demo")[1], "patch": patch})


def _many_records(rng: random.Random, count: int) -> Document:
    """As many records of one kind as go into a link, and some of another; their ids differ."""
    document = _document(rng)
    block = next(iter(document["horizon"]["blocks"].values()))
    work = next(iter(document["workloads"].values()))
    kinds: dict[str, tuple[Document, Document]] = {
        "blocks": (document["horizon"]["blocks"], block | {"periods": 8_784}),
        "sites": (document["sites"], next(iter(document["sites"].values()))),
        "pools": (document["pools"], next(iter(document["pools"].values())) | {"lead_time_hours": 500}),
        "workloads": (document["workloads"], work | {"demand_units_per_hour": {}}),
    }
    for name in rng.sample(sorted(kinds), 2):
        records, record = kinds[name]
        records.update({f"{number:x}": record for number in range(count)})
    return document


def _many_windows(rng: random.Random, count: int) -> Document:
    """Windows in a block of 8,784 hours, and jobs that follow each other in a long chain."""
    document = _document(rng)
    block_id, block = next(iter(document["horizon"]["blocks"].items()))
    block["periods"] = 8_784
    work = next(iter(document["workloads"].values()))
    window = {"block": block_id, "start": block["start"], "end": "2027-01-01T00:00:00Z", "volume_units": 1}
    work |= {"flexibility": "deferrable", "demand_units_per_hour": {}}
    if rng.random() < 0.5:
        work["windows"] = {f"{number:x}": window for number in range(count)}
    else:
        chain = {f"{n:x}": work | {"windows": {}, "after": f"{n + 1:x}"} for n in range(count)}
        document["workloads"].update(chain)
    return document


def _largest(make: Callable[[random.Random, int], Document], rng: random.Random) -> str:
    """The payload with the most records that is still short enough to be opened."""
    seed = rng.random()
    for count in (6_000, 4_000, 2_500, 1_500, 1_000, 600, 300, 100):
        payload = _full(make(random.Random(seed), count))
        if len(payload) <= share_link.MAX_URL_CHARS:
            break
    return payload


def _absurd_size(rng: random.Random) -> str:
    choice = rng.randrange(5)
    if choice < 2:
        return _largest(_many_records if choice == 0 else _many_windows, rng)
    document = _document(rng)
    if choice == 2:
        block = next(iter(document["horizon"]["blocks"].values()))
        block[rng.choice(["periods", "period_hours", "weight", "start"])] = rng.choice(
            [
                10**9,
                10**18,
                8_784,
                8_785,
                1e-9,
                744,
                "0001-01-01T00:00:00Z",
                "9999-12-31T23:59:59Z",
                "2199-12-31T23:00:00Z",
            ]
        )
        return _full(document)
    if choice == 3:
        filler = rng.choice([1, "", None, [], {}, -1, 1e300])
        work = next(iter(document["workloads"].values()))
        work["demand_units_per_hour"] = {next(iter(document["horizon"]["blocks"])): [filler] * 180_000}
        return _full(document)
    filler = rng.choice([0, "", []])
    unknown = {f"{number:x}": filler for number in range(2_000)}
    return _patch(rng, {rng.choice(["pools", "sites", "unheard_of", "policy", "horizon"]): unknown})


def _odd_text(rng: random.Random) -> str:
    if rng.random() < 0.5:
        return _full(_spoilt(rng, ODD_TEXT))
    document = _document(rng)
    holder, key = rng.choice([place for place in _places(document) if isinstance(place[0], dict)])
    holder[rng.choice(ODD_TEXT)] = holder.pop(key)
    return _full(document)


def _noise(rng: random.Random) -> str:
    choice = rng.randrange(5)
    if choice == 0:
        return "".join(chr(rng.choice([rng.randrange(128), rng.randrange(0x3000)])) for _ in range(rng.randrange(300)))
    if choice == 1:
        return rng.choice(["", "=", "A" * 7_999, "A" * 8_001, "_" * 100_000, "-", "%00", "\ud800", "é", "null", " "])
    if choice == 2:
        return _full(_document(rng)) + rng.choice(["A", "=", " ", "\n", "AAAA", "%3D"])
    data = rng.randbytes(rng.randrange(400))
    return signed(data) if choice == 3 else payload_of(data)


MAKERS: dict[str, Callable[[random.Random], str]] = {
    "bomb": _bomb,
    "cut off": _cut,
    "bits flipped": _flipped,
    "nested deep": _deep,
    "odd literal": _literal,
    "key twice": _twice,
    "half a character": _surrogate,
    "other version": _version,
    "wrong type": _wrong_type,
    "extreme number": _extreme,
    "foreign base": _foreign_base,
    "deleting patch": _deleting_patch,
    "absurd size": _absurd_size,
    "odd text": _odd_text,
    "noise": _noise,
}
RARE = {"bomb", "absurd size"}
"""They take longest to make, and there are few kinds of them: a tenth as many as of the others."""


def hostile_payloads(count: int, seed: int) -> Iterator[Hostile]:
    """So many payloads of all kinds. Each depends on the seed and its number only."""
    kinds = [kind for kind in MAKERS for _ in range(1 if kind in RARE else 10)]
    for number in range(count):
        rng = random.Random(f"{seed}:{number}")
        # The first ones go through all kinds, so that a short run leaves none out.
        kind = list(MAKERS)[number] if number < len(MAKERS) else rng.choice(kinds)
        yield Hostile(number, kind, MAKERS[kind](rng))
