"""Addresses of share links, how long they work, and their QR code. No Streamlit here."""

from __future__ import annotations

import io
from typing import Final
from urllib.parse import urlencode, urlsplit, urlunsplit

from hybridplan.io.share_link import pack
from hybridplan.ui.sitemap import PAGES
from hybridplan.ui.workspace import Workspace

EXPIRY: Final[dict[str, float | None]] = {
    "7 days": 7,
    "30 days": 30,
    "90 days": 90,
    "1 year": 365,
    "Until I withdraw it": None,
}
"""Days that a link works, by what the choice says; None: until it is withdrawn."""
USUAL_EXPIRY: Final = "90 days"
MAX_LABEL: Final = 200

_QR_PIXELS: Final = 6
"""Pixels of one module of the code."""


def to_server(address: str, token: str, page: str = "", tab: str = "") -> str:
    """A link to a saved version: to a page ("" for the first) of the server that ``address`` names, at a tab of it."""
    query = {"s": token, **({"at": tab} if tab else {})}
    return _link(address, page, urlencode(query))


def with_everything(ws: Workspace, address: str) -> str:
    """A link with the scenario inside it, to the first page of the server that ``address`` (any page of it) names."""
    return _link(address, "", f"z={pack(ws.scenario or ws.document)}")


def qr_code(link: str) -> bytes:
    """The QR code of a link as PNG: black on white, with the white border that readers need."""
    import segno  # only whoever makes a link needs it

    out = io.BytesIO()
    segno.make(link, error="m", micro=False).save(out, kind="png", scale=_QR_PIXELS, dark="black", light="white")
    return out.getvalue()


def _link(address: str, page: str, query: str) -> str:
    parts = urlsplit(address)
    folder, _, last = parts.path.rpartition("/")
    is_page = not last or any(last == one.name for one in PAGES)
    path = f"{folder}/" if is_page else f"{parts.path}/"
    return urlunsplit((parts.scheme, parts.netloc, f"{path}{page}", query, ""))
