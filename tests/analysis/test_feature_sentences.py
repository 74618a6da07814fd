"""Sentences on queues, elastic pools, whole things and jobs, against the arithmetic of ``feature_plan``."""

from __future__ import annotations

from dataclasses import replace

import pytest
from feature_plan import changed, document, plan, routes, scenario, tables
from small_plan import plan as plain_plan
from small_plan import scenario as plain_scenario

from hybridplan.analysis import sentences as say
from hybridplan.analysis.sentences import method
from hybridplan.analysis.wording import ENGLISH
from hybridplan.domain import require
from hybridplan.plan import Certificate, Plan, SolverRun, SolveStatus


def whole(gap: float, *, stopped: bool = False, status: SolveStatus = SolveStatus.WITHIN_GAP) -> Plan:
    """A plan in whole things: incumbent 1,000 of which 200 is constant, the solver's bound, and our own of 900."""
    bound = 1000.0 - gap * 800.0
    run = SolverRun("HiGHS", "1.16.0", 60.0, 61.0, 60.0, 12, 8, gap_target=1e-6, stopped_early=stopped)
    proof = Certificate(True, 321, 3e-13, "", bound, gap, "solver", 1000.0, relaxation_bound_usd=900.0)
    return plan(kind="mixed_integer", certificate=proof, solver=run, status=status)


def test_how_fast_requests_are() -> None:
    """p95 of 14,792 ms on burst in hour 1; the mean over all is 2,378.75 ms."""
    assert say.latency.summary(plan()) == [
        "Chat: 95 of 100 requests take at most 14,800 ms on the slowest route at its worst time (cloud-burst), of "
        "20,000 ms allowed; the mean over all of them is 2,380 ms (from request to answer)."
    ]


def test_what_is_timed_is_said() -> None:
    """Tokens to the first one, or end to end."""
    works = document()["workloads"]
    speed = {"prefill_tokens_per_second": 2000.0, "decode_tokens_per_second": 100.0}
    works["chat"] |= {"prompt_tokens": 100.0, "output_tokens": 95.0, "latency_statistic": "mean"}
    works["chat"]["throughput"]["H100"] |= {"service_ms": 0.0, **speed}
    for point, words in (("first_token", "time to first token"), ("last_token", "end to end, to the last token")):
        works["chat"]["latency_point"] = point
        (line,) = say.latency.summary(plan(scenario=scenario(workloads=works)))
        assert line.startswith("Chat: requests take 4,020 ms in the mean on the slowest route")
        assert line.endswith(f"over all of them ({words}).")


def test_a_cap_and_a_price_have_lines_of_their_own() -> None:
    """The mean of hour 1 is 2,865.71 ms."""
    made = plan(
        scenario=changed("workloads.chat.mean_latency_cap_ms", 3000.0), penalty_usd={"congestion": 12.0, "unserved": 0}
    )
    lines = say.latency.summary(made)
    assert lines[1] == "Chat: the mean over all routes is at most 2,870 ms at any time, of 3,000 ms allowed."
    assert lines[2] == "The time that requests take counts as a penalty of 12 USD; this is not a bill."
    assert "Penalties of 12 USD for the time that requests take steer the plan; they are not bills." in (
        say.decision.cost(made)
    )


def test_no_queue_no_line() -> None:
    assert say.latency.summary(plain_plan()) == []
    idle = replace(tables(), allocation=tables().allocation.iloc[:0])
    assert say.latency.summary(plan(tables=idle)) == ["Nothing runs on a route with a queue in this plan."]


def test_what_the_formula_takes_for_granted() -> None:
    assert len(say.latency.trust(plan())) == 2
    batched = plan(routes=routes().assign(units_per_accelerator_hour=7200.0))
    assert say.latency.trust(batched)[2].startswith(
        "Approximated on 2 routes (Chat on fra-private and Chat on cloud-burst): servers there"
    )
    one = routes()
    one.loc[0, "units_per_accelerator_hour"] = 7200.0
    assert say.latency.trust(plan(routes=one))[2].startswith("Approximated on 1 route (Chat on fra-private)")
    assert say.latency.formula(True) != say.latency.formula(False)


def test_the_price_of_slow_scaling() -> None:
    """1,000 - 950 = 50 USD, 5 % of 1,000; the plan covers 20 hours."""
    assert say.elastic.slow_scaling(plan()) == (
        "Slow scaling costs 50 USD over the 20 hours planned (5 %): with instant scaling the same work would cost 950 "
        "USD, penalties included."
    )
    assert say.elastic.slow_scaling(plan(instant_objective_usd=None)) == ""
    assert "costs nothing here" in say.elastic.slow_scaling(plan(instant_objective_usd=1000.0))
    assert "costs nothing here" in say.elastic.slow_scaling(plan(instant_objective_usd=1000.001))


