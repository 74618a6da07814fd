"""Which pages there are, and where their files lie."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final


@dataclass(frozen=True)
class PageEntry:
    """One page: its file in ``pages/``, its title and icon. The file's name is its address.

    ``in_shared_views``: whoever opened a share link may see it.
    """

    name: str
    title: str
    icon: str
    in_shared_views: bool = True


PAGES: Final = (
    PageEntry("overview", "Overview", ":material/space_dashboard:"),
    PageEntry("inventory", "Inventory", ":material/dns:"),
    PageEntry("demand", "Demand", ":material/show_chart:"),
    PageEntry("assumptions", "Assumptions", ":material/tune:"),
    PageEntry("plan", "Plan", ":material/route:"),
    PageEntry("tradeoffs", "Trade-offs", ":material/balance:"),
    PageEntry("resilience", "Resilience", ":material/shield:"),
    PageEntry("compare", "Compare", ":material/compare_arrows:"),
    PageEntry("library", "Library", ":material/folder_copy:", in_shared_views=False),
    PageEntry("method", "Method", ":material/fact_check:"),
)
"""In the order of the work; the first one is at ``/``."""


def app_folder() -> Path:
    """The folder with ``app.py`` and ``pages/``: the checkout, or the copy inside an installed package."""
    package = Path(__file__).resolve().parents[1]
    inside = package / "_app"
    return inside if (inside / "app.py").is_file() else package.parent
