"""Tabs of the pages that have them: their codes, which links name, their titles, and which of them is open."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from hybridplan.analysis import registry
from hybridplan.domain import Scenario
from hybridplan.ui import session

TITLES: Final[dict[str, Mapping[str, str]]] = {
    "plan": {str(code): title for code, title in registry.TABS.items()},
    "tradeoffs": {
        "frontier": "Frontier",
        "sliders": "Sliders",
        "sensitivity": "Sensitivity",
        "rules": "Rules",
        "alternatives": "Alternatives",
        "buy": "What to buy",
    },
    "resilience": {
        "promises": "Promises",
        "drill": "Drill",
        "failures": "Random failures",
        "coverage": "Rules by site",
    },
}
"""By page: titles of its tabs by code, in their order. Links that were handed out name the codes: they never change."""


def key(page: str) -> str:
    """Key of the widget that holds the title of the open tab of a page."""
    return f"{page}-section"


def shown(page: str, scenario: Scenario) -> dict[str, str]:
    """Titles by code of the tabs that a page has for a scenario; empty where it has none."""
    titles = TITLES.get(page, {})
    return {code: titles[code] for code in (registry.tabs(scenario) if page == "plan" else titles)}


def open_now(page: str) -> str:
    """Code of the tab of a page that is open; empty where it has none, or was not drawn yet."""
    title = session.widget(key(page))
    return next((code for code, name in TITLES.get(page, {}).items() if name == title), "")


def choose(page: str, scenario: Scenario, code: str) -> None:
    """Open the tab with this code when the page is drawn next; nothing where there is no such tab."""
    if title := shown(page, scenario).get(code):
        session.choose(key(page), title)
