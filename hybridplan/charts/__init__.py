"""Charts: plain tables in, Plotly figures out. Each title is a question, each axis names its unit."""

from plotly.graph_objects import Figure

__all__ = ["Figure"]
