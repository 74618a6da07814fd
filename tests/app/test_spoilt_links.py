"""Every page opens a link whose inputs are wrong in any way: it says what is wrong, and nothing breaks."""

from __future__ import annotations

import pytest
from hostile_payloads import hostile_payloads
from streamlit.testing.v1 import AppTest

from hybridplan.domain import parse
from hybridplan.io import share_link
from hybridplan.ui.sitemap import PAGES

KINDS = {"wrong type", "odd text", "extreme number", "deleting patch", "absurd size", "other version", "bits flipped"}
COUNT = 5


def spoilt(count: int, seed: int) -> list[str]:
    """Payloads that can be unpacked, and hold no scenario that can be planned."""
    found: list[str] = []
    for hostile in hostile_payloads(count * 100, seed):
        document = share_link.unpack(hostile.payload)[0] if hostile.kind in KINDS else None
        if document is not None and parse(document)[0] is None:
            found.append(hostile.payload)
            if len(found) == count:
                break
    return found


@pytest.mark.parametrize("payload", spoilt(COUNT, 7), ids=lambda payload: payload[-12:])
def test_every_page_opens_it(app: AppTest, payload: str) -> None:
    app.query_params["z"] = payload
    app.run()
    for page in (None, *PAGES[1:]):
        if page is not None:
            app.switch_page(f"pages/{page.name}.py").run()
        assert not app.exception, (page, app.exception[0].message)
        assert app.title[0].value
