"""Which sites links join, with others in between."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hybridplan.domain.link import Link


class Reach:
    """The links of a scenario by where they begin."""

    def __init__(self, links: Mapping[str, Link]) -> None:
        self._from: dict[str, set[str]] = {}
        for link in links.values():
            self._from.setdefault(link.from_site, set()).add(link.to_site)

    def joins(self, start: str, end: str) -> bool:
        """Whether a link leads straight from one site to another."""
        return end in self._from.get(start, ())

    def leads(self, start: str, end: str, through: set[str]) -> bool:
        """Whether links lead from one site to another, directly or by sites of ``through``."""
        seen, waiting = {start}, [start]
        while waiting:
            onward = self._from.get(waiting.pop(), set())
            if end in onward:
                return True
            found = (onward & through) - seen
            seen.update(found)
            waiting += found
        return False
