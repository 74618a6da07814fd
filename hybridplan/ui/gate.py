"""Requests that the server does not let in: under a name that is not its own, and for Streamlit's inner figures."""

from __future__ import annotations

import ipaddress
import os
import re
from typing import Final
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from hybridplan.settings import ALLOWED_HOSTS_VARIABLE

_METRICS: Final = "_stcore/metrics"
_NAME: Final = re.compile(r"[A-Za-z0-9.:_-]{1,253}")


class Gate:
    """ASGI middleware: refuses a request or WebSocket whose Host is not allowed, and ``/_stcore/metrics`` to all.

    A page elsewhere can let its own name point at this machine (DNS rebinding); then a browser takes both for one site
    and lets that page read the answers. The name that it asked for is what gives it away.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or answer 403 in words, or 404."""
        if scope["type"] not in {"http", "websocket"}:
            await self._app(scope, receive, send)
            return
        refusal = _refusal(scope)
        if refusal is None:
            await self._app(scope, receive, send)
        elif scope["type"] == "websocket":
            await send(
                {"type": "websocket.close", "code": 1008, "reason": ""}
            )  # before it is accepted: answered as 403
        else:
            await refusal(scope, receive, send)


def _refusal(scope: Scope) -> Response | None:
    host = host_name(Headers(scope=scope).getlist("host"))
    server = scope.get("server")
    if not is_allowed(host, server[0] if server else None, os.environ.get(ALLOWED_HOSTS_VARIABLE, "")):
        named = f"the name {host}" if host else "this name"
        text = (
            f"This server does not answer under {named}. If it should, start it with "
            f"{ALLOWED_HOSTS_VARIABLE}={host or 'NAME'} (several names with commas between them).\n"
        )
        return PlainTextResponse(text, status_code=403)
    if scope["path"].strip("/").endswith(_METRICS):
        return PlainTextResponse("Not found.\n", status_code=404)
    return None


def host_name(headers: list[str]) -> str:
    """The name in a request's Host header, without port, in lower case; "" where there is none or it is no name."""
    if len(headers) != 1:
        return ""
    try:
        parts = urlsplit(f"//{headers[0]}")
        parts.port  # noqa: B018 - raises where it is no number
    except ValueError:
        return ""
    name = (parts.hostname or "").lower().rstrip(".")
    is_plain = parts.username is None and not (parts.path or parts.query or parts.fragment)
    return name if is_plain and _NAME.fullmatch(name) else ""


def is_allowed(host: str, arrived_on: str | None, setting: str) -> bool:
    """Whether a request for ``host`` is let in.

    ``arrived_on``: address of this machine at which the connection came in. ``setting``: names with commas between
    them, ``*.example.org`` for all below one, ``*`` for any; where it is empty, any name is right, but on a loopback
    address only loopback names. These are always right there.
    """
    wanted = [name.strip().lower().rstrip(".") for name in setting.split(",") if name.strip()]
    if _is_loopback(arrived_on):
        if host == "localhost" or _is_loopback(host):
            return True
    elif not wanted:
        return True
    return any(
        name == "*" or host == name or (name.startswith("*.") and host.endswith(name[1:]) and bool(host))
        for name in wanted
    )


def _is_loopback(address: str | None) -> bool:
    try:
        found = ipaddress.ip_address(address or "")
    except ValueError:
        return False
    mapped = getattr(found, "ipv4_mapped", None)
    return bool((mapped or found).is_loopback)
