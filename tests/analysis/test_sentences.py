"""Sentences for each kind of plan, against the arithmetic of ``small_plan``."""

from __future__ import annotations

import string
from dataclasses import replace
from datetime import date

import pandas as pd
import pytest
from small_plan import baselines, document, impossible, missing, nodes, plan, scenario, served_plan, tables

from hybridplan.analysis import sentences as say
from hybridplan.analysis.sentences import diagnosis
from hybridplan.analysis.wording import ENGLISH
from hybridplan.domain import Policy, require
from hybridplan.plan import Certificate, Diagnosis, Plan, Relaxation, SolveStatus

TODAY = date(2026, 3, 1)


def test_the_badge_names_status_check_and_gap() -> None:
    assert say.badge(plan()).text == "Cheapest for these inputs (checked, gap 8e-9)"
    assert say.badge(plan()).tone == "good"
    assert say.badge(None).text == "Not solved yet"
    assert say.badge(impossible()).text == "Impossible as stated"
    assert say.badge(impossible(status=SolveStatus.NO_PLAN_IN_TIME)).text == "No plan found in time"
    assert say.badge(impossible(status=SolveStatus.FAILED)).tone == "bad"


def test_a_plan_within_its_gap_says_how_far_it_may_be_from_the_cheapest() -> None:
    proof = Certificate(True, 214, 3e-13, "", 500.0, 0.004, "solver", 536.0)
    badge = say.badge(plan(status=SolveStatus.WITHIN_GAP, certificate=proof))
    assert badge.text == "Within 0.4 % of the cheapest (checked, gap 4e-3)"


def test_a_bound_above_the_objective_by_rounding_is_no_negative_gap() -> None:
    proof = Certificate(True, 214, 3e-13, "", 536.0, -1e-15, "weak duality", 536.0)
    assert "gap 0)" in say.badge(plan(certificate=proof)).text


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (None, "has not been solved yet"),
        (impossible(), "No plan can meet every rule"),
        (impossible(status=SolveStatus.NO_PLAN_IN_TIME), "within 60 seconds"),
        (impossible(status=SolveStatus.FAILED), "none is shown"),
    ],
)
def test_each_state_without_a_plan_says_what_happened(found: Plan | None, words: str) -> None:
    assert words in say.status.no_plan(found)


def test_faults_in_the_input_are_counted() -> None:
    assert "has 1 fault," in say.status.no_plan(None, errors=1)
    assert "has 3 faults," in say.status.no_plan(None, errors=3)


def test_unserved_work_comes_first_and_greatest_first() -> None:
    """Training lacks 50 %, chat 5 %; the penalty of 400 is no bill."""
    lines = say.decision.unserved(plan())
    assert lines[0] == "Not served: 10 accelerator-hours of train, 50 % of its demand."
    assert lines[1] == "Not served: 40 requests of Chat, 5 % of its demand."
    assert "penalty of 400 USD" in lines[2]
    assert say.decision.headline(plan()).startswith("2 workloads are not fully served, most of all train")


def test_a_plan_that_serves_all_says_so_with_its_cost() -> None:
    """136 USD in 4 hours are 34 USD per hour and 297,840 USD per year."""
    made = served_plan()
    assert say.decision.unserved(made) == ["All demand is served."]
    assert say.decision.headline(made) == (
        "All demand is served for 136 USD over the 4 hours planned (298,000 USD per year at this rate)."
    )
    assert say.decision.cost(made)[1].startswith("80 USD of that is paid whatever is decided")


def test_one_workload_that_falls_short_is_named() -> None:
    made = plan(unserved={"chat": missing()["chat"]})
    assert say.decision.headline(made).startswith("5 % of Chat is not served;")


def test_where_the_work_runs() -> None:
    """Own carries 70 of 86 accelerator-hours; of 760 requests served own does 600."""
    assert say.decision.where(plan()) == (
        "81.4 % of the accelerator-hours run on accelerators that you own (Frankfurt) and 18.6 % on accelerators "
        "rented on demand (Cloud West)."
    )
    assert say.decision.by_workload(plan()) == [
        "Chat: 78.9 % on fra-private and 21.1 % on cloud-h100.",
        "train: all on fra-private.",
    ]


