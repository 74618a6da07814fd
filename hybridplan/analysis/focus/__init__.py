"""The plan's costs in the shape of a bill: rows and columns of FOCUS 1.2, the FinOps specification for cost and usage.

What it means is written down in docs/formats.md; the money comes from the audit.
"""

from hybridplan.analysis.focus.columns import COLUMNS
from hybridplan.analysis.focus.table import rows

__all__ = ["COLUMNS", "rows"]
