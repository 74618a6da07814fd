"""Which names the server answers under, and what it says where it does not."""

from __future__ import annotations

import asyncio

import pytest
from starlette.responses import PlainTextResponse
from starlette.types import Message, Receive, Scope, Send

from hybridplan.settings import ALLOWED_HOSTS_VARIABLE
from hybridplan.ui.gate import Gate, host_name, is_allowed


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ("localhost:8501", "localhost"),
        ("LocalHost.", "localhost"),
        ("[::1]:8501", "::1"),
        ("127.0.0.1", "127.0.0.1"),
        ("evil.example", "evil.example"),
        ("", ""),
        ("localhost:port", ""),
        ("localhost@evil.example", ""),
        ("evil.example/localhost", ""),
        ("localhost#.evil.example", ""),
        ("<script>", ""),
        ("a" * 300, ""),
        ("[::1", ""),
        ("l\u043ecalhost", ""),
    ],
)
def test_the_name_in_a_host_header(header: str, name: str) -> None:
    assert host_name([header]) == name


@pytest.mark.parametrize("headers", [[], ["localhost", "evil.example"], ["localhost", "localhost"]])
def test_none_or_two_host_headers_name_nothing(headers: list[str]) -> None:
    assert host_name(headers) == ""


@pytest.mark.parametrize("arrived_on", ["127.0.0.1", "127.8.9.1", "::1", "::ffff:127.0.0.1"])
def test_on_a_loopback_address_only_loopback_names_are_right(arrived_on: str) -> None:
    for name in ("localhost", "127.0.0.1", "::1", "127.1.2.3"):
        assert is_allowed(name, arrived_on, "")
    for name in ("evil.example", "localhost.evil.example", "192.168.0.5", "0.0.0.0", ""):
        assert not is_allowed(name, arrived_on, "")


@pytest.mark.parametrize("arrived_on", ["192.168.0.5", "2001:db8::1", "/run/hybridplan.sock", None])
def test_elsewhere_any_name_is_right_until_names_are_set(arrived_on: str | None) -> None:
    assert is_allowed("anything.example", arrived_on, "")
    assert not is_allowed("anything.example", arrived_on, "planner.example")
    assert not is_allowed("localhost", arrived_on, "planner.example")


def test_names_that_are_set_are_right_everywhere() -> None:
    setting = " Planner.Example, *.intern.example ,"
    for arrived_on in ("127.0.0.1", "192.168.0.5"):
        assert is_allowed("planner.example", arrived_on, setting)
        assert is_allowed("a.b.intern.example", arrived_on, setting)
        for other in ("example", "intern.example", "evilintern.example", "planner.example.evil.example", ""):
            assert not is_allowed(other, arrived_on, setting)
        assert is_allowed("anything", arrived_on, "*")


async def inner(scope: Scope, receive: Receive, send: Send) -> None:
    """Stands for the pages."""
    if scope["type"] == "websocket":
        await send({"type": "websocket.accept"})
    else:
        await PlainTextResponse("in")(scope, receive, send)


def ask(
    path: str = "/", host: str = "127.0.0.1:8501", kind: str = "http", arrived_on: str = "127.0.0.1"
) -> list[Message]:
    """What the gate sends in answer to one request."""
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    async def receive() -> Message:
        return {"type": "http.request"}

    headers = [(b"host", host.encode())]
    scope = {"type": kind, "path": path, "headers": headers, "server": (arrived_on, 8501), "method": "GET"}
    asyncio.run(Gate(inner)(scope, receive, send))
    return sent


def body(sent: list[Message]) -> str:
    return b"".join(message.get("body", b"") for message in sent).decode()


def test_a_foreign_name_is_refused_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    assert body(ask("/plan")) == "in"
    refused = ask("/plan", "planner.example:8501")
    assert refused[0]["status"] == 403
    assert (b"content-type", b"text/plain; charset=utf-8") in refused[0]["headers"]
    assert "HYBRIDPLAN_ALLOWED_HOSTS=planner.example" in body(refused)
    monkeypatch.setenv(ALLOWED_HOSTS_VARIABLE, "planner.example")
    assert body(ask("/plan", "planner.example:8501")) == "in"


def test_what_is_no_name_is_not_said_back() -> None:
    refused = ask(host="<b>x</b>")
    assert refused[0]["status"] == 403
    assert "<b>" not in body(refused)


def test_a_socket_under_a_foreign_name_is_refused() -> None:
    assert ask(kind="websocket") == [{"type": "websocket.accept"}]
    assert [message["type"] for message in ask(kind="websocket", host="evil.example")] == ["websocket.close"]


@pytest.mark.parametrize("path", ["/_stcore/metrics", "//_stcore/metrics", "/_stcore/metrics/", "/app/_stcore/metrics"])
def test_inner_figures_are_not_served(path: str) -> None:
    assert ask(path)[0]["status"] == 404
