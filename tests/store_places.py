"""Databases for tests of the store: a SQLite file, or one of a PostgreSQL server that the tests start themselves."""

from __future__ import annotations

import os
import pwd
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import textwrap
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

NO_POSTGRESQL = "no PostgreSQL under /usr/lib/postgresql or on the PATH; for these tests: apt-get install postgresql"
BACKENDS = ("sqlite", "postgresql")


def find_postgresql() -> Path | None:
    """Folder with initdb and pg_ctl, of the newest version that is installed."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: float(path.parent.name))
    on_path = shutil.which("pg_ctl")
    candidates = [*reversed(folders), *([Path(on_path).parent] if on_path else [])]
    return next((path for path in candidates if (path / "initdb").is_file() and (path / "pg_ctl").is_file()), None)


class Cluster:
    """A private PostgreSQL server: reached by a socket in its own folder, no port, and stopped by its own pg_ctl."""

    def __init__(self, bin_folder: Path, folder: Path, user: str | None) -> None:
        self._bin, self._folder, self._user = bin_folder, folder, user
        self._data = folder / "data"
        # A killed client loses nothing through fsync=off; only a machine without power would.
        self._options = f"-c listen_addresses='' -c unix_socket_directories='{folder}' -c fsync=off"

    def start(self) -> None:
        self._run("initdb", "-D", self._data, "-U", "planner", "-A", "trust", "-E", "UTF8", "--no-locale", "--no-sync")
        self.start_again()

    def stop(self) -> None:
        self._run("pg_ctl", "-D", self._data, "-w", "-m", "fast", "stop")

    def start_again(self) -> None:
        self._run(
            "pg_ctl", "-D", self._data, "-l", self._folder / "log", "-w", "-t", "60", "start", "-o", self._options
        )

    def crash(self) -> None:
        """Stop without a checkpoint, and start again, which recovers from the log."""
        self._run("pg_ctl", "-D", self._data, "-w", "-m", "immediate", "stop")
        self.start_again()

    def url(self, name: str) -> str:
        return f"postgresql+psycopg://planner@/{name}?host={self._folder}"

    def sql(self, statement: str, name: str = "postgres") -> list[tuple[Any, ...]]:
        """Run one statement, past our own code."""
        import psycopg

        with psycopg.connect(host=str(self._folder), user="planner", dbname=name, autocommit=True) as connection:
            cursor = connection.execute(statement.encode())
            return cursor.fetchall() if cursor.description else []

    def _run(self, program: str, *arguments: str | Path) -> None:
        command = [str(self._bin / program), *(str(argument) for argument in arguments)]
        # No pipes: the server would inherit them and keep a reader waiting.
        with (self._folder / f"{program}.log").open("a") as log:
            done = subprocess.run(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=self._folder, **self._as_user()
            )
        if done.returncode != 0:
            raise RuntimeError((self._folder / f"{program}.log").read_text(errors="replace"))

    def _as_user(self) -> dict[str, Any]:
        return {"user": self._user, "group": self._user, "extra_groups": []} if self._user else {}


FORK = """
import os, sys
from hybridplan.store import DraftStore, Library, VersionConflict, new_key
import alembic.command, psycopg  # before the fork, so that the processes begin together
def work(url, mine):
{body}
def child(mine):
    try:
        work(sys.argv[1], mine)
    except BaseException as error:
        print(repr(error), file=sys.stderr, flush=True)
        os._exit(1)
    os._exit(0)
children = [os.fork() or child(mine) for mine in range({count})]
codes = [os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) for pid in children]
sys.exit(any(codes))
"""


def run_in_processes(count: int, body: str, url: str) -> None:
    """Run Python code in several processes at once, with ``url`` and ``mine``, the number of the process."""
    code = FORK.format(body=textwrap.indent(body, "    "), count=count)
    done = subprocess.run([sys.executable, "-c", code, url], stderr=subprocess.PIPE, text=True, timeout=120)
    assert done.returncode == 0, done.stderr


@contextmanager
def running_cluster() -> Iterator[Cluster]:
    """The server, as an unprivileged user: PostgreSQL refuses to run as root. Skips where there is none."""
    bin_folder = find_postgresql()
    if bin_folder is None:
        pytest.skip(NO_POSTGRESQL)
    user = None
    if os.geteuid() == 0:
        names = {entry.pw_name for entry in pwd.getpwall()}
        user = next((name for name in ("postgres", "nobody") if name in names), None)
        if user is None:
            pytest.skip("PostgreSQL does not run as root, and there is no user postgres or nobody")
    folder = Path(tempfile.mkdtemp(prefix="hp-pg-"))  # short: the path of a socket has at most 107 characters
    try:
        if user is not None:
            shutil.chown(folder, user)
        server = Cluster(bin_folder, folder, user)
        server.start()
        try:
            yield server
        finally:
            server.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


class Place:
    """An empty database: its address, and raw statements past our own code."""

    def __init__(self, url: str, path: Path | None, cluster: Cluster | None, name: str) -> None:
        self.url, self.path, self._cluster, self._name = url, path, cluster, name

    def sql(self, statement: str) -> list[tuple[Any, ...]]:
        """Run one statement as a stranger with a database shell would."""
        if self._cluster is not None:
            return self._cluster.sql(statement, self._name)
        assert self.path is not None
        raw = sqlite3.connect(self.path, timeout=5)
        try:
            rows = raw.execute(statement).fetchall()
            raw.commit()
            return rows
        finally:
            raw.close()

    def wait_until_left(self) -> None:
        """Wait until a server has noticed that its clients are gone, and has finished what they had asked for."""
        others = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        while self.path is None and self.sql(others) != [(0,)]:
            time.sleep(0.01)
