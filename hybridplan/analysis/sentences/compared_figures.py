"""The figures of a comparison as people read them: one row per figure, values and changes as text."""

from __future__ import annotations

import math
from typing import Final

import pandas as pd

from hybridplan.analysis import format as fmt
from hybridplan.analysis.compare.result import CHANGE, Comparison
from hybridplan.analysis.sentences import compared_promises
from hybridplan.analysis.sentences.comparing import figure_name
from hybridplan.analysis.wording import say
from hybridplan.domain import DisplayCurrency

_SAME: Final = 1e-9


def rows(found: Comparison) -> pd.DataFrame:
    """figure, one column per entrant by its name, and one per entrant after the first with its change, all as text."""
    currency = found.entrants[0].plan.scenario.display_currency
    out: dict[str, dict[str, str]] = {}
    table = found.figures
    for name, code, unit, value, change, share in table.itertuples(index=False, name=None):
        row = out.setdefault(code, {"figure": f"{figure_name(found, code)}{_unit(unit, currency)}"})
        row[name] = _promise(found, code, name, value) or _value(code, unit, value, currency)
        if name != found.names[0]:
            row[f"{CHANGE}{name}"] = _change(code, unit, change, share, currency)
    columns = ["figure", *found.names, *(f"{CHANGE}{name}" for name in found.names[1:])]
    return pd.DataFrame(list(out.values()), columns=columns)


def _promise(found: Comparison, code: str, name: str, value: float) -> str:
    """A figure of promises, with how it is kept or which failure is the worst beside it; empty for any other."""
    kind, _, key = code.partition(":")
    if kind not in ("promises_kept", "promised", "left"):
        return ""
    if not math.isfinite(value):
        has_plan = next(one.plan.status.has_plan for one in found.entrants if one.name == name)
        return say("compare.kept.none") if has_plan and kind != "left" else fmt.NO_VALUE
    if kind == "promises_kept":
        return say("compare.kept.yes" if value else "compare.kept.no")
    words = compared_promises.figure(found, kind, key, name)
    return f"{fmt.share(value)}, {words}" if words else fmt.share(value)


def _unit(unit: str, currency: DisplayCurrency) -> str:
    return "" if unit in ("share", "") else f" ({unit.replace('USD', currency.code)})"


def _value(code: str, unit: str, value: float, currency: DisplayCurrency) -> str:
    if not math.isfinite(value):
        return fmt.NO_VALUE
    if code == "gap":
        return fmt.tiny(value)
    if unit == "share":
        return fmt.share(value)
    return fmt.number(value * (currency.units_per_usd if unit.startswith("USD") else 1.0))


def _change(code: str, unit: str, change: float, share: float, currency: DisplayCurrency) -> str:
    """``+1,230 (+3.1 %)``; of shares in percentage points; nothing of a gap, which is no quantity of the plan."""
    if not math.isfinite(change) or code in ("gap", "promises_kept"):
        return fmt.NO_VALUE
    if unit == "share":
        return "0" if abs(change) < _SAME else f"{_sign(change)}{fmt.number(100.0 * change)} points"
    if abs(change) < _SAME * max(1.0, abs(change / share) if math.isfinite(share) and share else 1.0):
        return "0"
    amount = change * (currency.units_per_usd if unit.startswith("USD") else 1.0)
    relative = f" ({_sign(share)}{fmt.share(share)})" if math.isfinite(share) else ""
    return f"{_sign(amount)}{fmt.number(amount)}{relative}"


def _sign(value: float) -> str:
    return "+" if value > 0 else ""
