"""What a visitor compares: up to four scenarios, the first being what the others are held against."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from hybridplan.analysis.compare import MOST
from hybridplan.domain import Scenario
from hybridplan.plan import Plan
from hybridplan.ui import session
from hybridplan.ui.workspace import Workspace

OPEN: Final = "What is open now"
FULL: Final = f"{MOST} scenarios are compared at most: remove one first."
_NAME_LENGTH: Final = 80


@dataclass(frozen=True)
class Chosen:
    """One scenario of the list. ``scenario`` None: whatever is open, as it stands when the page is drawn."""

    name: str
    scenario: Scenario | None = None
    source: str = ""
    """Where it comes from, in words."""


def chosen() -> tuple[Chosen, ...]:
    """The visitor's list; it begins with what is open."""
    return tuple(_list())


def add(name: str, scenario: Scenario, plan: Plan | None = None, *, source: str = "") -> str:
    """Put a scenario on the list; why that was not possible, in words, or nothing where it was.

    The same one is not put there twice. ``plan``: accepted from pages that have one at hand; the study proves its own,
    because every plan but the first depends on the first.
    """
    now = _list()
    if any(one.scenario is not None and one.scenario.content_hash == scenario.content_hash for one in now):
        return ""
    if len(now) >= MOST:
        return FULL
    now.append(Chosen(" ".join(name.split())[:_NAME_LENGTH] or scenario.name, scenario, source))
    return ""


def add_open() -> str:
    """Put what is open on the list, as it stands when it is looked at."""
    now = _list()
    if any(one.scenario is None for one in now):
        return ""
    if len(now) >= MOST:
        return FULL
    now.append(Chosen(OPEN))
    return ""


def remove(position: int) -> None:
    """Take one off the list (for callbacks)."""
    now = _list()
    if 0 <= position < len(now):
        del now[position]


def put_first(position: int) -> None:
    """Hold all others against this one (for callbacks)."""
    now = _list()
    if 0 <= position < len(now):
        now.insert(0, now.pop(position))


def resolved(ws: Workspace) -> tuple[list[Scenario], list[str]]:
    """Scenarios and names of the list; what is open is left out while it has errors."""
    scenarios, names = list[Scenario](), list[str]()
    for one in _list():
        scenario = ws.scenario if one.scenario is None else one.scenario
        if scenario is not None:
            scenarios.append(scenario)
            names.append(f"{ws.name} (open)" if one.scenario is None else one.name)
    return scenarios, names


def _list() -> list[Chosen]:
    return session.slot("comparing", lambda: [Chosen(OPEN)])