def test_a_plan_in_which_nothing_runs() -> None:
    empty = replace(tables(), allocation=tables().allocation.iloc[:0])
    assert say.decision.where(plan(tables=empty)).startswith("Nothing runs")
    assert say.decision.by_workload(plan(tables=empty))[0] == "Chat: does not run."


def test_savings_are_claimed_only_against_rules_that_serve_the_same() -> None:
    """636 - 536 = 100 USD is 15.7 % of 636; the other rule serves less."""
    other, same = say.savings.savings(plan())
    assert same.startswith("Against Private first this plan saves 100 USD (15.7 %)")
    assert other.startswith("All on demand cannot be compared on cost")


def test_a_saving_that_may_be_one_of_penalties_says_so() -> None:
    _, same = say.savings.savings(replace(plan(), penalty_usd={**plan().penalty_usd, "congestion": 12.0}))
    assert "saves 100 USD (15.7 %) over the 4 hours planned, penalties included, or" in same


def test_a_rule_that_breaks_limits_is_no_alternative() -> None:
    broken = replace(baselines()["private_first"], breaks=("the budget",))
    (line,) = say.savings.savings(plan(baselines={"private_first": broken}))
    assert line.startswith("Private first is no alternative: the budget.")


def test_what_a_rule_breaks_is_said_once_with_the_records_concerned() -> None:
    """Windows count as their workload; times and amounts stay in the audit."""
    breaks = (
        "must_serve, chat at 2026-03-02 01:00 UTC: work that must be served is unserved; off by 5 requests (1 of 5)",
        "must_serve, train:w: work that must be served is unserved; off by 5 hours (1 of 5)",
        "must_serve, train/w: work that must be served is unserved; off by 2 hours (1 of 5)",
        "link_bandwidth, out: more data than the link carries; off by 1 Gbit/s (1 of 1)",
    )
    assert say.savings.broken_limits(scenario(), breaks) == (
        "work that must be served is unserved (Chat and train); more data than the link carries "
        "(Frankfurt to Cloud West)"
    )


def test_a_rule_that_is_as_cheap_or_cheaper() -> None:
    """A rule may come out cheaper only where owned capacity was asked to go first."""
    equal = replace(baselines()["private_first"], objective_usd=536.0)
    assert "costs the same" in say.savings.savings(plan(baselines={"private_first": equal}))[0]
    cheaper = replace(equal, objective_usd=500.0)
    owned = scenario().model_copy(update={"policy": Policy(owned_first=True)})
    (line,) = say.savings.savings(plan(scenario=owned, baselines={"private_first": cheaper}))
    assert line.startswith("Private first comes out 36 USD cheaper: this plan uses owned capacity first")


def test_what_limits_us_in_the_words_of_one_more_accelerator() -> None:
    """10 USD net over the horizon; the pool is full in 2 weighted hours: 5 USD per hour."""
    assert say.limits.binding(plan()) == [
        "One more H100 in fra-private for all 4 hours planned would save 10 USD "
        "(5 USD/h in the 2 hours when all of it is needed). This holds up to 24 accelerators there."
    ]


def test_a_shadow_price_alone_is_a_ceiling() -> None:
    (line,) = say.limits.binding(plan(shadow_ranges=plan().shadow_ranges.iloc[:0]))
    assert "would save at most 10 USD" in line
    assert "holds up to" not in line


def test_limits_without_money_or_without_values() -> None:
    made = plan()
    free = plan(shadow_prices=made.shadow_prices.assign(usd_per_unit=0.0), shadow_ranges=made.shadow_ranges.iloc[:0])
    assert say.limits.binding(free)[0].startswith("No limit")
    assert "not known" in say.limits.binding(plan(shadow_prices=made.shadow_prices.iloc[:0]))[0]


