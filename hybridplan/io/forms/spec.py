"""The forms: which records each carries, under which keys, and where they stand in a scenario document."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from hybridplan.domain import (
    Commitment,
    Contingency,
    Copy,
    Dataset,
    Expansion,
    Link,
    Pool,
    PriceTier,
    ScalingPoint,
    Site,
    SpendCommitment,
    Throughput,
    Window,
    Workload,
)
from hybridplan.domain.record import Record
from hybridplan.io.forms.columns import Column, columns_of

_WORKLOAD_PARTS: Final = ("demand_units_per_hour", "windows", "throughput", "scaling", "route_cost_usd_per_unit")
_RATES: Final = "rates_usd_per_accelerator_hour"


@dataclass(frozen=True)
class Form:
    """A table of our own. ``keys`` name the record; with two keys the second names a part of the first's record.

    ``section``: of the scenario document, dotted where it lies deeper. ``part``: field of the record that holds the
    parts ("" for whole records).
    ``by_period``: one row per record and period. ``example``: the template's second line.
    """

    name: str
    section: str
    keys: tuple[str, ...]
    columns: tuple[Column, ...]
    example: dict[str, str]
    part: str = ""
    model: type[Record] | None = None
    by_period: bool = False

    @property
    def header(self) -> tuple[str, ...]:
        """Names of all columns, keys first."""
        return (*self.keys, *(column.name for column in self.columns))

    @property
    def signature(self) -> frozenset[str]:
        """Columns that a table must have to be this form."""
        return frozenset((*self.keys, *(column.name for column in self.columns if column.required)))


_PERIOD: Final = Column("period_start", "time", required=True)

FORMS: Final[tuple[Form, ...]] = (
    Form(
        "sites",
        "sites",
        ("site_id",),
        columns_of(Site),
        {"site_id": "fra-private", "kind": "private", "provider": "own", "jurisdiction": "DE", "pue": "1.3"},
        model=Site,
    ),
    Form(
        "pools",
        "pools",
        ("pool_id",),
        columns_of(Pool, ("up_share", "price_tiers")),
        {
            "pool_id": "fra-h100",
            "site": "fra-private",
            "sku": "H100",
            "purchase_option": "owned",
            "capacity_accelerators": "64",
            "price_usd_per_accelerator_hour": "1.48",
        },
        model=Pool,
    ),
    Form(
        "workloads",
        "workloads",
        ("workload_id",),
        columns_of(Workload, _WORKLOAD_PARTS),
        {
            "workload_id": "chat",
            "kind": "inference",
            "unit": "requests",
            "origin_site": "fra-private",
            "unserved_usd_per_unit": "0.05",
        },
        model=Workload,
    ),
    Form(
        "throughput",
        "workloads",
        ("workload_id", "sku"),
        columns_of(Throughput),
        {"workload_id": "chat", "sku": "H100", "units_per_accelerator_hour": "9000", "service_ms": "400"},
        part="throughput",
        model=Throughput,
    ),
    Form(
        "windows",
        "workloads",
        ("workload_id", "window_id"),
        columns_of(Window),
        {
            "workload_id": "training",
            "window_id": "monday",
            "block": "week",
            "start": "2026-06-01T00:00:00+02:00",
            "end": "2026-06-02T00:00:00+02:00",
            "volume_units": "500",
        },
        part="windows",
        model=Window,
    ),
    Form(
        "scaling",
        "workloads",
        ("workload_id", "point_id"),
        columns_of(ScalingPoint),
        {
            "workload_id": "training",
            "point_id": "64-on-infiniband",
            "interconnect": "infiniband",
            "accelerators": "64",
            "efficiency_share": "0.92",
        },
        part="scaling",
        model=ScalingPoint,
    ),
    Form(
        "route_costs",
        "workloads",
        ("workload_id", "pool_id"),
        (Column("route_cost_usd_per_unit", "number", required=True),),
        {"workload_id": "chat", "pool_id": "fra-h100", "route_cost_usd_per_unit": "0.001"},
        part="route_cost_usd_per_unit",
    ),
    Form(
        "links",
        "links",
        ("link_id",),
        columns_of(Link),
        {"link_id": "fra>ams", "from_site": "fra-private", "to_site": "gcp-ams", "round_trip_ms": "9.5"},
        model=Link,
    ),
    Form(
        "commitments",
        "commitments",
        ("commitment_id",),
        columns_of(Commitment),
        {
            "commitment_id": "a100-1y",
            "pool": "aws-a100-reserved",
            "accelerators": "16",
            "fee_usd_per_accelerator_hour": "1.9",
        },
        model=Commitment,
    ),
    Form(
        "spend_commitments",
        "spend_commitments",
        ("spend_commitment_id",),
        columns_of(SpendCommitment, (_RATES,)),
        {"spend_commitment_id": "plan-3y", "usd_per_hour": "40", "max_new_usd_per_hour": "100", "term_years": "3"},
        model=SpendCommitment,
    ),
    Form(
        "spend_rates",
        "spend_commitments",
        ("spend_commitment_id", "pool_id"),
        (Column(_RATES, "number", required=True),),
        {"spend_commitment_id": "plan-3y", "pool_id": "aws-h100", _RATES: "4.1"},
        part=_RATES,
    ),
    Form(
        "price_tiers",
        "pools",
        ("pool_id", "tier_id"),
        columns_of(PriceTier),
        {
            "pool_id": "aws-h100",
            "tier_id": "from-5000",
            "from_quantity": "5000",
            "usd_per_accelerator_hour": "6.2",
        },
        part="price_tiers",
        model=PriceTier,
    ),
    Form(
        "expansions",
        "expansions",
        ("expansion_id",),
        columns_of(Expansion),
        {
            "expansion_id": "fra-2027",
            "pool": "fra-h100",
            "max_accelerators": "64",
            "capex_usd_per_accelerator": "38000",
            "lead_time_blocks": "1",
        },
        model=Expansion,
    ),
    Form(
        "datasets",
        "datasets",
        ("dataset_id",),
        columns_of(Dataset, ("copies",)),
        {
            "dataset_id": "corpus",
            "home_site": "fra-private",
            "size_gb": "20000",
            "change_gb_per_hour": "5",
        },
        model=Dataset,
    ),
    Form(
        "copies",
        "datasets",
        ("dataset_id", "site_id"),
        columns_of(Copy),
        {"dataset_id": "corpus", "site_id": "gcp-ams", "state": "choosable"},
        part="copies",
        model=Copy,
    ),
    Form(
        "contingencies",
        "policy.contingencies",
        ("contingency_id",),
        columns_of(Contingency),
        {
            "contingency_id": "power-feed",
            "name": "feed B",
            "kind": "group",
            "sites": "fra-private",
            "pools": "gcp-ams-h100",
            "links": "fra>ams",
            "failures_per_year": "0.5",
            "repair_hours": "6",
        },
        model=Contingency,
    ),
    Form(
        "demand",
        "workloads",
        ("workload_id",),
        (_PERIOD, Column("value", "number", required=True), Column("unit", "text")),
        {
            "workload_id": "chat",
            "period_start": "2026-06-01T00:00:00+02:00",
            "value": "120000",
            "unit": "requests per hour",
        },
        part="demand_units_per_hour",
        by_period=True,
    ),
    Form(
        "maintenance",
        "pools",
        ("pool_id",),
        (_PERIOD, Column("up_share", "number", required=True)),
        {"pool_id": "fra-h100", "period_start": "2026-06-01T00:00:00+02:00", "up_share": "0.875"},
        part="up_share",
        by_period=True,
    ),
)

_BY_NAME: Final = {form.name: form for form in FORMS}


def form_named(name: str) -> Form:
    """The form of that name. Raises KeyError, which names those that exist."""
    if name not in _BY_NAME:
        raise KeyError(f"{name!r} is no form; the forms are {', '.join(_BY_NAME)}")
    return _BY_NAME[name]


def recognise(columns: list[str]) -> Form | None:
    """The form whose keys and required columns all stand in the header; the one with most columns in common."""
    found = [form for form in FORMS if form.signature <= set(columns)]
    return max(found, key=lambda form: len(set(columns) & set(form.header)), default=None)
