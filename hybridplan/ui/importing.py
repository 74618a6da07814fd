"""Import panel."""

from __future__ import annotations

from collections.abc import Sequence


def import_panel(kinds: Sequence[str]) -> None:
    """Placeholder."""
