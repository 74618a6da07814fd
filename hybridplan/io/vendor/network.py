"""Round trips, transfer prices and bandwidth between regions, in long form and as a matrix of cities."""

from __future__ import annotations

from typing import Any, Final

from hybridplan.io.options import Kind
from hybridplan.io.report import count
from hybridplan.io.vendor.context import Context, Recogniser, as_id
from hybridplan.units import MAGNITUDE_MAX, MAGNITUDE_MIN

_LINKS: Final[frozenset[Kind]] = frozenset({"links"})
_BITS_PER_GBIT: Final = 1e9
_SELF: Final = "within one site traffic is free, instant and unlimited, so there is no such link"
_PREMIUM: Final = "PREMIUM"
Measures = dict[str, tuple[str, str]]
"""Our field -> (column, cell)."""


def add_link(context: Context, line: int, ends: tuple[str, str], measures: Measures, factor: float = 1.0) -> bool:
    """Add a row for a directed pair; False after noting why it cannot be used."""
    report = context.report
    start, end = (place(end) for end in ends)
    if not ends[0].strip() or not ends[1].strip():
        report.reject(line, "", " > ".join(ends), "a link needs both its ends")
        return False
    if start == end:
        report.reject(line, "", start, _SELF)
        return False
    row: dict[str, Any] = {"from_site": start, "to_site": end}
    for name, (column, cell) in measures.items():
        value = context.money(cell) if name == "usd_per_gb" else context.number(cell)
        reason = value if isinstance(value, str) else _fault(value * factor, name)
        if reason:
            report.reject(line, column, cell, reason)
            return False
        row[name] = round(float(value) * factor, 9)
    report.rows.append({**row, "source": context.source, "as_of": context.as_of})
    report.used.add(line)
    return True


def place(name: str) -> str:
    """A site or provider:region as an id."""
    return as_id(name)


def _fault(value: float, name: str) -> str:
    if value < 0:
        return "is negative"
    if name == "gbps" and value == 0:
        return "a bandwidth of 0 is no link"
    return "is out of range; check the unit" if value and not MAGNITUDE_MIN <= value <= MAGNITUDE_MAX else ""


def _by_tier(context: Context, tiers: tuple[str, str], ends: tuple[str, str]) -> list[tuple[int, list[str]]]:
    """Lines to use: of a pair measured in several network tiers the premium one, then the first; others are noted."""
    at_tiers = [context.at(column) for column in tiers]
    at_ends = [context.at(column) for column in ends]
    best: dict[tuple[str, ...], tuple[int, list[str]]] = {}
    for line, cells in context.table.rows:
        pair = tuple(cells[i].strip() for i in at_ends)
        rank = sum(cells[i].strip().upper() == _PREMIUM for i in at_tiers)
        other = best.get(pair)
        if other is None:
            best[pair] = (line, cells)
            continue
        is_better = rank > sum(other[1][i].strip().upper() == _PREMIUM for i in at_tiers)
        kept, left = ((line, cells), other) if is_better else (other, (line, cells))
        best[pair] = kept
        tier = "/".join(left[1][i].strip() for i in at_tiers)
        context.report.reject(left[0], tiers[0], tier, f"the same pair stands in line {kept[0]}, which is used")
    return sorted(best.values())


def _is_latency(context: Context) -> bool:
    return context.has("src_region", "dst_region", "src_tier", "dst_tier", "avg_rtt")


def _read_latency(context: Context) -> None:
    context.report.assume("round_trip_ms", "avg_rtt", "the file has minimum, average and maximum of its pings")
    at = context.at
    for line, cells in _by_tier(context, ("src_tier", "dst_tier"), ("src_region", "dst_region")):
        ends = (cells[at("src_region")], cells[at("dst_region")])
        add_link(context, line, ends, {"round_trip_ms": ("avg_rtt", cells[at("avg_rtt")])})


def _is_bandwidth(context: Context) -> bool:
    return context.has("src_region", "dst_region", "src_tier", "dst_tier", "throughput_received")


