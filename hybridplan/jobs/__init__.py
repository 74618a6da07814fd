"""Solves in worker processes: one live solve per visitor, with limits on time and memory, and results kept."""

from hybridplan.jobs.pool import SolvePool, get_pool
from hybridplan.jobs.state import JobState, Phase

__all__ = ["JobState", "Phase", "SolvePool", "get_pool"]
