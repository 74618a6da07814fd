"""Templates of sentences on blocks and typical weeks; see :mod:`hybridplan.analysis.wording`."""

from __future__ import annotations

from typing import Final

BLOCKS: Final[dict[str, str]] = {
    "blocks.covered": "The plan covers {span} in {count} blocks, each counted as often as it occurs.",
    "blocks.dearest": "The dearest is {block}: {most} per hour, against {least} per hour in {cheapest}.",
    "blocks.alike": "Every block costs {usd} per hour.",
    "blocks.unserved": "Most is left unserved in {block}: {share} of {workload}.",
    "blocks.growth": "Demand in {last} is {share} of what it is in {first}, in accelerators.",
    "note.blocks": "Amounts of a block are over all its occurrences, so that the blocks add up to the plan. Penalties "
    "are left out: they are no bills.",
    "weeks.found": "{count} weeks stand for {hours} hours of {year}. Weight x hours adds up to exactly these hours, "
    "and the total demand of each workload is kept.",
    "weeks.year": "demand from {first} to {last}",
    "weeks.error": "Together, the highest hour is {peak} and the load-duration curve is {mean} of the mean load away "
    "from that of the year on average, {most} of the peak at most.",
    "weeks.peak_same": "as high as in the year",
    "weeks.peak_lower": "{share} lower than in the year",
    "weeks.peak_higher": "{share} higher than in the year",
    "weeks.peak_lost": "Keep the busiest week, or take more weeks, if the highest hour matters: what is bought for it "
    "would be missing.",
    "weeks.averaged": "No real week fits {names}: work in a few weeks only. An average week stands in for it, so its "
    "peaks are lower.",
    "weeks.outside": "The highest hour of the year lies in days at its edge that make no whole week. The busiest whole "
    "week is kept; give more days to keep that hour.",
    "weeks.local": "Weeks begin at midnight in {zone}; a week in which clocks change has 167 or 169 hours.",
    "weeks.kept": "Demand and price factors, windows, maintenance and workloads that are not in the file are taken "
    "over from the blocks that are there now.",
}
