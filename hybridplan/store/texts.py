"""Values on their way into the database: within limits, in one form of Unicode, and the time."""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from hybridplan.errors import StoreError

Document = dict[str, Any]
"""Plain JSON values of a scenario as typed; it may hold values that no scenario accepts."""

NAME_CHARS: Final = 200
AUTHOR_CHARS: Final = 80
NOTE_CHARS: Final = 2000
PATH_CHARS: Final = 400
TAG_CHARS: Final = 40
MAX_TAGS: Final = 20
MAX_DOCUMENT_BYTES: Final = 25_000_000
_IDENTIFIER: Final = re.compile(r"[A-Za-z0-9_-]{22,40}")
_TOKEN: Final = re.compile(r"[A-Za-z0-9_-]{43}")
_HASH: Final = re.compile(r"[0-9a-f]{64}")


def now() -> str:
    """The time as it is stored: UTC with seconds."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def before(days: float) -> str:
    """The time ``days`` days ago as it is stored. Raises :class:`StoreError` where the calendar has no such day."""
    try:
        return (datetime.fromisoformat(now()) - timedelta(days=days)).isoformat(timespec="seconds")
    except (OverflowError, ValueError) as error:
        raise StoreError(f"{days:g} days is no age") from error


def is_identifier(value: str) -> bool:
    """True for 22 to 40 letters, digits, - and _: what :func:`hybridplan.store.new_key` makes."""
    return bool(_IDENTIFIER.fullmatch(value))


def is_token(value: str) -> bool:
    """True for the form of a share link's token, which is no id: :func:`hybridplan.store.new_token` makes them."""
    return bool(_TOKEN.fullmatch(value))


def is_hash(value: str) -> bool:
    """True for a sha256 in hexadecimal digits."""
    return bool(_HASH.fullmatch(value))


def identifier(what: str, value: str) -> str:
    """``value`` where it is an id; raises :class:`StoreError` where not."""
    if not is_identifier(value):
        raise StoreError(f"the {what} is not an id of 22 to 40 letters, digits, - and _")
    return value


def one_line(what: str, value: str, limit: int, *, needed: bool = False) -> str:
    """Text without line breaks and without space around it, as NFC."""
    return _checked(what, " ".join(value.split()), limit, needed)


def many_lines(what: str, value: str, limit: int, *, needed: bool = False) -> str:
    """Text that may have line breaks, without space around it, as NFC."""
    lines = value.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return _checked(what, "\n".join(line.rstrip() for line in lines).strip(), limit, needed)


def tags(values: Iterable[str]) -> list[str]:
    """Tags in the order given, each once."""
    found = [one_line("tag", value, TAG_CHARS) for value in values]
    kept = list(dict.fromkeys(tag for tag in found if tag))
    if len(kept) > MAX_TAGS:
        raise StoreError(f"there are {len(kept)} tags; at most {MAX_TAGS} are kept")
    return kept


def folded(*parts: str) -> str:
    """Texts as they are searched: without case, with single spaces, each on its own line."""
    return "\n".join(unicodedata.normalize("NFC", " ".join(part.casefold().split())) for part in parts)


def to_json(document: Any) -> str:
    """Compact JSON in the order given. Raises :class:`StoreError` for a value that no file can hold."""
    try:
        text = json.dumps(document, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
        text.encode()
    except (TypeError, ValueError, RecursionError) as error:
        raise StoreError("the scenario holds a value that cannot be written") from error
    return text


def document_json(document: Document) -> str:
    """:func:`to_json` within the size limit of a saved scenario."""
    text = to_json(document)
    if (size := len(text.encode())) > MAX_DOCUMENT_BYTES:
        raise StoreError(f"the scenario has {size / 1e6:,.1f} MB; at most {MAX_DOCUMENT_BYTES / 1e6:g} MB are kept")
    return text


def content_hash(text: str) -> str:
    """sha256 of JSON text, whatever the order of its keys."""
    canonical = json.dumps(json.loads(text), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def _checked(what: str, value: str, limit: int, needed: bool) -> str:
    value = unicodedata.normalize("NFC", value)
    bad = [c for c in value if unicodedata.category(c) in {"Cc", "Cf", "Cs"} and c not in "\n\t"]
    if bad:
        raise StoreError(f"the {what} contains an invisible character (U+{ord(bad[0]):04X})")
    if len(value) > limit:
        raise StoreError(f"the {what} has {len(value):,} characters; at most {limit:,} are kept")
    if needed and not value:
        raise StoreError(f"the {what} is empty")
    return value
