"""What the sliders show of two plans, the one as it stands and the one with moved numbers, made before any is drawn."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from hybridplan.analysis import key_figures, labels
from hybridplan.analysis.clocks import clock_of
from hybridplan.analysis.sentences import what_if as words
from hybridplan.analysis.what_if import Moves
from hybridplan.analysis.wording import say
from hybridplan.charts import Figure, theme
from hybridplan.charts import what_if as chart
from hybridplan.domain import Scenario
from hybridplan.plan import Plan, PlanTables
from hybridplan.ui.views.kept import kept

_OPTIONS: Final = tuple(labels.PURCHASE_OPTION)


@dataclass(frozen=True)
class Answer:
    """All that is shown of one state: it is drawn as a whole, so no part of it is of another one."""

    headline: str
    tiles: list[tuple[str, str, str]]
    costs: Figure
    busy: Figure | None


def answer(base: Plan, now: Plan, moves: Moves, look: theme.Theme, block: str) -> Answer:
    """What is shown of a plan with moved numbers; both plans have tables. ``block``: shown over time; "": none.

    Each chart names what is moved, since a browser draws one after the other.
    """
    inputs = words.change(base.scenario, moves)
    return Answer(
        words.headline(base, now),
        [(one.name, one.value, one.note) for one in words.figures(base, now)],
        costs(base, now, inputs, look),
        busy(base, now, inputs, look, block) if block else None,
    )


def costs(base: Plan, now: Plan, inputs: str, look: theme.Theme) -> Figure:
    """Cost by term, as it stands and with moved numbers."""
    before, after = ({**one.cost_usd, **one.penalty_usd} for one in (base, now))
    rows = [
        {"name": labels.term(term), "before": before.get(term, 0.0), "now": after.get(term, 0.0)}
        for term in dict.fromkeys([*before, *after])
        if before.get(term) or after.get(term)
    ]
    frame = pd.DataFrame(rows, columns=["name", "before", "now"])
    frame = key_figures.in_currency(base, frame, ["before", "now"], "plan")
    names = say("moves.before"), say("moves.now")
    unit = key_figures.money_unit(base, "plan")
    return chart.by_term(frame, names, look, question=say("moves.title"), inputs=inputs, unit=unit)


def busy(base: Plan, now: Plan, inputs: str, look: theme.Theme, block: str) -> Figure:
    """Busy accelerators over time by purchase option, and all of them as it stands."""
    assert base.tables is not None
    assert now.tables is not None
    scenario = now.scenario
    hours, clock = clock_of(scenario, block)
    series = by_option(scenario, now.tables, block)
    names = {key: name.capitalize() for key, name in labels.PURCHASE_OPTION.items()}
    return chart.busy(
        _starts(scenario, block),
        series,
        names,
        sum(_of_base(base, base.tables, block).values(), np.zeros(1)),
        look,
        inputs=inputs,
        period_hours=hours,
        clock=clock,
    )


@kept
def _of_base(base: Plan, tables: PlanTables, block: str) -> dict[str, npt.NDArray[np.float64]]:
    return by_option(base.scenario, tables, block)


def by_option(scenario: Scenario, tables: PlanTables, block: str) -> dict[str, npt.NDArray[np.float64]]:
    """(T,) busy accelerators in each period of a block, by the purchase options that occur in the scenario."""
    rows = tables.provisioned.loc[tables.provisioned["block"] == block]
    options = rows["pool"].map({key: pool.purchase_option for key, pool in scenario.pools.items()})
    grid = rows.groupby([options, "period_start"])["accelerators_busy"].sum().unstack("period_start", fill_value=0)
    return {option: grid.loc[option].to_numpy(dtype=float) for option in _OPTIONS if option in grid.index}


def _starts(scenario: Scenario, block: str) -> npt.NDArray[np.str_]:
    """Local times of all periods of a block, and of its end."""
    found = scenario.horizon.blocks[block]
    moments = pd.Series(pd.to_datetime([*found.starts(), found.end], utc=True))
    return np.asarray(labels.wall_clock(scenario, found, moments).dt.strftime("%Y-%m-%dT%H:%M:%S"), dtype=str)
