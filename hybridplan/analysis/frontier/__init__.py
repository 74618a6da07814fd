"""Frontier: what each step of a second aim costs, from the cheapest plan to the strictest one that still exists."""

from hybridplan.analysis.frontier.aims import MEASURES, Aim, available, capped
from hybridplan.analysis.frontier.curve import Point
from hybridplan.analysis.frontier.study import Frontier, frontier

__all__ = ["MEASURES", "Aim", "Frontier", "Point", "available", "capped", "frontier"]
