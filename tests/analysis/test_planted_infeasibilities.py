"""Two hundred planted infeasibilities: the cause is named, its amount is right, and every offer makes a plan."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache

import pytest
from planted import KINDS, Planted, cases

from hybridplan.analysis.diagnose import apply, diagnose
from hybridplan.analysis.diagnose.residency import UNITS
from hybridplan.model.solve import optimise
from hybridplan.plan import Diagnosis

LEAST_NAMED = 0.99


@dataclass
class Tally:
    """What became of all cases of one kind."""

    cases: int = 0
    named: int = 0
    wrong: list[str] = field(default_factory=list)
    """Amounts that are not right, in words."""
    offers: int = 0
    kept: int = 0
    """Offers that make a plan when they are applied and solved again here."""


@cache
def tally(kind: str) -> Tally:
    """Diagnose every case of a kind and try every offer."""
    found = Tally()
    for number, planted in enumerate(cases(kind)):
        found.cases += 1
        is_asked = kind == "residency"
        diagnosis = diagnose(planted.scenario, offer_residency=is_asked)
        found.named += _count(planted, diagnosis, f"{kind} {number}", found.wrong)
        found.offers += len(diagnosis.alternatives)
        found.kept += sum(optimise(apply(planted.scenario, one)).status.has_plan for one in diagnosis.alternatives)
    return found


def _count(planted: Planted, diagnosis: Diagnosis, name: str, wrong: list[str]) -> bool:
    """Whether all that was planted is named; amounts that are off by more than 1e-6 go to ``wrong``."""
    offered = {(one.rule, one.record): one for one in diagnosis.alternatives}
    for rule, record, amount in ((planted.rule, planted.record, planted.amount), *planted.also):
        one = offered.get((rule, record))
        if one is None:
            return False
        if one.amount != pytest.approx(amount, rel=1e-6):
            wrong.append(f"{name}: {rule} of {record} is {one.amount!r}, planted {amount!r}")
        if planted.added and one.new_value != ("DE", planted.added):
            return False
    return True


@pytest.mark.parametrize("kind", list(KINDS))
def test_amounts_are_right_and_every_offer_makes_a_plan(kind: str) -> None:
    found = tally(kind)
    assert found.wrong == []
    assert found.kept == found.offers
    assert found.offers >= found.cases


def test_the_cause_is_named_in_at_least_99_of_100_cases() -> None:
    all_of_them = {kind: tally(kind) for kind in KINDS}
    total, named = (sum(getattr(one, part) for one in all_of_them.values()) for part in ("cases", "named"))
    print(f"{named} of {total} causes named:", {kind: f"{one.named}/{one.cases}" for kind, one in all_of_them.items()})
    assert total == 200
    assert named >= LEAST_NAMED * total


@pytest.mark.parametrize("planted", cases("residency")[:8], ids=lambda planted: planted.added)
def test_residency_is_said_to_stand_in_the_way_and_not_offered_unless_asked(planted: Planted) -> None:
    diagnosis = diagnose(planted.scenario)
    assert ("residency", "w") in diagnosis.withheld
    assert not any(one.rule in UNITS for one in (*diagnosis.alternatives, *diagnosis.sufficient_set))
