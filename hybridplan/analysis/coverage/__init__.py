"""Rules by site: where each workload and dataset may be, where the plan puts it, and what lies outside."""

from hybridplan.analysis.coverage.cells import Cell, State, matrix
from hybridplan.analysis.coverage.placements import ROLES, UNITS, outside, placed, placements
from hybridplan.analysis.coverage.tables import Grid, by_record, by_rule, where

__all__ = [
    "ROLES",
    "UNITS",
    "Cell",
    "Grid",
    "State",
    "by_record",
    "by_rule",
    "matrix",
    "outside",
    "placed",
    "placements",
    "where",
]
