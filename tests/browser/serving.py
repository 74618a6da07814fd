"""Servers for the browser tests: started on a free port, and ended with the block that uses them."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

BOOT_S = 120


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def served(root: Path, command: list[str], database: Path, ready: str, port: int | None = None) -> Iterator[str]:
    """Run a server until the block ends; gives its address once it answers under ``ready``."""
    with started(root, command, f"sqlite:///{database}", database.parent / "server.log", ready, port) as (address, _):
        yield address


@contextmanager
def started(
    root: Path, command: list[str], database_url: str, log_file: Path, ready: str, port: int | None = None
) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """As :func:`served`, on any database; gives the process too."""
    port = port or free_port()
    address = f"http://127.0.0.1:{port}"
    environment = {**os.environ, "HYBRIDPLAN_DATABASE_URL": database_url}
    with log_file.open("wb") as log:
        server = subprocess.Popen(
            [sys.executable, "-m", *(part.format(port=port) for part in command)],
            cwd=root,
            env=environment,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        try:
            _wait_for(address + ready, server, log_file)
            yield address, server
        finally:
            server.terminate()
            server.wait(30)


def _wait_for(address: str, server: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + BOOT_S
    while True:
        try:
            with urllib.request.urlopen(address, timeout=5):
                return
        except OSError:
            assert server.poll() is None, f"the server ended: {log.read_text()[-2000:]}"
            assert time.monotonic() < deadline, f"the server does not answer: {log.read_text()[-2000:]}"
            time.sleep(0.2)


WARM = ["uvicorn", "hybridplan.ui.asgi:app", "--host", "127.0.0.1", "--port", "{port}", "--log-level", "warning"]
PLAIN = ["streamlit", "run", "app.py", "--server.port", "{port}", "--server.headless", "true"]
