"""Moving the numbers of a scenario by sliders: what is moved, and the last state that was solved as a whole.

What is shown is always one solved state with its own inputs. While the next one is worked out the last one stays.
Nothing is written, and nothing is solved in the process of the pages.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from hybridplan.analysis.studies import WHAT_IF
from hybridplan.analysis.what_if import Moves, moved
from hybridplan.domain import Scenario
from hybridplan.errors import InvalidInput
from hybridplan.jobs import JobState, Request, get_pool
from hybridplan.plan import Plan
from hybridplan.ui import session

_SLOT: Final = "moving"


@dataclass(frozen=True)
class Shown:
    """One solved state: what was moved, and the plan of exactly that."""

    moves: Moves
    plan: Plan


@dataclass(eq=False)
class Moving:
    """What this visitor moves: the state that is shown, and the key of the one that is worked out (empty: none)."""

    base: Plan
    shown: Shown
    key: str = ""
    wanted: Moves = field(default_factory=Moves)
    """Where the sliders stand."""
    turn: int = 0
    """Counts the plans that were moved on: the sliders of an earlier one keep their values out of this one's."""

    def want(self, moves: Moves) -> None:
        """Ask for the state of these moves, in place of any other that is worked out.

        Raises :class:`InvalidInput` where they leave no valid scenario.
        """
        self.wanted = moves
        if moves.is_neutral:
            self.shown = Shown(moves, self.base)
        if moves == self.shown.moves:
            self._forget()
            return
        try:
            scenario = moved(self.base.scenario, moves)
        except InvalidInput:
            self._forget()
            raise
        request, pool = Request.of(scenario, WHAT_IF), get_pool()
        if isinstance(found := pool.found(request.key), Plan) and found.status.has_plan:
            self._forget()
            self.shown = Shown(moves, found)
        elif self.key != request.key:
            self.key = pool.submit(scenario, session.visitor(), WHAT_IF)

    def wait(self, seconds: float) -> JobState:
        """Wait up to so long for the state that is worked out, and show it when it is there."""
        state = get_pool().wait(self.key, session.visitor(), seconds)
        if not state.is_live:
            self.key = ""
            if state.plan is not None:
                self.shown = Shown(self.wanted, state.plan)
        return state

    def _forget(self) -> None:
        if self.key:
            get_pool().cancel(session.visitor(), self.key)
            self.key = ""


def of(base: Plan) -> Moving:
    """What is moved on this plan; nothing yet where it is another plan than last time."""
    found = session.slot(_SLOT, lambda: Moving(base, Shown(Moves(), base)))
    if found.base is not base:
        found.base, found.shown, found.key, found.wanted = base, Shown(Moves(), base), "", Moves()
        found.turn += 1
    return found


def keep(base: Scenario, moves: Moves, what: str) -> None:
    """Make the moved numbers those of the visitor's own scenario: one change that can be taken back."""
    session.workspace().commit(moved(base, moves).to_dict(), what, rebuild=True)
