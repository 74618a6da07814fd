"""What to buy, in sentences: the advice, what it gains, what would overturn it, and what it rests on."""

from __future__ import annotations

import math

import pandas as pd

from hybridplan.analysis import format as fmt
from hybridplan.analysis import labels
from hybridplan.analysis.buying.mix import summary
from hybridplan.analysis.buying.result import Advice
from hybridplan.analysis.wording import plural, say
from hybridplan.domain import Scenario

_LEAST_USD = 1e-6
"""Below this a price is rounding."""
FEWEST_BLOCKS = 4
"""With fewer blocks the horizon is one stretch of time that is repeated."""


def advice(scenario: Scenario, found: Advice) -> list[str]:
    """One pool: what to buy, payback, what would overturn it, and how sure it is."""
    is_fee = found.terms.fee_usd_per_accelerator_hour is not None
    lines = [_what(scenario, found, is_fee)]
    if found.best and found.next_usd_per_year is not None:
        code = "buying.next_node" if found.step > 1 else "buying.next"
        lines.append(say(code, **_words(scenario, found), next=_saving(scenario, found.next_usd_per_year)))
    if found.payback_years is not None:
        lines.append(say("buying.payback", years=_years(found.payback_years), life=_years(found.terms.life_years)))
    if parts := _overturn(scenario, found, "_fee" if is_fee else ""):
        lines.append(say("buying.overturn", parts=fmt.listed(parts)))
    elif math.isfinite(found.first_usd_per_year):
        lines.append(say("buying.change.none", price=_money(scenario, found.terms.usd_per_year)))
    elif found.complete:
        lines.append(say("buying.change.impossible"))
    if found.busy_share_to_pay is not None:
        code = "buying.busy" if found.busy_share_to_pay <= 1 else "buying.never_busy"
        lines.append(say(code, share=fmt.share(found.busy_share_to_pay), **_words(scenario, found)))
    if not found.complete:
        lines.append(say("buying.stopped"))
    elif not found.is_proven:
        lines.append(say("buying.not_proven"))
    return lines


def assumptions(scenario: Scenario) -> list[str]:
    """What advice on this scenario takes for granted."""
    lines = [say("buying.alone")]
    if len(scenario.horizon.blocks) < FEWEST_BLOCKS:
        lines.append(say("buying.repeated", span=fmt.span(scenario.horizon.plan_hours)))
    return lines


def mix(table: pd.DataFrame) -> list[str]:
    """One line per SKU: what part of its work runs under which purchase option."""
    lines = []
    for sku, rows in summary(table).groupby("sku", sort=False):
        parts = [
            say(
                "buying.mix_part",
                share=fmt.share(share),
                option=labels.PURCHASE_OPTION[option],
                peak=fmt.number(peak),
                hours=fmt.share(hours),
            )
            for option, share, peak, hours in rows[
                ["purchase_option", "share", "peak_accelerators", "hours_used_share"]
            ].itertuples(index=False, name=None)
        ]
        lines.append(say("buying.mix", sku=str(sku), parts=fmt.listed(parts)))
    return lines


def _what(scenario: Scenario, found: Advice, is_fee: bool) -> str:
    words = _words(scenario, found)
    if not math.isfinite(found.first_usd_per_year):
        return say("buying.impossible" if found.complete else "buying.not_tried", **words)
    if not found.best:
        first = _saving(scenario, found.first_usd_per_year)
        return say("buying.commit_none" if is_fee else "buying.none", **words, first=first)
    gained, nodes = found.at_best, ""
    if found.step > 1:
        count = plural(found.best // found.step, "node")
        nodes = " " + say("buying.nodes", count=count, step=f"{found.step:,}")
    return say(
        "buying.commit" if is_fee else "buying.buy",
        count=f"{found.best:,}",
        nodes=nodes,
        value=_money(scenario, gained.value_usd_per_year),
        net=_money(scenario, gained.net_usd_per_year),
        **{**words, "price": _money(scenario, gained.price_usd_per_year)},
    )


def _words(scenario: Scenario, found: Advice) -> dict[str, str]:
    """The accelerator, its pool and what one costs a year."""
    return {
        "accelerator": labels.accelerator(scenario, found.pool),
        "pool": labels.pools(scenario)[found.pool],
        "price": _money(scenario, found.terms.usd_per_year),
    }


def _overturn(scenario: Scenario, found: Advice, fee: str) -> list[str]:
    """Prices at which the advice would be another one."""
    capex, per_hour = found.terms.capex_usd, found.terms.fee_usd_per_accelerator_hour
    given = _money(scenario, capex if per_hour is None else per_hour)
    if not found.best:
        if not math.isfinite(found.first_usd_per_year):
            return []
        if found.pays_below_usd is None or found.pays_below_usd < _LEAST_USD:
            return [say(f"buying.never{fee}")]
        return [say(f"buying.pays_below{fee}", usd=_money(scenario, found.pays_below_usd), given=given)]
    parts = []
    if found.fewer_above_usd is not None:
        parts.append(say(f"buying.fewer{fee}", usd=_money(scenario, found.fewer_above_usd)))
    if found.more_below_usd is not None and found.more_below_usd > _LEAST_USD:
        parts.append(say(f"buying.more{fee}", usd=_money(scenario, found.more_below_usd), given=given))
    return parts


def _saving(scenario: Scenario, usd: float) -> str:
    """What one more saves; where its idle power makes all dearer, nothing."""
    if usd <= _LEAST_USD:
        return say("buying.no_saving")
    return say("buying.saving", money=_money(scenario, usd))


def _years(years: float) -> str:
    text = fmt.number(years)
    return f"{text} {'year' if text == '1' else 'years'}"


def _money(scenario: Scenario, usd: float) -> str:
    return fmt.money(usd, scenario.display_currency)
