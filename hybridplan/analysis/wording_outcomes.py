"""Templates of sentences on the outcome of a drill; see :mod:`hybridplan.analysis.wording`."""

from __future__ import annotations

from typing import Final

OUTCOMES: Final[dict[str, str]] = {
    "outcome.headline": "{moment}, after the {failure}: {parts}.",
    "outcome.nothing_runs": "{moment}: nothing runs, so the {failure} takes nothing.",
    "outcome.as_before": "{workloads} {go} on as before",
    "outcome.fully": "{workload} goes on fully{places}{latency}",
    "outcome.partly": "{share} of {workload} goes on{places}{latency}",
    "outcome.stops": "{workloads} {stop}",
    "outcome.places": "from {sites}",
    "outcome.latency": "({after} ms instead of {before} ms)",
    "outcome.no_answer": "No answer was found for this hour.",
    "outcome.promise": "A promise for {workloads} would let it go on; it has none.",
    "outcome.promise_each": "A promise for each of {workloads} would let them go on; they have none.",
    "outcome.share": "A promise of more than {share} would let more of {workload} go on.",
    "outcome.wait": "{workloads} can wait: what is missed may be done after the failure, inside the same window.",
    "outcome.best_same": "Solved anew with what survives, no more is served.",
    "outcome.best_more": "Solved anew with what survives, more is served: {parts}.",
    "outcome.rented_same": "Renting more at once serves no more.",
    "outcome.rented_more": "With more rented at once: {parts}.",
    "outcome.part": "{share} of {workload} in place of {stored}",
}
