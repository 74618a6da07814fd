"""Every piece of advice says what would change it: a figure, or plainly that nothing would, or which input decides."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import estate_plan
import pytest
from builders import one_site, pool, rigid, scenario
from small_plan import plan, served_plan

from hybridplan import analysis
from hybridplan.analysis.advice import FAMILIES, NO_ADVICE, OVERTURNED_BY
from hybridplan.analysis.planner import solve
from hybridplan.analysis.sentences import commitments, decision, hardware, next_step, nodes, purchasing, savings
from hybridplan.analysis.wording import ENGLISH

TODAY = date(2026, 3, 1)
FIGURE = re.compile(r"\{[a-z_]+\}")
PLAINLY = ("nothing", "decide", "only", "no price", "not cheaper", "cannot be told", "more work", "more bandwidth")
"""Words of a change that has no figure: that nothing on offer would, or what decides."""


def advice_codes() -> set[str]:
    """Codes of all sentences of the families, those of changes apart."""
    return {code for code in ENGLISH if code.split(".")[0] in FAMILIES and ".change." not in code}


def test_every_sentence_of_a_family_is_advice_with_a_change_or_no_advice() -> None:
    known = {code for code in OVERTURNED_BY if code.split(".")[0] in FAMILIES}
    assert advice_codes() - known - NO_ADVICE == set()
    assert not known & NO_ADVICE
    assert (known | NO_ADVICE) - set(ENGLISH) == set()


@pytest.mark.parametrize("code", sorted({change for changes in OVERTURNED_BY.values() for change in changes}))
def test_a_change_has_a_figure_or_says_plainly_that_there_is_none(code: str) -> None:
    text = ENGLISH[code]
    figures = set(FIGURE.findall(text)) - {"{name}", "{baseline}", "{workload}", "{accelerator}", "{unit}"}
    assert figures or any(word in text.lower() for word in PLAINLY), text


def test_changes_are_said_somewhere() -> None:
    root = Path(analysis.__file__).parent
    source = "\n".join(path.read_text(encoding="utf-8") for path in (root / "sentences").glob("*.py"))
    said = {change for changes in OVERTURNED_BY.values() for change in changes}
    stems = {code for code in said if not code.startswith("next.change.")}
    assert {code for code in stems if f'"{code}"' not in source and f"'{code}'" not in source} == set()


def test_the_next_step_says_what_would_change_it() -> None:
    """Each kind of next step that these plans give."""
    quiet = served_plan()
    plans = [plan(), quiet, estate_plan.plan(), replace(plan(), shadow_prices=plan().shadow_prices.head(0))]
    for one in plans:
        step = next_step(one, TODAY)
        assert "What would" in step.change, step


def test_a_quota_that_is_short_and_a_pool_that_idles() -> None:
    """8 of 100 are busy: 42 accelerator-hours more make it half busy. 12 on a quota of 10: 2 at 100 USD are lost."""
    step = next_step(solve(scenario({"o": pool("owned", 100, 1.0)}, {"w": rigid([8.0])})), TODAY)
    assert step.change.startswith("What would change this: 42 accelerator-hours more of work there over ")
    step = next_step(solve(scenario({"c": pool("on_demand", 10, 1.0)}, {"w": rigid([12.0])})), TODAY)
    assert "What would change this:" in step.change
    assert "99" in step.change  # 100 USD of penalty less 1 USD of rent.


def test_work_without_a_route_names_what_is_left_out() -> None:
    made = scenario(
        {"c": pool("on_demand", 10, 1.0)}, {"w": rigid([12.0], allowed_jurisdictions=["US"])}, sites=one_site()
    )
    step = next_step(solve(made), TODAY)
    assert step.change.startswith("What would change this: room for 12 accelerator-hours of w more")


def test_savings_whole_nodes_and_the_plan_itself() -> None:
    lines = [*savings.savings(plan()), *nodes.whole_nodes(plan()), decision.change(plan())]
    assert len(lines) >= 3
    for line in savings.savings(plan()):
        assert "What would change this:" in line
    assert any("What would change this:" in line for line in nodes.whole_nodes(plan()))
    assert "What would change this" in decision.change(plan())
    assert "prices and demand decide" in decision.change(replace(plan(), shadow_prices=plan().shadow_prices.head(0)))


def test_purchases_name_a_price_or_a_use() -> None:
    bought = estate_plan.plan()
    for lines in (*commitments.advice(bought), *hardware.advice(bought), *hardware.line_advice(bought)):
        assert any(line.startswith("What would overturn it") for line in lines), lines
    assert purchasing.overturns(bought)
    assert any(line.startswith("For ") and "What would overturn it" in line for line in purchasing.decided(bought))
