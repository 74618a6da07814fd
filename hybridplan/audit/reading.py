"""Turns the plan's tables into codes and numbers. Every fault becomes words; nothing raises."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from hybridplan.audit.axes import Axes, Floats, Ints


@dataclass(frozen=True)
class Fault:
    """Something wrong with the form of a table: how many rows, and what."""

    table: str
    rows: int
    text: str


class TableReader:
    """One table of the plan, read column by column; ``faults`` collects what is wrong with it."""

    def __init__(self, frame: object, name: str, columns: Sequence[str], faults: list[Fault]) -> None:
        self.name = name
        self._faults = faults
        self._frame = self._usable(frame, columns)

    def _usable(self, frame: object, columns: Sequence[str]) -> pd.DataFrame:
        """The table if it has each column once, else an empty one."""
        if not isinstance(frame, pd.DataFrame):
            self.fault(1, "is not a table")
            return pd.DataFrame(columns=list(columns))
        names = list(frame.columns)
        wrong = [column for column in columns if names.count(column) != 1]
        if wrong:
            self.fault(max(1, len(frame)), f"needs the column {', '.join(wrong)} exactly once")
            return pd.DataFrame(columns=list(columns))
        return frame

    def __len__(self) -> int:
        return len(self._frame)

    def fault(self, rows: int, text: str) -> None:
        """Remember a fault, if any rows have it."""
        if rows:
            self._faults.append(Fault(self.name, int(rows), text))

    def ids(self, column: str, codes: Mapping[str, int], noun: str) -> Ints:
        """(rows,) code of each id; -1, and a fault, where it is none of ``codes``."""
        if not len(self):
            return np.zeros(0, dtype=np.int64)
        values = self._frame[column]
        try:
            positions, found = pd.factorize(values)
        except (TypeError, ValueError):
            self.fault(len(self), f"{column} holds values that are no ids")
            return np.full(len(self), -1, dtype=np.int64)
        known = [codes.get(value, -1) if isinstance(value, str) else -1 for value in found]
        result = np.asarray([*known, -1], dtype=np.int64)[positions]
        unknown = np.flatnonzero(result < 0)
        if unknown.size:
            self.fault(unknown.size, f"{column} {_shown(values.iloc[unknown[0]])} is not a known {noun}")
        return result

    def numbers(self, column: str) -> Floats:
        """(rows,) values; a fault where they are not finite numbers (they stay NaN or infinite)."""
        if not len(self):
            return np.zeros(0)
        values = self._frame[column]
        kind = values.dtype.kind if hasattr(values.dtype, "kind") else "O"
        if kind not in "iuf":
            self.fault(len(self), f"{column} holds values that are no numbers")
            return np.full(len(self), np.nan)
        result = values.to_numpy(dtype=np.float64, na_value=np.nan)
        self.fault(int((~np.isfinite(result)).sum()), f"{column} is not finite")
        return result

    def periods(self, axes: Axes) -> Ints:
        """(rows,) code of the period that ``period_start`` names; -1, and a fault, where block or start is wrong."""
        if not len(self):
            return np.zeros(0, dtype=np.int64)
        codes = {block_id: code for code, (block_id, _) in enumerate(axes.blocks)}
        block = self.ids("block", codes, "block")
        starts = self._frame["period_start"]
        if not isinstance(starts.dtype, pd.DatetimeTZDtype):
            self.fault(len(self), "period_start is not a UTC timestamp")
            return np.full(len(self), -1, dtype=np.int64)
        exact = starts.dt.tz_convert("UTC").dt.tz_localize(None).to_numpy()
        micros = exact.astype("datetime64[us]")
        position = np.searchsorted(axes.starts_us, micros.astype(np.int64))
        inside = position < len(axes.starts_us)
        position = np.where(inside, position, 0)
        found = inside & (axes.starts_us[position] == micros.astype(np.int64)) & (micros.astype(exact.dtype) == exact)
        self.fault(int((~found).sum()), "period_start is not the start of a period")
        elsewhere = found & (block >= 0) & (axes.block_of[position] != block)
        self.fault(int(elsewhere.sum()), "period_start lies in another block than the one named")
        return np.where(found & (block >= 0) & ~elsewhere, position, -1).astype(np.int64)

    def once(self, keys: Ints, of: str, expected: int | None = None) -> None:
        """Faults where a key (negative: unknown) occurs twice, or where some of ``expected`` keys are missing."""
        known = keys[keys >= 0]
        distinct = np.unique(known).size
        self.fault(known.size - distinct, f"there is more than one row for the same {of}")
        if expected is not None:
            self.fault(expected - distinct, f"rows are missing: there must be one for every {of}")


def codes_of(ids: Sequence[str]) -> dict[str, int]:
    """Position of each id."""
    return {identifier: code for code, identifier in enumerate(ids)}


def joined(*codes_and_sizes: tuple[Ints, int]) -> Ints:
    """One key per row from several codes; -1 where any code is unknown."""
    rows = len(codes_and_sizes[0][0])
    key, known = np.zeros(rows, dtype=np.int64), np.ones(rows, dtype=bool)
    for codes, size in codes_and_sizes:
        key, known = key * size + codes, known & (codes >= 0)
    return np.where(known, key, -1).astype(np.int64)


def filled(key: Ints, values: Floats, size: int, absent: float) -> Floats:
    """(size,) values at their keys, ``absent`` elsewhere; of duplicates, which are faults, one stands."""
    result = np.full(size, absent)
    result[key[key >= 0]] = values[key >= 0]
    return result


def _shown(value: object) -> str:
    text = str(value)
    return repr(text if len(text) <= 60 else text[:57] + "...")
