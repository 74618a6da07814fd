"""Every limit of the model has a sentence with its unit, and every failure says what it takes and what goes on."""

from __future__ import annotations

import re
from typing import Any

import pytest
from builders import pool, rigid, scenario
from small_plan import plan

from hybridplan.analysis.sentences import contingencies, limits
from hybridplan.analysis.wording import ENGLISH
from hybridplan.domain import Scenario
from hybridplan.model import catalogue
from hybridplan.model.shadow import REPORTED
from hybridplan.model.solve import optimise

UNITS = re.compile(
    r"\{unit\}|\{accelerator\}|accelerator|Gbit/s|GB per hour|kW|rack unit|tonne|millisecond|USD per hour|\{code\}|"
    r"percent|provider|site|copy"
)
"""What one more of is meant."""


@pytest.mark.parametrize("limit", sorted({REPORTED.get(one.name, one.name) for one in catalogue.LIMITS}))
def test_every_limit_has_a_sentence_with_a_figure_and_its_unit(limit: str) -> None:
    text = ENGLISH[f"limit.{limit}"]
    assert "{usd}" in text or "{rate_usd}" in text or "{ratio}" in text
    assert UNITS.search(text), text
    record = "f/own" if limit.startswith("failover") else "chat/f" if limit.startswith("promise") else "chat"
    said = limits.sentence(plan(), limit, record, 7.0, 2.0, 3.5, "things")
    assert "7" in said or "3.5" in said
    assert not re.search(r"[{}]", said)


SITES = {
    "fra": {"name": "Frankfurt", "kind": "private", "provider": "own", "jurisdiction": "DE"},
    "sto": {"name": "Stockholm", "kind": "public", "provider": "x", "jurisdiction": "SE"},
}
LINKS = {
    "out": {"from_site": "fra", "to_site": "sto", "round_trip_ms": 1.0},
    "back": {"from_site": "sto", "to_site": "fra", "round_trip_ms": 1.0},
}


def estate(failures: dict[str, Any], **work: Any) -> Scenario:
    """100 and 60 accelerators in Frankfurt, of which 10 are needed; 10 in Stockholm."""
    return scenario(
        {
            "a": pool("owned", 100, 1.0, site="fra"),
            "b": pool("on_demand", 60, 5.0, site="fra"),
            "c": pool("on_demand", 10, 6.0, site="sto"),
        },
        {"w": rigid([10.0], origin_site="fra", **work)},
        sites=SITES,
        links=LINKS,
        policy={"contingencies": failures},
    )


def test_a_site_takes_pools_and_promised_work_goes_on() -> None:
    made = estate({"f": {"kind": "site", "record": "fra"}}, promised_share=0.8)
    assert contingencies.after_each(optimise(made)) == [
        "Loss of Frankfurt takes 2 pools with 160 accelerators; 1 promised workload goes on as promised."
    ]


def test_a_group_takes_a_pool_and_a_link_with_the_way_back() -> None:
    """A link takes the way back too: 2 links."""
    group = {"kind": "group", "name": "Dig", "pools": ["c"], "links": ["out"]}
    made = estate({"g": group})
    assert contingencies.after_each(optimise(made)) == [
        "Dig takes 1 pool with 10 accelerators and 2 links; nothing is promised to go on."
    ]


def test_a_failure_of_nothing() -> None:
    made = estate({"s": {"kind": "spot"}}, promised_share=0.5)
    assert contingencies.after_each(optimise(made)) == [
        "Loss of everything interruptible takes nothing that is planned here."
    ]
