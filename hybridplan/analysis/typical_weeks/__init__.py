"""Typical weeks from a year of demand."""

from hybridplan.analysis.typical_weeks.choice import MOST_WEEKS
from hybridplan.analysis.typical_weeks.quality import ALL, ERROR_COLUMNS
from hybridplan.analysis.typical_weeks.study import WEEK_COLUMNS, TypicalWeeks, typical_weeks

__all__ = ["ALL", "ERROR_COLUMNS", "MOST_WEEKS", "WEEK_COLUMNS", "TypicalWeeks", "typical_weeks"]
