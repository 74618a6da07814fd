"""Whatever Streamlit reads as Markdown is written in the program, or goes through ``safe``.

Markdown from a name such as ``![x](http://host/p.png)`` makes each reader's browser call that host. The test follows
arguments of our own functions to their callers; what it cannot follow counts as a fault.
"""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from source import ROOT, for_each, library_files, page_files, tree

FILES = [path for path in library_files() if "ui" in path.relative_to(ROOT).parts] + page_files()

_READERS = """
markdown write caption info warning error success header subheader title badge toast dialog expander popover button
download_button link_button page_link tabs metric spinner progress radio checkbox toggle selectbox multiselect
segmented_control pills text_input text_area number_input slider date_input time_input datetime_input file_uploader
form_submit_button feedback chat_message status menu_button
"""
READS_MARKDOWN = frozenset(_READERS.split())
"""First argument, and every keyword of MARKDOWN_KEYWORDS; of other Streamlit calls these keywords only."""
MARKDOWN_KEYWORDS = {"label", "body", "help", "caption", "captions", "text", "title", "delta"}
FORBIDDEN = {
    "table": "st.table reads Markdown in every cell; use parts.table or st.dataframe",
    "LinkColumn": "cells would become links",
    "ImageColumn": "cells would load pictures",
    "html": "markup",
    "iframe": "another page",
    "latex": "st.markdown takes formulas; a text in it would be read as one",
}
WRITTEN_HERE = {
    "column.label": "headings of editors.columns, written in the table definitions",
    "column.hint": "the same",
    "table.title": "the same",
    "entry.title": "a page of sitemap.PAGES",
    "page.title": "the same",
    "pages[entry.name]": "the same",
    "f'pages/{page}.py'": "a file of ours",
    "f'pages/{entry.name}.py'": "a file of ours",
    "f'$\\\\displaystyle {formula}$'": "a formula of the registry",
    "f'$\\displaystyle {formula}$'": "a formula of the registry",
    "[registry.TABS[tab] for tab in shown]": "titles of the registry",
}
MAX_STEPS = 15
PLAIN_FUNCTIONS = {"safe", "len"}


@dataclass(frozen=True)
class Scope:
    """A function and the file that it stands in; None for the file itself."""

    path: Path
    function: ast.FunctionDef | None


def scopes() -> Iterator[Scope]:
    for path in FILES:
        yield Scope(path, None)
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.FunctionDef):
                yield Scope(path, node)


def nodes(scope: Scope) -> Iterator[ast.AST]:
    """What runs in a scope, without the functions inside it (lambdas belong to it)."""
    pending = list(ast.iter_child_nodes(scope.function or tree(scope.path)))
    while pending:
        node = pending.pop()
        yield node
        if not isinstance(node, ast.FunctionDef | ast.ClassDef):
            pending.extend(ast.iter_child_nodes(node))


def calls() -> Iterator[tuple[Scope, ast.Call]]:
    for scope in scopes():
        for node in nodes(scope):
            if isinstance(node, ast.Call):
                yield scope, node


def name_of(node: ast.Call) -> str:
    function = node.func
    if isinstance(function, ast.IfExp):  # (st.error if errors else st.info)(...)
        function = function.body
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


CALLS: dict[str, list[tuple[Scope, ast.Call]]] = defaultdict(list)
for _scope, _call in calls():
    CALLS[name_of(_call)].append((_scope, _call))


def values_of(name: str, scope: Scope) -> list[tuple[ast.expr, Scope]] | None:
    """Everything that ``name`` may hold in a scope: what is assigned there, or what callers pass; None: not known."""
    found: list[tuple[ast.expr, Scope]] = []
    for node in nodes(scope):
        if isinstance(node, ast.Assign) and any(isinstance(t, ast.Name) and t.id == name for t in node.targets):
            found.append((node.value, scope))
        elif isinstance(node, ast.AnnAssign | ast.NamedExpr) and getattr(node.target, "id", "") == name:
            if node.value is not None:
                found.append((node.value, scope))
        elif isinstance(node, ast.For | ast.comprehension) and any(
            isinstance(target, ast.Name) and target.id == name for target in ast.walk(node.target)
        ):
            if not isinstance(node.target, ast.Name) or not isinstance(node.iter, ast.Tuple | ast.List):
                return None
            found += [(element, scope) for element in node.iter.elts]
    if found:
        return found
    if scope.function is None:
        return None
    passed = arguments_of(name, scope)
    return passed if passed is not None else values_of(name, Scope(scope.path, None))


def arguments_of(name: str, of: Scope) -> list[tuple[ast.expr, Scope]] | None:
    """What callers pass as a parameter, with its default; None where it is no parameter, or a call cannot be read."""
    function = of.function
    assert function is not None
    positional = [arg.arg for arg in function.args.args]
    defaults = dict(zip(reversed(positional), reversed(function.args.defaults), strict=False))
    defaults |= {
        arg.arg: default
        for arg, default in zip(function.args.kwonlyargs, function.args.kw_defaults, strict=True)
        if default is not None
    }
    if name not in positional and name not in {arg.arg for arg in function.args.kwonlyargs}:
        return None
    found = []
    for scope, call in CALLS[function.name]:
        if function.name.startswith("_") and scope.path != of.path:
            continue  # another file's own function of that name
        given = next((keyword.value for keyword in call.keywords if keyword.arg == name), None)
        if given is None and name in positional and positional.index(name) < len(call.args):
            given = call.args[positional.index(name)]
        given = given or defaults.get(name)
        if given is None or isinstance(given, ast.Starred):
            return None
        found.append((given, scope))
    return found or None


