"""Price lists with the widely used catalogue columns: InstanceType, AcceleratorName, AcceleratorCount, Price, Region.

Two peculiarities are handled: Azure lists whose last column, Generation, holds an unquoted ``V1,V2``; and Google lists
where the host and its accelerators are priced on separate rows, so that an instance costs the sum of two lines.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from hybridplan.domain.pool import PurchaseOption
from hybridplan.io.report import count
from hybridplan.io.vendor import skus
from hybridplan.io.vendor.context import Context, Recogniser
from hybridplan.io.vendor.pricing import Offer, PriceList, accelerators

_NEEDED: Final = ("InstanceType", "AcceleratorName", "AcceleratorCount", "Price", "Region")
_GENERATION: Final = re.compile(r"V\d+")
_MEMORY: Final = re.compile(r"'SizeInMiB':\s*(\d+)")
_OPTIONS: Final[tuple[tuple[str, PurchaseOption], ...]] = (("Price", "on_demand"), ("SpotPrice", "interruptible"))
_NO_ACCELERATOR: Final = "the instance has no accelerator"

_HOSTS: Final[dict[tuple[str, int], tuple[str, ...]]] = {
    **{("A100", n): (f"a2-highgpu-{n}g",) for n in (1, 2, 4, 8)},
    ("A100", 16): ("a2-megagpu-16g",),
    **{("A100-80GB", n): (f"a2-ultragpu-{n}g",) for n in (1, 2, 4, 8)},
    **{("H100", n): (f"a3-highgpu-{n}g",) for n in (1, 2, 4)},
    ("H100", 8): ("a3-highgpu-8g", "a3-edgegpu-8g", "a3-edgegpu-8g-nolssd"),
    ("H100-MEGA", 8): ("a3-megagpu-8g",),
    ("H200", 8): ("a3-ultragpu-8g", "a3-ultragpu-8g-nolssd"),
    ("B200", 8): ("a4-highgpu-8g",),
    ("L4", 1): tuple(f"g2-standard-{n}" for n in (4, 8, 12, 16, 32)),
    ("L4", 2): ("g2-standard-24",),
    ("L4", 4): ("g2-standard-48",),
    ("L4", 8): ("g2-standard-96",),
}
"""Google's machine types of each accelerator and count."""
_ATTACHED: Final = frozenset({"T4", "V100", "P100", "P4"})
"""Attached to an N1 host of any size: four vCPU per accelerator are assumed, and reported."""
_N1_SIZES: Final = {1: "n1-standard-4", 2: "n1-standard-8", 4: "n1-standard-16", 8: "n1-standard-32"}


@dataclass(slots=True)
class _Row:
    line: int
    instance: str
    name: str
    count: str
    region: str
    zone: str
    memory_gb: float | None
    prices: tuple[str, str]


def _matches(context: Context) -> bool:
    return context.has(*_NEEDED)


def _read(context: Context) -> None:
    _mend_generation(context)
    rows = _rows(context)
    prices = PriceList(context)
    provider = context.provider(next((row.instance for row in rows if row.instance), ""))
    if any(row.name and not row.instance and skus.tpu(row.name) is None for row in rows):
        why = "host and accelerator stand on separate rows; their prices are added"
        context.report.assume("host and accelerator", "summed", why)
        _read_split(context, rows, prices, provider)
    else:
        for row in rows:
            _read_whole(context, row, prices, provider)
    prices.finish()


def _mend_generation(context: Context) -> None:
    """``...,region,V1,V2``: the header's last column is Generation and every surplus field is a generation."""
    table = context.table
    if not table.ragged or table.columns[-1] != "Generation":
        return
    last = len(table.columns) - 1
    mended = {
        line: [*cells[:last], ",".join(cells[last:])]
        for line, cells in table.ragged.items()
        if len(cells) > last + 1 and all(_GENERATION.fullmatch(cell) for cell in cells[last:])
    }
    if mended:
        table.mend(mended)
        example = next(iter(mended.values()))[last]
        context.report.warn(
            f"{count(len(mended), 'line')} with too many fields: the last column, Generation, holds {example} "
            "without quotes; the fields were joined, all others stand where the header says"
        )


def _rows(context: Context) -> list[_Row]:
    at = [context.at(name) for name in ("InstanceType", "AcceleratorName", "AcceleratorCount", "Region", "Price")]
    instance, name, number, region, price = at
    columns = context.table.columns
    zone = columns.index("AvailabilityZone") if "AvailabilityZone" in columns else None
    spot = columns.index("SpotPrice") if "SpotPrice" in columns else None
    info = columns.index("GpuInfo") if "GpuInfo" in columns else None
    return [
        _Row(
            line,
            cells[instance].strip(),
            cells[name].strip(),
            cells[number],
            cells[region].strip(),
            cells[zone].strip() if zone is not None else "",
            _memory_gb(cells[info]) if info is not None else None,
            (cells[price], cells[spot] if spot is not None else ""),
        )
        for line, cells in context.table.rows
    ]


