"""A scenario in which every text that a person can type is an attack, and an entry of the library in the same way."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import cycle
from pathlib import Path
from typing import Any

from pydantic import BaseModel, StringConstraints

from hybridplan.domain import require
from hybridplan.store import Library, new_key, new_token

SCRIPT = "window.pwned=1"
CORPUS = (
    f"<img src=http://evil.example/i.png onerror={SCRIPT}>",
    f"<script>{SCRIPT}</script>",
    f"</script></style></title><svg onload={SCRIPT}>",
    f'<iframe srcdoc="<script>parent.{SCRIPT}</script>"></iframe>',
    "![x](http://evil.example/p.png) [a](http://evil.example/a)",
    f"[a](javascript:{SCRIPT}) <javascript:{SCRIPT}>",
    "<http://evil.example/auto> http://evil.example/u www.evil.example a@evil.example",
    rf"$\href{{javascript:{SCRIPT}}}{{x}}$ $\includegraphics{{http://evil.example/g}}$ $$x^2$$",
    ":red[r] :material/home: :smile: :small[s] :blue-background[b] <- -> -- ---",
    '<b>bold</b><a href="http://evil.example">a</a><br><i>i</i><sup>s</sup>',
    f"\"><img src=x onerror={SCRIPT}> '-{SCRIPT}-' `-{SCRIPT}-`",
    f"{{{{constructor.constructor('{SCRIPT}')()}}}} ${{{SCRIPT}}} <%= {SCRIPT} %>",
    "<style>@import 'http://evil.example/c.css';*{display:none}</style>",
    "<link rel=prefetch href=//evil.example/l><base href=http://evil.example/>",
    '<meta http-equiv=refresh content="0;url=http://evil.example/m">',
    "<div style=\"background:url('http://evil.example/s')\">d</div>",
    "| a | b | # h > q - l 1. l ``` ~~s~~ **b** _i_ ==m== [^1] [ ] [x]: http://evil.example/r",
    "%{customdata}<extra></extra> %{x} %{hovertext} <span style='font-size:90px'>big</span>",
    "&lt;img src=x&gt; &#60;b&#62; &nbsp; &amp;",
    f"<object data=http://evil.example/o></object><video src=http://evil.example/v onerror={SCRIPT}>",
    "<form action=http://evil.example/f><input name=q autofocus onfocus=window.pwned=1></form>",
)
"""Each at most 200 characters, which is as long as a name may be."""
IDS = ("www.evil.example", "javascript:window.pwned", "constructor", "x.__proto__.y", "1.evil.example:80")
"""What an id may hold: letters, digits and . _ : > - only."""
_CHOICES = "private public edge training inference batch data owned reserved on_demand interruptible"
CHOICES = frozenset(_CHOICES.split())
"""Ids that are also values of other fields; they stay."""
KEPT = {"time_zone", "code"}
"""Texts that must be of a certain form."""


def texts() -> Iterator[str]:
    return cycle(CORPUS)


def _text_fields(record: type[BaseModel]) -> list[str]:
    """Fields of a record that take any text."""
    return [
        name
        for name, field in record.model_fields.items()
        if field.annotation is str
        and name not in KEPT
        and not any(isinstance(rule, StringConstraints) and rule.pattern for rule in field.metadata)
    ]


def _spoil(record: BaseModel, values: dict[str, Any], hostile: Iterator[str]) -> int:
    """Put an attack into every text of a record and of those below it; returns how many."""
    fields = _text_fields(type(record))
    for name in fields:
        values[name] = next(hostile)
    count = len(fields)
    for name in type(record).model_fields:
        inner = getattr(record, name)
        if isinstance(inner, BaseModel):
            count += _spoil(inner, values[name], hostile)
        elif isinstance(inner, dict):
            pairs = ((one, values[name][key]) for key, one in inner.items() if isinstance(one, BaseModel))
            count += sum(_spoil(one, below, hostile) for one, below in pairs)
    return count


def hostile_document(path: Path, name: str) -> dict[str, Any]:
    """A bundled scenario with an attack in every text and hostile ids, called ``name``; it can be planned."""
    text = path.read_text(encoding="utf-8")
    document = json.loads(text)
    old = [key for kind in ("sites", "pools", "workloads", "links") for key in document.get(kind, {})]
    for number, key in enumerate(key for key in old if key not in CHOICES):
        text = text.replace(f'"{key}"', f'"{IDS[number % len(IDS)]}-{number}"')
    scenario = require(json.loads(text))
    values = scenario.model_dump(mode="json")
    assert _spoil(scenario, values, texts()) > 10
    values["name"] = name
    return require(values).to_dict()


def save_hostile_entry(database: Path, document: dict[str, Any], name: str) -> str:
    """Save it with attacks in everything that the library keeps beside it; the token of a link to it."""
    library, entry = Library(f"sqlite:///{database}"), new_key()
    short = [text for text in CORPUS if len(text) <= 80]
    tags = ["<img src=//evil.example/t>", "![x](//evil.example/t)", "<script>x</script>", ":red[t]"]
    library.save_new(
        document,
        name=name,
        note=" ".join(CORPUS)[:2000],
        author=short[0],
        tags=tags,
        scenario_id=entry,
        save_id=new_key(),
    )
    library.save(entry, document, based_on=1, note=CORPUS[4], author=short[1], save_id=new_key())
    for number, text in enumerate(CORPUS):
        library.add_note(entry, "" if number % 2 else text, text, short[number % len(short)], new_key())
    library.share(entry, None, label=CORPUS[5], author=short[2], token=new_token())
    token = new_token()
    library.share(entry, 1, label=CORPUS[0], author=short[3], token=token)
    library.close()
    return token
