"""Text from people stays text, and every issue has its row."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hybridplan.errors import Issue
from hybridplan.ui.messages import issue_frame, safe


@given(st.text())
def test_no_sign_that_markdown_reads_is_left_without_its_escape(text: str) -> None:
    escaped = safe(text)
    assert "\n" not in escaped
    position = 0
    while position < len(escaped):
        if escaped[position] == "\\":
            position += 2
            continue
        assert escaped[position] not in "`*_{}[]()#+-.!|<>$:~&"
        position += 1


@pytest.mark.parametrize(
    ("text", "links"),
    [("see https://a.example/x", 1), ("WWW.a.example", 1), ("me@a.example", 1), ("5 @ 3 www @SUM(A1)", 0)],
)
def test_addresses_do_not_become_links(text: str, links: int) -> None:
    """GitHub's Markdown makes links of them after it has read the escapes; the joiner has no width."""
    escaped = safe(text)
    assert escaped.count("\u2060") == links
    assert escaped.replace("\u2060", "").replace("\\", "") == text
    assert not re.search(r"https?://|www\.|\w@\w", escaped.replace("\\", ""), re.IGNORECASE)


@pytest.mark.parametrize(
    "name", ["\u0627\u0644\u0634\u0631\u0642", "\u05de\u05d6\u05e8\u05d7", "\u05de\u05d6\u05e8\u05d7 7"]
)
def test_a_number_after_a_name_from_right_to_left_stays_behind_it(name: str) -> None:
    """A left-to-right mark, which has no width, ends the name's direction before the number."""
    said = safe(f"Least on {name}: 173 hours").replace("\\", "")
    assert said.replace("\u200e", "") == f"Least on {name}: 173 hours"
    assert said.index("\u200e") < said.index(": 173")
    assert "\u200e" not in safe(name)


def test_issues_stand_in_a_table_with_errors_first() -> None:
    frame = issue_frame(
        [
            Issue("a", "doubtful", severity="warning"),
            Issue("pools.x.capacity_accelerators", "is not a number", "12k", "accelerators", "Type digits."),
        ]
    )
    assert list(frame["Kind"]) == ["error", "warning"]
    assert list(frame.iloc[0])[1:] == [
        "pools.x.capacity_accelerators",
        "is not a number",
        "12k",
        "accelerators",
        "Type digits.",
    ]
