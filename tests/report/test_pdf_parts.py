"""Parts of the PDF by themselves: line ends, column widths, axes, and what charts draw for figures worked by hand."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from reportlab.platypus import Paragraph

from hybridplan.charts.theme import LIGHT
from hybridplan.report.content_parts import Column, Table
from hybridplan.report.paper import cells, drawing, fonts, tables, time_charts
from hybridplan.report.paper.drawing import Area, Entry, Legend
from hybridplan.report.paper.styles import CELL, HEIGHT, WIDTH, Look

WORDS = st.text(alphabet=st.sampled_from("abcdefgh WXYZ-/_%<>&'\"€数데م\x00\u202e\ud800🚀\n"), max_size=120)


@pytest.fixture(scope="module", autouse=True)
def _fonts() -> None:
    fonts.register()


@given(WORDS, st.floats(20, 300), st.booleans())
def test_wrapped_lines_fit_and_hold_every_character(words: str, room: float, bold: bool) -> None:
    """No line is wider than the room, and together they are the text, blanks at line ends aside."""
    lines = fonts.wrapped(words, room, 8, most=10_000, bold=bold)
    assert all(fonts.width(line, 8, bold) <= room + 1e-6 for line in lines)
    assert re.sub(" ", "", "".join(lines)) == re.sub(" ", "", fonts.clean(words))


@given(WORDS, st.floats(20, 300), st.integers(1, 3))
def test_what_is_cut_ends_in_an_ellipsis(words: str, room: float, most: int) -> None:
    lines, all_lines = (fonts.wrapped(words, room, 8, most=count) for count in (most, 10_000))
    assert len(lines) <= most
    assert lines == all_lines or lines[-1].endswith("…")
    assert fonts.width(lines[-1], 8) <= room + 1e-6


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("8 % over 4 years", ["8 % ", "over ", "4 ", "years"]),
        ("cloud-carbon-footprint", ["cloud-", "carbon-", "footprint"]),
        ("2026-01-21", ["2026-01-21"]),
        ("a/b c_d", ["a/", "b ", "c_", "d"]),
        ("", [""]),
    ],
)
def test_lines_end_after_blanks_and_hyphens_but_not_in_dates_or_before_signs(text: str, pieces: list[str]) -> None:
    assert fonts.pieces(text) == pieces


@given(WORDS)
def test_markup_of_any_text_says_that_text(words: str) -> None:
    """Read by reportlab as markup it is the cleaned text again, with a box for what no font has."""
    shown = "".join(piece for _, piece in fonts.runs(words))
    made = Paragraph(fonts.markup(words), Look().body)
    assert "".join(part.text for part in made.frags).replace("\u00a0", " ") == shown


def table_of_numbers(rows: int) -> st.SearchStrategy[list[list[str]]]:
    cell = st.one_of(st.sampled_from(["", "1,234", "0.5 %", "21 Jan 2026"]), WORDS)
    return st.integers(1, 12).flatmap(
        lambda columns: st.lists(st.lists(cell, min_size=columns, max_size=columns), min_size=1, max_size=rows)
    )


@given(table_of_numbers(6), st.randoms(use_true_random=False))
def test_columns_fill_the_page_and_none_vanishes(rows: list[list[str]], chance: Any) -> None:
    labels = [chance.choice(["Name", "Cost (USD for the week)", "x" * 60, ""]) for _ in rows[0]]
    numeric = [chance.random() < 0.5 for _ in rows[0]]
    widths = cells.column_widths(labels, rows, numeric)
    assert sum(widths) == pytest.approx(WIDTH)
    assert min(widths) > 2 * cells.padding(len(labels)) + CELL


def test_a_short_cell_stays_on_one_line_beside_a_long_text() -> None:
    """A date of 11 characters is not broken for the sake of a text of 400."""
    widths = cells.column_widths(["Name", "Source", "Date"], [["Own H100", "word " * 80, "21 Jan 2026"]], [False] * 3)
    for place, words in ((0, "Own H100"), (2, "21 Jan 2026")):
        assert fonts.width(words, CELL) <= widths[place] - 2 * cells.padding(3)
    assert widths[1] > WIDTH / 2


def test_a_cell_splits_across_pages_without_losing_words() -> None:
    """100 words in a narrow column: the first part takes the four lines that fit 40 points, the rest follows."""
    cell = cells.Cell(" ".join(f"w{number}" for number in range(100)))
    _, tall = cell.wrap(60, 1000)
    first, rest = cell.split(60, 40)
    assert first.wrap(60, 40)[1] <= 40
    assert first.wrap(60, 40)[1] + rest.wrap(60, 1000)[1] == pytest.approx(tall)
    assert cell.split(60, 3) == []


def test_a_row_goes_to_the_next_page_as_a_whole_unless_no_page_holds_it() -> None:
    """60 points are too few for 24 lines of a word each, which go on as a whole. 180 lines fit nowhere: they split."""
    for lines, parts in ((24, 0), (180, 2)):
        rows = tuple((" ".join(["word"] * count),) for count in (1, lines))
        drawn = tables.grid(Table("t", "Title", (Column("Why", "text"),), rows), Look(), width=40)[0]
        drawn.wrap(40, HEIGHT)
        _, rest = drawn.split(40, sum(drawn._rowHeights[:2]) + 1)
        assert len(rest.split(40, 60)) == parts


@pytest.mark.parametrize(
    ("top", "values", "words", "unit"),
    [
        (95.0, [0, 20, 40, 60, 80, 100], ["0", "20", "40", "60", "80", "100"], ""),
        (1.3e6, [0, 5e5, 1e6, 1.5e6], ["0.0", "0.5", "1.0", "1.5"], "million"),
        (
            0.011,
            [0, 0.0025, 0.005, 0.0075, 0.01, 0.0125],
            ["0.0000", "0.0025", "0.0050", "0.0075", "0.0100", "0.0125"],
            "",
        ),
        (0.0, [0, 1], ["0", "1"], ""),
    ],
)
def test_ticks_are_round_and_reach_the_top(top: float, values: list[float], words: list[str], unit: str) -> None:
    found = drawing.ticks(top)
    assert found == pytest.approx(values)
    assert drawing.scaled(found) == (words, unit)


@given(st.floats(1e-6, 1e15))
def test_ticks_are_few_for_any_size(top: float) -> None:
    found = drawing.ticks(top)
    assert 2 <= len(found) <= 7
    assert found[-1] >= top * (1 - 1e-6)


@pytest.mark.parametrize(
    ("hours", "first", "count"),
    [(1, "5 Jan", 5), (24, "5 Jan", 9), (168, "Mon 5 Jan", 8), (24 * 91, "5 Jan", 7), (8760, "Jan 2026", 7)],
)
def test_a_time_axis_has_few_round_moments(hours: int, first: str, count: int) -> None:
    """Quarters of an hour; every 3 hours of a day; days; fortnights; every second month. Both ends are counted."""
    start = pd.Timestamp("2026-01-05") if hours < 8760 else pd.Timestamp("2026-01-01")
    found = drawing.time_ticks(start, start + pd.Timedelta(hours=hours), 8)
    assert (found[0][1], len(found)) == (first, count)


def test_a_legend_never_runs_out_of_the_page() -> None:
    """A name of 200 letters is shortened visibly; two fit a row."""
    legend = Legend([Entry(f"{place} " + "n" * 200, LIGHT.palette[0]) for place in range(5)], 300)
    assert [len(row) for row in legend.rows] == [2, 2, 1]
    for row in legend.rows:
        for at, name, _ in row:
            assert name.endswith("…")
            assert at + fonts.width(name, 8) < 300


def test_many_periods_are_drawn_as_the_means_of_neighbours() -> None:
    """1,000 periods in groups of 3: 334 values, the last the mean of one; NaN only where all three are."""
    values = np.arange(1000.0)
    values[[0, 1, 2, 4]] = np.nan
    found = time_charts._coarse(values)
    assert len(found) == 334
    assert np.isnan(found[0])
    assert found[1] == pytest.approx((3 + 5) / 2)
    assert found[2] == pytest.approx(7)
    assert found[-1] == 999
    assert time_charts._coarse(np.arange(400.0)).tolist() == list(range(400))


class Recorder:
    """Stands for a canvas: keeps the rectangles with the colour that is set."""

    def __init__(self) -> None:
        self.colour: tuple[float, ...] = ()
        self.found: list[tuple[float, float, tuple[float, ...]]] = []

    def setFillColorRGB(self, *colour: float) -> None:
        self.colour = colour

    def rect(self, x: float, _y: float, wide: float, _tall: float, **_: int) -> None:
        self.found.append((x, wide, self.colour))


def test_the_heat_map_shades_by_use_and_leaves_out_what_is_not_provisioned() -> None:
    """Four hours on 100 points: twice full (one rectangle of 50), half full, nothing provisioned."""
    canvas = Recorder()
    time_charts._row(canvas, Area(10, 0, 100, 20), 0, 12, np.array([1.0, 1.0, 0.5, np.nan]))
    full, half = (
        tuple(int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)) for _, colour in (LIGHT.scale[4], LIGHT.scale[2])
    )
    (x0, wide0, colour0), (x1, wide1, colour1) = canvas.found
    assert (x0, wide0, x1, wide1) == (10, 50, 60, 25)
    assert colour0 == pytest.approx(full)
    assert colour1 == pytest.approx(half)


def test_a_stepped_line_holds_each_value_over_its_period() -> None:
    """Values 1, 1, 3 over three periods of 10 points: flat at 1 for 20 points, then flat at 3."""
    corners = time_charts._steps(np.array([0.0, 10, 20, 30]), np.array([1.0, 1, 3]))
    assert corners == [(0, 1), (20, 1), (20, 3), (30, 3)]
