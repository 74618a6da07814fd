"""Turns the field errors of a record into issues that a person can mend."""

from __future__ import annotations

from typing import Final

from pydantic import ValidationError

from hybridplan.errors import Issue

MOST_LISTED: Final = 10_000
"""Issues that are listed one by one: more would fill the memory and help nobody."""

_LONGEST_KEY: Final = 80

_MENDS: Final = {
    "missing": "Add the field.",
    "value_error": "Check the value and its unit.",
    "greater_than": "Check the value and its sign.",
    "greater_than_equal": "Check the value and its sign.",
    "less_than": "Check the value and its unit.",
    "less_than_equal": "Check the value and its unit.",
    "extra_forbidden": "Remove the field, or check its spelling.",
    "float_parsing": "Write a plain number with '.' as the decimal sign.",
    "float_type": "Write a plain number, without quotes.",
    "int_type": "Write a whole number, without quotes.",
    "int_from_float": "Write a whole number.",
    "finite_number": "NaN and infinity are not accepted.",
    "bool_type": "Write true or false.",
    "string_type": "Write text in quotes.",
    "string_pattern_mismatch": "Use letters, digits and . _ : > - only, starting with a letter or digit.",
    "timezone_aware": "Add the offset from UTC, e.g. 2026-06-01T00:00:00+02:00.",
}

_UNITS_BY_ENDING: Final = (
    ("usd_per_accelerator_hour", "USD per accelerator-hour"),
    ("_usd_per_accelerator_year", "USD per accelerator and year"),
    ("_usd_per_accelerator", "USD per accelerator"),
    ("_usd_per_gbps_hour", "USD per Gbit/s and hour"),
    ("_usd_per_gb_month", "USD per GB and month"),
    ("_usd_per_unit", "USD per work unit"),
    ("_usd_per_unit_second", "USD per work unit and second"),
    ("_usd_per_node", "USD per node"),
    ("usd_per_hour", "USD per hour"),
    ("gb_per_hour", "GB per hour"),
    ("_accelerators_per_hour", "accelerators per hour"),
    ("_tokens_per_second", "tokens per second"),
    ("_tokens", "tokens"),
    ("usd_per_gb", "USD per GB"),
    ("usd_per_kwh", "USD per kWh"),
    ("usd_per_tonne", "USD per tonne CO2e"),
    ("tonnes", "t CO2e"),
    ("g_per_kwh", "g CO2e per kWh"),
    ("gb_per_unit", "GB per work unit"),
    ("units_per_accelerator_hour", "work units per accelerator-hour"),
    ("units_per_hour", "work units per hour"),
    ("_units", "work units"),
    ("_accelerators", "accelerators"),
    ("accelerators", "accelerators"),
    ("interruptions_per_hour", "interruptions per accelerator-hour"),
    ("accelerators_per_node", "accelerators"),
    ("accelerators_per_replica", "accelerators"),
    ("rack_units_per_accelerator", "rack units"),
    ("rack_units_limit", "rack units"),
    ("from_quantity", "accelerators, or accelerator-hours over the horizon"),
    ("_blocks", "blocks"),
    ("_copies", "copies"),
    ("size_gb", "GB"),
    ("_accelerator_hours", "accelerator-hours"),
    ("_hours", "hours"),
    ("_minutes", "minutes"),
    ("failures_per_year", "failures per year"),
    ("_providers", "providers"),
    ("_years", "years"),
    ("_ms", "ms"),
    ("_kw", "kW"),
    ("gbps", "Gbit/s"),
    ("_share", "share from 0 to 1"),
    ("share_cap", "share from 0 to 1"),
    ("_rate", "share per year"),
    ("usd", "USD"),
    ("pue", "facility power / IT power"),
)


def unit_of(field: str) -> str:
    """The unit that a field name carries, in words ("" where it has none)."""
    return next((unit for ending, unit in _UNITS_BY_ENDING if field.endswith(ending)), "")


def issues_of(error: ValidationError) -> list[Issue]:
    """One issue per field error, with the path of the field, the value found and how to mend it.

    Where there are more than can be listed, one issue says so.
    """
    if error.error_count() > MOST_LISTED:
        return [too_many(f"{error.error_count():,}")]
    issues = []
    for detail in error.errors(include_url=False, include_context=False):
        path = ".".join(key_in_path(str(part)) for part in detail["loc"] if part != "[key]") or "scenario"
        named = [str(part) for part in detail["loc"] if isinstance(part, str)]
        message = detail["msg"].removeprefix("Value error, ")
        value = "" if detail["type"] == "missing" else _shown(detail["input"])
        unit = next((unit_of(name) for name in reversed(named) if unit_of(name)), "")
        issues.append(Issue(path, message[:1].lower() + message[1:], value, unit, _MENDS.get(detail["type"], "")))
    return issues


def too_many(count: str) -> Issue:
    """The one issue that stands for more than can be listed."""
    mend = "Check that this is a scenario, and correct what repeats itself."
    return Issue("scenario", "has more faults than can be listed", count, mend=mend)


def key_in_path(key: str) -> str:
    """How the path of an issue names a key: as it was typed, but short, and invisible characters by their numbers."""
    plain = key if key.isprintable() else ascii(key)[1:-1]
    return plain if len(plain) <= _LONGEST_KEY else f"{plain[:_LONGEST_KEY]}..."


def _shown(value: object) -> str:
    if isinstance(value, dict | list | tuple):
        return f"{type(value).__name__} of {len(value)}"
    text = repr(value) if isinstance(value, str) else str(value)
    return text if len(text) <= 60 else text[:57] + "..."
