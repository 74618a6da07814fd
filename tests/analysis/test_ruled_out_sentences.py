"""Every pair that is ruled out is a sentence with its figures, and says what would change it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from builders import one_site, pool, rigid, scenario

from hybridplan.analysis.sentences import routes, ruled_out
from hybridplan.analysis.wording import ENGLISH
from hybridplan.domain import Workload
from hybridplan.model import routes as model_routes
from hybridplan.model.routes import RouteIndex, interruption_overhead

THERE = {"name": "Stockholm", "kind": "public", "provider": "x", "jurisdiction": "SE"}


def said(work: dict[str, Any], one_pool: dict[str, Any] | None = None, **shape: Any) -> str:
    """The sentence on the pair of w and p, which is ruled out."""
    links = {"l": {"from_site": "here", "to_site": "far", "round_trip_ms": 26.0}}
    shape = {"sites": {**one_site(), "far": THERE}, "links": links} | shape
    made = scenario({"p": {**pool("on_demand", 5, 1.0, site="far"), **(one_pool or {})}}, {"w": work}, **shape)
    return ruled_out.by_pair(made)["w", "p"]


THROUGH = {"gpu": {"units_per_accelerator_hour": 1.0, "service_ms": 5.0}}


def test_too_far_away() -> None:
    """26 ms there and back and 5 ms of service against 20 ms; with a queue equality is not enough."""
    text = said(rigid([1.0], latency_objective_ms=20.0, throughput=THROUGH))
    assert text == (
        "w cannot run on gpu in p: at least 31 ms round trip and service, its objective is 20 ms; an objective of 31 "
        "ms would allow it."
    )
    text = said(rigid([1.0], latency_objective_ms=20.0, latency_statistic="mean", throughput=THROUGH))
    assert text.endswith("with no queue, its objective is 20 ms; an objective above 31 ms would allow it.")


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({"allowed_jurisdictions": ["DE"]}, "residency allows DE only; residency that allows SE would allow it."),
        ({"required_attributes": ["encryption_at_rest"]}, "needs encryption at rest, which Stockholm does not offer"),
        ({"required_link_attributes": ["encryption_in_transit"]}, "a link from here to Stockholm with encryption in"),
        ({"allowed_sites": ["here"]}, "its allowed sites are here, not Stockholm; Stockholm among its allowed sites"),
        ({"denied_sites": ["far"]}, "Stockholm is one of its denied sites; Stockholm no longer denied would allow it."),
        ({"egress_gb_per_unit": 1.0}, "there is no link from Stockholm to here; a link from Stockholm to here would"),
        (
            {"throughput": {"big": THROUGH["gpu"]}},
            "no throughput is known on gpu; a throughput on gpu (accelerator-",
        ),
    ],
)
def test_each_reason(fields: dict[str, Any], text: str) -> None:
    assert text in said(rigid([1.0], **fields))


def test_several_reasons_must_all_go() -> None:
    text = said(rigid([1.0], denied_sites=["far"], allowed_jurisdictions=["DE"]))
    assert "residency that allows SE and Stockholm no longer denied would together allow it" in text


def test_data_that_is_not_there() -> None:
    kept = {"storage_usd_per_gb_month": 1.0}
    sites = {**one_site(**kept), "far": THERE | kept}
    data = {"d": {"name": "Corpus", "home_site": "here", "size_gb": 1.0}}
    text = said(rigid([1.0], datasets=["d"]), sites=sites, datasets=data)
    assert "no copy of Corpus may be at Stockholm; a copy of Corpus at Stockholm would allow it." in text


BACKUPS: list[tuple[dict[str, Any], dict[str, Any], str]] = [
    ({"backup_sites": ["far"]}, {}, "its results cannot be backed up from Stockholm: Stockholm is the same site; a"),
    (
        {"backup_sites": ["far", "here"], "backup_apart": "provider"},
        {"provider": "x"},
        "site and here is of the same pro",
    ),
    (
        {"backup_sites": ["here"], "backup_apart": "zone"},
        {"zone": "z"},
        "Stockholm: here is in the same zone; a backup",
    ),
    (
        {"backup_sites": ["here"]},
        {},
        "from Stockholm: there is no link to here; a backup site that is apart from Stockholm",
    ),
    (
        {"backup_sites": ["here"], "allowed_jurisdictions": ["SE"]},
        {},
        "from Stockholm: here is in DE while residency allows SE only; a backup site that is apart from Stockholm, "
        "keeps its rules and has a link from there would allow it.",
    ),
]


@pytest.mark.parametrize(("fields", "home", "text"), BACKUPS)
def test_why_results_have_no_backup(fields: dict[str, Any], home: dict[str, Any], text: str) -> None:
    """Each backup site is named with its own reason, in their order, up to the first that lacks but a link."""
    kept = {"storage_usd_per_gb_month": 1.0}
    sites = {**one_site(**kept, **home), "far": THERE | kept | {"zone": "z"}}
    work = rigid([1.0], result_gb_per_unit=1.0, result_kept_hours=1.0, **fields)
    assert text in said(work, sites=sites)


def test_a_site_that_lacks_an_attribute_is_named_even_where_no_check_was_made() -> None:
    """The pool offers it; here, where the results would go, does not. So too where the zone is not known."""
    kept = {"storage_usd_per_gb_month": 1.0}
    sites = {**one_site(**kept, attributes=["encryption_at_rest"]), "far": THERE | kept}
    fields = {"backup_sites": ["here"], "required_attributes": ["encryption_at_rest"]}
    work = rigid([1.0], result_gb_per_unit=1.0, result_kept_hours=1.0, **fields)
    there = pool("on_demand", 5, 1.0, site="far", attributes=["encryption_at_rest"])
    links = {"l": {"from_site": "here", "to_site": "far", "round_trip_ms": 26.0}}
    made = scenario({"p": there}, {"w": work}, sites=sites, links=links)
    bare = {**made.sites, "here": made.sites["here"].model_copy(update={"attributes": ()})}
    text = ruled_out.by_pair(made.model_copy(update={"sites": bare}))["w", "p"]
    assert "from Stockholm: here does not offer encryption at rest; a backup" in text
    by_zone = {"w": made.workloads["w"].model_copy(update={"backup_apart": "zone"})}
    text = ruled_out.by_pair(made.model_copy(update={"workloads": by_zone}))["w", "p"]
    assert "from Stockholm: the zone of here or Stockholm is not known; a backup" in text


@pytest.mark.parametrize(("interval", "restart"), [(None, 0.5), (None, 0.0), (2.0, 0.5)])
def test_interruptions_from_which_nothing_is_left(interval: float | None, restart: float) -> None:
    """Just below the figure that is named some time is left, at it none is."""
    fields = {"checkpoint_hours": 0.25, "checkpoint_interval_hours": interval, "restart_hours": restart}
    work = rigid([1.0], interruptible=True, **{k: v for k, v in fields.items() if v is not None})
    most = ruled_out.most_interruptions(Workload.model_validate(work))
    spot = {"purchase_option": "interruptible", "interruptions_per_hour": most}
    made = scenario({"p": {**pool("interruptible", 5, 1.0), **spot}}, {"w": work})
    assert interruption_overhead(made.workloads["w"], made.pools["p"]) == pytest.approx(1.0)
    text = said(work, spot | {"interruptions_per_hour": 2.0 * most})
    assert "interruptions an hour would lose all of the time; fewer than" in text


def test_every_reason_of_the_model_has_its_sentence_and_its_change() -> None:
    source = Path(model_routes.__file__).read_text(encoding="utf-8")
    codes = set(re.findall(r'Reason\("(\w+)"', source))
    assert len(codes) >= 11
    assert {code for code in codes if f"route.{code}" not in ENGLISH or f"route.{code}.change" not in ENGLISH} == set()
    assert codes == set(routes.REASONS)


def test_routes_have_no_sentence() -> None:
    made = scenario({"p": pool("on_demand", 5, 1.0)}, {"w": rigid([1.0])})
    assert RouteIndex(made).routes
    assert ruled_out.by_pair(made) == {}