def _memory_gb(info: str) -> float | None:
    match = _MEMORY.search(info) if "Size" in info else None
    return round(int(match[1]) / 1024) if match else None


def _read_whole(context: Context, row: _Row, prices: PriceList, provider: str) -> None:
    """A row that is a whole instance."""
    if not row.name:
        context.report.reject(row.line, "AcceleratorName", "", _NO_ACCELERATOR)
        return
    found = _size(context, row)
    if found is None:
        return
    sku, number = found
    sku = sku or prices.sku(row.line, row.name, row.instance, row.memory_gb)
    for (column, option), cell in zip(_OPTIONS, row.prices, strict=True):
        if option == "interruptible" and not cell.strip():
            continue
        usd = prices.price(row.line, column, cell)
        if usd is not None:
            prices.add(
                Offer(
                    (row.line,),
                    column,
                    cell,
                    provider,
                    row.region,
                    sku,
                    option,
                    row.instance or row.name,
                    number,
                    usd,
                    row.zone,
                )
            )


def _size(context: Context, row: _Row) -> tuple[str | None, float] | None:
    """(SKU where the name alone tells it, accelerators); None after noting why the row cannot be used."""
    if not row.region:
        context.report.reject(row.line, "Region", "", "is empty")
        return None
    slice_ = skus.tpu(row.name)
    if slice_:
        return slice_
    number = accelerators(row.count, context)
    if isinstance(number, str):
        context.report.reject(row.line, "AcceleratorCount", row.count, number)
        return None
    return None, number


def _read_split(context: Context, rows: list[_Row], prices: PriceList, provider: str) -> None:
    hosts = {(row.zone or row.region, row.instance): row for row in rows if row.instance and not row.name}
    for row in rows:
        if row.name and (row.instance or skus.tpu(row.name)):
            _read_whole(context, row, prices, provider)
        elif row.name:
            _add_sums(context, row, hosts, prices, provider)
    needed = {line for offer in prices.offers for line in offer.lines}
    broken = {reject.line for reject in context.report.rejected}
    machines = {name for names in _HOSTS.values() for name in names} | set(_N1_SIZES.values())
    for row in rows:
        if not row.name and row.line not in needed and row.line not in broken:
            reason = "no accelerator in its zone goes with this host" if row.instance in machines else _NO_ACCELERATOR
            context.report.reject(row.line, "AcceleratorName", row.instance, reason)


def _add_sums(
    context: Context, row: _Row, hosts: dict[tuple[str, str], _Row], prices: PriceList, provider: str
) -> None:
    """Add the accelerators' price to that of each machine type that holds so many of them in this zone."""
    found = _size(context, row)
    if found is None:
        return
    number = found[1]
    place = row.zone or row.region
    present = [hosts[place, name] for name in _machines(context, row.name, number) if (place, name) in hosts]
    if not present:
        reason = "the list has no price of its host in this zone, so the price of the whole is not known"
        context.report.reject(row.line, "InstanceType", row.name, reason)
        return
    for position, (column, option) in enumerate(_OPTIONS):
        cell = row.prices[position]
        usd = prices.price(row.line, column, cell) if cell.strip() or option == "on_demand" else None
        for host in present if usd is not None else ():
            host_usd = prices.price(host.line, column, host.prices[position])
            if usd is None or host_usd is None:
                reason = f"its host {host.instance} (line {host.line}) has no usable price"
                context.report.reject(row.line, column, cell, reason)
                continue
            sku = prices.sku(row.line, row.name, host.instance, row.memory_gb)
            both, kind, total = (row.line, host.line), host.instance, usd + host_usd
            prices.add(Offer(both, column, cell, provider, row.region, sku, option, kind, number, total, row.zone))


def _machines(context: Context, name: str, number: float) -> tuple[str, ...]:
    """Machine types that hold so many of these accelerators."""
    names = _HOSTS.get((name, int(number)), ())
    if not names and name in _ATTACHED and int(number) in _N1_SIZES:
        names = (_N1_SIZES[int(number)],)
        why = f"{name} may stand in a host of any size"
        context.report.assume("host", "n1-standard, 4 vCPU per accelerator", why)
    return names


CATALOGUE_LIST: Final = Recogniser("catalogue price list", frozenset({"prices"}), _matches, _read)