def is_written(node: ast.expr, scope: Scope, depth: int = 0) -> bool:
    """True where nothing that a person typed can be in a text, or only through ``safe``."""
    if depth > MAX_STEPS:
        return False

    def all_written(parts: list[ast.expr]) -> bool:
        return all(is_written(part, scope, depth + 1) for part in parts)

    if ast.unparse(node) in WRITTEN_HERE:
        return True
    match node:
        case ast.Constant():
            return True
        case ast.Call(func=ast.Attribute(attr="join", value=glue), args=[joined]):
            return all_written([glue, joined])
        case ast.Call() if isinstance(node.func, ast.Name) and node.func.id not in PLAIN_FUNCTIONS:
            return returns_written(node.func.id, scope, depth)
        case ast.Call():
            return name_of(node) in PLAIN_FUNCTIONS
        case ast.Attribute(attr=name):
            return name.isupper() or name == "number"
        case ast.FormattedValue(value=value, format_spec=spec):
            return (spec is not None and ast.unparse(spec)[-2] in "dfg,%") or all_written([value])
        case ast.JoinedStr(values=parts) | ast.List(elts=parts) | ast.Tuple(elts=parts) | ast.BoolOp(values=parts):
            return all_written(parts)
        case ast.IfExp(body=body, orelse=other):
            return all_written([body, other])
        case ast.BinOp(left=left, right=right):
            return all_written([left, right])
        case ast.GeneratorExp(elt=element) | ast.ListComp(elt=element) | ast.Starred(value=element):
            return all_written([element])
        case ast.Subscript(value=container):
            return all_written([container])
        case ast.Dict(values=values):
            return all_written(values)
        case ast.Name(id=name):
            held = values_of(name, scope)
            return held is not None and all(is_written(value, where, depth + 1) for value, where in held)
    return False


def returns_written(name: str, scope: Scope, depth: int) -> bool:
    """True where a function of the same file returns written texts only."""
    for other in scopes():
        if other.path == scope.path and other.function is not None and other.function.name == name:
            returned = [node.value for node in nodes(other) if isinstance(node, ast.Return)]
            return all(value is not None and is_written(value, other, depth + 1) for value in returned)
    return False


def read_as_markdown(call: ast.Call) -> list[ast.expr]:
    """Arguments of a call that Streamlit reads as Markdown."""
    name = name_of(call)
    is_method = isinstance(call.func, ast.Attribute | ast.IfExp)
    if not is_method or (isinstance(call.func, ast.Attribute) and ast.unparse(call.func.value) in {"_LOG", "logging"}):
        return []
    if name not in READS_MARKDOWN and not name.endswith("Column") and "st." not in ast.unparse(call.func):
        return []
    if ast.unparse(call.func).startswith(NOT_STREAMLIT):
        return []
    positional = call.args[: 2 if name == "metric" else 1] if name in READS_MARKDOWN else []
    return positional + [keyword.value for keyword in call.keywords if keyword.arg in MARKDOWN_KEYWORDS]


NOT_STREAMLIT = (
    "feature_figures.",
    "latency.",
    "elastic.",
    "key_figures.",
    "jobs.",
    "differences.",
    "registry.",
    "job_chart.",
)
"""Modules of ours with functions that are called like one of Streamlit's."""


@for_each(FILES)
def test_only_written_texts_are_read_as_markdown(path: Path) -> None:
    found = [
        f"{path.relative_to(ROOT)}:{call.lineno}: {name_of(call)}: {ast.unparse(argument)[:100]}"
        for scope, call in ((s, c) for found in CALLS.values() for s, c in found if s.path == path)
        for argument in read_as_markdown(call)
        if not is_written(argument, scope)
    ]
    assert not found, "wrap in ui.messages.safe:\n" + "\n".join(sorted(found))


@for_each(FILES)
def test_no_call_turns_cells_into_markup(path: Path) -> None:
    found = [
        f"{path.relative_to(ROOT)}:{call.lineno}: {FORBIDDEN[call.func.attr]}"
        for scope, call in ((s, c) for found in CALLS.values() for s, c in found if s.path == path)
        if isinstance(call.func, ast.Attribute)
        and call.func.attr in FORBIDDEN
        and ast.unparse(call.func.value) in {"st", "st.column_config", "components", "components.v1"}
    ]
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    ("source", "written"),
    [
        ("st.markdown('text')", True),
        ("st.markdown(safe(ws.name))", True),
        ("st.markdown(f'**{safe(ws.name)}**, {count:,}')", True),
        ("st.button('Save' if new else 'Save again')", True),
        ("st.markdown(ws.name)", False),
        ("st.markdown(f'**{ws.name}**')", False),
        ("st.button('Save', help=ws.name)", False),
        ("st.metric('Cost', ws.name)", False),
        ("left.warning(str(error))", False),
        ("(st.error if bad else st.info)(text)", False),
        ("st.tabs([tab.name for tab in tabs])", False),
    ],
)
def test_the_search_finds_what_is_not_written(source: str, written: bool) -> None:
    call = ast.parse(source, mode="eval").body
    assert isinstance(call, ast.Call)
    where = Scope(ROOT / "app.py", None)
    assert all(is_written(argument, where) for argument in read_as_markdown(call)) is written
