"""Run all benchmarks, print each figure with its meaning, and write them to ``benchmarks/latest.json``."""

from __future__ import annotations

import json
import platform
from pathlib import Path

from benchmarks import core_lp, first_page, frontiers, import_rows, reference_week, slider

LATEST = Path(__file__).resolve().parent / "latest.json"


def main() -> None:
    figures: dict[str, float] = {}
    for benchmark in (reference_week, frontiers, core_lp, import_rows, first_page, slider):
        figures |= benchmark.measure()
    for name, value in figures.items():
        print(f"{name}: {value:.4g}")
    record = {**figures, "python": platform.python_version(), "machine": platform.machine()}
    LATEST.write_text(json.dumps(record, indent=2) + "\n", encoding="utf-8")
    print(f"written to {LATEST.name}")


if __name__ == "__main__":
    main()