def _read_bandwidth(context: Context) -> None:
    why = "bit/s of many connections between two large instances; a private line or a small instance gets less"
    context.report.assume("unit", "throughput_received in bit/s, as gbps", why)
    at = context.at
    good = []
    for line, cells in context.table.rows:
        if context.has("success") and cells[at("success")].strip().casefold() not in {"true", "1", "yes"}:
            context.report.reject(line, "success", cells[at("success")], "the measurement failed")
        else:
            good.append((line, cells))
    context.table.rows, all_rows = good, context.table.rows
    for line, cells in _by_tier(context, ("src_tier", "dst_tier"), ("src_region", "dst_region")):
        ends = (cells[at("src_region")], cells[at("dst_region")])
        measures = {"gbps": ("throughput_received", cells[at("throughput_received")])}
        add_link(context, line, ends, measures, 1 / _BITS_PER_GBIT)
    context.table.rows = all_rows


def _is_egress(context: Context) -> bool:
    return context.has("src", "dest", "src_tier", "dest_tier", "cost")


def _read_egress(context: Context) -> None:
    at = context.at
    for line, cells in _by_tier(context, ("src_tier", "dest_tier"), ("src", "dest")):
        add_link(context, line, (cells[at("src")], cells[at("dest")]), {"usd_per_gb": ("cost", cells[at("cost")])})
    _warn_free(context)


def _is_transfer(context: Context) -> bool:
    return context.has("src", "dst", "cost") and len(context.table.columns) == 3


def _read_transfer(context: Context) -> None:
    provider = context.provider()
    at = context.at
    for line, cells in context.table.rows:
        ends = tuple(
            end if ":" in end or end == "internet" or not end else f"{provider}:{end}"
            for end in (cells[at("src")].strip(), cells[at("dst")].strip())
        )
        add_link(context, line, (ends[0], ends[1]), {"usd_per_gb": ("cost", cells[at("cost")])})
    _warn_free(context)


def _warn_free(context: Context) -> None:
    free = sum(row["usd_per_gb"] == 0 for row in context.report.rows)
    if free:
        context.report.warn(f"{count(free, 'link')} with a transfer price of 0; check that these are meant")


def _is_zones(context: Context) -> bool:
    return context.has("src_zone", "dst_zone", "average_latency_ms")


def _read_zones(context: Context) -> None:
    at = context.at
    for line, cells in context.table.rows:
        ends = (cells[at("src_zone")], cells[at("dst_zone")])
        add_link(context, line, ends, {"round_trip_ms": ("average_latency_ms", cells[at("average_latency_ms")])})


def _is_matrix(context: Context) -> bool:
    """Names down the first column that are, for the most part, the header's names; the corner says latency and ms."""
    columns = context.table.columns
    if len(columns) < 3 or "latency" not in columns[0].casefold() or "ms" not in columns[0].casefold():
        return False
    names = {cells[0].strip() for _, cells in context.table.rows}
    return len(names & set(columns[1:])) * 2 > len(names)


def _read_matrix(context: Context) -> None:
    context.report.assume("from_site", "the row, to_site the column", "a matrix does not say its direction")
    for line, cells in context.table.rows:
        for column, cell in zip(context.table.columns[1:], cells[1:], strict=True):
            if cell.strip():
                add_link(context, line, (cells[0], column), {"round_trip_ms": (column, cell)})


NETWORK: Final = (
    Recogniser("round trips between regions", _LINKS, _is_latency, _read_latency),
    Recogniser("bandwidth between regions", _LINKS, _is_bandwidth, _read_bandwidth),
    Recogniser("transfer prices between regions", _LINKS, _is_egress, _read_egress),
    Recogniser("transfer prices of one provider", _LINKS, _is_transfer, _read_transfer),
    Recogniser("round trips between zones", _LINKS, _is_zones, _read_zones),
    Recogniser("matrix of round trips", _LINKS, _is_matrix, _read_matrix),
)
