"""Evidence on what is committed to, bought and copied; each section only where the scenario has such records."""

from __future__ import annotations

import pandas as pd

from hybridplan.analysis import datasets, key_figures, labels
from hybridplan.analysis import format as fmt
from hybridplan.analysis.commitments import billing
from hybridplan.analysis.commitments.holdings import holdings
from hybridplan.analysis.hardware import expansions, lines, timeline
from hybridplan.analysis.sentences import commitments as commitment_sentences
from hybridplan.analysis.sentences import datasets as data_sentences
from hybridplan.analysis.sentences import hardware as hardware_sentences
from hybridplan.analysis.wording import say
from hybridplan.plan import Plan, PlanTables
from hybridplan.report.content_parts import Section, Table
from hybridplan.report.content_tables import capped, count, number, share, shortened, table, text


def sections(plan: Plan, tables: PlanTables) -> tuple[Section, ...]:
    """Commitments, hardware with private lines, data with results."""
    return (*_commitments(plan), *_hardware(plan, tables), *_data(plan, tables))


def _commitments(plan: Plan) -> tuple[Section, ...]:
    if not holdings(plan):
        return ()
    rows, advice = commitment_sentences.table(plan), commitment_sentences.advice(plan)
    bullets = [
        *commitment_sentences.summary(plan),
        *(" ".join(one) for one in advice),
        *commitment_sentences.bills(plan),
    ]
    code, unit = plan.scenario.display_currency.code, key_figures.money_unit(plan, "plan")
    columns = {
        "name": text("Commitment"),
        "size": text("Size"),
        "utilisation": share("Used"),
        "coverage": share("Covers (of what it can pay for)"),
        "usd": number(f"Cost ({unit})"),
        "unused_usd": number(f"Not used ({unit})"),
        "usd_per_used_hour": number(f"Per hour of use ({code})"),
        "on_demand_usd": number(f"On demand ({code} per hour)"),
        "break_even_utilisation": share("Break-even use"),
    }
    return (
        Section(
            "commitments",
            "Commitments: what is used, and what to commit to",
            paragraphs=((say("commit.how"),) if advice else ()),
            bullets=capped(bullets),
            tables=(table("commitments-used", "Commitments", rows, columns), *_bills(plan)),
        ),
    )


def _bills(plan: Plan) -> tuple[Table, ...]:
    rows = billing.schedule(plan)
    if rows.empty:
        return ()
    rows = key_figures.in_currency(plan, rows, ["billed_usd", "effective_usd"], "plan")
    names = labels.blocks(plan.scenario)
    phases = {billing.BEFORE: "before the plan", billing.AFTER: "after the plan"}
    rows["when"] = [phases.get(str(phase), names.get(str(phase), str(phase))) for phase in rows["phase"]]
    rows["of"] = ["new" if part == "new" else "held" for part in rows["part"]]
    code = plan.scenario.display_currency.code
    columns = {
        "name": text("Commitment"),
        "of": text("Part"),
        "when": text("When"),
        "billed_usd": number(f"Billed ({code})"),
        "effective_usd": number(f"Counted ({code})"),
    }
    return (table("bills", "What is billed, and what is counted", rows, columns),)


def _hardware(plan: Plan, tables: PlanTables) -> tuple[Section, ...]:
    scenario = plan.scenario
    if not expansions.occur(scenario):
        return ()
    advice = [*hardware_sentences.advice(plan), *hardware_sentences.line_advice(plan)]
    bullets = [*(" ".join(one) for one in advice), *hardware_sentences.dates(plan), *hardware_sentences.room(plan)]
    found = (
        *(_ownership(plan) if scenario.expansions else ()),
        *(_standing(plan, tables) if timeline.changes(scenario) else ()),
        *(_lines(plan, tables) if lines.occur(scenario) else ()),
    )
    paragraphs = (say("hardware.how"),) if scenario.expansions else ()
    title = "Hardware: what to buy, what comes and goes, and its room"
    return (Section("hardware", title, paragraphs=paragraphs, bullets=capped(bullets), tables=found),)


