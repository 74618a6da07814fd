"""Rules by site: where each workload and dataset may be, where the plan puts it, and what lies outside."""

from hybridplan.analysis.coverage.cells import Cell, State, matrix
from hybridplan.analysis.coverage.placements import ROLES, UNITS, outside, placed, placements

__all__ = ["ROLES", "UNITS", "Cell", "State", "matrix", "outside", "placed", "placements"]
