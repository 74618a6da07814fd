"""Accelerator names: from vendors' spellings and instance types to the catalogue's SKUs and counts."""

from __future__ import annotations

import csv
import os
import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from hybridplan.errors import InvalidInput
from hybridplan.io import catalogue
from hybridplan.io.vendor.context import as_id
from hybridplan.io.vendor.instances import INSTANCES
from hybridplan.settings import DATA_DIR_VARIABLE

_PREFIXES: Final = re.compile(r"^(?:nvidia|amd|intel|tesla|instinct|geforce|quadro|google)[\s_-]+", re.IGNORECASE)
_SUFFIXES: Final = re.compile(r"[\s_-]+(?:gpu|blackwell|tensor core|sxm\d?|pcie|nvl)$", re.IGNORECASE)
_TPU: Final = re.compile(r"tpu-(?P<generation>v\d+[a-z]*?)(?:pod|litepod)?-(?P<size>\d+)", re.IGNORECASE)
_TPU_LITE: Final = re.compile(r"tpu-v5lite(?:pod)?-(?P<size>\d+)", re.IGNORECASE)
_CORES_PER_CHIP: Final = {"v2": 2, "v3": 2, "v4": 2, "v5p": 2}
"""These generations are named by cores; v5e and v6e by chips."""


def canonical(name: str, aliases: Mapping[str, str], memory_gb: float | None = None) -> str | None:
    """The SKU of a vendor's name, the person's aliases first; None where nobody knows it."""
    return aliases.get(name) or _canonical(name, memory_gb)


@lru_cache(maxsize=4096)
def _canonical(name: str, memory_gb: float | None) -> str | None:
    known = names()
    bare = _SUFFIXES.sub("", _PREFIXES.sub("", name.strip()))
    for candidate in dict.fromkeys((name.strip(), bare, bare.replace("_", " "), bare.replace(" ", "-"))):
        sized = (f"{candidate}-{memory_gb:g}GB", f"{candidate} {memory_gb:g}GB") if memory_gb else ()
        for spelling in (*sized, candidate):
            found = known.get(folded(spelling))
            if found:
                return found
    return None


def tpu(name: str) -> tuple[str, int] | None:
    """SKU and number of chips of a TPU slice such as tpu-v6e-8; None for what is none."""
    lite = _TPU_LITE.fullmatch(name)
    if lite:
        return "TPU-v5e", int(lite["size"])
    match = _TPU.fullmatch(name)
    if match is None:
        return None
    generation = match["generation"].lower()
    return f"TPU-{generation}", max(1, int(match["size"]) // _CORES_PER_CHIP.get(generation, 1))


def spelled(name: str) -> str:
    """A name that nobody knows, as an id."""
    return as_id(_PREFIXES.sub("", name.strip()))


@lru_cache(maxsize=4096)
def accelerators_of(instance_type: str) -> tuple[str, float] | None:
    """SKU and accelerators of an instance type of the large clouds; None where it has none, or is unknown."""
    return _catalogued().get(instance_type.casefold()) or INSTANCES.get(instance_type.casefold())


@lru_cache(maxsize=4)
def _catalogued() -> dict[str, tuple[str, float]]:
    try:
        table = catalogue.prices()
    except InvalidInput:
        return {}
    columns = (table["instance_type"], table["sku"], table["accelerators_per_node"])
    return {str(kind).casefold(): (str(sku), float(n)) for kind, sku, n in zip(*columns, strict=True) if kind}


@lru_cache(maxsize=4)
def catalogue_medians() -> dict[str, float]:
    """Median USD per accelerator-hour of each SKU over the bundled prices."""
    try:
        table = catalogue.prices()
    except InvalidInput:
        return {}
    return {str(k): float(v) for k, v in table.groupby("sku")["price_usd_per_accelerator_hour"].median().items()}


def names() -> dict[str, str]:
    """Spelling or instance type, folded -> SKU: the catalogue's aliases, read once per data folder.

    A price list asks for tens of thousands of instance types, too many for one look at the disk each.
    """
    return _names(os.environ.get(DATA_DIR_VARIABLE, ""))


def folded(name: str) -> str:
    """A spelling as it is looked up."""
    return " ".join(name.split()).casefold()


@lru_cache(maxsize=4)
def _names(folder: str) -> dict[str, str]:
    try:
        where = catalogue.data_dir() / "catalogue"
    except InvalidInput:
        return {}
    found = {}
    for name in ("accelerators", "sku_aliases"):
        with (where / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                found[folded(row.get("alias", row["sku"]))] = row["sku"]
    return found