def test_a_price_below_the_gap_is_not_told() -> None:
    """50 USD of 1,000 are 5 %; with a gap of 10 % they may be nothing."""
    proof = plan().certificate
    assert proof is not None
    words = say.elastic.slow_scaling(plan(certificate=replace(proof, gap=0.1)))
    assert words == "What slow scaling costs cannot be told: it is less than the gap of this plan (10 %)."


@pytest.mark.parametrize(
    ("amount", "price", "words"),
    [(57_660.5, 1_120.4, "57,660 USD"), (950.0, 50.0, "950 USD"), (950.0, 0.0, "950 USD"), (0.0, 5.0, "0 USD")],
)
def test_an_amount_has_the_digits_of_the_price_beside_it(amount: float, price: float, words: str) -> None:
    """1,120 ends at the tens, so 57,660.5 does too; by itself it would be 57,700."""
    assert say.elastic.beside(amount, price, plan().scenario.display_currency) == words


def test_what_is_on_and_what_starts() -> None:
    """45 of 80 accelerator-hours (56.25 %) idle; 10 nodes at 8 USD."""
    assert say.elastic.idle(plan()) == [
        "cloud-burst: on for 80 accelerator-hours over the 20 hours planned, 56.2 % of them idle; 10 nodes started "
        "for 80 USD."
    ]
    assert "no pool" in say.elastic.idle(plain_plan())[0].lower()
    assert say.elastic.idle(plan(tables=None)) == []


@pytest.mark.parametrize(
    ("count", "size", "words"),
    [(1.0, 4, "1 node"), (12.5, 4, "12.5 nodes"), (0.0, 4, "0 nodes"), (1.0, 1, "1 accelerator"), (3.0, 1, "3 acc")],
)
def test_starts_in_singular_and_plural(count: float, size: int, words: str) -> None:
    assert say.elastic.starts(count, size).startswith(words)
    assert (count == 1) is not say.elastic.starts(count, size).endswith("s")


def test_jobs_in_words() -> None:
    """Preparation 6 of 8; training 10 of 12 accelerator-hours, five times: 83.3 % of 60."""
    assert say.jobs.summary(plan()) == [
        "Preparation, window w: 75 % is done; 2 shards are left over each time.",
        "Training follows Preparation: one unit of it needs 0.5 shards that Preparation has done before.",
        "Training keeps 83.3 % of its ideal speed on the 60 accelerator-hours it uses where gains shrink.",
    ]


def test_all_done_in_singular_and_plural() -> None:
    works = document()["workloads"]
    works["prep"]["windows"]["w"]["volume_units"] = 6.0
    assert say.jobs.summary(plan(scenario=scenario(workloads=works)))[0] == "2 windows of work, all done in time."
    del works["train"]
    rows = tables().allocation
    alone = plan(
        scenario=scenario(workloads=works),
        tables=replace(tables(), allocation=rows.loc[rows["workload"] != "train"]),
        routes=routes().loc[lambda table: table["workload"] != "train"],
    )
    assert say.jobs.summary(alone) == ["1 window of work, all done in time."]
    rigid = plain_scenario(workloads={"chat": plain_scenario().to_dict()["workloads"]["chat"]})
    assert "may wait" in say.jobs.summary(plain_plan(scenario=rigid))[0]


def test_a_search_that_ended_names_whose_bound_it_is() -> None:
    sure = say.badge(whole(5e-7, status=SolveStatus.OPTIMAL))
    assert sure.text == "Cheapest for these inputs (solver's bound, gap 5e-7)"
    near = say.badge(whole(9e-5))
    assert near.text == "Cheapest to within 0.00900 % (solver's bound)"
    assert near.tone == "good"
    far = say.badge(whole(0.02))
    assert far.text == "Within 2 % of the cheapest (solver's bound)"
    assert far.tone == "caution"


def test_a_linear_plan_with_a_tiny_gap_reads_well_too() -> None:
    proof = Certificate(True, 321, 3e-13, "", 999.92, 1e-4, "weak duality", 1000.0)
    badge = say.badge(plan(status=SolveStatus.WITHIN_GAP, certificate=proof))
    assert badge.text == "Cheapest to within 0.0100 % (checked, gap 1e-4)"
    assert badge.tone == "good"


