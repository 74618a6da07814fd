"""Imports point one way, and each large third-party package has one home."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

from source import ROOT, for_each, imports, library_files, module_name, page_files

BASE = {"errors", "units", "settings"}
DATA = BASE | {"domain", "plan"}
CHAIN = ("audit", "model", "analysis", "jobs", "ui", "pages")

ALLOWED: dict[str, set[str]] = {
    "errors": set(),
    "units": set(),
    "settings": {"errors", "units"},
    "domain": BASE,
    "plan": BASE | {"domain"},
    "audit": DATA,
    "io": DATA,
    "store": DATA,
    "charts": {"errors", "units", "domain", "plan"},
    "model": DATA | {"audit"},
    # Published cases are scenario files, so analysis may read files through io, as everything above it may.
    "analysis": DATA | {"audit", "model", "io"},
    "jobs": DATA | {"audit", "model", "analysis", "io"},
    # The report sets tables, sentences and charts of a plan on paper and in one file.
    "report": DATA | {"audit", "analysis", "io", "charts"},
    "ui": DATA | {"audit", "model", "analysis", "jobs", "io", "store", "charts", "report"},
    "pages": {"ui"},
    "cli": DATA | {"audit", "model", "analysis", "jobs", "io", "store", "charts", "report"},
    "__main__": {"cli"},
    # ``import hybridplan`` offers load, solve, and sweeps over processes.
    "hybridplan": DATA | {"analysis", "io", "jobs"},
}
"""Layer -> layers it may import, besides itself."""

HOMES: dict[str, tuple[str, ...]] = {
    "cvxpy": ("model",),
    "highspy": ("model",),
    "clarabel": ("model",),
    "plotly": ("charts",),
    "streamlit": ("ui", "pages"),
    "sqlalchemy": ("store",),
    "alembic": ("store",),
    "typer": ("cli",),
    "python_calamine": ("io",),
    "xlsxwriter": ("io",),
    "starlette": ("ui",),
    "platformdirs": ("store",),
    "babel": ("analysis",),
    "jinja2": ("report",),
    "reportlab": ("report",),
    "matplotlib": ("report",),
    "segno": ("ui",),
}
"""Third-party package -> layers that may import it."""

ONLY: dict[str, set[str]] = {
    "errors": set(),
    "units": set(),
    "settings": set(),
    "domain": {"pydantic", "pydantic_core"},
    "plan": {"pandas"},
    "audit": {"numpy", "pandas"},
    "store": {"sqlalchemy", "alembic", "platformdirs"},
    "pages": {"streamlit"},
    "cli": {"typer", "pandas"},
}
"""Layer -> the only third-party packages in it."""


def layer(module: str) -> str:
    """``hybridplan.model.costs.usage`` -> ``model``; app.py belongs to the pages."""
    parts = module.split(".")
    if parts[0] in {"pages", "app"}:
        return "pages"
    return parts[1] if len(parts) > 1 else "hybridplan"


def ours(path: Path) -> list[tuple[int, str]]:
    """Imports of our own modules."""
    return [(line, name) for line, name in imports(path) if name.split(".")[0] in {"hybridplan", "pages", "app"}]


def third_party(path: Path) -> list[tuple[int, str]]:
    """(line, top package) of imports that are neither ours nor Python's."""
    tops = [(line, name.split(".")[0]) for line, name in imports(path)]
    return [(line, top) for line, top in tops if top not in {"hybridplan", "pages", "app", *sys.stdlib_module_names}]


def target_layer(name: str) -> str:
    """Layer that an imported dotted name belongs to; a public name of the root package is the root's."""
    found = layer(name)
    return found if found in ALLOWED else "hybridplan"


FILES = library_files() + page_files()


@for_each(FILES)
def test_every_import_follows_an_allowed_arrow(path: Path) -> None:
    here = layer(module_name(path))
    assert here in ALLOWED, f"{here} is a new layer: say here what it may import"
    wrong = [
        f"{path.relative_to(ROOT)}:{line}: {here} must not import {name}"
        for line, name in ours(path)
        if target_layer(name) != here and target_layer(name) not in ALLOWED[here]
    ]
    assert not wrong, "\n".join(wrong)


@for_each(FILES)
def test_third_party_packages_stay_in_their_homes(path: Path) -> None:
    here = layer(module_name(path))
    wrong = [
        f"{path.relative_to(ROOT)}:{line}: {top} does not belong in {here}"
        for line, top in third_party(path)
        if here not in HOMES.get(top, (here,)) or top not in ONLY.get(here, {top})
    ]
    assert not wrong, "\n".join(wrong)


def test_every_folder_is_a_package() -> None:
    """A folder without ``__init__.py`` imports from a checkout, but is left out of the wheel."""
    folders = {path.parent for path in library_files()}
    assert not [str(folder.relative_to(ROOT)) for folder in folders if not (folder / "__init__.py").is_file()]


def test_the_arrows_have_no_cycle() -> None:
    """A layer that could be reached from itself would make the order of the layers meaningless."""

    def reachable(start: str) -> set[str]:
        seen: set[str] = set()
        waiting = list(ALLOWED[start])
        while waiting:
            seen.add(name := waiting.pop())
            waiting.extend(ALLOWED[name] - seen)
        return seen

    assert [name for name in ALLOWED if name in reachable(name)] == []


def test_the_chain_points_down() -> None:
    """errors, units <- domain <- plan <- audit <- model <- analysis <- jobs <- ui <- pages."""
    for position, name in enumerate(CHAIN):
        assert not ALLOWED[name] & set(CHAIN[position + 1 :]), name


def test_an_import_inside_a_function_counts(tmp_path: Path) -> None:
    """The walk would be worthless if a local import escaped it."""
    source = "def f():\n    from hybridplan.model import catalogue\n"
    found = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.ImportFrom)]
    assert [node.module for node in found] == ["hybridplan.model"]
    path = ROOT / "hybridplan" / "__main__.py"
    assert ours(path) == [(3, "hybridplan.cli.main")]
