"""The base of every record, and the field types they share."""

from __future__ import annotations

import unicodedata
from datetime import date
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from hybridplan.units import MAGNITUDE_MAX, MAGNITUDE_MIN


class Record(BaseModel):
    """Frozen, strict about unknown fields, and closed to NaN and infinity."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False, use_attribute_docstrings=True)


def _in_magnitude(value: float) -> float:
    if value != 0 and not MAGNITUDE_MIN <= abs(value) <= MAGNITUDE_MAX:
        raise ValueError(f"must be 0 or between {MAGNITUDE_MIN:g} and {MAGNITUDE_MAX:g}")
    return value + 0.0


def _clean_text(value: str) -> str:
    """NFC, without control or bidirectional-override characters (line breaks are kept)."""
    bad = [c for c in value if unicodedata.category(c) in {"Cc", "Cf", "Cs"} and c not in "\n\t"]
    if bad:
        raise ValueError(f"contains an invisible character (U+{ord(bad[0]):04X})")
    return unicodedata.normalize("NFC", value)


NonNegative = Annotated[float, Field(ge=0), AfterValidator(_in_magnitude)]
Positive = Annotated[float, Field(gt=0), AfterValidator(_in_magnitude)]
Share = Annotated[float, Field(ge=0, le=1)]
ShareBelowOne = Annotated[float, Field(ge=0, lt=1)]

Identifier = Annotated[
    str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._:>-]*$", max_length=80), AfterValidator(_clean_text)
]
"""Ids are plain text (never numbers): letters, digits and . _ : > - ; at most 80 characters."""
Text = Annotated[str, StringConstraints(max_length=200), AfterValidator(_clean_text)]
LongText = Annotated[str, StringConstraints(max_length=4000), AfterValidator(_clean_text)]
Profile = tuple[NonNegative, ...]
"""One value per period of a block, in the order of the periods."""
Date = date
