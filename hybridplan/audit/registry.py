"""Names of all terms and rules that the audit holds."""

from __future__ import annotations

from hybridplan.audit.costs import COSTS, PENALTIES
from hybridplan.audit.rules import RULES

__all__ = ["COSTS", "PENALTIES", "RULES"]
