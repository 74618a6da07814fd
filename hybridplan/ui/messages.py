"""Text from people and files, shown so that it stays text; and the table of issues."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

import pandas as pd
import streamlit as st

from hybridplan.errors import Issue

_SPECIAL: Final = frozenset("\\`*_{}[]()#+-.!|<>$:~&")
_ADDRESS: Final = re.compile(r"(?<=http)(?=s?://)|(?<=www)(?=\.)|(?<=[-.+\w])(?=@[-\w])", re.IGNORECASE)
"""Where text would become a link by itself, escaped or not: web addresses and those of mail."""
_JOINER: Final = "\N{WORD JOINER}"
_RIGHT_TO_LEFT: Final = re.compile(r"([\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc])(?=(\s?[0-9]+)?\s?[:;,.(]+\s?[0-9])")
"""The last letter of an Arabic or Hebrew name before a number: that would be drawn on the wrong side of the name."""
_BACK: Final = "\N{LEFT-TO-RIGHT MARK}"
_ISSUE_COLUMNS: Final = {"path": "Where", "message": "What", "value": "Found", "unit": "Unit", "mend": "How to mend it"}


def safe(text: object) -> str:
    """``text`` for any Streamlit call that reads Markdown: every character is shown as it is, on one line.

    Without it a name such as ``![x](http://host/p.png)`` makes each reader's browser call that host. An address is kept
    from becoming a link by a character that has no width; another one brings what follows Arabic or Hebrew back to its
    place in the sentence.
    """
    flat = _RIGHT_TO_LEFT.sub(r"\1" + _BACK, _ADDRESS.sub(_JOINER, " ".join(str(text).split())))
    return "".join("\\" + c if c in _SPECIAL else c for c in flat)


def show_issues(issues: Sequence[Issue], *, title: str = "") -> None:
    """A table of issues: where, what, what was found, unit, and how to mend it; errors first. Nothing where empty."""
    if not issues:
        return
    errors = sum(issue.severity == "error" for issue in issues)
    warnings = len(issues) - errors
    parts = [_count(errors, "error"), _count(warnings, "warning")]
    summary = " and ".join(part for part in parts if part)
    text = f"{title}: {summary}" if title else summary
    (st.error if errors else st.warning)(safe(text), icon=":material/error:" if errors else ":material/warning:")
    st.dataframe(issue_frame(issues), hide_index=True, alt=f"Issues: {summary}")


def issue_frame(issues: Sequence[Issue]) -> pd.DataFrame:
    """The issues as a table, errors first, in the order in which they were found."""
    ordered = sorted(issues, key=lambda issue: issue.severity != "error")
    frame = pd.DataFrame([[getattr(i, field) for field in _ISSUE_COLUMNS] for i in ordered], dtype="str")
    frame.columns = pd.Index(list(_ISSUE_COLUMNS.values()))
    frame.insert(0, "Kind", [issue.severity for issue in ordered])
    return frame


def _count(number: int, word: str) -> str:
    return "" if number == 0 else f"{number} {word}" + ("" if number == 1 else "s")
