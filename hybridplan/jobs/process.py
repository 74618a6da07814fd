"""The server's side of one worker process."""

from __future__ import annotations

import contextlib
import os
import pickle
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Final

from hybridplan.jobs.protocol import FrameReader, Kind, PeerGone, write_frame
from hybridplan.jobs.request import Request

_ONE_THREAD: Final = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
"""Solves run side by side, one per slot; a thread pool inside each would only make them slower."""
_TICK_S: Final = 0.1


class WorkerEnded(Exception):
    """The worker ended without an answer."""


class Stopped(Exception):
    """The caller no longer wants the answer."""


class TimeIsUp(Exception):
    """The hard limit on time has passed."""


def unpickled(content: bytes) -> object:
    """What a RESULT or PARTIAL frame holds."""
    found: object = pickle.loads(content)  # noqa: S301 - from a worker of ours over a pipe of ours
    return found


class WorkerProcess:
    """A process that has loaded ``task``, or is loading it. Whoever makes one must :meth:`kill` it in the end."""

    def __init__(self, task: str, memory_gib: float) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "hybridplan.jobs.worker", task, repr(memory_gib)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, **_ONE_THREAD},
            process_group=0,  # Ctrl+C in a terminal is for the server to answer
        )
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._requests, self._answers = self._process.stdin, self._process.stdout
        self._reader = FrameReader(self._answers.fileno())
        self._is_ready = False

    @property
    def pid(self) -> int:
        """Process id."""
        return self._process.pid

    @property
    def is_alive(self) -> bool:
        """True until the process has ended."""
        return self._process.poll() is None

    def warm_up(self, timeout_s: float, is_wanted: Callable[[], bool]) -> None:
        """Wait until the task is loaded. Raises :class:`WorkerEnded`, :class:`Stopped` or :class:`TimeIsUp`."""
        if not self._is_ready:
            kind, _ = self._next(time.monotonic() + timeout_s, is_wanted)
            if kind is not Kind.READY:
                raise WorkerEnded
            self._is_ready = True

    def ask(self, request: Request, seconds: float) -> None:
        """Send a request with its time limit. Raises :class:`WorkerEnded` where nobody listens."""
        try:
            write_frame(self._requests, Kind.REQUEST, request.message(seconds))
        except OSError as error:
            raise WorkerEnded from error

    def answer(
        self,
        timeout_s: float,
        is_wanted: Callable[[], bool],
        progress: Callable[[str], None],
        partial: Callable[[object], None],
    ) -> tuple[Kind, bytes]:
        """Wait for RESULT, ERROR or REFUSED, passing the rest on. Raises as :meth:`warm_up` does."""
        deadline = time.monotonic() + timeout_s
        while True:
            kind, content = self._next(deadline, is_wanted)
            if kind is Kind.PROGRESS:
                progress(content.decode("utf-8", "replace"))
            elif kind is Kind.PARTIAL:
                partial(unpickled(content))
            else:
                return kind, content

    def kill(self) -> None:
        """End the process, whatever it is doing, and wait for its end."""
        self._process.kill()
        self._process.wait()
        for pipe in (self._requests, self._answers):
            with contextlib.suppress(OSError):
                pipe.close()

    def _next(self, deadline: float, is_wanted: Callable[[], bool]) -> tuple[Kind, bytes]:
        while True:
            if not is_wanted():
                raise Stopped
            if time.monotonic() > deadline:
                raise TimeIsUp
            try:
                frame = self._reader.read(_TICK_S)
            except (PeerGone, OSError) as error:
                raise WorkerEnded from error
            if frame is not None:
                return frame
