"""What a report says: the audited figures, only what applies, nothing as an answer where there is none."""

from __future__ import annotations

import re
from dataclasses import replace

import pandas as pd
import pytest
from report_cases import MADE_AT, document, impossible, shipped, short, too_late, two_hours

import hybridplan as hp
from hybridplan.analysis import cost, elasticity, limits
from hybridplan.analysis import format as fmt
from hybridplan.analysis.sentences import decision, diagnosis, elastic, next_step, savings
from hybridplan.audit import audit
from hybridplan.domain import require
from hybridplan.errors import Issue
from hybridplan.plan import SolveStatus
from hybridplan.report.content import Report, Section, content
from hybridplan.report.content_tables import MOST_ROWS

WITH_PLANS = ("demo", "smart_manufacturing", "serving_congestion", "whole_nodes", "reference_sunk")
AMOUNT = re.compile(r"[-−]?[\d.,]+(?: (?:thousand|million|billion))? (?:USD|EUR)")


def report_of(plan: hp.Plan) -> Report:
    return content(plan, made_at=MADE_AT)


def section(report: Report, key: str) -> Section:
    return next(one for one in (*report.decision, *report.evidence) if one.key == key)


def keys(report: Report) -> list[str]:
    return [one.key for one in (*report.decision, *report.evidence)]


def words(sections: tuple[Section, ...]) -> str:
    """All sentences and cells."""
    cells = [cell for one in sections for table in one.tables for row in table.rows for cell in row]
    return "\n".join([*(text for one in sections for text in (*one.paragraphs, *one.bullets)), *cells])


def cells(report: Report, key: str, name: str) -> list[dict[str, str]]:
    """Rows of a table by column label."""
    table = next(one for one in section(report, key).tables if one.key == name)
    return [dict(zip([column.label for column in table.columns], row, strict=True)) for row in table.rows]


# figures


def test_the_decision_of_a_plan_that_was_worked_out_by_hand() -> None:
    """35 USD at 0.8 = 28 EUR for 2 hours, x 8760 / 2 = 122,640 EUR a year; 28 / 25 busy hours = 1.12 EUR.

    Owned: 20 of 20 accelerator-hours busy. Not served: 5 of 30 = 16.7 %; penalty 500 x 0.8 = 400 EUR.
    """
    report = report_of(short())
    assert report.headline.startswith("16.7 % of Chat is not served; the rest costs 28 EUR over the 2 hours planned")
    assert [(tile.value, tile.note) for tile in report.tiles[:3]] == [
        ("28 EUR", "123,000 EUR per year"),
        ("1.12 EUR", "25 hours busy"),
        ("100 %", "of 20 accelerator-hours"),
    ]
    assert report.warnings[0] == "Not served: 5 requests of Chat, 16.7 % of its demand."
    assert report.warnings[-1].startswith("Work that is not served counts as a penalty of 400 EUR")
    (mine, *_) = cells(report, "rules", "plan-and-rules")
    assert mine["Cost (EUR for the 2 hours planned)"] == "28"
    assert mine["Not served (largest share)"] == "16.7 %"


def allowed_amounts(plan: hp.Plan) -> set[str]:
    """Every amount that the page of decision may name, from the audit, the baselines and the re-solves."""
    assert plan.tables is not None
    money, hours = plan.scenario.display_currency, plan.scenario.horizon.plan_hours
    lines = audit(plan.scenario, plan.tables).cost_lines
    is_penalty = lines["is_penalty"].astype(bool)
    bill = float(lines.loc[~is_penalty, "usd"].sum())
    usd = [bill, plan.constant_usd, bill / float(plan.quantities["busy_accelerator_hours"].sum())]
    penalties = lines.loc[is_penalty].groupby("term")["usd"].sum()
    usd += [*penalties, float(penalties.loc[penalties.index.isin(decision.STEERING)].sum())]
    usd += [row.objective_usd - (plan.objective_usd or 0.0) for row in plan.baselines.values()]
    values = limits.binding(plan)
    usd += [*values["usd"], *values["usd_per_hour"]]
    slow = elasticity.slow_scaling_usd(plan)
    beside = set()
    if slow is not None and plan.instant_objective_usd is not None:
        usd.append(slow)
        beside.add(elastic.beside(plan.instant_objective_usd, slow, money))
    scaled = [fmt.per_period(one, hours, period) for one in usd for period in fmt.PERIODS]
    return beside | {fmt.money(one, money) for one in scaled} | {fmt.money(-one, money) for one in scaled}


