"""Reading a PDF back with a reader that shares nothing with what wrote it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import pypdfium2
import pypdfium2.raw as raw


@dataclass(frozen=True)
class Paper:
    """Pages as text, and what else the file holds."""

    pages: tuple[str, ...]
    outline: tuple[tuple[str, int, int], ...]
    """Title, level, page (from 1)."""
    meta: dict[str, str]
    links: tuple[tuple[int, int], ...]
    """Page on which a link stands, page to which it leads (from 1; 0: out of the document)."""
    kinds: frozenset[int]
    """Kinds of page objects."""
    fonts: dict[str, bool]
    """Name of each font in use: is it embedded?"""
    smallest: float
    """Smallest size of text, in points."""

    @property
    def text(self) -> str:
        """All pages without any blank, since lines end where the page wants it."""
        return squeezed("".join(self.pages))

    def holds(self, words: str) -> bool:
        """Whether a text is there as a whole, or goes on from one page to the next, between two words."""
        if squeezed(words) in self.text:
            return True
        parts = words.split()
        halves = [(squeezed("".join(parts[:i])), squeezed("".join(parts[i:]))) for i in range(1, len(parts))]
        pages = [squeezed(page) for page in self.pages]
        return any(start in one and end in other for one, other in pairwise(pages) for start, end in halves)


def squeezed(text: str) -> str:
    """Without blanks and line ends; a hyphen at a line end comes back from the reader as U+FFFE or nothing."""
    return re.sub(r"[\s￾-]+", "", text)


def read(data: bytes) -> Paper:
    """Everything that the tests look at."""
    document = pypdfium2.PdfDocument(data)
    try:
        pages, links, kinds, fonts, sizes = [], [], set(), {}, []
        for number, page in enumerate(document, start=1):
            pages.append(page.get_textpage().get_text_range())
            links += [(number, target) for target in _links(document, page)]
            for one in page.get_objects():
                kinds.add(one.type)
                if one.type == raw.FPDF_PAGEOBJ_TEXT:
                    name, embedded, size = _font(one)
                    fonts[name] = embedded
                    sizes.append(size)
        toc = [(mark.get_title(), mark.level, _target(mark.get_dest())) for mark in document.get_toc()]
        meta = document.get_metadata_dict()
    finally:
        document.close()
    return Paper(tuple(pages), tuple(toc), meta, tuple(links), frozenset(kinds), fonts, min(sizes))


def _target(destination: Any) -> int:
    return int(destination.get_index()) + 1 if destination is not None else 0


def _font(text: Any) -> tuple[str, bool, float]:
    font = raw.FPDFTextObj_GetFont(text)
    size = raw.c_float()
    raw.FPDFTextObj_GetFontSize(text, size)
    buffer = raw.create_string_buffer(200)
    raw.FPDFFont_GetBaseFontName(font, buffer, 200)
    return buffer.value.decode(), bool(raw.FPDFFont_GetIsEmbedded(font)), float(size.value)


def _links(document: Any, page: Any) -> Iterator[int]:
    """Page that each link leads to; 0 for one that does not stay in the document."""
    place, link = raw.c_int(0), raw.FPDF_LINK()
    while raw.FPDFLink_Enumerate(page, place, link):
        destination = raw.FPDFLink_GetDest(document, link)
        yield raw.FPDFDest_GetDestPageIndex(document, destination) + 1 if destination else 0
