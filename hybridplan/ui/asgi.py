"""The server: ``uvicorn hybridplan.ui.asgi:app``.

The same pages as ``streamlit run app.py``, warm before the first visit, with security headers and ``/readyz``.
"""

from __future__ import annotations

import asyncio
import importlib
import logging
import pkgutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Final

import streamlit as st
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from hybridplan import ui
from hybridplan.errors import StoreError
from hybridplan.jobs import get_pool
from hybridplan.ui import cache, warm
from hybridplan.ui.gate import Gate
from hybridplan.ui.headers import SecurityHeaders
from hybridplan.ui.sitemap import app_folder

_LOG: Final = logging.getLogger(__name__)
_FIRST_SOLVE_S: Final = 30.0

# An access log would hold the addresses of drafts and shared views, and so the keys to them.
logging.getLogger("uvicorn.access").disabled = True


@asynccontextmanager
async def _lifespan(_app: st.App) -> AsyncIterator[dict[str, Any]]:
    """Before the first visit: import what the pages need, start the workers, solve the demo. At the end: end them."""
    await asyncio.to_thread(_warm_up)
    yield {}
    await asyncio.to_thread(get_pool().close)


def _warm_up() -> None:
    get_pool()
    for module in pkgutil.walk_packages(ui.__path__, f"{ui.__name__}."):
        try:
            importlib.import_module(module.name)
        except ImportError:
            _LOG.exception("one page will not work")  # the others still do
    warm.solve_first_page(_FIRST_SOLVE_S)
    warm.once()


async def _ready(_request: Request) -> JSONResponse:
    """200 where drafts can be saved and solves can run; 503 with the reason where not."""
    reasons = await asyncio.to_thread(_faults)
    return JSONResponse({"ready": not reasons, "faults": reasons}, status_code=503 if reasons else 200)


def _faults() -> list[str]:
    try:
        cache.draft_store().probe()
    except StoreError as error:
        return [f"drafts: {error}"]
    return []


app = st.App(
    app_folder() / "app.py",
    lifespan=_lifespan,
    middleware=[Middleware(SecurityHeaders), Middleware(Gate)],
    routes=[Route("/readyz", _ready)],
)