@pytest.mark.parametrize("name", WITH_PLANS)
def test_every_amount_on_the_page_of_decision_is_an_audited_one(name: str) -> None:
    plan = shipped(name)
    report = report_of(plan)
    texts = [report.headline, *report.warnings, words(report.decision)]
    found = [match for text in texts for match in AMOUNT.findall(text)]
    assert found
    assert set(found) <= allowed_amounts(plan)


@pytest.mark.parametrize("name", WITH_PLANS)
def test_key_figures_and_rules_are_those_of_the_audit(name: str) -> None:
    plan = shipped(name)
    report, money = report_of(plan), plan.scenario.display_currency
    bill = sum(plan.cost_usd.values())
    assert report.tiles[0].value == fmt.money(bill, money)
    assert report.tiles[3].value == f"{fmt.number(float(plan.quantities['carbon_tonnes'].sum()))} t" or (
        report.tiles[3].value == fmt.NO_VALUE
    )
    shown = cells(report, "rules", "plan-and-rules")
    span = fmt.span(plan.scenario.horizon.plan_hours)
    costs = [bill, *(sum(row.cost_usd.values()) for row in plan.baselines.values())]
    assert [row[f"Cost ({money.code} for {span})"] for row in shown] == [
        fmt.number(one * money.units_per_usd) for one in costs
    ]
    missing = [cost.unserved_share(one) for one in (plan, *plan.baselines.values())]
    assert [row["Not served (largest share)"] for row in shown] == [fmt.share(one) for one in missing]


def test_the_report_uses_the_sentences_of_the_pages() -> None:
    plan = shipped("demo")
    report = report_of(plan)
    assert report.headline == decision.headline(plan)
    assert section(report, "recommended").bullets[0] == decision.where(plan)
    assert section(report, "rules").bullets == tuple(savings.savings(plan))
    assert section(report, "next").paragraphs == (
        next_step(plan, MADE_AT.date()).text,
        next_step(plan, MADE_AT.date()).change,
    )


def test_costs_by_term_and_by_pool_add_up_to_the_bill() -> None:
    """Of the two hours: owned 20 and rented 15 USD are 16 and 12 EUR, 28 in all, without the penalty."""
    report = report_of(short())
    terms = {
        row["Term"]: row["This plan (EUR for the 2 hours planned)"] for row in cells(report, "money", "cost-by-term")
    }
    assert terms == {
        "Owned, fixed": "16",
        "Rented by the hour": "12",
        "Penalty: not served": "400",
        "All costs, without penalties": "28",
    }
    pools = {row["Pool"]: row["All (EUR for the 2 hours planned)"] for row in cells(report, "money", "cost-by-pool")}
    assert pools == {"Own": "16", "Rented": "12"}


# inputs, with source and date


def test_inputs_come_with_source_and_date_in_the_display_currency() -> None:
    """1 USD is 0.8 EUR."""
    report = report_of(short())
    own, rented = cells(report, "pools", "pools")
    price = "Price (EUR per accelerator-hour)"
    assert (own[price], own["Source of price"], own["Date"]) == ("0.800", "own books", "2 Jan 2026")
    assert (rented[price], rented["Source of price"], rented["Date"]) == ("2.40", "–", "1 Nov 2026")
    (work,) = cells(report, "demand", "demand")
    assert (work["Source"], work["Date"]) == ("own meter", "5 May 2026")
    (speed,) = cells(report, "demand", "throughput")
    assert (speed["It is"], speed["Source"], speed["Date"]) == ("measured", "own test", "4 May 2026")
    assert "Money is shown in EUR, at 0.8 EUR per USD of 25 Nov 2026 (central bank)." in words(report.decision)
    rate = next(row for row in cells(report, "policy", "policy") if row["Rule or rate"] == "Display currency")
    assert (rate["Value"], rate["Source and date"]) == ("0.8 EUR per USD", "central bank, 25 Nov 2026")