@pytest.mark.parametrize(("gap", "share"), [(0.03, "3 %"), (5e-5, "0.00500 %")])
def test_a_search_that_was_stopped_claims_nothing_but_its_gap(gap: float, share: str) -> None:
    badge = say.badge(whole(gap, stopped=True))
    assert badge.text == f"Best found in 60 s, within {share} of the cheapest"
    assert badge.tone == "caution"


def test_evidence_of_a_search() -> None:
    """Our own bound of 900 lies 100 / 800 below; the search was stopped after 60 s."""
    lines = say.evidence.certificate(whole(0.03, stopped=True))
    assert "No plan can cost less than 976.0 USD (the solver's own word)" in lines[1]
    assert any(line.startswith("Without whole numbers no plan can cost less than 900.0 USD") for line in lines)
    assert any("this plan lies 12.5 % above that" in line for line in lines)
    assert any("The search ends at a gap of 1e-6, or after 60 s." in line for line in lines)
    assert "The search was stopped after 60 s: this is the best plan found until then." in lines
    assert not any("stopped" in line for line in say.evidence.certificate(whole(0.03)))


def test_evidence_of_curved_terms() -> None:
    """Clarabel is named; straight lines leave out 3 of 60 USD, and the rest of the objective agrees."""
    run = SolverRun("Clarabel", "0.11.1", 0.02, 0.05, 60.0, 12, 8)
    lines = say.evidence.certificate(plan(kind="conic", solver=run))
    assert any(line.startswith("Solver: Clarabel 0.11.1") for line in lines)
    assert "Kind of problem: linear with curved terms (second-order cones)." in lines
    proof = Certificate(True, 321, 3e-13, "", 997.0, 3e-3, "weak duality", 997.0, tangent_error_usd=3.0)
    lines = say.evidence.certificate(plan(certificate=proof, penalty_usd={"congestion": 40.0, "balance": 20.0}))
    assert any("understate them by 3 USD, 5 % of what they cost" in line for line in lines)
    assert "The optimiser's objective and the one added up again from the tables differ by 0 USD." in lines
    assert not any("understate" in line for line in say.evidence.certificate(plan()))


def test_prices_with_whole_numbers_are_conditional() -> None:
    assert "whole numbers held fixed" in say.limits.validity(whole(0.02))
    assert "whole numbers" not in say.limits.validity(plan())
    assert say.limits.basis(whole(0.02), False) == "at the margin, whole numbers held fixed"
    assert say.limits.basis(plan(), False) == "at the margin"
    assert say.limits.basis(plan(), True) == "solved again"


@pytest.mark.parametrize(
    ("limit", "record", "words"),
    [
        ("latency", "chat", "One more millisecond allowed for Chat would save 7 USD over the 20 hours planned (3.50"),
        ("mean_latency", "chat", "One more millisecond of mean latency allowed for Chat would save about 7 USD"),
        ("provisioning", "burst", "One more H100 ready in cloud-burst at no cost would save 7 USD"),
        ("ramp_up", "burst", "Letting cloud-burst grow by one more accelerator per hour would save 7 USD"),
        ("ramp_down", "burst", "Letting cloud-burst shrink by one more accelerator per hour would save 7 USD"),
        ("min_provisioned", "burst", "One H100 fewer that must stay on in cloud-burst would save 7 USD"),
        ("min_busy", "burst", "Letting one more H100 in cloud-burst stand idle would save 7 USD"),
        ("min_on", "burst", "Letting one H100 in cloud-burst go off before its least time is over would save 7 USD"),
        ("one_site", "train:w", "One more site for each window of Training would save 7 USD"),
        ("after", "train", "Letting Training get one unit (shards) ahead of Preparation would save 7 USD"),
        ("must_serve", "chat", "Being allowed to leave one unit (requests) of Chat unserved would save 7 USD"),
        ("scaling", "train", "One more effective accelerator for Training at no cost would save 7 USD"),
    ],
)
def test_every_new_limit_has_its_sentence(limit: str, record: str, words: str) -> None:
    assert say.limits.sentence(plan(), limit, record, 7.0, 2.0, 3.5, "things").startswith(words)
    assert say.limits.name(plan(), limit, record).split(":")[0] in ENGLISH.values()


def test_hours_in_singular_and_plural() -> None:
    assert "in the 1 hour when" in say.limits.sentence(plan(), "latency", "chat", 7.0, 1.0, 7.0, "ms")
    assert "in the 2 hours when" in say.limits.sentence(plan(), "latency", "chat", 7.0, 2.0, 3.5, "ms")


def test_a_limit_of_a_pool_that_is_not_its_size_is_named() -> None:
    assert say.limits.name(plan(), "ramp_up", "burst") == "Growth per hour: cloud-burst"
    assert say.limits.name(plan(), "capacity", "burst") == "H100 in cloud-burst"


