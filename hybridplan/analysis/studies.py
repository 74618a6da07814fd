"""Studies: everything that a worker can work out from a scenario, by name.

A study is a function ``(scenario, **options, time_limit_seconds, progress, partial) -> frozen dataclass``; the last
three are passed where it takes them. Options are plain JSON values. ``partial`` is called with the result so far.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from importlib import import_module
from typing import Any, Final, Protocol

from hybridplan.domain import Scenario
from hybridplan.errors import InvalidInput, Issue

PLAN: Final = "plan"
WHAT_IF: Final = "what_if"
SWEEP_POINT: Final = "sweep_point"

STUDIES: Final[dict[str, str]] = {
    PLAN: "hybridplan.analysis.planner:solve",
    WHAT_IF: "hybridplan.analysis.what_if:what_if",
    SWEEP_POINT: "hybridplan.analysis.grid:sweep_point",
    "frontier": "hybridplan.analysis.frontier:frontier",
    "tornado": "hybridplan.analysis.sensitivity.tornado:tornado",
    "field_sweep": "hybridplan.analysis.sensitivity.field_sweep:field_sweep",
    "break_even": "hybridplan.analysis.sensitivity.break_even:break_even",
    "price_ranges": "hybridplan.analysis.sensitivity.price_ranges:price_ranges",
    "diagnosis": "hybridplan.analysis.diagnose:diagnosis",
    "compare": "hybridplan.analysis.compare:compare",
    "buying": "hybridplan.analysis.buying:buying",
    "ledger": "hybridplan.analysis.rule_prices:ledger",
    "with_without": "hybridplan.analysis.with_without:with_without",
    "alternatives": "hybridplan.analysis.alternatives:alternatives",
    "drill": "hybridplan.analysis.drills.best_answer:answer",
    "replay": "hybridplan.analysis.drills.replaying:study",
    "promise_forms": "hybridplan.analysis.promise_forms:forms",
}
"""Name -> ``module:function``, imported when it is first asked for: a worker begins with what every plan needs."""

KEEP_BASIS: Final = frozenset({WHAT_IF, SWEEP_POINT})
"""Studies that end soon and start from what the last one left in the same process."""

_GIVEN: Final = ("time_limit_seconds", "progress", "partial")


class Runner(Protocol):
    """What a worker calls for each request."""

    def __call__(
        self,
        study: str,
        scenario: Scenario,
        options: dict[str, Any],
        *,
        time_limit_seconds: float,
        progress: Callable[[str], None],
        partial: Callable[[object], None],
    ) -> object:
        """The result of a study of this scenario."""


def runner() -> Runner:
    """The function that runs studies, with what nearly all of them need imported (about a second)."""
    for name in (PLAN, WHAT_IF):
        find(name)
    return run


def run(
    study: str,
    scenario: Scenario,
    options: dict[str, Any],
    *,
    time_limit_seconds: float | None = None,
    progress: Callable[[str], None] | None = None,
    partial: Callable[[Any], None] | None = None,
) -> object:
    """The result of one study. Raises :class:`InvalidInput` for a study that is none, and for options it has not."""
    function = find(study)
    signature = inspect.signature(function)
    given = {"time_limit_seconds": time_limit_seconds, "progress": progress, "partial": partial}
    given = {name: value for name, value in given.items() if name in signature.parameters}
    try:
        if not options.keys().isdisjoint(_GIVEN):
            raise TypeError(f"not an option: {sorted(options.keys() & set(_GIVEN))}")
        signature.bind(scenario, **options, **given)
    except TypeError as error:
        raise InvalidInput([Issue(f"options of {study}", str(error))]) from error
    return function(scenario, **options, **given)


def find(study: str) -> Callable[..., object]:
    """The function of a study. Raises :class:`InvalidInput` where there is none of this name."""
    if study not in STUDIES:
        raise InvalidInput([Issue("study", "is not known", study, mend=f"Known are {', '.join(STUDIES)}.")])
    module, _, name = STUDIES[study].partition(":")
    function: Callable[..., object] = getattr(import_module(module), name)
    return function