def test_times_are_those_of_the_scenario() -> None:
    """The plan begins at midnight in Berlin, which is 22:00 of the day before in UTC."""
    report = report_of(short())
    planned = section(report, "planned").bullets[0]
    assert (
        planned == "Morning: Mon 01 Jun 2026, 00:00 to Mon 01 Jun 2026, 02:00 (Europe/Berlin), in 2 periods of 1 hour."
    )
    assert ("Made", "2026-11-26 10:15 UTC") in report.facts
    assert ("Local time", "2026-11-26 11:15 Europe/Berlin") in report.facts


def test_a_report_without_a_currency_names_no_rate() -> None:
    asked = two_hours()
    del asked["display_currency"]
    report = report_of(hp.solve(require(asked)))
    assert report.tiles[0].value == "35 USD"
    assert "Money is shown in" not in words((*report.decision, *report.evidence))


# what applies


@pytest.mark.parametrize(
    ("name", "there", "absent"),
    [
        ("demo", {"latency", "jobs", "switched", "nodes", "energy", "links"}, {"warnings", "diagnosis"}),
        ("whole_nodes", {"latency", "jobs", "switched", "nodes"}, set()),
        ("reference_sunk", {"money", "full", "binding"}, {"latency", "jobs", "switched", "diagnosis"}),
    ],
)
def test_sections_stand_only_where_they_apply(name: str, there: set[str], absent: set[str]) -> None:
    found = set(keys(report_of(shipped(name))))
    assert there <= found
    assert not absent & found


@pytest.mark.parametrize("name", WITH_PLANS)
def test_sections_have_keys_of_their_own_and_tables_are_rectangular(name: str) -> None:
    report = report_of(shipped(name))
    assert len(keys(report)) == len(set(keys(report)))
    for one in (*report.decision, *report.evidence):
        assert one.paragraphs or one.bullets or one.tables or one.charts, one.key
        for table in one.tables:
            assert table.rows
            assert {len(row) for row in table.rows} == {len(table.columns)}
            assert all(cell and "nan" not in cell.split() for row in table.rows for cell in row), table.key
        for chart in one.charts:
            assert chart.title.endswith("?")
            assert chart.alt
            assert chart.block in ({""} | set(shipped(name).scenario.horizon.blocks))


def test_a_long_table_is_shortened_and_says_so() -> None:
    plan = shipped("demo")
    report = report_of(plan)
    all_rows = int((~plan.routes["eligible"].astype(bool)).sum())
    assert all_rows > MOST_ROWS
    shown = section(report, "routes")
    assert len(shown.tables[0].rows) == MOST_ROWS
    assert f"The first {MOST_ROWS} of {all_rows} are shown; the Excel workbook has all of them." in shown.paragraphs


def test_many_workloads_that_are_not_served_leave_the_page_of_decision_one_page() -> None:
    """Six of the same workload compete for nothing: four are named, two are counted, then comes the penalty."""
    asked = two_hours()
    work = asked["workloads"].pop("chat") | {"denied_sites": ["fra"]}
    asked["workloads"] = {f"w{number}": work | {"name": f"Work {number}"} for number in range(6)}
    report = report_of(hp.solve(require(asked)))
    assert len(report.warnings) == 6
    assert report.warnings[4] == "And 2 more."
    assert report.warnings[5].startswith("Work that is not served counts")


