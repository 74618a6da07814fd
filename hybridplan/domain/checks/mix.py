"""Whole numbers and exactly curved terms do not go together: no solver at hand takes both."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from hybridplan.domain.features import curved_fields, whole_fields
from hybridplan.errors import Issue

if TYPE_CHECKING:
    from hybridplan.domain.scenario import Scenario

_SHOWN = 3


def check_mix(scenario: Scenario) -> Iterator[Issue]:
    """Names the fields of both kinds where they meet."""
    if scenario.policy.queue_form != "exact":
        return
    whole, curved = whole_fields(scenario), curved_fields(scenario)
    if whole and curved:
        yield Issue(
            "policy.queue_form",
            f"whole things ({_named(whole)}) and exact curved terms ({_named(curved)}) cannot be solved together",
            scenario.policy.queue_form,
            mend="Set it to tangents (the error is shown), or give up one of the two.",
        )


def _named(paths: list[str]) -> str:
    more = f" and {len(paths) - _SHOWN} more" if len(paths) > _SHOWN else ""
    return ", ".join(paths[:_SHOWN]) + more
