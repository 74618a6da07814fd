"""All sentences that people read about a plan, built from codes and values in one place."""

from hybridplan.analysis.sentences import (
    decision,
    diagnosis,
    elastic,
    evidence,
    handover,
    jobs,
    latency,
    limits,
    nodes,
    routes,
    savings,
    status,
)
from hybridplan.analysis.sentences.next_step import NextStep, next_step
from hybridplan.analysis.sentences.status import Badge, badge

__all__ = [
    "Badge",
    "NextStep",
    "badge",
    "decision",
    "diagnosis",
    "elastic",
    "evidence",
    "handover",
    "jobs",
    "latency",
    "limits",
    "next_step",
    "nodes",
    "routes",
    "savings",
    "status",
]