def test_warnings_about_the_inputs_are_listed() -> None:
    plan = replace(short(), warnings=(Issue("pools.own", "is odd", "3", "USD", "Look again.", "warning"),))
    shown = section(report_of(plan), "warnings").tables[0]
    assert shown.rows == (("pools.own", "is odd", "3", "USD", "Look again."),)


def test_several_blocks_have_a_chart_each() -> None:
    asked = two_hours()
    asked["horizon"]["blocks"]["later"] = {"label": "Later", "start": "2026-09-01T00:00:00+02:00", "periods": 2}
    asked["workloads"]["chat"]["demand_units_per_hour"]["later"] = [0.0, 4.0]
    report = report_of(hp.solve(require(asked)))
    charts = section(report, "where").charts
    assert [(chart.block, chart.title) for chart in charts] == [
        ("b", "Morning: where does the work run, hour by hour?"),
        ("later", "Later: where does the work run, hour by hour?"),
    ]
    assert "at most 4 at once (Tue 01 Sep 2026, 01:00 Europe/Berlin), at least 0" in charts[1].alt


# certificate


def test_the_certificate_is_explained_line_by_line() -> None:
    plan = shipped("whole_nodes")
    rows = {row["Figure"]: row for row in cells(report_of(plan), "certificate", "certificate")}
    assert plan.certificate is not None
    assert rows["Rules checked"]["Value"] == f"{plan.certificate.rules_checked:,}"
    value = rows["Objective"]["Value"].removesuffix(" USD").replace(",", "")
    assert float(value) == pytest.approx(plan.objective_usd, rel=1e-9)
    assert len(value.replace(".", "")) <= 10
    assert rows["Bound"]["What it means"].endswith("by the solver's own word.")
    assert rows["Inputs (sha256)"]["Value"] == plan.content_hash
    assert all(row["What it means"] for row in rows.values())


def test_a_gap_is_said_in_words_on_the_page_of_decision() -> None:
    plan = short()
    assert plan.certificate is not None
    wide = replace(plan, status=SolveStatus.WITHIN_GAP, certificate=replace(plan.certificate, gap=0.031))
    assert "No plan for these inputs can be cheaper by more than 3.1 %" in words(report_of(wide).decision)
    unknown = replace(plan, certificate=replace(plan.certificate, bound_source="none", gap=float("inf")))
    assert "How much cheaper a plan could be is not known." in words(report_of(unknown).decision)


# no plan


@pytest.mark.parametrize("make", [impossible, too_late])
def test_without_a_plan_nothing_stands_as_an_answer(make: object) -> None:
    plan = impossible() if make is impossible else too_late()
    report = report_of(plan)
    assert report.tone == "bad"
    assert report.tiles == ()
    assert not {"recommended", "cost", "rules", "where", "money", "full", "binding", "nodes"} & set(keys(report))
    assert not any(one.charts for one in report.evidence)
    assert not AMOUNT.search(" ".join([report.headline, *report.warnings, words(report.decision)]))
    assert section(report, "pools").tables


def test_an_impossible_scenario_comes_with_what_would_make_it_possible() -> None:
    plan = impossible()
    report = report_of(plan)
    assert report.headline == "No plan can meet every rule at the same time."
    opening, *changes = diagnosis.explain(plan)
    assert section(report, "diagnosis").paragraphs == (opening,)
    assert section(report, "diagnosis").bullets == tuple(changes)
    assert any("Rented" in line or "Own" in line for line in changes)


def test_where_it_comes_from_is_said() -> None:
    report = content(short(), made_at=MADE_AT, origin="Version 3 of Estate, saved 24 Nov 2026")
    assert ("Scenario", "Version 3 of Estate, saved 24 Nov 2026") in report.facts
    assert "Scenario" not in dict(report_of(short()).facts)


def test_dust_is_not_shown_as_work_that_is_not_served() -> None:
    rows = pd.DataFrame(cells(report_of(shipped("demo")), "where", "by-workload"))
    assert set(rows["Not served (units)"]) == {"0"}
    assert document("demo")["name"] == report_of(shipped("demo")).title
