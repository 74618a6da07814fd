"""From the bytes of a file to text: compression, encoding, and what is no table at all."""

from __future__ import annotations

import codecs
import re
import zlib
from dataclasses import dataclass
from typing import Final

from hybridplan.settings import MAX_UPLOAD_MB

_GZIP: Final = b"\x1f\x8b"
_KINDS: Final = (
    (b"%PDF", "a PDF document"),
    (b"\x89PNG", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
    (b"\xd0\xcf\x11\xe0", "an old Excel or Word file (save it as .xlsx or CSV)"),
    (b"PAR1", "a Parquet file (save it as CSV)"),
    (b"ARROW1", "an Arrow file (save it as CSV)"),
    (b"SQLite format 3", "a database"),
    (b"\x7fELF", "a program"),
    (b"MZ", "a program"),
    (b"BZh", "a bzip2 archive (unpack it first)"),
    (b"\xfd7zXZ", "an xz archive (unpack it first)"),
    (b"7z\xbc\xaf", "a 7z archive (unpack it first)"),
    (b"Rar!", "a RAR archive (unpack it first)"),
    (b"\x28\xb5\x2f\xfd", "a Zstandard archive (unpack it first)"),
    (b"\x80\x04\x95", "a pickle, which is never read"),
)
_MARKS: Final = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (codecs.BOM_UTF8, "utf-8-sig"),
)
_GB_PAIR: Final = re.compile(rb"[\x81-\xfe][\xa1-\xfe]")
_HALF_PAIR: Final = re.compile(rb"[\x81-\xfe][\x00-\x7f]")


class FileFault(Exception):
    """A file that cannot be read as a table; the message says why, in words."""


@dataclass(frozen=True)
class Decoded:
    """Text of a file, the encoding it was read with, and whether that was a guess."""

    text: str
    encoding: str
    is_guess: bool


def unpack(data: bytes) -> tuple[bytes, bool]:
    """The bytes inside a gzip file, bounded; and whether there was one. Raises :class:`FileFault`."""
    limit = int(MAX_UPLOAD_MB.read() * 1e6)
    if len(data) > limit:
        raise FileFault(f"is larger than {MAX_UPLOAD_MB.read():g} MB")
    if not data.startswith(_GZIP):
        return data, False
    parts: list[bytes] = []
    room, rest = limit, data
    while rest.startswith(_GZIP):
        inflater = zlib.decompressobj(wbits=31)
        try:
            part = inflater.decompress(rest, room + 1)
        except zlib.error as error:
            raise FileFault("is a damaged gzip file") from error
        room -= len(part)
        if room < 0:
            raise FileFault(f"unpacks to more than {MAX_UPLOAD_MB.read():g} MB")
        if not inflater.eof:
            raise FileFault("is a gzip file that was cut off")
        parts.append(part)
        rest = inflater.unused_data
    content = b"".join(parts)
    if content.startswith(_GZIP):
        raise FileFault("is gzip inside gzip; unpack it once")
    return content, True


def decode(data: bytes) -> Decoded:
    """The text of a table file. Raises :class:`FileFault` for what is no text, naming what it is.

    Order: byte order mark, UTF-16 without mark (by its zero bytes), UTF-8, GB 18030 (only where the bytes pair up as
    Chinese text does), Windows-1252. The last two are guesses, and reported as such.
    """
    if not data.strip(b" \t\r\n\x00"):
        raise FileFault("is empty")
    for start, kind in _KINDS:
        if data.startswith(start):
            raise FileFault(f"is {kind}, not a table")
    text = _decode(data)
    stripped = text.text.lstrip("\ufeff")
    if re.match(r"\s*<(?:!doctype|html|\?xml|svg|table|[a-z]+[\s>])", stripped[:200], re.IGNORECASE):
        raise FileFault("is a web page or XML, not a table; download the data itself")
    if _is_binary(stripped):
        raise FileFault("is binary data, not a table")
    return Decoded(stripped, text.encoding, text.is_guess)


def _decode(data: bytes) -> Decoded:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return Decoded(_strict(data, encoding), encoding.removesuffix("-sig"), False)
    zeros = data[:2000]
    for position, encoding in ((1, "utf-16-le"), (0, "utf-16-be")):
        if len(zeros) >= 4 and zeros[position::2].count(0) > 0.8 * len(zeros[position::2]):
            return Decoded(_strict(data, encoding), encoding, True)
    try:
        return Decoded(data.decode("utf-8"), "utf-8", False)
    except UnicodeDecodeError:
        pass
    if len(_GB_PAIR.findall(data)) > 4 * len(_HALF_PAIR.findall(data)):
        try:
            return Decoded(data.decode("gb18030"), "gb18030", True)
        except UnicodeDecodeError:
            pass
    try:
        return Decoded(data.decode("cp1252"), "cp1252", True)
    except UnicodeDecodeError:
        return Decoded(data.decode("latin-1"), "latin-1", True)


def _strict(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise FileFault(f"says it is {encoding.upper().removesuffix('-SIG')}, but byte {error.start} is not") from error


def _is_binary(text: str) -> bool:
    head = text[:4000]
    strange = sum(1 for c in head if (c < " " and c not in "\t\r\n\f") or c == "\x7f" or "\x80" <= c <= "\x9f")
    return strange > 0.1 * len(head)
