"""Files that hold a scenario: its JSON, or a workbook that hybridplan wrote. Pages and commands open them here."""

from __future__ import annotations

from pathlib import Path

from hybridplan.domain import Scenario, parse
from hybridplan.errors import InvalidInput, Issue
from hybridplan.io import scenario_json, workbook_scenario

SUFFIXES = ("json", "xlsx")


def read(data: bytes) -> tuple[Scenario | None, list[Issue]]:
    """The scenario in a file's content and every issue, warnings included; None where there is an error.

    Never raises for content. The bytes tell which of the two it is, not the name.
    """
    if not workbook_scenario.is_workbook(data):
        return scenario_json.read(data)
    document, issues = workbook_scenario.read_document(data)
    if document is None:
        return None, issues
    scenario, found = parse(document)
    return scenario, [*issues, *found]


def load(path: str | Path) -> Scenario:
    """The scenario in the file at ``path``. Raises :class:`InvalidInput` with every error."""
    scenario, issues = read(scenario_json.bytes_of(path))
    if scenario is None:
        raise InvalidInput(issue for issue in issues if issue.severity == "error")
    return scenario
