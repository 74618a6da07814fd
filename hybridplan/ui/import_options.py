"""What a file leaves open, as controls: time zone, decimal sign, unit, and which column holds what."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

import streamlit as st

from hybridplan.io import catalogue
from hybridplan.io.alignment import CHOICES
from hybridplan.io.importing import ImportResult, Kind
from hybridplan.ui.editors.rows import Document, section
from hybridplan.ui.messages import safe
from hybridplan.ui.session import slot

_AS_ASSUMED: Final = "as assumed"
_OPTIONS: Final[dict[Kind, tuple[str, ...]]] = {
    "prices": ("decimal", "provider", "region", "as_of", "source"),
    "pools": ("decimal", "site"),
    "sites": ("decimal",),
    "links": ("decimal",),
    "datasets": ("decimal",),
    "contingencies": ("decimal",),
    "workloads": ("decimal",),
    "demand": ("decimal", "short_trace"),
    "trace": ("workload", "unit", "time_zone", "short_trace", "throughput"),
}
_LABELS: Final = {
    "decimal": "Decimal sign",
    "provider": "Provider",
    "region": "Region",
    "as_of": "Date of the prices (YYYY-MM-DD)",
    "source": "Source",
    "site": "Site of the new pools",
    "workload": "Demand of workload",
    "unit": "What is counted",
    "time_zone": "Time zone of times without an offset",
    "short_trace": "If it is shorter than the horizon",
    "throughput": "Work units per hour of one unit in use",
}
_UNITS: Final = ("requests", "input_tokens", "output_tokens", "tokens", "accelerator-hours")
_MOST_ALIASES: Final = 12
_SIZES: Final = {"thousand": 1e3, "million": 1e6, "billion": 1e9}


def controls(kind: Kind, document: Document) -> dict[str, Any]:
    """Draw the controls of a kind; the options that were chosen. What is left alone is assumed and reported."""
    with st.expander("What the file does not say", icon=":material/rule:", expanded=kind == "trace"):
        places = st.columns(3)
        found: dict[str, Any] = {}
        for position, name in enumerate(_OPTIONS[kind]):
            with places[position % 3]:
                value = _control(kind, name, document)
            if value is not None:
                found[name] = value
    slot("import-short", dict[str, Any])[kind] = found.get("short_trace")
    return found


def mapping(kind: Kind, name: str, result: ImportResult) -> dict[str, str]:
    """Which column holds which of our fields; empty until it is confirmed."""
    kept = slot(f"import-mapping:{kind}:{name}", dict[str, str])
    st.markdown("**Which column holds what?**")
    places = st.columns(3)
    chosen: dict[str, str] = {}
    for position, field in enumerate(result.fields):
        suggested = kept.get(field) or result.suggested_mapping.get(field)
        index = result.columns.index(suggested) if suggested in result.columns else None
        column = places[position % 3].selectbox(
            safe(field.replace("_", " ")),
            result.columns,
            index,
            key=f"map:{kind}:{name}:{field}",
            placeholder="no column",
        )
        if column is not None:
            chosen[field] = column
    if st.button("Read with these columns", key=f"map-apply:{kind}"):
        kept.clear()
        kept.update(chosen)
    return dict(kept)


def aliases(unknown: Mapping[str, int]) -> dict[str, str]:
    """SKUs for accelerator codes that the catalogue does not know; empty where none was chosen."""
    st.markdown("**Accelerator codes that are not known**")
    skus = sorted(set(catalogue.accelerators()["sku"]))
    places = st.columns(3)
    found: dict[str, str] = {}
    for position, (code, lines) in enumerate(list(unknown.items())[:_MOST_ALIASES]):
        sku = places[position % 3].selectbox(
            safe(f"{code} ({lines} lines) is"), skus, None, key=f"alias:{code}", placeholder="leave as it is"
        )
        if sku is not None:
            found[code] = sku
    return found


def units_in_one(result: ImportResult, document: Document) -> float:
    """How many of what a trace counts make one work unit of its workload: guessed from the names, to be corrected."""
    counted = str(result.rows[0].get("unit", "")).removesuffix(" per hour")
    work = section(document, "workloads").get(str(result.rows[0].get("workload_id")))
    unit = str(work.get("unit", "accelerator-hours")) if isinstance(work, dict) else counted
    guess = next((size for word, size in _SIZES.items() if word in unit.casefold()), 1.0)
    factor = st.number_input(
        safe(f"{counted.capitalize()} in one work unit ({unit})"),
        value=guess,
        min_value=1e-6,
        format="%g",
        key=f"import:units:{unit}:{counted}",
        help="The values of the trace are divided by this.",
    )
    noun = counted.split(" ")[-1].removesuffix("s")
    if noun and noun not in unit.casefold():
        st.warning(safe(f"The trace counts {counted}, the workload counts {unit}: check that this is meant."))
    return factor


def _control(kind: Kind, name: str, document: Document) -> Any:
    """One control; None where it was left alone."""
    key, label = f"import:{kind}:{name}", _LABELS[name]
    if name == "decimal":
        return _choice(label, (".", ","), key, lambda sign: "point: 1.5" if sign == "." else "comma: 1,5")
    if name == "unit":
        return _choice(label, _UNITS, key, lambda unit: unit.replace("_", " "))
    if name == "short_trace":
        return _choice(label, tuple(CHOICES), key, lambda choice: f"{choice}: {CHOICES[choice]}", "take nothing")
    if name in ("workload", "site"):
        return _choice(label, tuple(section(document, f"{name}s")), key, str)
    if name == "throughput":
        value = st.number_input(safe(label), value=None, min_value=0.0, format="%g", key=key, placeholder=_AS_ASSUMED)
        return value or None
    return st.text_input(safe(label), key=key, placeholder=_AS_ASSUMED).strip() or None


def _choice(
    label: str, options: tuple[str, ...], key: str, name: Callable[[str], str], nothing: str = _AS_ASSUMED
) -> str | None:
    return st.selectbox(safe(label), options, None, format_func=name, key=key, placeholder=nothing)
