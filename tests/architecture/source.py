"""The source as these tests read it: modules by dotted name, and the imports in them (anywhere in the file)."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from functools import cache
from itertools import groupby
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "hybridplan"

Function = ast.FunctionDef | ast.AsyncFunctionDef


def library_files() -> list[Path]:
    """Every module of the package."""
    return sorted(PACKAGE.rglob("*.py"))


def page_files() -> list[Path]:
    """The scripts that Streamlit runs."""
    return [path for path in (*sorted((ROOT / "pages").glob("*.py")), ROOT / "app.py") if path.is_file()]


def module_name(path: Path) -> str:
    """``hybridplan/io/tables.py`` -> ``hybridplan.io.tables``; a page -> ``pages.<stem>``; app.py -> ``app``."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def tree(path: Path) -> ast.Module:
    """Parsed source."""
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


@cache
def imports(path: Path) -> tuple[tuple[int, str], ...]:
    """(line, dotted name) of every import, also inside functions and under TYPE_CHECKING.

    ``from a.b import c`` gives ``a.b.c``: whether c is a module or a name, its prefix tells where the arrow points.
    """
    return tuple(_imports(path))


def _imports(path: Path) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = _absolute(path, node)
            yield from ((node.lineno, f"{base}.{alias.name}") for alias in node.names)


def _absolute(path: Path, node: ast.ImportFrom) -> str:
    if not node.level:
        return node.module or ""
    package = module_name(path).split(".")
    if path.name != "__init__.py":
        package = package[:-1]
    base = package[: len(package) - node.level + 1]
    return ".".join([*base, node.module] if node.module else base)


def functions(path: Path) -> Iterator[Function]:
    """Every function and method, nested ones included."""
    for node in ast.walk(tree(path)):
        if isinstance(node, Function):
            yield node


def for_each(files: list[Path]) -> Callable[[Callable[[Path], None]], Callable[[Path], None]]:
    """Run a check of one file for all of these, in one test per folder that names every file at fault.

    A test per file would be thousands, which take longer to collect and to report than to run.
    """
    by_folder = sorted(files, key=lambda path: path.parent)
    folders = {folder: list(group) for folder, group in groupby(by_folder, key=lambda path: path.parent)}

    def decorated(check: Callable[[Path], None]) -> Callable[[Path], None]:
        def test(folder: Path) -> None:
            faults = [f"{module_name(path)}: {fault}" for path in folders[folder] if (fault := _fault(check, path))]
            assert not faults, "\n".join(faults)

        test.__name__, test.__doc__, test.__module__ = check.__name__, check.__doc__, check.__module__
        names = [str(folder.relative_to(ROOT)) for folder in folders]
        marked: Callable[[Path], None] = pytest.mark.parametrize("folder", list(folders), ids=names)(test)
        return marked

    return decorated


def _fault(check: Callable[[Path], None], path: Path) -> str:
    try:
        check(path)
    except AssertionError as error:
        return str(error) or "at fault"
    return ""
