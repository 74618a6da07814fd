"""The worker process: ``python -m hybridplan.jobs.worker TASK GIB``. ``TASK`` (``module:function``) is called once and
gives the function that answers requests.

It ends itself when its input closes (the server is gone, however it went), after an exception, and after a plan that
did not pass its certificate: what such a run leaves behind in memory is not trusted with the next one.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import pickle
import queue
import sys
import threading
import time
import traceback
from typing import IO, Any, Final

from hybridplan.analysis.studies import Runner
from hybridplan.domain import require
from hybridplan.errors import InvalidInput
from hybridplan.jobs.protocol import Kind, PeerGone, read_frame, write_frame
from hybridplan.plan import SolveStatus

_PARTIAL_EVERY_S: Final = 0.2
"""Results so far are sent no more often: nobody looks more often."""


def main(task_name: str, memory_gib: float) -> None:
    """Serve requests until the input closes."""
    requests, answers = _own_pipes()
    _limit_memory(memory_gib)
    waiting: queue.SimpleQueue[bytes] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(requests, waiting), daemon=True).start()
    run = _load(task_name)
    # What is loaded stays; collecting it again and again would take a tenth of each solve.
    gc.collect()
    gc.freeze()
    write_frame(answers, Kind.READY)
    while True:
        if not _answer(run, waiting.get(), answers, memory_gib):
            os._exit(1)


def _own_pipes() -> tuple[IO[bytes], IO[bytes]]:
    """The pipes to the server under private descriptors; 0 and 1 are pointed where a solver may read and print."""
    requests, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_RDWR)
    os.dup2(nowhere, 0)
    os.dup2(nowhere, 1)
    return requests, answers


def _limit_memory(gib: float) -> None:
    try:
        import resource
    except ImportError:  # not on this system: the limit on time still holds
        return
    size = int(gib * 2**30)
    resource.setrlimit(resource.RLIMIT_AS, (size, size))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _listen(requests: IO[bytes], waiting: queue.SimpleQueue[bytes]) -> None:
    """Pass requests on; end the process, even in the middle of a solve, when the server closes the pipe or dies."""
    try:
        while True:
            waiting.put(read_frame(requests)[1])
    except (PeerGone, OSError):
        os._exit(0)


def _load(name: str) -> Runner:
    module, _, function = name.partition(":")
    loaded: Runner = getattr(importlib.import_module(module), function)()
    return loaded


def _answer(run: Runner, request: bytes, answers: IO[bytes], memory_gib: float) -> bool:
    """Run one request and send its answer; False where this process should not take another."""

    def progress(text: str) -> None:
        write_frame(answers, Kind.PROGRESS, text.encode())

    try:
        asked: dict[str, Any] = json.loads(request)
        result = run(
            asked["study"],
            require(asked["scenario"]),
            asked["options"],
            time_limit_seconds=asked["seconds"],
            progress=progress,
            partial=_Partial(answers),
        )
        write_frame(answers, Kind.RESULT, _pickled(result))
    except InvalidInput as error:
        write_frame(answers, Kind.REFUSED, str(error).encode())
        return True
    except MemoryError:
        write_frame(answers, Kind.ERROR, out_of_memory(memory_gib).encode())
        return False
    except Exception as error:
        traceback.print_exc()
        write_frame(answers, Kind.ERROR, f"The solver failed ({type(error).__name__}).".encode())
        return False
    return getattr(result, "status", None) != SolveStatus.FAILED


class _Partial:
    """Sends results so far, the first at once."""

    def __init__(self, answers: IO[bytes]) -> None:
        self._answers, self._next = answers, 0.0

    def __call__(self, result: object) -> None:
        if time.monotonic() >= self._next:
            write_frame(self._answers, Kind.PARTIAL, _pickled(result))
            self._next = time.monotonic() + _PARTIAL_EVERY_S


def _pickled(result: object) -> bytes:
    return pickle.dumps(result, protocol=pickle.HIGHEST_PROTOCOL)


def out_of_memory(gib: float) -> str:
    """What a visitor reads where the memory limit ended a solve."""
    return f"The solve needed more than {gib:g} GiB of memory. Plan fewer periods, workloads or pools."


if __name__ == "__main__":
    main(sys.argv[1], float(sys.argv[2]))
