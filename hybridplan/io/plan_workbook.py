"""A plan as an Excel workbook: a page that explains it, summary, costs, prices, tables, certificate, and the inputs."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from hybridplan.domain.prices import contracted_price_usd, discount_share
from hybridplan.io import exports
from hybridplan.io.workbook_inputs import PREFIX, input_sheets
from hybridplan.io.workbook_sheets import Book, Rows
from hybridplan.units import per_year

if TYPE_CHECKING:
    import pandas as pd

    from hybridplan.plan import Plan

_UNITS: Final = {
    "accelerators_busy": "accelerators",
    "accelerators_assigned": "accelerators",
    "accelerators_provisioned": "accelerators",
    "accelerators_available": "accelerators",
    "accelerators_kept": "accelerators",
    "accelerators_standby": "accelerators",
    "accelerators_covered": "accelerators",
    "gb_per_hour": "GB per hour",
    "share": "share of the data",
    "units_per_hour": "work units per hour",
    "units": "work units per occurrence",
    "usd": "USD over the horizon",
    "usd_per_year": "USD per year",
    "usd_per_unit": "USD of the horizon per unit",
    "usd_saved_by_one": "USD over the horizon",
    "objective_usd": "USD over the horizon",
    "unserved_share_max": "share of demand",
    "period_start": "UTC",
    "weight_hours": "hours",
    "energy_kwh": "kWh",
    "carbon_tonnes": "t CO2e",
    "latency_floor_ms": "ms",
    "round_trip_ms": "ms",
    "service_ms": "ms",
    "load_limit": "share",
    **dict.fromkeys(
        ("busy", "assigned", "ready", "provisioned", "booting", "available", "in_maintenance", "started", "peak"),
        "accelerators",
    ),
    **dict.fromkeys(("volume", "done", "unserved"), "work units per occurrence"),
    **dict.fromkeys(("start", "end", "begins", "finishes"), "UTC"),
}

_TABLES: Final = (
    ("Allocation", "allocation", "Accelerators and work units of each workload in each pool, by period; no row: 0"),
    ("Provisioned", "provisioned", "Accelerators switched on, available and busy in each pool, by period"),
    ("Unserved by hour", "unserved_hourly", "Demand of rigid work that is not met, by period"),
    ("Unserved by window", "unserved_windows", "Deferrable work that is not done, by window"),
    ("Kept", "kept", "Owned accelerators that are kept"),
    ("Standby", "standby", "Accelerators kept ready for a failure, and what they could serve; no row: 0"),
    ("Cost lines", "cost_lines", "Every cost and penalty by term, workload and pool"),
    ("Quantities", "quantities", "Accelerator-hours, energy and carbon by pool, over the horizon"),
    ("Shadow prices", "shadow_prices", "What one more unit of a limit would save, by limit and period"),
    ("One more", "shadow_ranges", "What one more accelerator really saves, and up to how many"),
    ("Routes", "routes", "Every pair of workload and pool, and why it can or cannot be used"),
)
_WHERE_THERE_ARE: Final = (
    ("After failures", "redispatch", "Where work with a shared or cold promise runs after each failure; no row: 0"),
    ("Purchases", "purchases", "What is bought or newly committed, one number for the whole horizon"),
    ("Covered", "covered", "Accelerators that a spend commitment pays for, by period; no row: 0"),
    ("Private flows", "private_flows", "What goes over private lines, by period; no row: 0"),
    ("Copies", "copies", "Copies of datasets beside those at home"),
    ("Sync", "syncs", "Share of the data for each copy that goes over each link; no row: 0"),
)
"""Sheets that stand there only where they have rows."""
_TERMS: Final = {
    "usage": "Rented capacity, on demand and interruptible",
    "owned_fixed": "Owned capacity",
    "commitment": "Commitments, used or not",
    "energy": "Electricity that no price includes",
    "carbon": "Carbon at the price of the policy",
    "transfer": "Data sent between sites",
    "route": "Costs of single routes",
    "start": "Nodes that are started",
    "unserved": "Work that is not done",
    "congestion": "Waiting",
    "balance": "Uneven use",
}
_INPUTS: Final = {
    "sites": "Places: provider, region, electricity, grid carbon",
    "pools": "Accelerators of one kind at one site, with capacity and price",
    "workloads": "What must run, and under which rules",
    "throughput": "What one accelerator does for a workload",
    "windows": "When deferrable work must be done, and how much",
    "scaling": "How gains shrink with more accelerators",
    "route_costs": "Costs per unit of single routes",
    "links": "Round trip, price and bandwidth between sites",
    "commitments": "Capacity that is paid in every hour",
    "demand": "Rigid demand by period",
    "maintenance": "Share of a pool that is up, by period",
    "other": "Name, horizon, policy and all else that has no table of its own",
}
_SHEETS: Final = {
    "Summary": "The answer in a few lines",
    "Costs": "Costs and penalties by term",
    "Prices": "Prices that the plan was made with, with discounts, sources and dates",
    **{title: about for title, _, about in (*_TABLES, *_WHERE_THERE_ARE)},
    "Latency": "Latency of served work, queue included, by route and period",
    "Switched on": "What is switched on, starting and idle, by pool and period",
    "Jobs": "When each job runs and how much of it is done",
    "Baselines": "What simple rules would cost",
    "Certificate": "How far the plan is proven, without trusting the solver",
}


def write(plan: Plan, more: Mapping[str, pd.DataFrame], made_at: datetime | None = None) -> bytes:
    """The workbook's bytes, ``more``: further tables by sheet. Text stays text: no cell becomes a formula or a link.

    ``made_at`` (aware) stands on the first sheet; None: it is left out. The input sheets are read back by
    :mod:`hybridplan.io.workbook_scenario`.
    """
    buffer = io.BytesIO()
    book = Book(buffer, made_at)
    document = exports.plan_json(plan)
    shown = {title: key for title, key, _ in (*_TABLES, *(row for row in _WHERE_THERE_ARE if document[row[1]]))}
    book.page("Read me", _read_me(plan, {*shown, *more}, more, made_at))
    book.table("Summary", _FACTS, _known(_summary(plan)))
    book.table("Costs", _labels(("term", "kind", "meaning", "usd", "usd_per_year")), _costs(plan))
    book.table("Prices", _PRICES, _prices(plan))
    for title, key in shown.items():
        _table(book, title, document[key])
    for title, frame in more.items():
        _table(book, title, exports.rows(frame))
    book.table("Baselines", _labels(("baseline", "objective_usd", "unserved_share_max", "breaks")), _baselines(plan))
    book.table("Certificate", _FACTS, _known(_certificate(plan)))
    for sheet in input_sheets(plan.scenario):
        book.table(sheet.title, sheet.header, sheet.rows, is_exact=True)
    book.close()
    return buffer.getvalue()


def _read_me(
    plan: Plan, shown: set[str], more: Mapping[str, pd.DataFrame], made_at: datetime | None
) -> Iterator[tuple[str, str]]:
    hours = plan.scenario.horizon.plan_hours
    yield ("Plan", plan.scenario.name)
    if made_at is not None:
        yield ("Made at", f"{made_at.astimezone(UTC):%Y-%m-%d %H:%M} UTC")
    yield ("Inputs sha256", plan.content_hash)
    yield ("Money", f"USD over the horizon of {hours:,.6g} hours, where a column does not say otherwise")
    yield ("Times", "UTC, written as 2026-06-01T00:00:00+00:00")
    yield (
        "Open it again",
        f"hybridplan reads the sheets whose name begins with {PREFIX.strip()!r}: in its menu Scenario, under Open a "
        "scenario file, or by hybridplan solve FILE.xlsx. What you change, add or delete in them counts. Changes in "
        "other sheets are not read; the results there are those of the inputs with the sha256 above.",
    )
    yield (
        "Input sheets",
        "An empty cell means the default. Lists are separated by |. A few numbers of 17 digits are kept as text, since "
        "a number cell holds 16. Text that begins with ' is written with one more; a single ' means empty text. Keep "
        "the names in the first row.",
    )
    yield ("", "")
    absent = {*(title for title, *_ in _WHERE_THERE_ARE), "Latency", "Switched on", "Jobs"} - shown
    present = [title for title in _SHEETS if title not in absent]
    yield from ((title, _SHEETS[title]) for title in present)
    yield from ((title, "Further table") for title in more if title not in _SHEETS)
    for sheet in input_sheets(plan.scenario):
        yield (sheet.title, _INPUTS.get(sheet.title.removeprefix(PREFIX), "Inputs"))


_FACTS: Final = ("what", "value", "unit")


def _known(rows: Rows) -> Rows:
    """Facts that have a value."""
    return (row for row in rows if row[1] is not None and row[1] != "")


def _summary(plan: Plan) -> Rows:
    hours = plan.scenario.horizon.plan_hours
    yield ("scenario", plan.scenario.name, "")
    yield ("status", plan.status.value, "")
    yield ("objective", plan.objective_usd, "USD over the horizon")
    yield ("of it fixed, whatever is decided", plan.constant_usd, "USD over the horizon")
    if plan.instant_objective_usd is not None and plan.objective_usd is not None:
        yield ("objective with instant scaling", plan.instant_objective_usd, "USD over the horizon")
        yield ("price of slow scaling", plan.objective_usd - plan.instant_objective_usd, "USD over the horizon")
    yield ("horizon", hours, "hours")
    for name, amount in plan.unserved.items():
        yield (f"unserved: {name}", amount.quantity, amount.unit)
    yield ("inputs sha256", plan.content_hash, "")
    yield ("solver", f"{plan.solver.name} {plan.solver.version}", "")
    yield ("solver time", plan.solver.seconds, "s")
    yield ("time limit", plan.solver.time_limit_seconds, "s")
    yield ("stopped by the time limit", plan.solver.stopped_early, "")
    yield ("kind of problem", plan.kind.replace("_", " "), "")
    yield ("gap at which the search ends", plan.solver.gap_target, "relative")


def _costs(plan: Plan) -> Rows:
    hours = plan.scenario.horizon.plan_hours
    for kind, amounts in (("cost", plan.cost_usd), ("penalty", plan.penalty_usd)):
        for term, usd in amounts.items():
            yield (term, kind, _TERMS.get(term, ""), usd, per_year(usd, hours))
    for name, total in (("all costs", sum(plan.cost_usd.values())), ("all penalties", sum(plan.penalty_usd.values()))):
        yield (name, "total", "", total, per_year(total, hours))


_PRICES: Final = ("what", "id", "name", "list price", "discount", "price in force", "unit", "source", "date")


def _prices(plan: Plan) -> Rows:
    """List price, discount and price in force of everything that has a price."""
    scenario = plan.scenario
    for key, pool in scenario.pools.items():
        if pool.purchase_option != "reserved":
            what, unit = pool.purchase_option.replace("_", " "), f"USD per {pool.unit}-hour"
            listed, discount = pool.price_usd_per_accelerator_hour, discount_share(scenario, pool)
            row = (what, key, pool.name, listed, discount, contracted_price_usd(scenario, pool), unit)
            yield (*row, pool.price_source, _day(pool.price_date))
    for key, c in scenario.commitments.items():
        fee, unit = c.fee_usd_per_accelerator_hour, "USD per accelerator-hour, used or not"
        yield ("commitment", key, c.name, fee, 0.0, fee, unit, c.price_source, _day(c.price_date))
    for key, site in scenario.sites.items():
        usd = site.electricity_usd_per_kwh
        if usd is not None:
            yield (
                "electricity",
                key,
                site.name,
                usd,
                0.0,
                usd,
                "USD per kWh",
                site.rates_source,
                _day(site.rates_date),
            )
    for key, link in scenario.links.items():
        usd, way = link.usd_per_gb, f"{link.from_site} to {link.to_site}"
        yield ("data transfer", key, way, usd, 0.0, usd, "USD per GB", link.source, _day(link.as_of))
    carbon = scenario.policy.carbon_usd_per_tonne
    yield ("carbon", "", "", carbon, 0.0, carbon, "USD per t CO2e", "", "")


def _day(day: Any) -> str:
    return day.isoformat() if day else ""


def _baselines(plan: Plan) -> Rows:
    for name, baseline in plan.baselines.items():
        worst = max((amount.share for amount in baseline.unserved.values()), default=0.0)
        yield (name, baseline.objective_usd, worst, "; ".join(baseline.breaks))


def _certificate(plan: Plan) -> Rows:
    proof = plan.certificate
    if proof is None:
        yield ("certificate", "none: there is no plan", "")
        return
    yield ("passed", proof.passed, "")
    yield ("rules checked", proof.rules_checked, "")
    yield ("largest violation", proof.max_residual, "relative")
    yield ("where", proof.worst_rule, "")
    yield ("no plan can cost less than", proof.bound_usd, "USD over the horizon")
    yield ("gap", proof.gap, "relative")
    yield ("bound by", proof.bound_source, "")
    yield ("bound without whole numbers", proof.relaxation_bound_usd, "USD over the horizon")
    yield ("left out by straight lines", proof.tangent_error_usd, "USD over the horizon")
    for failure in proof.failures:
        yield ("failure", failure, "")


def _table(book: Book, title: str, records: list[dict[str, Any]]) -> None:
    header = list(records[0]) if records else ["no rows"]
    book.table(title, _labels(header), ([record.get(name) for name in header] for record in records))


def _labels(header: tuple[str, ...] | list[str]) -> list[str]:
    return [f"{name} ({_UNITS[name]})" if name in _UNITS else name for name in header]
