"""Studies in worker processes: one live study per visitor, with limits on time and memory, and results kept."""

from hybridplan.jobs.pool import SolvePool, get_pool
from hybridplan.jobs.request import Request
from hybridplan.jobs.state import JobState, Phase

__all__ = ["JobState", "Phase", "Request", "SolvePool", "get_pool"]
