"""What to buy: the value of more owned or committed accelerators against what they cost per year."""

from __future__ import annotations

from hybridplan.analysis.buying.result import Advice, Buying, Tried
from hybridplan.analysis.buying.study import buying
from hybridplan.analysis.buying.terms import Terms

__all__ = ["Advice", "Buying", "Terms", "Tried", "buying"]
