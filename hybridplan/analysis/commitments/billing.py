"""When commitments are billed, against when their cost belongs: by block, and over the whole term."""

from __future__ import annotations

import math

import pandas as pd

from hybridplan.analysis.commitments.holdings import Holding, holdings
from hybridplan.domain import Scenario
from hybridplan.plan import Plan

BEFORE, AFTER = "before", "after"
"""Phases beside the blocks: what lies before the horizon, and what of the last term lies after it."""
COLUMNS = ("kind", "record", "name", "part", "phase", "block", "hours", "effective_usd", "upfront_usd", "billed_usd")
TERM_COLUMNS = ("kind", "record", "name", "part", "terms", "billed_usd", "effective_usd", "difference_usd")
_ROUNDING = 1e-9


def schedule(plan: Plan) -> pd.DataFrame:
    """COLUMNS: each part (``existing``, ``new``) of each commitment, by phase: before, each block, after.

    effective_usd: size x fee x hours: what the plan counts. billed_usd: upfront_usd, all at once when a term begins,
    and the rest of the effective cost by the hour. Terms follow each other while the commitment is in service. What is
    new begins with its first block in service; what is held with its ``starts``, and before the horizon where that is
    not given. Left out: what is in service in no block, and a commitment with an upfront part whose term is not known
    (nobody can say what is billed).
    """
    rows = list[dict[str, object]]()
    for one in holdings(plan):
        for part, size in (("existing", one.existing), ("new", one.new)):
            if size > 0 and is_known(one) and one.service_hours > 0:
                rows += _part(plan.scenario, one, part, size)
    return pd.DataFrame(rows, columns=list(COLUMNS))


def is_known(one: Holding) -> bool:
    """Whether it can be said what is billed when."""
    return one.upfront_share == 0 or one.term_hours is not None


def by_block(scenario: Scenario, rows: pd.DataFrame) -> pd.DataFrame:
    """All commitments together: block, billed_usd, effective_usd, in the order of the blocks. ``rows``: a schedule."""
    sums = rows.loc[rows["block"] != ""].groupby("block")[["billed_usd", "effective_usd"]].sum()
    order = [key for key, _ in scenario.horizon.ordered()]
    return sums.reindex(order).fillna(0.0).rename_axis("block").reset_index()


def reconcile(rows: pd.DataFrame) -> pd.DataFrame:
    """TERM_COLUMNS: over whole terms what is billed is what is counted; difference_usd is rounding.

    ``rows``: a schedule. Without a term, the horizon stands for it.
    """
    keys = ["kind", "record", "name", "part"]
    sums = rows.groupby(keys, sort=False)[["billed_usd", "effective_usd"]].sum().reset_index()
    counts = rows.loc[rows["upfront_usd"] > 0].groupby(keys, sort=False)["upfront_usd"].agg(["sum", "max"])
    terms = {key: row["sum"] / row["max"] for key, row in counts.to_dict("index").items()}
    sums["terms"] = [terms.get(key, 1.0) for key in sums[keys].itertuples(index=False, name=None)]
    sums["difference_usd"] = sums["billed_usd"] - sums["effective_usd"]
    return sums[list(TERM_COLUMNS)]


def _part(scenario: Scenario, one: Holding, part: str, size: float) -> list[dict[str, object]]:
    begun = _has_begun(scenario, one, part)
    term = one.term_hours
    done = _hours_before(scenario, one) if begun else 0.0
    if term is not None and _ends_within(scenario, one):
        # Its last term is over when it ends: counted back from there, or no longer than it serves.
        over = max(1, math.ceil(one.service_hours / term - _ROUNDING)) * term - one.service_hours
        term, done = (term, over) if begun else (one.service_hours, 0.0)
    rate = size * one.fee_usd_per_hour
    upfront = 0.0 if term is None else one.upfront_share * rate * term
    spans = [(BEFORE, "", done), *((key, key, hours) for key, hours in one.hours.items())]
    total = done + one.service_hours
    terms = 0 if term is None else max(1, math.ceil(total / term - _ROUNDING))
    if term is not None:
        spans.append((AFTER, "", max(terms * term - total, 0.0)))
    rows, passed, paid = list[dict[str, object]](), 0.0, 0
    for phase, block, hours in spans:
        now = passed + hours
        begins = paid
        if term is not None and phase != AFTER and (hours > 0 or (phase == BEFORE and begun)):
            # A term begins at its multiples of the hours served; the next one is not bought where service ends.
            begins = min(terms, max(1, math.ceil(now / term - _ROUNDING)))
        effective, ahead = rate * hours, (begins - paid) * upfront
        rows.append(
            {
                "kind": one.kind,
                "record": one.record,
                "name": one.name,
                "part": part,
                "phase": phase,
                "block": block,
                "hours": hours,
                "effective_usd": effective,
                "upfront_usd": ahead,
                "billed_usd": ahead + (1.0 - (0.0 if term is None else one.upfront_share)) * effective,
            }
        )
        passed, paid = now, begins
    return [row for row in rows if row["hours"] or row["upfront_usd"]]


def _has_begun(scenario: Scenario, one: Holding, part: str) -> bool:
    """Whether its first term begins before the horizon."""
    return part == "existing" and (one.starts is None or one.starts < scenario.horizon.ordered()[0][1].start)


def _ends_within(scenario: Scenario, one: Holding) -> bool:
    """Whether it ends before the last block begins."""
    return one.ends is not None and one.ends <= scenario.horizon.ordered()[-1][1].start


def _hours_before(scenario: Scenario, one: Holding) -> float:
    """Hours served before the horizon; 0 where it is not known when it began."""
    if one.starts is None:
        return 0.0
    return (scenario.horizon.ordered()[0][1].start - one.starts).total_seconds() / 3600.0
