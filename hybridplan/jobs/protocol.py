"""Frames between the server and a worker: one byte for the kind, eight for the length, then the content.

Requests go to the worker's standard input. Answers come back on the pipe that was its standard output at the start; the
worker points file descriptor 1 elsewhere before it loads a solver, because solvers print banners there.
"""

from __future__ import annotations

import os
import select
import struct
import time
from enum import IntEnum
from typing import IO, Final

_HEAD: Final = struct.Struct(">BQ")
MAX_FRAME_BYTES: Final = 2**31


class Kind(IntEnum):
    """What a frame holds."""

    REQUEST = 1
    """JSON: {"seconds": time limit, "study": name, "scenario": document, "options": JSON values}."""
    READY = 2
    """Empty: the worker has loaded its task."""
    PROGRESS = 3
    """UTF-8 text."""
    RESULT = 4
    """A pickled result, from a worker that this server started, over a pipe that no one else can write to."""
    ERROR = 5
    """UTF-8 text: why there is no result. The worker ends itself."""
    REFUSED = 6
    """UTF-8 text: what is wrong with the input. The worker goes on."""
    PARTIAL = 7
    """A pickled result so far; RESULT, ERROR or REFUSED is still to come."""


class PeerGone(Exception):
    """The other side closed its end, or sent what is not a frame."""


def write_frame(pipe: IO[bytes], kind: Kind, content: bytes = b"") -> None:
    """Send one frame. Raises OSError where the other side is gone."""
    pipe.write(_HEAD.pack(kind, len(content)))
    pipe.write(content)
    pipe.flush()


def read_frame(pipe: IO[bytes]) -> tuple[Kind, bytes]:
    """Wait for one frame from a blocking pipe."""
    kind, length = _head(_exactly(pipe, _HEAD.size))
    return kind, _exactly(pipe, length)


class FrameReader:
    """Reads frames from a file descriptor without waiting longer than asked."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._buffer = bytearray()

    def read(self, timeout_s: float) -> tuple[Kind, bytes] | None:
        """The next frame, or None where it is not complete within ``timeout_s``. Raises :class:`PeerGone`."""
        deadline = time.monotonic() + timeout_s
        while (frame := self._take()) is None:
            wait = deadline - time.monotonic()
            if wait <= 0 or not select.select([self._descriptor], [], [], wait)[0]:
                return None
            piece = os.read(self._descriptor, 2**20)
            if not piece:
                raise PeerGone
            self._buffer += piece
        return frame

    def _take(self) -> tuple[Kind, bytes] | None:
        if len(self._buffer) < _HEAD.size:
            return None
        kind, length = _head(bytes(self._buffer[: _HEAD.size]))
        end = _HEAD.size + length
        if len(self._buffer) < end:
            return None
        content = bytes(self._buffer[_HEAD.size : end])
        del self._buffer[:end]
        return kind, content


def _head(data: bytes) -> tuple[Kind, int]:
    kind, length = _HEAD.unpack(data)
    try:
        known = Kind(kind)
    except ValueError as error:
        raise PeerGone from error
    if length > MAX_FRAME_BYTES:
        raise PeerGone
    return known, length


def _exactly(pipe: IO[bytes], length: int) -> bytes:
    data = pipe.read(length)
    if len(data) != length:
        raise PeerGone
    return data
