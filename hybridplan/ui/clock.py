"""Moments as the visitor's clock shows them."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import streamlit as st

from hybridplan.analysis import format as fmt


def time_of_day(moment: datetime) -> str:
    """Hour and minute: 10:42."""
    return f"{moment.astimezone(_zone()):%H:%M}"


def when(moment: datetime) -> str:
    """The time where it is today, else with its date: 24 Nov 2026, 10:42."""
    zone = _zone()
    there = moment.astimezone(zone)
    is_today = there.date() == datetime.now(zone).date()
    return time_of_day(moment) if is_today else f"{fmt.day(there.date())}, {time_of_day(moment)}"


def _zone() -> ZoneInfo:
    """The browser's time zone; UTC where it names none that is known here."""
    try:
        return ZoneInfo(st.context.timezone or "UTC")
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")
