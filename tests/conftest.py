"""What all tests share: reproducible random tests, a throw-away database, and the browser where there is one."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

ROOT = Path(__file__).resolve().parent.parent
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
NO_BROWSER = "no Chromium on the PATH; the browser tests run after: apt-get install chromium (Debian, Ubuntu)"

# A deadline would be a timed test. CI draws the same examples every time, so that a red run can be repeated.
settings.register_profile("local", deadline=None, print_blob=True, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("fixed", parent=settings.get_profile("local"), derandomize=True)
settings.load_profile("fixed" if os.environ.get("CI") else "local")


def find_chromium() -> str | None:
    """Path of a Chromium or Chrome on this machine."""
    return next((path for name in BROWSERS if (path := shutil.which(name))), None)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if find_chromium() is None:
        for item in items:
            if item.get_closest_marker("browser"):
                item.add_marker(pytest.mark.skip(reason=NO_BROWSER))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """What tests measured on their way (``record_property("measured", ...)``), beside the skips."""
    for report in terminalreporter.getreports("passed"):
        for name, value in getattr(report, "user_properties", []):
            if name == "measured":
                terminalreporter.write_line(f"measured: {value}")


@pytest.fixture(scope="session")
def root() -> Path:
    """The checkout."""
    return ROOT


@pytest.fixture(scope="session")
def real_data() -> Path:
    """Files as vendors export them, which are not part of the repository."""
    folder = ROOT.parent / "shared" / "realdata"
    if not folder.is_dir():
        pytest.skip("the real vendor files are not beside this checkout")
    return folder


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """Executable for Playwright's ``executable_path``; skips where there is none."""
    path = find_chromium()
    if path is None:
        pytest.skip(NO_BROWSER)
    return path


@pytest.fixture(scope="session", autouse=True)
def _throw_away_database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Tests and the servers they start never open the user's own drafts."""
    with pytest.MonkeyPatch.context() as patch:
        path = tmp_path_factory.mktemp("store") / "drafts.sqlite3"
        patch.setenv("HYBRIDPLAN_DATABASE_URL", f"sqlite:///{path}")
        yield


@pytest.fixture(scope="session", autouse=True)
def _components_are_looked_for_once() -> Iterator[None]:
    """Streamlit's test runner looks for components in every installed package, anew for each test that runs a page."""
    if "streamlit.testing.v1" not in sys.modules:
        yield
        return
    from streamlit.components.v2 import manifest_scanner

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(manifest_scanner, "scan_component_manifests", cache(manifest_scanner.scan_component_manifests))
        yield
