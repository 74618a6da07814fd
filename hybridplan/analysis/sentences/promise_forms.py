"""The ladder of promises in words: cost with and without them, in each form, and what is assumed or not proven."""

from __future__ import annotations

import math
from typing import Final

from hybridplan.analysis import format as fmt
from hybridplan.analysis.promise_ladder import LATE, FormRow, Forms
from hybridplan.analysis.promises import promised
from hybridplan.analysis.sentences import promises
from hybridplan.analysis.wording import plural, say
from hybridplan.domain import DisplayCurrency, Scenario
from hybridplan.plan import SolveStatus
from hybridplan.units import per_year

_NOTHING: Final = 1e-6
"""Share of the objective below which a difference is rounding."""
_MOST_DIGITS: Final = 8


def name(row: FormRow) -> str:
    """What a form is called."""
    return say(f"form.{row.form}")


def summary(found: Forms, scenario: Scenario) -> list[str]:
    """The pair with and without, what would break without, each form, and what is assumed or not proven."""
    if not found.rows:
        return [say("forms.nothing")]
    lines = [*_pair(found, scenario), *_breaks(found)]
    tried = [row for row in found.rows if row.status != LATE]
    lines += [_form(found, row, scenario) for row in tried if row.form not in ("none", "given")]
    lines += [line for row in found.rows for line in _unproven(row, scenario)]
    cold = found.row("cold")
    if cold is not None and cold.objective_usd is not None:
        lines.append(_cold(scenario))
    return lines


def _pair(found: Forms, scenario: Scenario) -> list[str]:
    given, none = found.row("given"), found.row("none")
    if given is None or none is None or given.objective_usd is None or none.objective_usd is None:
        return []
    currency, span = scenario.display_currency, fmt.span(found.plan_hours)
    usd = given.objective_usd - none.objective_usd
    with_usd, none_usd = (_told_apart(row.objective_usd or 0.0, usd, currency) for row in (given, none))
    if _is_nothing(usd, none):
        return [say("forms.free", with_usd=with_usd, span=span)]
    rate = _rate(usd, found, scenario)
    words = {"with_usd": with_usd, "none_usd": none_usd, "usd": fmt.money(usd, currency), "rate": rate}
    lines = [say("forms.with", span=span, **words)]
    shares = (given.unserved_share or 0.0, none.unserved_share or 0.0)
    if abs(shares[0] - shares[1]) > _NOTHING:
        lines.append(say("forms.not_comparable", given=fmt.share(shares[0]), none=fmt.share(shares[1])))
    return lines


def _told_apart(total_usd: float, usd: float, currency: DisplayCurrency) -> str:
    """A total with as many digits as show a difference of ``usd``; three where it is nothing."""
    size = abs(total_usd) / abs(usd) if usd else 1.0
    digits = min(fmt.SIGNIFICANT_DIGITS + max(0, math.ceil(math.log10(max(size, 1.0)))), _MOST_DIGITS)
    return f"{fmt.number(total_usd * currency.units_per_usd, digits)} {currency.code}"


def _breaks(found: Forms) -> list[str]:
    none = found.row("none")
    if none is None or none.broken is None or none.left_share is None:
        return []
    if none.broken == 0:
        return [say("forms.breaks_none")]
    count = plural(found.promises, "promise")
    return [say("forms.breaks", broken=f"{none.broken:,}", all=count, left=fmt.share(none.left_share))]


def _form(found: Forms, row: FormRow, scenario: Scenario) -> str:
    form, usd = name(row), found.extra_usd(row)
    if row.status == SolveStatus.INFEASIBLE:
        return say("forms.impossible", form=form)
    if usd is None:
        return say("forms.no_plan" if row.status == SolveStatus.NO_PLAN_IN_TIME else "forms.failed", form=form)
    none = found.row("none")
    if none is not None and _is_nothing(usd, none):
        return say("forms.extra_none", form=form)
    rate = _rate(usd, found, scenario)
    return say("forms.extra", form=form, usd=fmt.money(usd, scenario.display_currency), rate=rate)


def _unproven(row: FormRow, scenario: Scenario) -> list[str]:
    if row.status != SolveStatus.WITHIN_GAP or row.objective_usd is None or row.bound_usd is None:
        return []
    usd = fmt.money(row.objective_usd - row.bound_usd, scenario.display_currency)
    return [say("forms.unproven", form=name(row), usd=usd)]


def _cold(scenario: Scenario) -> str:
    works = list(promised(scenario))
    pools, minutes = promises.growing(scenario, works), promises.recovery(scenario, works)
    return say("forms.cold", pools=pools, minutes=minutes) if pools else say("forms.cold_nothing")


def shown_extra(found: Forms, row: FormRow) -> float | None:
    """What a form adds in USD, with rounding of the solver as 0."""
    usd, none = found.extra_usd(row), found.row("none")
    return 0.0 if usd is not None and none is not None and _is_nothing(usd, none) else usd


def _is_nothing(usd: float, none: FormRow) -> bool:
    return abs(usd) <= _NOTHING * max(abs(none.objective_usd or 0.0), 1.0)


def _rate(usd: float, found: Forms, scenario: Scenario) -> str:
    """The same per year, where the plan is no year."""
    if fmt.is_year(found.plan_hours):
        return ""
    return say("rate.saving", year=fmt.money(per_year(usd, found.plan_hours), scenario.display_currency))
