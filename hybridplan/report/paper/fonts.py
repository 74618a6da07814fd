"""Fonts of the PDF, and which of them shows a character.

DejaVu Sans is embedded; Chinese, Japanese and Korean are left to the reader's own fonts, as PDF provides for; what none
of them has shows as a box. Text that users typed reaches reportlab only through :func:`markup` or :func:`draw`.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from importlib.util import find_spec
from pathlib import Path
from threading import Lock
from typing import Any, Final
from xml.sax.saxutils import escape

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.ttfonts import TTFont

REGULAR: Final = "DejaVuSans"
BOLD: Final = "DejaVuSans-Bold"
CHINESE: Final = "STSong-Light"
JAPANESE: Final = "HeiseiKakuGo-W5"
KOREAN: Final = "HYGothic-Medium"
BOX: Final = "□"
"""Stands for a character that no font here shows."""

_KANA: Final = ((0x3040, 0x30FF), (0x31F0, 0x31FF), (0xFF66, 0xFF9F))
_HANGUL: Final = ((0x1100, 0x11FF), (0x3130, 0x318F), (0xAC00, 0xD7A3))
_HAN: Final = ((0x3000, 0x303F), (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF), (0xFF00, 0xFF65))
_HIDDEN: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
_BASIC: Final = 0xFFFF
"""Characters beyond it cannot be copied out of the file again, so they are shown as a box."""
_BREAKS: Final = re.compile(r"(?<= )(?![%<=>·–-])|(?<=[-/_])(?=[^\W\d_])")
_KEPT: Final = 20_000
"""Texts whose measures are kept: tables repeat them, and every page is set twice."""
_LOCK: Final = Lock()


def register() -> None:
    """Make the fonts known to reportlab, once per process."""
    with _LOCK:
        if REGULAR in pdfmetrics.getRegisteredFontNames():
            return
        for name in (CHINESE, JAPANESE, KOREAN):
            pdfmetrics.registerFont(UnicodeCIDFont(name))
        folder = _folder()
        for name in (BOLD, REGULAR):
            pdfmetrics.registerFont(TTFont(name, str(folder / f"{name}.ttf")))


def _folder() -> Path:
    """Where matplotlib keeps its fonts; found without importing it, which takes a second."""
    found = find_spec("matplotlib")
    if found is None or not found.submodule_search_locations:
        raise RuntimeError("matplotlib, whose fonts the report uses, is not installed")
    return Path(found.submodule_search_locations[0]) / "mpl-data" / "fonts" / "ttf"


def clean(text: object) -> str:
    """One line of composed text; what cannot be seen or encoded becomes a box."""
    return _clean(str(text))


@lru_cache(maxsize=_KEPT)
def _clean(text: str) -> str:
    line = unicodedata.normalize("NFC", " ".join(text.split()))
    return "".join(BOX if unicodedata.category(c) in _HIDDEN or ord(c) > _BASIC else c for c in line)


def runs(text: object, bold: bool = False) -> tuple[tuple[str, str], ...]:
    """(font, text) pieces of :func:`clean` text; a character without a font is replaced by a box."""
    return _runs(clean(text), bold)


@lru_cache(maxsize=_KEPT)
def _runs(line: str, bold: bool) -> tuple[tuple[str, str], ...]:
    found: list[tuple[str, str]] = []
    han = JAPANESE if any(_within(c, _KANA) for c in line) else CHINESE
    for c in line:
        name, shown = _font(c, han, bold)
        if found and found[-1][0] == name:
            found[-1] = (name, found[-1][1] + shown)
        else:
            found.append((name, shown))
    return tuple(found)


def _font(c: str, han: str, bold: bool) -> tuple[str, str]:
    for name in (BOLD, REGULAR) if bold else (REGULAR,):
        if ord(c) in _glyphs(name):
            return name, c
    for name, ranges in ((KOREAN, _HANGUL), (JAPANESE, _KANA), (han, _HAN)):
        if _within(c, ranges):
            return name, c
    return REGULAR, BOX


@cache
def _glyphs(name: str) -> frozenset[int]:
    register()
    return frozenset(pdfmetrics.getFont(name).face.charToGlyph)


def _within(c: str, ranges: tuple[tuple[int, int], ...]) -> bool:
    return any(first <= ord(c) <= last for first, last in ranges)


def markup(text: object, bold: bool = False) -> str:
    """Any text for a reportlab paragraph, with nothing in it read as markup: tags there draw images and make links."""
    own = BOLD if bold else REGULAR
    # A sign stays on the line of its number.
    found = [(name, escape(piece.replace(" %", "\u00a0%"), {'"': "&quot;"})) for name, piece in runs(text, bold)]
    return "".join(piece if name == own else f'<font name="{name}">{piece}</font>' for name, piece in found)


def width(text: object, size: float, bold: bool = False) -> float:
    """Width in points."""
    return _wide(clean(text), size, bold)


@lru_cache(maxsize=_KEPT)
def _wide(line: str, size: float, bold: bool) -> float:
    """Of text that is clean; blanks at its ends count."""
    return float(sum(pdfmetrics.stringWidth(piece, name, size) for name, piece in _runs(line, bold)))


def draw(canvas: Any, x: float, y: float, text: object, size: float, *, align: float = 0.0, bold: bool = False) -> None:
    """Text with its baseline at y; ``align``: 0 starts at x, 0.5 is centred on it, 1 ends there."""
    at = x - align * width(text, size, bold)
    for name, piece in runs(text, bold):
        canvas.setFont(name, size)
        canvas.drawString(at, y, piece)
        at += pdfmetrics.stringWidth(piece, name, size)


def wrapped(text: object, room: float, size: float, *, most: int, bold: bool = False) -> list[str]:
    """Text in at most ``most`` lines no wider than ``room`` points; where more would be needed the last ends in …"""
    lines, line, used = [], "", 0.0
    for piece in pieces(text):
        wide = _wide(piece.rstrip(), size, bold)
        if used + wide > room and line:
            lines.append(line)
            line, used = "", 0.0
        if wide > room:
            *whole, piece = _broken(piece, room, size, bold)
            lines += whole
        line += piece
        used += _wide(piece, size, bold)
    lines.append(line)
    if len(lines) <= most:
        return [one.rstrip() for one in lines]
    return [*lines[: most - 1], shortened("".join(lines[most - 1 :]), room, size, bold=bold)]


def pieces(text: object) -> list[str]:
    """Text in pieces between which a line may end: after a blank (not before a sign), after - / _ before a letter."""
    return [piece for piece in _BREAKS.split(clean(text)) if piece] or [""]


def _broken(word: str, room: float, size: float, bold: bool) -> list[str]:
    """A word in pieces that fit."""
    found, part, used = [], "", 0.0
    for c in word:
        wide = _wide(c, size, bold)
        if part and used + wide > room:
            found.append(part)
            part, used = "", 0.0
        part, used = part + c, used + wide
    return [*found, part]


def shortened(text: object, room: float, size: float, *, bold: bool = False) -> str:
    """One line no wider than ``room``; what is cut shows as … at its end."""
    line = clean(text)
    if _wide(line, size, bold) <= room:
        return line
    while line and _wide(line + "…", size, bold) > room:
        line = line[:-1]
    return line.rstrip() + "…"
