"""What the tests of the store share: each of them runs on SQLite and on PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from store_places import BACKENDS, Cluster, Place, running_cluster

from hybridplan.store import Library, new_key


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Every test that asks for a database runs once on each."""
    if "backend" in metafunc.fixturenames:
        metafunc.parametrize("backend", BACKENDS, scope="session")


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    with running_cluster() as server:
        yield server


@pytest.fixture
def make_place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[str], Place]]:
    """Makes empty databases of a backend; those of PostgreSQL are dropped at the end."""
    made: list[str] = []

    def make(backend: str) -> Place:
        name = f"t_{new_key().lower().replace('-', '_')}"
        if backend == "sqlite":
            path = tmp_path / f"{name}.sqlite3"
            return Place(f"sqlite:///{path}", path, None, name)
        cluster = request.getfixturevalue("cluster")
        cluster.sql(f"CREATE DATABASE {name}")
        made.append(name)
        return Place(cluster.url(name), None, cluster, name)

    yield make
    for name in made:
        request.getfixturevalue("cluster").sql(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def place(backend: str, make_place: Callable[[str], Place]) -> Place:
    return make_place(backend)


@pytest.fixture
def library(place: Place) -> Iterator[Library]:
    opened = Library(place.url)
    yield opened
    opened.close()
