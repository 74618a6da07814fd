"""Small modules, small functions, thin pages."""

from __future__ import annotations

import ast
from pathlib import Path

from source import ROOT, Function, for_each, functions, library_files, page_files, tree

MODULE_LINES = 300
FUNCTION_LINES = 40
PAGE_LINES = 80
TOLERANCE = 1.1
"""The limits are "about": a tenth more is accepted, and there is no list of exceptions."""

PAGES = [path for path in page_files() if path.name != "app.py"]


def is_docstring(node: ast.stmt) -> bool:
    """True for a statement that is a bare string."""
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)


def lines_of_code(node: Function) -> int:
    """Lines of a function without its docstring: a formula explained at length is no reason to split a function."""
    first = node.body[0]
    docstring = (first.end_lineno or first.lineno) - first.lineno + 1 if is_docstring(first) else 0
    return (node.end_lineno or node.lineno) - node.lineno + 1 - docstring


@for_each(library_files())
def test_modules_and_functions_are_small(path: Path) -> None:
    lines = len(path.read_text(encoding="utf-8").splitlines())
    assert lines <= MODULE_LINES * TOLERANCE, f"{path.name} has {lines} lines"
    large = {node.name: n for node in functions(path) if (n := lines_of_code(node)) > FUNCTION_LINES * TOLERANCE}
    assert not large, f"{path.relative_to(ROOT)}: functions with more than {FUNCTION_LINES} lines: {large}"


@for_each(page_files())
def test_pages_are_thin(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= PAGE_LINES


@for_each(PAGES)
def test_pages_do_no_arithmetic_and_hold_no_state(path: Path) -> None:
    """Numbers are made in analysis, state is kept by ui.session: a page only shows."""
    arithmetic = [node.lineno for node in ast.walk(tree(path)) if isinstance(node, ast.BinOp | ast.AugAssign)]
    assert not arithmetic, f"{path.name}: arithmetic in line {arithmetic}"
    assert "session_state" not in path.read_text(encoding="utf-8")


@for_each(PAGES)
def test_every_page_starts_with_the_guard(path: Path) -> None:
    """On a fresh server Streamlit runs a deep-linked page file alone; the guard starts the app around it."""
    body = [node for node in tree(path).body if not is_docstring(node)]
    body = [node for node in body if not (isinstance(node, ast.ImportFrom) and node.module == "__future__")]
    assert [ast.unparse(node) for node in body[:2]] == [
        "from hybridplan.ui.shell import page_guard",
        "page_guard()",
    ]
