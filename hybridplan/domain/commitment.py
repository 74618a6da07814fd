"""Commitments: what is paid in every hour of a term, used or not, for capacity or for a lower price."""

from __future__ import annotations

from pydantic import AwareDatetime, Field

from hybridplan.domain.record import Date, Identifier, NonNegative, Positive, Record, Share, Text


class Commitment(Record):
    """A capacity commitment: accelerators behind a reserved pool, paid in every hour, used or not.

    Fee and capacity run over the same blocks: those that start at or after ``starts`` and before ``ends``.
    """

    name: Text = ""
    pool: Identifier
    accelerators: NonNegative = 0.0
    """Committed already; paid whatever is decided."""
    fee_usd_per_accelerator_hour: NonNegative
    """Effective fee: all payments of the term, upfront included, spread over its hours."""
    max_new_accelerators: NonNegative = 0.0
    """At most this many more may be committed, one number for the whole horizon."""
    min_new_accelerators: NonNegative = 0.0
    term_years: Positive | None = None
    """Length of the term; absent: not known, which matters only for what is billed when."""
    upfront_share: Share = 0.0
    """Share of all payments of the term that is billed at its start; the rest is billed by the hour."""
    starts: AwareDatetime | None = None
    ends: AwareDatetime | None = None
    price_source: Text = ""
    price_date: Date | None = None
    notes: Text = ""


class SpendCommitment(Record):
    """A spend commitment (savings plan): USD per hour, spent on covered on-demand accelerators at their own rates.

    It adds no capacity. What is not spent in an hour is lost. Blocks as for :class:`Commitment`.
    """

    name: Text = ""
    usd_per_hour: NonNegative = 0.0
    """Committed already; paid whatever is decided."""
    max_new_usd_per_hour: NonNegative = 0.0
    """At most this much more may be committed, one number for the whole horizon."""
    min_new_usd_per_hour: NonNegative = 0.0
    rates_usd_per_accelerator_hour: dict[Identifier, NonNegative] = Field(default_factory=dict)
    """By pool: what one covered accelerator-hour takes of the commitment, in place of its on-demand price."""
    term_years: Positive | None = None
    upfront_share: Share = 0.0
    """As for :class:`Commitment`."""
    starts: AwareDatetime | None = None
    ends: AwareDatetime | None = None
    price_source: Text = ""
    price_date: Date | None = None
    notes: Text = ""
