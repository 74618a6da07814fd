"""Files of no known form: which of our fields they may carry, a suggested mapping, and reading by a chosen one."""

from __future__ import annotations

import re
from typing import Final

from hybridplan.domain.pool import PurchaseOption
from hybridplan.io.forms.read import read_by_period, read_form
from hybridplan.io.forms.spec import Form, form_named
from hybridplan.io.options import Kind
from hybridplan.io.tables import RawTable
from hybridplan.io.vendor.context import Context
from hybridplan.io.vendor.hours import Bins, moment_of
from hybridplan.io.vendor.pricing import Offer, PriceList, accelerators
from hybridplan.io.vendor.skus import accelerators_of

_PRICES: Final = (
    "sku",
    "instance_type",
    "region",
    "price_usd_per_accelerator_hour",
    "price_usd_per_hour",
    "accelerators_per_node",
    "purchase_option",
    "provider",
)
_TRACE: Final = ("timestamp", "requests", "input_tokens", "output_tokens")


def _form_fields(name: str) -> tuple[str, ...]:
    form = form_named(name)
    required = [column.name for column in form.columns if column.required]
    return (*form.keys, *required, *(column.name for column in form.columns if not column.required))


MAPPED_FIELDS: Final[dict[str, tuple[str, ...]]] = {
    "prices": _PRICES,
    "pools": _form_fields("pools"),
    "workloads": _form_fields("workloads"),
    "links": ("from_site", "to_site", "round_trip_ms", "usd_per_gb", "gbps"),
    "demand": ("workload_id", "period_start", "value"),
    "trace": _TRACE,
    "sites": _form_fields("sites"),
    "datasets": _form_fields("datasets"),
    "contingencies": _form_fields("contingencies"),
}
"""Our fields of each kind that a column may be mapped to."""

_WORDS: Final = {
    "sku": ("gpu", "accelerator", "model", "gpu type", "card", "gpu model"),
    "instance_type": ("instance", "machine type", "vm size", "type", "flavor", "plan"),
    "region": ("location", "zone", "datacenter", "data center"),
    "price_usd_per_accelerator_hour": ("price per gpu", "per gpu", "gpu hour", "usd per gpu hour"),
    "price_usd_per_hour": ("price", "hourly", "on demand", "usd per hour", "hourly price", "cost per hour"),
    "accelerators_per_node": ("gpus", "gpu count", "count", "accelerators"),
    "capacity_accelerators": ("gpus", "gpu count", "count", "quantity", "capacity"),
    "provider": ("cloud", "vendor"),
    "purchase_option": ("option", "pricing model", "market"),
    "timestamp": ("time", "date", "arrival", "created"),
    "requests": ("count", "request count", "qps"),
    "input_tokens": ("prompt tokens", "context tokens", "input length", "prompt length"),
    "output_tokens": ("completion tokens", "generated tokens", "output length", "response tokens"),
    "from_site": ("source", "src", "from", "origin"),
    "to_site": ("destination", "dst", "dest", "to", "target"),
    "round_trip_ms": ("rtt", "latency", "latency ms", "avg rtt", "ping"),
    "usd_per_gb": ("cost", "price", "egress"),
    "gbps": ("bandwidth", "throughput"),
    "workload_id": ("workload", "service", "application", "app"),
    "period_start": ("time", "hour", "start", "timestamp"),
    "value": ("demand", "requests", "load"),
    "pool_id": ("pool", "node", "name", "id", "cluster"),
    "site_id": ("site", "name", "id"),
    "dataset_id": ("dataset", "name", "id"),
    "home_site": ("site", "location", "bucket"),
    "size_gb": ("size", "gb", "volume"),
    "contingency_id": ("contingency", "failure", "id"),
    "failures_per_year": ("failures", "per year", "frequency"),
    "repair_hours": ("repair", "mttr", "outage hours"),
}
"""Other names that a field goes by."""


def suggest(columns: list[str], kind: Kind) -> dict[str, str]:
    """Our field -> column of the file, each column once, by equal or usual names."""
    free = {_plain(column): column for column in reversed(columns) if column}
    found = {}
    for exact in (True, False):
        for name in MAPPED_FIELDS[kind]:
            candidates = (_plain(name),) if exact else _WORDS.get(name, ())
            hit = next((word for word in candidates if word in free), None)
            if name not in found and hit is not None:
                found[name] = free.pop(hit)
    return found


def read_mapped(context: Context) -> None:
    """Read a table by ``options.mapping``; a column that does not exist is a fault of the mapping."""
    mapping = dict(context.options.mapping)
    known = set(MAPPED_FIELDS[context.kind])
    for name, column in mapping.items():
        if name not in known:
            context.report.reject(0, name, column, f"is no field of {context.kind}; the fields are {', '.join(known)}")
        elif column not in context.table.columns:
            context.report.reject(0, column, name, "the mapping names this column, and the file has none")
    if context.report.rejected:
        return
    if context.kind == "prices":
        _read_prices(context, mapping)
    elif context.kind == "trace":
        _read_trace(context, mapping)
    elif context.kind == "links":
        _read_links(context, mapping)
    else:
        form = form_named(context.kind)
        renamed = _renamed(context.table, mapping, form)
        if form.by_period:
            read_by_period(renamed, form, context.report, context.decimal)
        else:
            read_form(renamed, form, context.report, context.decimal)


