"""Accelerator names: from vendors' spellings and instance types to the catalogue's SKUs and counts."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from hybridplan.errors import InvalidInput
from hybridplan.io import catalogue
from hybridplan.io.vendor.context import as_id

_PREFIXES: Final = re.compile(r"^(?:nvidia|amd|intel|tesla|instinct|geforce|quadro|google)[\s_-]+", re.IGNORECASE)
_SUFFIXES: Final = re.compile(r"[\s_-]+(?:gpu|blackwell|tensor core|sxm\d?|pcie|nvl)$", re.IGNORECASE)
_TPU: Final = re.compile(r"tpu-(?P<generation>v\d+[a-z]*?)(?:pod|litepod)?-(?P<size>\d+)", re.IGNORECASE)
_TPU_LITE: Final = re.compile(r"tpu-v5lite(?:pod)?-(?P<size>\d+)", re.IGNORECASE)
_CORES_PER_CHIP: Final = {"v2": 2, "v3": 2, "v4": 2, "v5p": 2}
"""These generations are named by cores; v5e and v6e by chips."""

# Accelerators of instance types that the price catalogue does not list (vendors' documentation).
_INSTANCES: Final[dict[str, tuple[str, int]]] = {
    "p2.xlarge": ("K80", 1),
    "p2.8xlarge": ("K80", 8),
    "p2.16xlarge": ("K80", 16),
    "p3.2xlarge": ("V100", 1),
    "p3.8xlarge": ("V100", 4),
    "p3.16xlarge": ("V100", 8),
    "p3dn.24xlarge": ("V100", 8),
    "p4de.24xlarge": ("A100-80GB", 8),
    "p5e.48xlarge": ("H200", 8),
    "p5en.48xlarge": ("H200", 8),
    "p5.4xlarge": ("H100", 1),
    "p6-b200.48xlarge": ("B200", 8),
    "g3s.xlarge": ("M60", 1),
    "g3.4xlarge": ("M60", 1),
    "g3.8xlarge": ("M60", 2),
    "g3.16xlarge": ("M60", 4),
    "g4dn.metal": ("T4", 8),
    "g4ad.xlarge": ("V520", 1),
    "g4ad.2xlarge": ("V520", 1),
    "g4ad.4xlarge": ("V520", 1),
    "g4ad.8xlarge": ("V520", 2),
    "g4ad.16xlarge": ("V520", 4),
    "g5g.xlarge": ("T4G", 1),
    "g5g.2xlarge": ("T4G", 1),
    "g5g.4xlarge": ("T4G", 1),
    "g5g.8xlarge": ("T4G", 1),
    "g5g.16xlarge": ("T4G", 2),
    "g5g.metal": ("T4G", 2),
    "inf1.xlarge": ("Inferentia", 1),
    "inf1.2xlarge": ("Inferentia", 1),
    "inf1.6xlarge": ("Inferentia", 4),
    "inf1.24xlarge": ("Inferentia", 16),
    "inf2.xlarge": ("Inferentia2", 1),
    "inf2.8xlarge": ("Inferentia2", 1),
    "inf2.24xlarge": ("Inferentia2", 6),
    "inf2.48xlarge": ("Inferentia2", 12),
    "trn1.2xlarge": ("Trainium", 1),
    "trn1.32xlarge": ("Trainium", 16),
    "trn1n.32xlarge": ("Trainium", 16),
    "trn2.48xlarge": ("Trainium2", 16),
    "gr6.4xlarge": ("L4", 1),
    "gr6.8xlarge": ("L4", 1),
    "standard_nc6": ("K80", 1),
    "standard_nc12": ("K80", 2),
    "standard_nc24": ("K80", 4),
    "standard_nc24r": ("K80", 4),
    "standard_nv6": ("M60", 1),
    "standard_nv12": ("M60", 2),
    "standard_nv24": ("M60", 4),
    "standard_nv12s_v3": ("M60", 1),
    "standard_nv24s_v3": ("M60", 2),
    "standard_nv48s_v3": ("M60", 4),
    "standard_nc6s_v2": ("P100", 1),
    "standard_nc12s_v2": ("P100", 2),
    "standard_nc24s_v2": ("P100", 4),
    "standard_nc24rs_v2": ("P100", 4),
    "standard_nc6s_v3": ("V100", 1),
    "standard_nc12s_v3": ("V100", 2),
    "standard_nc24s_v3": ("V100", 4),
    "standard_nc24rs_v3": ("V100", 4),
    "standard_nd6s": ("P40", 1),
    "standard_nd12s": ("P40", 2),
    "standard_nd24s": ("P40", 4),
    "standard_nd24rs": ("P40", 4),
    "standard_nd40rs_v2": ("V100", 8),
    "standard_nd96asr_v4": ("A100-40GB", 8),
    "standard_nd96amsr_a100_v4": ("A100-80GB", 8),
    "standard_nd96isr_h100_v5": ("H100", 8),
    "standard_nd96isr_h200_v5": ("H200", 8),
    "standard_nd96isr_mi300x_v5": ("MI300X", 8),
    "standard_nc4as_t4_v3": ("T4", 1),
    "standard_nc8as_t4_v3": ("T4", 1),
    "standard_nc16as_t4_v3": ("T4", 1),
    "standard_nc64as_t4_v3": ("T4", 4),
    "standard_nc24ads_a100_v4": ("A100-80GB", 1),
    "standard_nc48ads_a100_v4": ("A100-80GB", 2),
    "standard_nc96ads_a100_v4": ("A100-80GB", 4),
    "standard_nc40ads_h100_v5": ("H100", 1),
    "standard_nc80adis_h100_v5": ("H100", 2),
    "standard_nv36ads_a10_v5": ("A10", 1),
    "standard_nv36adms_a10_v5": ("A10", 1),
    "standard_nv72ads_a10_v5": ("A10", 2),
    "standard_nc8ads_a10_v4": ("A10", 1),
    "standard_nc16ads_a10_v4": ("A10", 1),
    "standard_nc32ads_a10_v4": ("A10", 2),
}


def canonical(
    name: str, aliases: Mapping[str, str], instance_type: str = "", memory_gb: float | None = None
) -> str | None:
    """The SKU of a vendor's name; the person's aliases first, then the instance type, which is the most exact."""
    given = aliases.get(name)
    if given:
        return given
    return _canonical(name, instance_type, memory_gb)


@lru_cache(maxsize=16384)
def _canonical(name: str, instance_type: str, memory_gb: float | None) -> str | None:
    known = _known(instance_type) if instance_type else None
    if known:
        return known
    bare = _SUFFIXES.sub("", _PREFIXES.sub("", name.strip()))
    for candidate in dict.fromkeys((name.strip(), bare, bare.replace("_", " "), bare.replace(" ", "-"))):
        if memory_gb:
            sized = _known(f"{candidate}-{memory_gb:g}GB") or _known(f"{candidate} {memory_gb:g}GB")
            if sized:
                return sized
        found = _known(candidate)
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
    return _catalogued().get(instance_type.casefold()) or _INSTANCES.get(instance_type.casefold())


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


def _known(name: str) -> str | None:
    try:
        return catalogue.sku_for(name)
    except InvalidInput:
        return None
