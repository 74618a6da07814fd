"""Compare up to four scenarios: inputs, figures, costs, moves and sentences, each against the first."""

from __future__ import annotations

from hybridplan.analysis.compare.result import Comparison, Entrant
from hybridplan.analysis.compare.study import MOST, compare

__all__ = ["MOST", "Comparison", "Entrant", "compare"]
