"""Templates of sentences on what each failure takes; see :mod:`hybridplan.analysis.wording`."""

from __future__ import annotations

from typing import Final

CONTINGENCIES: Final[dict[str, str]] = {
    "takes.one": "{failure} takes {things}; {then}.",
    "takes.nothing": "{failure} takes nothing that is planned here.",
    "takes.pools": "{pools} with {accelerators}",
    "takes.go_on": "{works} {go} on as promised",
    "takes.fall_short": "{names} {keep} less than promised",
    "takes.no_promise": "nothing is promised to go on",
}
