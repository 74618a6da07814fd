"""Constructs that have let outside text become code, markup or SQL in other tools do not occur here."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from source import ROOT, for_each, imports, library_files, module_name, page_files, tree

from hybridplan.domain.checks.fields import MOST_LISTED
from hybridplan.domain.checks.size import MAX_RECORDS
from hybridplan.io import share_link, strict_json
from hybridplan.settings import ALLOWED_HOSTS_VARIABLE, SETTINGS

FILES = library_files() + page_files()

FORBIDDEN = {
    r"unsafe_allow_html": "markup from text",
    r"\bst\.html\(": "markup from text",
    r"components\.(v\d\.)?html\b": "markup from text",
    r"\bplotly\.express\b|\bpx\.": "plotly.express is 10 times slower than graph_objects and styles by itself",
    r"include_plotlyjs\s*=\s*[\"']cdn": "a request to another host",
    r"read_pickle|to_pickle|allow_pickle": "unpickling outside data runs code",
    r"\.query\(\s*f[\"']|\.eval\(": "pandas would evaluate text",
    r"shell\s*=\s*True|os\.system\(": "a shell would read the text",
    r"yaml\.load\(": "YAML tags can build objects",
}
PICKLES = {"pickle", "cloudpickle", "dill", "shelve", "marshal"}
SQL_CALLS = {"text", "execute", "exec_driver_sql"}


def called(node: ast.Call) -> str:
    """Name of what is called: ``f`` of ``f()`` and of ``a.b.f()``."""
    function = node.func
    return (
        function.attr if isinstance(function, ast.Attribute) else function.id if isinstance(function, ast.Name) else ""
    )


def calls(path: Path) -> list[ast.Call]:
    return [node for node in ast.walk(tree(path)) if isinstance(node, ast.Call)]


@for_each(FILES)
def test_no_forbidden_construct(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    found = [
        f"{path.relative_to(ROOT)}:{number}: {why}: {line.strip()}"
        for number, line in enumerate(lines, start=1)
        for pattern, why in FORBIDDEN.items()
        if re.search(pattern, line)
    ]
    assert not found, "\n".join(found)


@for_each(FILES)
def test_no_call_evaluates_text(path: Path) -> None:
    names = {node.func.id for node in calls(path) if isinstance(node.func, ast.Name)}
    assert not {"eval", "exec", "compile", "__import__"} & names


@for_each(FILES)
def test_pickle_is_only_spoken_with_our_own_workers(path: Path) -> None:
    """A plan travels from a worker of ours over a pipe of ours; nothing else may be unpickled."""
    uses = PICKLES & {name.split(".")[0] for _, name in imports(path)}
    assert not uses or module_name(path).startswith("hybridplan.jobs")


def is_built_sql(node: ast.Call) -> bool:
    """True for an f-string, % or + as the statement. PRAGMAs cannot take parameters, so theirs are not meant."""
    if called(node) not in SQL_CALLS or not node.args:
        return False
    statement = node.args[0]
    if isinstance(statement, ast.JoinedStr):
        first = statement.values[0]
        return not (isinstance(first, ast.Constant) and str(first.value).startswith("PRAGMA "))
    return isinstance(statement, ast.BinOp)


@for_each([p for p in FILES if "store" in p.parts])
def test_no_sql_is_built_from_text(path: Path) -> None:
    """Statements are literals or SQLAlchemy expressions with bound parameters."""
    built = [node.lineno for node in calls(path) if is_built_sql(node)]
    assert not built, f"{path.relative_to(ROOT)}: SQL from text in line {built}"


@pytest.mark.parametrize(
    ("source", "built"),
    [
        ("c.execute(f'SELECT {x}')", True),
        ("c.execute('SELECT ' + x)", True),
        ("text('SELECT %s' % x)", True),
        ("c.execute('SELECT 1')", False),
        ("c.execute(select(table))", False),
        ("c.execute(f'PRAGMA {x}')", False),
    ],
)
def test_the_search_for_built_sql_finds_it(source: str, built: bool) -> None:
    node = ast.parse(source, mode="eval").body
    assert isinstance(node, ast.Call)
    assert is_built_sql(node) is built


@for_each(FILES)
def test_only_the_session_module_touches_session_state(path: Path) -> None:
    touches = "st.session_state" in path.read_text(encoding="utf-8")
    assert not touches or module_name(path) == "hybridplan.ui.session"


def test_every_limit_of_the_settings_stands_in_the_document_on_safety_with_its_default() -> None:
    rows = re.findall(
        r"^\| [^|]+ \| ([^|]+) \| `(HYBRIDPLAN_[A-Z_]+)` \|$",
        (ROOT / "docs" / "safety.md").read_text(encoding="utf-8"),
        flags=re.MULTILINE,
    )
    documented = {name: default.split(" ")[0].replace(",", "") for default, name in rows}
    assert {setting.name: f"{setting.default:.0f}" for setting in SETTINGS} == {
        name: default for name, default in documented.items() if name != ALLOWED_HOSTS_VARIABLE
    }


def test_the_tests_that_the_document_on_safety_names_exist() -> None:
    text = (ROOT / "docs" / "safety.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`((?:\w+/)+\w+\.py)`", text))
    assert named
    assert not [path for path in named if not (ROOT / "tests" / path).is_file()]


def test_other_limits_of_the_document_on_safety_are_those_of_the_code() -> None:
    text = " ".join((ROOT / "docs" / "safety.md").read_text(encoding="utf-8").split())
    for limit, number in {
        "Records of each kind in a scenario": MAX_RECORDS,
        "Issues that are listed": MOST_LISTED,
        "Address of a self-contained link": share_link.MAX_URL_CHARS,
        "Nesting of JSON": strict_json.MAX_DEPTH,
    }.items():
        assert re.search(rf"\| {re.escape(limit)}[^|]* \| {number:,}[ |]", text), limit


def written_files() -> list[Path]:
    """Text files of the checkout, without what tools make."""
    made = {"build", "dist", "_data", "__pycache__"}
    return [
        path
        for path in ROOT.rglob("*")
        if path.is_file()
        and path.suffix in {".py", ".md", ".toml", ".lock", ".json", ".csv", ""}
        and not any(part in made or (part.startswith(".") and part != ".ci") for part in path.relative_to(ROOT).parts)
        and "egg-info" not in str(path)
    ]


def test_no_file_names_a_machine_path() -> None:
    """A path of one machine works on that machine only."""
    pattern = re.compile(r"(?<![\w.:/])/(?:home|root|work|Users|opt)/\w+")
    found = [
        str(path.relative_to(ROOT))
        for path in written_files()
        if path != Path(__file__) and pattern.search(path.read_text(encoding="utf-8", errors="replace"))
    ]
    assert not found