@pytest.mark.parametrize(
    ("limit", "record", "words"),
    [
        ("kept", "own", "One more H100 installed in fra-private would save 7 USD"),
        ("one_more_gbps", "out", "One more Gbit/s from Frankfurt to Cloud West"),
        ("link_bandwidth", "out", "One more Gbit/s from Frankfurt to Cloud West"),
        ("parallel_limit", "train", "Letting train use one more accelerator at a time"),
        ("budget", "", "One more USD of budget would save 7 USD"),
        ("interruptible_share", "train:w", "train is at its cap on interruptible accelerators"),
        ("some_new_limit", "x", "One more unit of some new limit (x, things)"),
    ],
)
def test_every_limit_has_its_sentence(limit: str, record: str, words: str) -> None:
    assert words in say.limits.sentence(plan(), limit, record, 7.0, 2.0, 3.5, "things")


def test_the_next_step_offers_whole_nodes_only() -> None:
    step = say.next_step(plan(), TODAY)
    assert step.page == "inventory"
    assert "one more node of 8 H100 in fra-private" in step.text


def test_next_steps_in_their_order() -> None:
    """Without values of limits: idle owned capacity, then estimates, then old prices, then demand."""
    quiet = served_plan(shadow_prices=plan().shadow_prices.iloc[:0])
    assert "rest on estimated throughput" in say.next_step(quiet, TODAY).text
    measured = replace(quiet, routes=quiet.routes.assign(is_estimate=False))
    assert say.next_step(measured, date(2026, 6, 1)).page == "assumptions"
    assert say.next_step(measured, TODAY).page == "demand"
    rows = tables().allocation.assign(accelerators_busy=0.5, accelerators_assigned=0.5)
    idle = replace(tables(), allocation=rows, provisioned=tables().provisioned.assign(accelerators_busy=1.0))
    assert "is 5 % busy" in say.next_step(replace(quiet, tables=idle), TODAY).text


def test_a_rented_pool_asks_for_quota() -> None:
    prices, ranges = plan().shadow_prices.assign(record="cloud"), plan().shadow_ranges.assign(pool="cloud")
    step = say.next_step(served_plan(shadow_prices=prices, shadow_ranges=ranges), TODAY)
    assert step.text.startswith("Ask for a larger quota in cloud-h100")


def test_whole_nodes() -> None:
    """4 USD more than the 136 USD of cost."""
    lines = say.nodes.whole_nodes(plan())
    assert lines[0].startswith("In whole replicas and nodes the plan costs 140 USD, 4 USD more")
    assert lines[0].endswith("parts of nodes and replicas would cost 4 USD less; nothing else would.")
    assert "In 1 case of 4" in lines[1]
    assert say.nodes.table(plan()).set_index("pool").loc["own", "most_nodes"] == 3
    even = replace(nodes(), extra_usd=0.0, short_periods=0)
    assert say.nodes.whole_nodes(plan(whole_nodes=even)) == [
        "The plan already stands in whole replicas and nodes at no extra cost. What would change this: nothing on "
        "offer, as it costs nothing extra."
    ]
    assert say.nodes.table(plan(whole_nodes=None)).empty


def test_the_diagnosis_joins_single_changes_by_or_and_rounds_capacity_up_to_nodes() -> None:
    """12.4 accelerators are 2 nodes of 8."""
    lines = say.diagnosis.explain(impossible())
    assert lines[0] == "Any one of these changes would be enough:"
    assert lines[1].startswith("add 2 nodes of 8 H100 to fra-private (12.4 accelerators would do). Proven")
    assert lines[2].startswith("or allow Chat 15 ms more (an objective of 115 ms). Proven")


@pytest.mark.parametrize(
    ("amount", "sku", "size", "text"),
    [
        (16.0, "H100", 8, "add 2 nodes of 8 H100 to fra-private"),
        (50.0, "server", 1, "add 50 servers to fra-private"),
        (1.0, "server", 1, "add 1 server to fra-private"),
        (49.5, "H100", 1, "add 50 H100 to fra-private (49.5 accelerators would do)"),
    ],
)
def test_a_whole_number_of_nodes_is_said_once(amount: float, sku: str, size: int, text: str) -> None:
    document = impossible().scenario.to_dict()
    document["pools"]["own"] |= {"sku": sku, "accelerators_per_node": size}
    change = Relaxation("capacity", "own", amount, "accelerators", True)
    assert say.diagnosis.relaxation(require(document), change) == text


