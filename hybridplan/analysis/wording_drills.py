"""Templates of sentences on drills and random failures; see :mod:`hybridplan.analysis.wording`."""

from __future__ import annotations

from typing import Final

DRILLS: Final[dict[str, str]] = {
    "drill.kept": "Every promise is kept.",
    "drill.broken": "{broken} of {all} is not kept.",
    "drill.broken_more": "{broken} of {all} are not kept.",
    "drill.no_promise": "Nothing is promised.",
    "drill.lost": "Lost: {things}.",
    "drill.nothing_lost": "It takes nothing that the plan uses.",
    "drill.short": "{workload}: {left} of what is served goes on; {promised} is promised.",
    "drill.no_answer": "No answer was found for this hour ({status}), so there is nothing to show.",
    "drill.how_stored": "As the plan has it ready: promised work runs on its standby or its stored failover. Work "
    "without a promise, and work that can wait, stops.",
    "drill.how_stored_on": "As the plan has it ready; work without a promise, and work that can wait, runs on where "
    "it survives, in what promised work leaves free.",
    "drill.how_best": "Solved anew for this hour, with what is provisioned and survives, held-back capacity included. "
    "Work competes for it by what it is worth; promised work gets at least what the plan has ready for it.",
    "drill.how_best_rented": "Solved anew for this hour, with what is provisioned and survives, and what more can be "
    "rented up to the quotas, at its price. It assumes that this is there at once.",
    "drill.detail": "{before} before, {after} after ({unit} per hour)",
    "replay.of": "{runs} of {years} each, with {failures} per year in the mean.",
    "replay.none": "No failure happened in any run: ask for more years or more runs.",
    "replay.met": "{workload}: {availability} of its demand is served; the objective is {objective}. {share} of the "
    "runs meet it.",
    "replay.missed": "{workload} misses its objective: {availability} of its demand is served; the objective is "
    "{objective}. {share} of the runs meet it.",
    "replay.planned_short": "{workload} cannot meet its objective of {objective}: the plan itself serves {planned} "
    "when nothing fails.",
    "replay.plain": "{workload}: {availability} of its demand is served; it has no objective.",
    "replay.cause": "Most of what {workload} loses goes with the {failure}: {units} {unit} a year in the mean.",
    "replay.close": "{workload}: the mean is known to within {error} (standard error), which may hide on which side "
    "of the objective it lies. More runs tell.",
    "replay.how": "A promise says what goes on after one failure, whatever its odds; availability says what is served "
    "over time, with every failure coming and going at its own rate. Failures are independent of each other, and "
    "several may be there at once: then what each alone leaves is the most that goes on.",
}