def _renamed(table: RawTable, mapping: dict[str, str], form: Form) -> RawTable:
    names = {column: name for name, column in mapping.items()}
    columns = [names.get(column, f"({column})" if column in form.header else column) for column in table.columns]
    return RawTable(columns=columns, rows=table.rows, kind=table.kind)


def _cell(context: Context, cells: list[str], mapping: dict[str, str], name: str) -> str:
    return cells[context.at(mapping[name])].strip() if name in mapping else ""


def _read_prices(context: Context, mapping: dict[str, str]) -> None:
    per_accelerator = "price_usd_per_accelerator_hour" in mapping
    column = mapping.get("price_usd_per_accelerator_hour") or mapping.get("price_usd_per_hour")
    if column is None or not {"sku", "instance_type"} & set(mapping):
        context.report.fail("a mapping of prices needs a price column, and the SKU or the instance type")
        return
    prices = PriceList(context)
    for line, cells in context.table.rows:
        name, instance = (_cell(context, cells, mapping, field) for field in ("sku", "instance_type"))
        known = accelerators_of(instance) if instance else None
        number: float | str = known[1] if known else 1.0
        if "accelerators_per_node" in mapping:
            number = accelerators(_cell(context, cells, mapping, "accelerators_per_node"), context)
        cell = cells[context.at(column)]
        usd = prices.price(line, column, cell)
        option = option_of(_cell(context, cells, mapping, "purchase_option"))
        if isinstance(number, str):
            context.report.reject(line, mapping["accelerators_per_node"], "", number)
        elif option is None:
            context.report.reject(line, mapping["purchase_option"], "", "is no purchase option that is known")
        elif not name and not known:
            context.report.reject(line, mapping.get("sku", ""), instance, "names no accelerator that is known")
        elif not per_accelerator and "accelerators_per_node" not in mapping and not known:
            reason = "how many accelerators this price buys is not known: map the column with their number"
            context.report.reject(line, column, cell, reason)
        elif usd is not None:
            sku = prices.sku(line, name, instance) if name or not known else known[0]
            total = usd * number if per_accelerator else usd
            provider = _cell(context, cells, mapping, "provider") or context.provider(instance)
            region = _cell(context, cells, mapping, "region") or context.options.region or "global"
            prices.add(Offer((line,), column, cell, provider, region, sku, option, instance, number, total))
    prices.finish()


def option_of(text: str) -> PurchaseOption | None:
    """The purchase option that a word means; on demand where nothing is said, None for an unknown word."""
    word = _plain(text)
    if word in {"", "on demand", "ondemand", "standard", "payg", "pay as you go", "consumption"}:
        return "on_demand"
    if word in {"spot", "interruptible", "preemptible", "low priority"}:
        return "interruptible"
    return "reserved" if word in {"reserved", "committed", "reservation"} else None


def _read_links(context: Context, mapping: dict[str, str]) -> None:
    from hybridplan.io.vendor.network import add_link

    if not {"from_site", "to_site"} <= set(mapping):
        context.report.fail("a mapping of links needs from_site and to_site")
        return
    measures = {name: column for name, column in mapping.items() if name not in {"from_site", "to_site"}}
    for line, cells in context.table.rows:
        ends = (_cell(context, cells, mapping, "from_site"), _cell(context, cells, mapping, "to_site"))
        add_link(context, line, ends, {name: (column, cells[context.at(column)]) for name, column in measures.items()})


def _read_trace(context: Context, mapping: dict[str, str]) -> None:
    if "timestamp" not in mapping:
        context.report.fail("a mapping of a trace needs the column with the time (timestamp)")
        return
    bins = Bins(context, ("requests", *(name for name in _TRACE[2:] if name in mapping)))
    column = mapping["timestamp"]
    for line, cells in context.table.rows:
        moment = moment_of(context, cells[context.at(column)])
        if isinstance(moment, str):
            context.report.reject(line, column, cells[context.at(column)], moment)
            continue
        values: dict[str, float] = {} if "requests" in mapping else {"requests": 1.0}
        for name in _TRACE[1:]:
            value = context.number(_cell(context, cells, mapping, name)) if name in mapping else 0.0
            if isinstance(value, str) or value < 0:
                reason = value if isinstance(value, str) else "is negative"
                context.report.reject(line, mapping[name], _cell(context, cells, mapping, name), reason)
                break
            values.setdefault(name, value)
        else:
            bins.add_count(line, moment, values)
    bins.finish()


def _plain(name: str) -> str:
    return " ".join(re.sub(r"[^a-z0-9]+", " ", name.casefold()).split())