def _ownership(plan: Plan) -> tuple[Table, ...]:
    rate, code = plan.scenario.display_currency.units_per_usd, plan.scenario.display_currency.code
    pools = labels.pools(plan.scenario)
    rows = pd.DataFrame(
        [
            {
                "name": one.name,
                "pool": pools[one.pool],
                "whole": one.whole,
                "use": one.utilisation,
                "annuity": one.annuity_usd * rate,
                "running": (one.staff_usd + one.space_usd) * rate,
                "energy": one.energy_usd * rate,
                "hourly": one.usd_per_used_hour * rate,
                "rented": one.on_demand_usd * rate,
                "even": one.break_even_utilisation,
                "payback": one.payback_years,
            }
            for one in expansions.expansions(plan)
        ]
    )
    columns = {
        "name": text("Hardware"),
        "pool": text("Pool"),
        "whole": count("Buy (accelerators)"),
        "use": share("Used"),
        "annuity": number(f"Annuity ({code} per year each)"),
        "running": number(f"Staff, space ({code} per year each)"),
        "energy": number(f"Energy ({code} per year each)"),
        "hourly": number(f"Per hour of use ({code})"),
        "rented": number(f"On demand ({code} per hour)"),
        "even": share("Break-even use"),
        "payback": number("Payback (years)"),
    }
    return (table("ownership", "Cost of ownership", rows, columns),)


def _standing(plan: Plan, tables: PlanTables) -> tuple[Table, ...]:
    rows = timeline.by_block(plan, tables)
    rows = rows.loc[(rows["bought"] > 0) | (rows["retired"] > 0) | (rows["kept"] > 0)]
    if rows.empty:
        return ()
    rows = rows.assign(
        name=labels.named(rows["pool"], labels.pools(plan.scenario)),
        when=labels.named(rows["block"], labels.blocks(plan.scenario)),
    )
    columns = {
        "name": text("Pool"),
        "when": text("Block"),
        "kept": count("There before (accelerators)"),
        "bought": count("Bought (accelerators)"),
        "retired": count("Gone by then (accelerators)"),
    }
    return (table("standing", "What stands when", rows, columns),)


def _lines(plan: Plan, tables: PlanTables) -> tuple[Table, ...]:
    rows = key_figures.in_currency(plan, lines.by_link(plan, tables), ["usd", "saved_usd"], "plan")
    unit = key_figures.money_unit(plan, "plan")
    columns = {
        "name": text("From, to"),
        "gbps": number("Taken (Gbit/s)"),
        "most_gbps": number("On offer (Gbit/s)"),
        "gb": number("Data on it (GB)"),
        "usd": number(f"Cost ({unit})"),
        "saved_usd": number(f"Saved on data ({unit})"),
        "break_even_gb_per_hour": number("Pays from (GB per hour)"),
    }
    return (table("private-lines", "Private lines", rows, columns),)


def _data(plan: Plan, tables: PlanTables) -> tuple[Section, ...]:
    if not datasets.occur(plan.scenario):
        return ()
    rows = datasets.copies(plan, tables)
    found = _copies(plan, rows) if len(rows) else ()
    bullets = capped(data_sentences.summary(plan))
    return (Section("data", "Where the data lies", paragraphs=shortened(rows), bullets=bullets, tables=found),)


def _copies(plan: Plan, rows: pd.DataFrame) -> tuple[Table, ...]:
    works = labels.workloads(plan.scenario)
    rows = key_figures.in_currency(plan, rows, ["storage_usd"], "plan")
    rows["what"] = [say(f"copy.{state}") for state in rows["state"]]
    rows["used_by"] = [fmt.shortened(labels.named(keys, works)) for keys in rows["works"]]
    rows["allowed"] = ["yes" if one else "no" for one in rows["is_allowed"]]
    columns = {
        "name": text("Dataset"),
        "site_name": text("Site"),
        "what": text("Copy"),
        "size_gb": number("Size (GB)"),
        "storage_usd": number(f"Storage ({key_figures.money_unit(plan, 'plan')})"),
        "first_copy_hours": count("There after (hours)"),
        "change_gb_per_hour": number("Sync (GB per hour)"),
        "used_by": text("Used by"),
        "jurisdiction": text("Law"),
        "allowed": text("Allowed there"),
    }
    return (table("copies", "Copies", rows, columns),)
