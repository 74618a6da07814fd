"""``hybridplan ledger``: what every rule of a scenario costs, as a table, CSV or JSON."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from hybridplan.cli.output import ExitCode, print_json, print_table, say
from hybridplan.cli.solving import causes, read_scenario, require_time
from hybridplan.cli.tracing import SeriesFormat

if TYPE_CHECKING:
    from hybridplan.analysis.rule_ledger import Ledger
    from hybridplan.analysis.rule_pairs import Pairs
    from hybridplan.domain import Scenario


def ledger_of_file(path: Path, output: SeriesFormat, most_solves: int, time_limit_seconds: float | None) -> ExitCode:
    """Price the rules of the scenario in ``path`` and print them on stdout; what they mean goes to stderr."""
    require_time(time_limit_seconds)
    scenario = read_scenario(path)

    from hybridplan.analysis import rule_prices
    from hybridplan.analysis.sentences import rules

    found = rule_prices.ledger(scenario, most_solves=most_solves, time_limit_seconds=time_limit_seconds)
    say(*rules.summary(found, scenario), rules.order())
    _print(found, output)
    return _verdict(found, scenario, time_limit_seconds)


def pairs_of_file(path: Path, output: SeriesFormat, time_limit_seconds: float | None) -> ExitCode:
    """Print the plan with and without residency, latency objectives and promises; what it means goes to stderr."""
    require_time(time_limit_seconds)
    scenario = read_scenario(path)

    from hybridplan.analysis.sentences import pairs
    from hybridplan.analysis.with_without import with_without
    from hybridplan.io import exports

    found = with_without(scenario, time_limit_seconds=time_limit_seconds)
    say(*pairs.summary(found, scenario), pairs.how())
    table = found.table()
    if output is SeriesFormat.CSV:
        sys.stdout.write(exports.table_csv(table))
    elif output is SeriesFormat.JSON:
        head = {"status": found.status.value, "complete": found.complete}
        print_json({**head, "pairs": exports.rows(table)})
    else:
        shown = ["pair", "rules", "status", "objective_usd", "cost_usd", "unserved_share", "mean_ms", "carbon_tonnes"]
        print_table("The plan with and without these rules, in USD over the horizon", table[shown])
    return _verdict(found, scenario, time_limit_seconds)


def _verdict(found: Ledger | Pairs, scenario: Scenario, time_limit_seconds: float | None) -> ExitCode:
    """How it ended; where the scenario is impossible, what would change that goes to stderr."""
    from hybridplan.plan import SolveStatus

    if found.status is SolveStatus.INFEASIBLE:
        say(*causes(scenario, time_limit_seconds))
        return ExitCode.INFEASIBLE
    return ExitCode.OK if found.status.has_plan and found.complete else ExitCode.NO_ANSWER


def _print(found: Ledger, output: SeriesFormat) -> None:
    from hybridplan.io import exports

    table = found.table()
    if output is SeriesFormat.CSV:
        sys.stdout.write(exports.table_csv(table))
    elif output is SeriesFormat.JSON:
        names = ("objective_usd", "cost_usd", "without_usd", "total_usd", "own_usd", "interaction_usd", "solves")
        head = {"status": found.status.value, "complete": found.complete, "most_solves": found.most_solves}
        print_json({**head, **{name: getattr(found, name) for name in names}, "rules": exports.rows(table)})
    else:
        shown = ["kind", "records", "status", "usd", "usd_per_year", "served", "step_usd", "after_usd"]
        print_table(
            "What each rule costs alone (usd) and in this order (step_usd), in USD over the horizon", table[shown]
        )
        _print_sum(found)


def _print_sum(found: Ledger) -> None:
    rows = {
        "objective with all rules": found.objective_usd,
        "sum of the rules alone": found.own_usd,
        "counted more than once": found.interaction_usd,
        "all rules together": found.total_usd,
        "objective without rules": found.without_usd,
    }
    print()
    for name, usd in rows.items():
        print(f"{name:26}{'not known' if usd is None else f'{usd:,.2f} USD'}")
