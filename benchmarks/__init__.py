"""Measured ratios of the README's promises: ``python -m benchmarks`` prints them and writes ``latest.json``."""
