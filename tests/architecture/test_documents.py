"""What the documents say is what the code does: settings, public names, commands, licence, lock."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from source import ROOT, library_files

import hybridplan
from hybridplan import domain, settings
from hybridplan.domain.record import Record
from hybridplan.io.forms import FORMS
from hybridplan.io.vendor import RECOGNISERS

README = (ROOT / "README.md").read_text(encoding="utf-8")
FORMATS = (ROOT / "docs" / "formats.md").read_text(encoding="utf-8")
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def documented_settings() -> dict[str, str]:
    """Variable -> the rest of its row in the table of README.md."""
    return dict(re.findall(r"^\| `(HYBRIDPLAN_[A-Z_]+)` \| (.*) \|$", README, flags=re.MULTILINE))


def test_every_setting_is_documented_with_its_default_unit_and_meaning() -> None:
    rows = documented_settings()
    for setting in settings.SETTINGS:
        default, unit, meaning = (cell.strip() for cell in rows[setting.name].split("|"))
        assert float(default.replace(",", "")) == setting.default, setting.name
        assert (unit, meaning) == (setting.unit, setting.meaning), setting.name


def test_the_table_lists_exactly_the_variables_that_the_code_reads() -> None:
    source = "\n".join(path.read_text(encoding="utf-8") for path in library_files())
    in_code = set(re.findall(r"\bHYBRIDPLAN_[A-Z_]+\b", source))
    assert set(documented_settings()) == in_code


@pytest.mark.parametrize("text", ["zero", "0", "-1", "nan", "inf", ""])
def test_a_setting_is_a_positive_number_or_its_default(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    setting = settings.SOLVE_SECONDS
    monkeypatch.setenv(setting.name, text)
    if text == "":
        assert setting.read() == setting.default
    else:
        with pytest.raises(Exception, match=setting.name):
            setting.read()


def test_public_names_exist_and_are_documented() -> None:
    for name in hybridplan.__all__:
        assert getattr(hybridplan, name) is not None
        assert re.search(rf"`(hp\.)?{re.escape(name)}\b", README), f"{name} is public, but not in README.md"


def records() -> list[type[Record]]:
    return [value for value in vars(domain).values() if isinstance(value, type) and issubclass(value, Record)]


@pytest.mark.parametrize("record", records(), ids=lambda record: record.__name__)
def test_every_field_of_a_scenario_is_documented(record: type[Record]) -> None:
    missing = [name for name in record.model_fields if f"`{name}`" not in FORMATS]
    assert not missing


def test_every_form_and_every_recognised_format_is_documented() -> None:
    assert not [form.name for form in FORMS if not re.search(rf"^\| `{form.name}` \|", FORMATS, flags=re.MULTILINE)]
    assert not [found.name for found in RECOGNISERS if f"| {found.name} |" not in FORMATS]


def test_links_between_documents_lead_somewhere() -> None:
    broken = []
    for page in [ROOT / "README.md", ROOT / "CHANGELOG.md", *(ROOT / "docs").glob("*.md")]:
        for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
            if "://" not in target and not (page.parent / target).exists():
                broken.append(f"{page.name}: {target}")
    assert not broken


def test_the_changelog_knows_this_version() -> None:
    assert f"## {PROJECT['project']['version']}" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_the_licence_is_apache_2_in_full() -> None:
    text = (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert "Version 2.0, January 2004" in text
    assert "9. Accepting Warranty or Additional Liability" in text
    assert PROJECT["project"]["license"] == "Apache-2.0"


def normal(name: str) -> str:
    """Package names are compared as the index does."""
    return re.sub(r"[-_.]+", "-", name).lower()


def locked() -> dict[str, list[str]]:
    """Package -> locked versions (more than one where Python versions differ)."""
    found: dict[str, list[str]] = {}
    for name, version in re.findall(r"^([A-Za-z0-9_.-]+)==([^\s;]+)", LOCK, flags=re.MULTILINE):
        found.setdefault(normal(name), []).append(version)
    return found


def test_the_lock_holds_versions_and_hashes_and_no_address() -> None:
    """Nothing that works on one machine only, and nothing that says where packages must come from."""
    lines = [line for line in LOCK.splitlines() if line and not line.startswith("#")]
    odd = [
        line
        for line in lines
        if not re.fullmatch(r"[a-z0-9._-]+==[^\s;]+( ; [^\\]+)? \\|    --hash=sha256:[0-9a-f]{64}( \\)?", line)
    ]
    assert not odd


def test_the_lock_covers_every_dependency() -> None:
    project = PROJECT["project"]
    wanted = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    names = {normal(re.split(r"[<>=!~ \[;]", requirement)[0]) for requirement in wanted}
    assert names <= set(locked())


def test_the_lock_avoids_the_solver_release_that_answers_wrongly() -> None:
    assert not [version for version in locked()["highspy"] if version.startswith("1.14.")]


def test_make_targets_of_the_readme_exist() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), flags=re.MULTILINE))
    assert set(re.findall(r"(?:^|`)make ([a-z]+)\b", README, flags=re.MULTILINE)) <= targets


def test_the_ci_script_is_executable() -> None:
    script = ROOT / ".ci" / "run"
    assert script.stat().st_mode & 0o111
    assert Path(script).read_text(encoding="utf-8").startswith("#!/usr/bin/env bash\nset -euo pipefail\n")
