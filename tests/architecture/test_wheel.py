"""The wheel carries data and pages: installed elsewhere, it loads a scenario and serves without the repository."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

TAKEN = ("hybridplan", "data", "pages", "app.py", "pyproject.toml", "setup.py", "MANIFEST.in", "README.md", "LICENSE")

SCRIPT = """
import hybridplan
from hybridplan.io import catalogue, scenario_json
folder = catalogue.data_dir()
assert "_data" in folder.parts, folder
paths = catalogue.scenario_paths()
print(len(paths), scenario_json.load(paths["reference_sunk"]).name, hybridplan.__file__)
"""


def run(*command: str | Path, cwd: Path, env: dict[str, str] | None = None) -> str:
    done = subprocess.run([str(part) for part in command], cwd=cwd, env=env, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="session")
def installed(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of a copy of the sources (a build writes beside them), unpacked into a folder of its own."""
    work = tmp_path_factory.mktemp("wheel")
    source = work / "source"
    source.mkdir()
    for name in TAKEN:
        if (root / name).is_dir():
            shutil.copytree(root / name, source / name, ignore=shutil.ignore_patterns("__pycache__", "_data"))
        else:
            shutil.copy(root / name, source / name)
    pip = (sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check")
    run(*pip, "wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", work, source, cwd=work)
    wheel = next(work.glob("hybridplan-*.whl"))
    run(*pip, "install", "--no-deps", "--no-index", "--target", work / "site", wheel, cwd=work)
    return work / "site"


def test_the_wheel_holds_every_data_file(installed: Path, root: Path) -> None:
    ours = {path.relative_to(root / "data") for path in (root / "data").rglob("*") if path.is_file()}
    there = installed / "hybridplan" / "_data"
    assert {path.relative_to(there) for path in there.rglob("*") if path.is_file()} == ours


def test_an_installed_package_loads_a_bundled_scenario(installed: Path, tmp_path: Path) -> None:
    """``-P`` and another folder keep the checkout off the path; its editable install comes after PYTHONPATH."""
    env = {**os.environ, "PYTHONPATH": str(installed)}
    env.pop("HYBRIDPLAN_DATA_DIR", None)
    printed = run(sys.executable, "-P", "-c", SCRIPT, cwd=tmp_path, env=env)
    assert "Reference: owned cost sunk" in printed
    assert str(installed) in printed


def test_an_installed_package_finds_its_pages(installed: Path, root: Path, tmp_path: Path) -> None:
    env = {**os.environ, "PYTHONPATH": str(installed)}
    script = "from hybridplan.ui import asgi, sitemap; print(sitemap.app_folder())"
    folder = Path(run(sys.executable, "-P", "-c", script, cwd=tmp_path, env=env).strip().splitlines()[-1])
    assert installed in folder.parents
    assert {path.name for path in (folder / "pages").glob("*.py")} == {
        path.name for path in (root / "pages").glob("*.py")
    }
    assert (folder / "app.py").is_file()


def test_an_installed_package_writes_a_report(installed: Path, tmp_path: Path) -> None:
    """The page, its style and its script are in the wheel."""
    env = {**os.environ, "PYTHONPATH": str(installed)}
    env.pop("HYBRIDPLAN_DATA_DIR", None)
    scenario = installed / "hybridplan" / "_data" / "scenarios" / "reference_sunk.json"
    report = ("report", scenario, "--output", tmp_path / "report.html")
    run(sys.executable, "-P", "-m", "hybridplan", *report, cwd=tmp_path, env=env)
    assert "<h1>Reference: owned cost sunk" in (tmp_path / "report.html").read_text(encoding="utf-8")


def test_an_installed_package_makes_a_database(installed: Path, tmp_path: Path) -> None:
    """The migrations are in the wheel."""
    env = {**os.environ, "PYTHONPATH": str(installed), "HYBRIDPLAN_DATABASE_URL": f"sqlite:///{tmp_path / 'd.sqlite3'}"}
    script = "from hybridplan import store; print(store.Library().scenarios(), store.__file__)"
    printed = run(sys.executable, "-P", "-c", script, cwd=tmp_path, env=env)
    assert printed.startswith("[]")
    assert str(installed) in printed
