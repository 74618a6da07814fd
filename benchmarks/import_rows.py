"""A price list of 60,000 rows, good and bad, read and reported."""

from __future__ import annotations

from statistics import median
from time import perf_counter

import numpy as np

from hybridplan.io.importing import ImportOptions, import_file

ROWS = 60_000
RUNS = 3
SEED = 7
SKUS = ("H100", "A100", "L40S", "A10G", "L4", "T4")


def price_list() -> bytes:
    """CSV in the widely used catalogue columns; one row in a hundred has a price of 0 or none."""
    random = np.random.default_rng(SEED)
    lines = ["InstanceType,AcceleratorName,AcceleratorCount,vCPUs,MemoryGiB,Price,Region,SpotPrice"]
    for i in range(ROWS):
        count = int(2 ** random.integers(0, 4))
        price = random.uniform(0.5, 6.0) * count
        shown = ("", "0")[i // 100 % 2] if i % 100 == 0 else f"{price:.4f}"
        sku = SKUS[i % len(SKUS)]
        lines.append(f"type-{i},{sku},{count}.0,{8 * count}.0,{64 * count}.0,{shown},region-{i % 30},{price / 3:.4f}")
    return ("\n".join(lines) + "\n").encode()


def measure() -> dict[str, float]:
    """``import_60k_rows_s``: seconds from bytes to accepted rows and rejected lines; the median of several runs."""
    data = price_list()
    seconds = []
    for _ in range(RUNS):
        began = perf_counter()
        result = import_file(data, "prices.csv", "prices", ImportOptions())
        seconds.append(perf_counter() - began)
        assert len(result.rows) > ROWS / 2, "the price list was not read"
    return {"import_60k_rows_s": median(seconds)}
