"""What the ladder of promises says: one row for each form of them. Read without the solver."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

Form = Literal["given", "none", "cold", "shared", "dedicated"]

LADDER: Final[tuple[Form, ...]] = ("none", "cold", "shared", "dedicated")
"""From the cheapest to the dearest: each asks for at least what the one before it asks for."""
LATE: Final = "late"
"""Status of a form that was not tried, since the time was up."""


@dataclass(frozen=True)
class FormRow:
    """The plan with all promises in one form; numbers are None where there is no plan."""

    form: Form
    """``given``: as the scenario states them."""
    status: str = LATE
    """A SolveStatus, or ``late``."""
    objective_usd: float | None = None
    bound_usd: float | None = None
    """No plan in this form costs less."""
    bills_usd: float | None = None
    """Without penalties."""
    unserved_share: float | None = None
    """Largest share of a workload's demand that is not served."""
    standby_accelerators: float | None = None
    """Most accelerators at one time that stand by for one workload each; shared and cold promises have none."""
    idle_accelerators: float | None = None
    """Provisioned and not busy, in the mean over the horizon."""
    left_share: float | None = None
    """The smallest share of promised work that goes on after any failure."""
    broken: int | None = None
    """Promises (workload and failure) that are not kept: those of the scenario, also in a plan that promises none."""
    is_given: bool = False
    """Whether the scenario states exactly this."""


@dataclass(frozen=True)
class Forms:
    """One row per form, in the order of the ladder; last the scenario's own promises where these are a mix."""

    rows: tuple[FormRow, ...]
    promises: int
    """How many pairs of a promised workload and a failure there are."""
    plan_hours: float
    complete: bool = False
    """False where the time was up before everything was solved."""

    def row(self, form: Form) -> FormRow | None:
        """The row of a form; ``given``: that of the promises as they are stated, whatever it is called."""
        mine = (one for one in self.rows if (one.is_given if form == "given" else one.form == form))
        return next(mine, None)

    def extra_usd(self, row: FormRow) -> float | None:
        """Objective above that without promises; None where one of the two is not known."""
        none = self.row("none")
        if none is None or none.objective_usd is None or row.objective_usd is None:
            return None
        return row.objective_usd - none.objective_usd