def test_nodes_that_the_plan_counts_are_its_own() -> None:
    """burst stands at 0 to 2 nodes of 4, whatever rounding says; own is rounded."""
    frame = (
        tables()
        .provisioned[["pool", "block", "period_start"]]
        .assign(nodes=3, accelerators_per_node=4, accelerators_provisioned=12.0, fits=[False] * 5 + [True] * 3)
    )
    whole_nodes = replace(plain_plan().whole_nodes, provisioned=frame, short_periods=5, extra_usd=4.0)  # type: ignore[type-var]
    made = plan(scenario=changed("pools.burst.whole_nodes", True), whole_nodes=whole_nodes)
    table = say.nodes.table(made).set_index("pool")
    assert table.loc["burst", ["least_nodes", "most_nodes", "short_periods", "source"]].tolist() == [0, 2, 0, "plan"]
    assert table.loc["own", ["least_nodes", "short_periods", "source"]].tolist() == [3, 4, "rounded"]
    lines = say.nodes.whole_nodes(made)
    assert lines[0] == "The plan itself counts whole nodes in cloud-burst."
    assert lines[1].startswith("In whole replicas and nodes everywhere it costs 524 USD, 4 USD more than as it is.")
    assert lines[2].startswith("In 4 cases of 8")


def test_kept_nodes_of_a_pool_that_is_always_on() -> None:
    """10 kept of nodes of 4 would be no whole number; 8 are 2 nodes."""
    pool = document()["pools"]["own"] | {"owned_cost": "avoidable", "whole_nodes": True}
    made = scenario(pools={**document()["pools"], "own": pool})
    frame = (
        tables()
        .provisioned[["pool", "block", "period_start"]]
        .assign(nodes=3, accelerators_per_node=4, accelerators_provisioned=12.0, fits=True)
    )
    whole_nodes = replace(plain_plan().whole_nodes, provisioned=frame)  # type: ignore[type-var]
    kept = replace(tables(), kept=tables().kept.assign(accelerators_kept=8.0))
    table = say.nodes.table(plan(scenario=made, tables=kept, whole_nodes=whole_nodes)).set_index("pool")
    assert table.loc["own", ["least_nodes", "most_nodes", "source"]].tolist() == [2, 2, "plan"]


def test_a_rule_that_ties_with_a_search_that_was_stopped() -> None:
    same = replace(plain_plan().baselines["private_first"], objective_usd=1000.0, unserved=plan().unserved)
    (line,) = say.savings.savings(replace(whole(0.03, stopped=True), baselines={"private_first": same}))
    assert line.startswith("Private first costs the same as the best plan found.")


def test_routes_that_a_rule_breaks_are_named() -> None:
    breaks = ("latency, chat/burst at 2026-03-02 01:00 UTC: too busy; off by 1 accelerators (1 of 5)",)
    assert say.savings.broken_limits(scenario(), breaks) == "too busy (Chat on cloud-burst)"


def test_uneven_use_is_said_to_be_no_bill() -> None:
    for form, words in (("largest", "the fullest of the owned"), ("squared", "times the square of how full")):
        rule = {"form": form, "weight_usd_per_hour": 2.0}
        made = plan(
            scenario=scenario(policy={"balance": rule, "queue_form": "tangents"}), penalty_usd={"balance": 30.0}
        )
        text = say.decision.balance(made)
        assert text.startswith("Uneven use counts as a penalty of 30 USD: 2 USD per hour")
        assert words in text
    assert say.decision.balance(plan()) == ""


def test_assumptions_name_the_workloads_with_a_queue() -> None:
    assert any(line.endswith("Here queues are modelled for Chat.") for line in say.evidence.assumptions(scenario()))
    lines = say.evidence.assumptions(require(plain_scenario().to_dict()))
    assert len(lines) < len(say.evidence.assumptions())  # what does not occur is not worth a line
    assert any(line.endswith("No workload here asks for its queue.") for line in lines)


def test_each_formula_has_its_words() -> None:
    assert len(method.formulation()) == len({words for words, _ in method.formulation()})


def test_a_cap_without_an_objective_takes_one_line() -> None:
    """Each workload has one line; what its cap allows stands in it."""
    works = document()["workloads"]
    works["chat"] |= {"mean_latency_cap_ms": 3000.0}
    works["chat"].pop("latency_objective_ms")
    works["chat"].pop("latency_statistic")
    (line,) = say.latency.summary(plan(scenario=scenario(workloads=works)))
    assert "at the worst time, of 3,000 ms allowed" in line