def test_a_sufficient_set_is_joined_by_and() -> None:
    changes = (
        Relaxation("budget", "", 50.0, "USD", True),
        Relaxation("must_serve", "chat", 40.0, "requests", False),
    )
    lines = say.diagnosis.explain(impossible(diagnosis=Diagnosis((), changes)))
    assert lines[0].startswith("No single change is enough")
    assert lines[1].startswith("raise the budget by 50 USD")
    assert lines[2].startswith("and let 40 requests of Chat stay unserved")
    assert lines[2].endswith("Not proven by a new solve.")


@pytest.mark.parametrize("rule", ["link_bandwidth", "parallel_limit", "interruptible_share", "something_new"])
def test_every_rule_of_a_diagnosis_has_its_words(rule: str) -> None:
    text = diagnosis.relaxation(scenario(), Relaxation(rule, "chat", 0.5, "units", True))
    assert text
    assert "{" not in text


def test_a_diagnosis_without_changes_gives_its_message() -> None:
    assert say.diagnosis.explain(impossible(diagnosis=Diagnosis(message="Nothing helps."))) == ["Nothing helps."]
    assert "could not be worked out" in say.diagnosis.explain(impossible(diagnosis=None))[0]


def test_routes_ruled_out() -> None:
    table = say.routes.ruled_out(plan())
    assert table["reason"].tolist() == ["The site is not among the allowed sites"]
    assert say.routes.summary(plan())[0] == "3 of 4 pairs of workload and pool are allowed; 3 are used."
    closed = plan().routes.assign(eligible=False, reason="latency")
    assert any(line.startswith("Chat has no allowed pool at all") for line in say.routes.summary(plan(routes=closed)))


def test_the_certificate_in_words() -> None:
    lines = say.evidence.certificate(plan())
    assert lines[0] == "Checked: all 214 rules hold (worst relative violation 3e-13, in capacity of own)."
    assert lines[1].startswith("No plan can cost less than 536.0 USD")
    assert lines[-1] == f"sha256 of the inputs: {scenario().content_hash}"
    failed = Certificate(False, 214, 1.0, "x", 0.0, 0.1, "none", 536.0, ("too much on own",))
    lines = say.evidence.certificate(plan(certificate=failed))
    assert lines[0] == "The check did not pass: too much on own."
    assert lines[1].startswith("How much cheaper a plan could be is not known")


def test_estimates_are_named_with_their_share() -> None:
    """Chat rests on an estimate: 76 of 86 accelerator-hours."""
    assert say.evidence.estimates(plan()).startswith(
        "88.4 % of the accelerator-hours rest on estimated throughput (Chat"
    )
    measured = plan(routes=plan().routes.assign(is_estimate=False))
    assert say.evidence.estimates(measured).startswith("Every throughput")


def test_age_of_prices() -> None:
    """1 January to 1 June 2026 is 151 days."""
    lines = say.evidence.prices(scenario(), date(2026, 6, 1))
    assert lines == ["Prices are of 1 Jan 2026 to 1 Feb 2026.", "The oldest price, of fra-private, is 151 days old."]
    bare = document()["pools"]
    for pool in bare.values():
        del pool["price_date"]
    assert say.evidence.prices(scenario(pools=bare), TODAY) == [
        "2 pools without a date of price: fra-private and cloud-h100."
    ]


def test_assumptions_are_listed() -> None:
    assert "Demand is taken as known in advance for every period." in say.evidence.assumptions()


def test_every_template_names_its_values() -> None:
    """A template with an unnamed field could not be translated with another word order."""
    for code, text in ENGLISH.items():
        names = [name for _, name, _, _ in string.Formatter().parse(text) if name is not None]
        assert all(names), code


def test_names_with_braces_are_left_as_they_are() -> None:
    works = document()["workloads"]
    works["chat"]["name"] = "{x} <b>"
    made = plan(scenario=scenario(workloads=works))
    assert say.decision.by_workload(made)[0].startswith("{x} <b>: ")
    assert isinstance(say.routes.ruled_out(made), pd.DataFrame)
