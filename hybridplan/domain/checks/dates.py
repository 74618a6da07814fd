"""Dates of what comes and goes: inside the calendar, in their order, and in service at some time that is planned."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from hybridplan.domain.horizon import EARLIEST, LATEST
from hybridplan.domain.service import in_service
from hybridplan.errors import Issue

if TYPE_CHECKING:
    from hybridplan.domain.horizon import Horizon


def out_of_calendar(moment: datetime) -> str:
    """What is wrong with a moment far outside every plan; "" where nothing is."""
    is_near = EARLIEST <= moment.year < LATEST
    return "" if is_near else f"must lie between the years {EARLIEST} and {LATEST}"


def check_term(here: str, starts: datetime | None, ends: datetime | None, horizon: Horizon) -> Iterator[Issue]:
    """Issues of a record that is in service from ``starts`` until ``ends``; ``here`` is its path."""
    faults = {
        name: fault
        for name, moment in (("starts", starts), ("ends", ends))
        if moment is not None and (fault := out_of_calendar(moment))
    }
    for name, fault in faults.items():
        moment = starts if name == "starts" else ends
        yield Issue(f"{here}.{name}", fault, moment.isoformat() if moment else "", mend="Check the year.")
    if faults:
        return
    if starts is not None and ends is not None and ends <= starts:
        mend = "Correct the two dates."
        yield Issue(f"{here}.ends", f"must be after its start ({starts.isoformat()})", ends.isoformat(), mend=mend)
    elif horizon.blocks and not any(in_service(block, starts, ends) for block in horizon.blocks.values()):
        field = "starts" if starts is not None else "ends"
        yield Issue(
            f"{here}.{field}",
            "no block starts while it runs, so it neither costs nor gives anything in this plan",
            f"{starts.isoformat() if starts else 'any time'} to {ends.isoformat() if ends else 'any time'}",
            mend="Correct its dates, or remove it.",
            severity="warning",
        )
