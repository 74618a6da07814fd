"""The bundled catalogue: prices, regions, accelerators, links, throughputs and one real service week.

Every row carries its source, the date it stood for (``as_of``, ISO text) and the licence of the source;
``data/README.md`` says how each table was made. Frames are copies: changing one does not change the catalogue. Ids are
text, so that a region called NA stays a region; a number that nobody published is NaN.
"""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path
from typing import Final, Literal

import pandas as pd

from hybridplan.errors import InvalidInput, Issue
from hybridplan.settings import DATA_DIR_VARIABLE

PurchaseOption = Literal["on_demand", "interruptible", "reserved"]

_NUMBERS: Final[dict[str, tuple[str, ...]]] = {
    "prices": ("accelerators_per_node", "price_usd_per_accelerator_hour", "term_years"),
    "regions": ("grid_carbon_g_per_kwh", "pue"),
    "accelerators": (
        "memory_gb",
        "memory_bandwidth_gb_per_s",
        "bf16_tflops",
        "fp8_tflops",
        "tdp_w",
        "accelerators_per_node",
        "busy_kw",
        "idle_kw",
    ),
    "links": ("round_trip_ms", "usd_per_gb"),
    "throughput": (
        "tensor_parallel",
        "input_tokens",
        "output_tokens",
        "output_tokens_per_s_per_accelerator",
        "requests_per_hour_per_accelerator",
        "time_to_first_token_ms",
        "time_per_output_token_ms",
    ),
    "llm_service_week": (
        "hour_index",
        "requests_per_second",
        "input_tokens_per_second",
        "output_tokens_per_second",
    ),
    "sku_aliases": (),
}
_WHOLE: Final = ("accelerators_per_node", "tensor_parallel", "hour_index")
_STORIES: Final = (
    "demo",
    "demo_year",
    "smart_manufacturing",
    "smart_city",
    "financial_risk",
    "serving_congestion",
    "whole_nodes",
)
"""Order of menus: what a visitor meets first."""


def data_dir() -> Path:
    """The folder that holds ``catalogue/`` and ``scenarios/``.

    Looked for in this order: the environment variable HYBRIDPLAN_DATA_DIR, ``data`` beside the package (a checkout),
    ``_data`` inside the package (an installed wheel). Raises :class:`InvalidInput` where none holds a catalogue.
    """
    return _found(os.environ.get(DATA_DIR_VARIABLE, ""))


@lru_cache(maxsize=8)
def _found(named: str) -> Path:
    # Kept: a price list asks for the SKU of every line, and looking at the disk each time took most of its import.
    package = Path(__file__).resolve().parents[1]
    candidates = [Path(named)] if named else [package.parent / "data", package / "_data"]
    for folder in candidates:
        if (folder / "catalogue" / "prices.csv").is_file():
            return folder
    mend = f"Unset {DATA_DIR_VARIABLE}, or point it at a folder with catalogue/prices.csv in it."
    where = ", ".join(str(folder) for folder in candidates)
    raise InvalidInput([Issue(DATA_DIR_VARIABLE, "no catalogue found in this folder", where, mend=mend)])


def prices(
    provider: str | None = None,
    region: str | None = None,
    sku: str | None = None,
    purchase_option: PurchaseOption | None = None,
) -> pd.DataFrame:
    """List prices in USD per accelerator-hour, host included, by provider, region, SKU and purchase option.

    ``term_years`` is the commitment's term of a reserved price, NaN otherwise. A region called ``global`` means that
    the provider publishes one price for all its regions. A pair that is absent has no published price in our sources.
    """
    return _select("prices", provider=provider, region=region, sku=sku, purchase_option=purchase_option)


def regions() -> pd.DataFrame:
    """Regions with jurisdiction (ISO 3166 alpha-2), grid carbon (g CO2e per kWh, location-based) and PUE."""
    return _select("regions")


def accelerators() -> pd.DataFrame:
    """Accelerators: memory (GB), bandwidth (GB/s), dense TFLOPS, TDP (W); busy_kw and idle_kw at the wall, before PUE.

    Power at the wall is an estimate by the rule in ``method``; the other figures are the vendors'.
    """
    return _select("accelerators")


def links() -> pd.DataFrame:
    """Round trips (ms, ping average) and transfer prices (USD per GB) between regions, one row per direction."""
    return _select("links")


def throughput(model: str | None = None, sku: str | None = None, measured_only: bool = False) -> pd.DataFrame:
    """Throughput per accelerator by model, precision and SKU at a named operating point.

    Output tokens per second and requests per hour are per accelerator; ``tensor_parallel`` is accelerators per replica.
    ``is_estimate`` marks rows that were derived, not measured; ``method`` says how. Latencies are in ms.
    """
    frame = _select("throughput", model=model, sku=sku)
    return frame[~frame["is_estimate"]].reset_index(drop=True) if measured_only else frame


def models() -> list[str]:
    """Models that have a throughput, in alphabetical order."""
    return sorted(set(_table("throughput")["model"]))


def service_week() -> pd.DataFrame:
    """One week of a real LLM service by hour: requests, input tokens and output tokens per second (168 rows).

    Hour 0 has no published date or time zone.
    """
    return _select("llm_service_week")


def sku_for(alias: str) -> str | None:
    """The catalogue's SKU behind a vendor's spelling or instance type, whatever its case; None where it is unknown."""
    return _aliases().get(_key(alias))


def scenario_paths() -> dict[str, Path]:
    """Shipped scenario files by id (the file's name without .json): the demo, the stories, then the others by name."""
    found = {path.stem: path for path in sorted((data_dir() / "scenarios").glob("*.json"))}
    return {name: found[name] for name in (*(name for name in _STORIES if name in found), *found)}


def _select(name: str, **wanted: str | None) -> pd.DataFrame:
    """A copy of a table, with the rows whose columns equal what is wanted (None: any)."""
    frame = _table(name)
    for column, value in wanted.items():
        if value is not None:
            frame = frame[frame[column] == value]
    return frame.reset_index(drop=True).copy()


def _table(name: str) -> pd.DataFrame:
    return _read(name, data_dir() / "catalogue" / f"{name}.csv")


@lru_cache(maxsize=32)
def _read(name: str, path: Path) -> pd.DataFrame:
    numbers = _NUMBERS[name]
    header = path.read_text(encoding="utf-8").split("\n", 1)[0].split(",")
    frame = pd.read_csv(
        path,
        encoding="utf-8",
        dtype={column: "float64" if column in numbers else "str" for column in header},
        keep_default_na=False,
        na_values={column: [""] for column in numbers},
    )
    for column in set(_WHOLE) & set(header):
        frame[column] = frame[column].astype("int64")
    if "is_estimate" in header:
        frame["is_estimate"] = frame["is_estimate"] == "true"
    return frame


def _aliases() -> dict[str, str]:
    return _alias_map(data_dir())


@lru_cache(maxsize=4)
def _alias_map(folder: Path) -> dict[str, str]:
    table = _read("sku_aliases", folder / "catalogue" / "sku_aliases.csv")
    names = {_key(alias): str(sku) for alias, sku in zip(table["alias"], table["sku"], strict=True)}
    skus = _read("accelerators", folder / "catalogue" / "accelerators.csv")["sku"]
    return names | {_key(sku): str(sku) for sku in skus}


def _key(alias: str) -> str:
    return " ".join(alias.split()).casefold()
