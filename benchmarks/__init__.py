"""Measured ratios of the README's promises: ``python -m benchmarks`` prints them and writes ``latest.json``."""

import os

# As the worker processes do: on short vectors several threads wait for each other longer than one takes.
os.environ |= dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
