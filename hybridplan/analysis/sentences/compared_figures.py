"""The figures of a comparison as people read them: one row per figure, values and changes as text."""

from __future__ import annotations

import math
from typing import Final

import pandas as pd

from hybridplan.analysis import format as fmt
from hybridplan.analysis.compare.result import CHANGE, Comparison
from hybridplan.analysis.sentences.comparing import figure_name
from hybridplan.domain import DisplayCurrency

_SAME: Final = 1e-9


def rows(found: Comparison) -> pd.DataFrame:
    """figure, one column per entrant by its name, and one per entrant after the first with its change, all as text."""
    currency = found.entrants[0].plan.scenario.display_currency
    out: dict[str, dict[str, str]] = {}
    table = found.figures
    for name, code, unit, value, change, share in table.itertuples(index=False, name=None):
        row = out.setdefault(code, {"figure": f"{figure_name(code)}{_unit(unit, currency)}"})
        row[name] = _value(code, unit, value, currency)
        if name != found.names[0]:
            row[f"{CHANGE}{name}"] = _change(code, unit, change, share, currency)
    columns = ["figure", *found.names, *(f"{CHANGE}{name}" for name in found.names[1:])]
    return pd.DataFrame(list(out.values()), columns=columns)


def _unit(unit: str, currency: DisplayCurrency) -> str:
    return "" if unit == "share" else f" ({unit.replace('USD', currency.code)})"


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
    if not math.isfinite(change) or code == "gap":
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
