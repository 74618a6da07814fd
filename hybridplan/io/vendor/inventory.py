"""Node lists into owned pools: nodes of one model and size become one pool."""

from __future__ import annotations

from typing import Any, Final

from hybridplan.io.report import count
from hybridplan.io.vendor import skus
from hybridplan.io.vendor.context import Context, Recogniser, as_id

_MODEL: Final = ("model", "gpu_model", "gpu_type", "accelerator", "gpu_product", "nvidia.com/gpu.product")
_COUNT: Final = ("gpu", "gpus", "gpu_count", "num_gpu", "nvidia.com/gpu.count", "nvidia.com/gpu")
_NAME: Final = ("sn", "node", "name", "hostname", "node_name", "host")
_ALL_GPUS: Final = 10_000


def _column(context: Context, names: tuple[str, ...]) -> str | None:
    lower = {column.casefold(): column for column in context.table.columns}
    return next((lower[name] for name in names if name in lower), None)


def _matches(context: Context) -> bool:
    return all(_column(context, names) for names in (_NAME, _COUNT, _MODEL))


def _read(context: Context) -> None:
    name, number, model = (_column(context, names) for names in (_NAME, _COUNT, _MODEL))
    if name is None or number is None or model is None:
        return
    report = context.report
    groups: dict[tuple[str, int], list[int]] = {}
    seen: dict[str, int] = {}
    for line, cells in context.table.rows:
        node, cell, code = cells[context.at(name)].strip(), cells[context.at(number)], cells[context.at(model)].strip()
        value = context.number(cell)
        if node and node in seen:
            report.reject(line, name, node, f"stands already in line {seen[node]}")
        elif isinstance(value, str) or value < 0 or value != int(value) or value > _ALL_GPUS:
            report.reject(line, number, cell, value if isinstance(value, str) else "is not a number of accelerators")
        elif value == 0:
            report.reject(line, number, cell, "the node has no accelerator")
        elif not code:
            report.reject(line, model, code, "the node names no accelerator model")
        else:
            seen[node] = line
            groups.setdefault((code, int(value)), []).append(line)
    for (code, per_node), lines in groups.items():
        report.rows.append(_pool(context, code, per_node, lines))
        report.used.update(lines)
    _tell(context)


def _pool(context: Context, code: str, per_node: int, lines: list[int]) -> dict[str, Any]:
    sku = skus.canonical(code, context.options.aliases)
    if sku is None:
        known = context.report.unknown_skus
        known[code] = known.get(code, 0) + len(lines)
    sku = sku or skus.spelled(code)
    row: dict[str, Any] = {
        "pool_id": as_id(f"{context.options.site or 'own'}-{code}-{per_node}x").lower(),
        "name": f"{count(len(lines), 'node')} with {per_node} {code}",
        "sku": sku,
        "purchase_option": "owned",
        "capacity_accelerators": float(per_node * len(lines)),
        "accelerators_per_node": per_node,
        "owned_cost": "sunk",
        "notes": f"From {context.source}"[:200],
    }
    return row if context.options.site is None else {**row, "site": context.options.site}


def _tell(context: Context) -> None:
    report = context.report
    if not report.rows:
        return
    report.assume("purchase_option", "owned", "a node list is an inventory of own hardware")
    report.warn(
        "the list has no prices: enter the price per accelerator-hour of each pool (0 only where that is meant)"
    )
    if context.options.site is None:
        report.warn("the list names no site: choose the site of the pools")
    for code, nodes in sorted(report.unknown_skus.items()):
        times = count(nodes, "node")
        report.warn(f"accelerator code {code!r} ({times}) has no catalogue name and is kept as it is; add an alias")


NODE_LIST: Final = Recogniser("node list", frozenset({"pools"}), _matches, _read)
