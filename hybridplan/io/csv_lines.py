"""Delimited text into records, each with the line it begins in; a broken line never takes the rest with it."""

from __future__ import annotations

import csv
import io
from collections.abc import Generator, Iterator
from typing import Final

DELIMITERS: Final = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
_MAX_LINES_OF_RECORD: Final = 100
_UNCLOSED: Final = "a quote is not closed"

Record = tuple[int, list[str] | str]
"""(line, cells), or (line, reason why the line cannot be read)."""


def sniff(text: str) -> str:
    """The delimiter: the candidate that splits the first lines into the most and equally many fields."""
    lines = [line for line in text[:20_000].split("\n")[:6] if line.strip()][:5]
    best, best_score = ",", (0, 0)
    for candidate in DELIMITERS:
        widths = [_fields_outside_quotes(line, candidate) for line in lines]
        if not widths or widths[0] == 1:
            continue
        score = (sum(1 for width in widths if width == widths[0]), widths[0])
        if score > best_score:
            best, best_score = candidate, score
    return best


def records(text: str, delimiter: str) -> Iterator[Record]:
    """Every record that is not blank, in order. Quoting faults are reported for the line where the record begins."""
    lines = list(io.StringIO(text, newline=""))
    start = 0
    while start < len(lines):
        fault = yield from _run(lines, start, delimiter)
        if fault is None:
            return
        yield fault[0] + 1, fault[1]
        start = fault[0] + 1


class _TooLong(Exception):
    """A record runs over so many lines that its quote was surely not closed."""


class _Feed:
    """Gives lines to the csv reader, and knows in which line the present record began."""

    def __init__(self, lines: list[str], start: int) -> None:
        self.lines, self.next, self.began = lines, start, start

    def __iter__(self) -> _Feed:
        return self

    def __next__(self) -> str:
        if self.next - self.began >= _MAX_LINES_OF_RECORD:
            raise _TooLong
        if self.next >= len(self.lines):
            raise StopIteration
        self.next += 1
        return self.lines[self.next - 1]


def _run(lines: list[str], start: int, delimiter: str) -> Generator[Record, None, tuple[int, str] | None]:
    """Yields records; returns the position and the reason where it had to stop, None at the end."""
    feed = _Feed(lines, start)
    reader = csv.reader(feed, delimiter=delimiter, strict=True, skipinitialspace=False)
    while True:
        feed.began = feed.next
        try:
            cells = next(reader)
        except StopIteration:
            return None
        except _TooLong:
            return feed.began, _UNCLOSED
        except csv.Error as error:
            return feed.began, _in_words(str(error))
        if cells and (len(cells) > 1 or cells[0].strip()):
            yield feed.began + 1, cells


def _in_words(error: str) -> str:
    if "unexpected end of data" in error:
        return _UNCLOSED
    if "expected after" in error:
        return "there is text after a closing quote"
    if "field larger than" in error:
        return "a cell is too long, or a quote is not closed"
    return f"cannot be read ({error})"


def _fields_outside_quotes(line: str, delimiter: str) -> int:
    return 1 + sum(part.count(delimiter) for part in line.split('"')[::2])
