"""Studies in a shared view: a reader may ask for them, and nothing is written."""

from __future__ import annotations

from pathlib import Path

import pytest
from shared_estate import address, click, estate, rows, visit, workspace


@pytest.mark.parametrize(
    ("section", "key"),
    [("Sensitivity", "study_tornado"), ("Rules", "study_ledger"), ("Alternatives", "study_alternatives")],
)
def test_a_reader_asks_for_a_study_and_nothing_is_written(root: Path, section: str, key: str) -> None:
    token = estate().link()
    app = visit(root, s=token)
    before = rows()
    app.session_state["tradeoffs-section"] = section
    app.switch_page("pages/tradeoffs.py").run()
    click(app, key)
    assert key not in {button.key for button in app.button}  # the result stands in its place
    assert not app.error
    assert workspace(app).read_only
    assert address(app) == {"s": token}
    assert rows() == before
