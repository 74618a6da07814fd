"""Price lists by instance type or accelerator: several public layouts, one table of their columns."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from hybridplan.domain.pool import PurchaseOption
from hybridplan.io.options import Kind
from hybridplan.io.vendor import skus
from hybridplan.io.vendor.context import Context, Recogniser, as_id
from hybridplan.io.vendor.pricing import Offer, PriceList, accelerators, texts

_PRICES: Final[frozenset[Kind]] = frozenset({"prices"})
_WORLD: Final = "global"
_ABSENT: Final = frozenset({"", "unavailable"})


@dataclass(frozen=True)
class _Layout:
    """Columns of one layout. Prices are per instance and hour, unless ``per_accelerator`` names such a column."""

    name: str
    prices: tuple[tuple[str, PurchaseOption], ...]
    instance: str = ""
    accelerator: str = ""
    count: str = ""
    region: str = ""
    provider: str = ""
    per_accelerator: str = ""
    """Used for a line whose on-demand price of the whole instance is empty."""
    ignored: tuple[str, ...] = ()
    """Price columns that are not read: named in a warning."""
    term_years: float | None = None
    notes: dict[str, str] = field(default_factory=dict)
    """Assumptions that this layout always takes: name -> why."""

    @property
    def signature(self) -> set[str]:
        """Columns that tell this layout."""
        named = (self.instance, self.accelerator, self.count, self.region, self.provider, self.per_accelerator)
        return {name for name in (*named, *self.ignored, *(column for column, _ in self.prices)) if name}


_LAYOUTS: Final = (
    _Layout(
        "price list by instance type",
        (("usd_per_hour", "on_demand"),),
        instance="instance_type",
        region="region",
    ),
    _Layout("price list by VM size", (("usd_per_hour", "on_demand"),), instance="sku", region="region"),
    _Layout(
        "accelerator price list by region",
        (("on_demand_usd_per_hour", "on_demand"), ("reserved_usd_per_hour", "reserved")),
        instance="instance_type",
        accelerator="gpu",
        count="gpu_count",
        region="region",
        term_years=1.0,
        notes={"reserved": "the publisher's reserved price: one year, standard, nothing paid upfront"},
    ),
    _Layout(
        "instance comparison export",
        (
            ("On Demand", "on_demand"),
            ("Linux Reserved cost", "reserved"),
            ("Linux Spot Minimum cost", "interruptible"),
        ),
        instance="API Name",
        ignored=("Windows On Demand cost", "Windows Reserved cost"),
        notes={
            "interruptible": "the spot column is the lowest price seen; a plan may find it dearer",
            "reserved": "the reserved column does not say its term",
        },
    ),
    _Layout(
        "comparison of GPU clouds",
        (("On-demand", "on_demand"), ("Spot", "interruptible")),
        instance="Name",
        accelerator="GPU Type",
        count="GPUs",
        provider="Cloud",
        per_accelerator="Per-GPU",
    ),
)


def _recogniser(layout: _Layout) -> Recogniser:
    def matches(context: Context) -> bool:
        return layout.signature <= set(context.table.columns)

    return Recogniser(layout.name, _PRICES, matches, lambda context: _read(context, layout))


def _read(context: Context, layout: _Layout) -> None:
    prices = PriceList(context)
    for name, why in layout.notes.items():
        context.report.assume(name, "as published", why)
    if layout.ignored:
        context.report.warn(f"columns that were not read: {texts(layout.ignored)} (another operating system)")
    for line, cells in context.table.rows:
        _read_line(context, layout, prices, line, cells)
    prices.finish()


def _read_line(context: Context, layout: _Layout, prices: PriceList, line: int, cells: list[str]) -> None:
    def cell(column: str) -> str:
        return cells[context.at(column)].strip() if column else ""

    instance = cell(layout.instance)
    found = _accelerators(context, prices, line, instance, cell(layout.accelerator), cell(layout.count), layout)
    if found is None:
        return
    sku, number = found
    provider = as_id(cell(layout.provider)).lower() if layout.provider else context.provider(instance)
    region = cell(layout.region) or _region(context)
    given = [(column, option, cell(column)) for column, option in layout.prices]
    whole = {column: text for column, _, text in given if text not in _ABSENT}
    for column, option, text in given:
        total = prices.price(line, column, text) if text not in _ABSENT else None
        if column not in whole and option == "on_demand" and layout.per_accelerator and cell(layout.per_accelerator):
            column = layout.per_accelerator
            single = prices.price(line, column, cell(column))
            total = None if single is None else single * number
        elif text not in _ABSENT:
            pass
        elif option == "on_demand" and not whole:
            reason = "is not available" if text else "is empty"
            context.report.reject(line, column, text, f"the price {reason}")
        if total is not None:
            extra = {"term_years": layout.term_years} if option == "reserved" and layout.term_years else {}
            shown = cell(column)
            prices.add(
                Offer((line,), column, shown, provider, region, sku, option, instance, number, total, extra=extra)
            )


def _region(context: Context) -> str:
    if context.options.region:
        return context.options.region
    context.report.assume("region", _WORLD, "the file names no region: its prices are taken to hold everywhere")
    return _WORLD


def _accelerators(
    context: Context, prices: PriceList, line: int, instance: str, name: str, number: str, layout: _Layout
) -> tuple[str, float] | None:
    """(SKU, accelerators of the instance), or None after noting why not."""
    if layout.accelerator:
        count = accelerators(number, context)
        if isinstance(count, str):
            context.report.reject(line, layout.count, number, count)
            return None
        return prices.sku(line, name, instance), count
    alias = context.options.aliases.get(instance)
    known = skus.accelerators_of(instance)
    if known is None:
        reason = "the instance type has no accelerator, or none that is known here"
        context.report.reject(line, layout.instance, instance, reason)
        return None
    return (alias or known[0]), known[1]


def _is_ours(context: Context) -> bool:
    return context.has("provider", "region", "sku", "purchase_option", "price_usd_per_accelerator_hour")


def _read_ours(context: Context) -> None:
    """Our own price table, as the bundled catalogue has it and as an import of prices gives it."""
    prices = PriceList(context)
    options: tuple[PurchaseOption, ...] = ("owned", "reserved", "on_demand", "interruptible")
    column = "price_usd_per_accelerator_hour"
    for line, cells in context.table.rows:
        row = dict(zip(context.table.columns, cells, strict=True))
        option = next((o for o in options if o == row["purchase_option"].strip()), None)
        number = accelerators(row.get("accelerators_per_node", "") or "1", context)
        usd = prices.price(line, column, row[column])
        if option is None:
            reason = f"is none of {', '.join(options)}"
            context.report.reject(line, "purchase_option", row["purchase_option"], reason)
        elif isinstance(number, str):
            context.report.reject(line, "accelerators_per_node", row["accelerators_per_node"], number)
        elif not row["region"].strip() or not row["provider"].strip():
            context.report.reject(line, "region" if row["provider"].strip() else "provider", "", "is empty")
        elif usd is not None:
            sku = prices.sku(line, row["sku"].strip(), row.get("instance_type", "").strip())
            place = (row["provider"].strip(), row["region"].strip())
            term = context.number(row.get("term_years", "") or "")
            extra = {} if isinstance(term, str) else {"term_years": term}
            kind = row.get("instance_type", "").strip()
            prices.add(
                Offer((line,), column, row[column], *place, sku, option, kind, number, usd * number, extra=extra)
            )
    prices.finish()


INSTANCE_PRICES: Final = (
    Recogniser("own price table", _PRICES, _is_ours, _read_ours),
    *(_recogniser(layout) for layout in _LAYOUTS),
)
