"""Pages read results of sensitivity studies without loading the optimiser."""

from __future__ import annotations

import subprocess
import sys


def test_results_are_read_without_the_optimiser() -> None:
    code = (
        "import sys\n"
        "from hybridplan.analysis.sentences import break_even, sensitivity\n"
        "from hybridplan.analysis.sensitivity import break_even, field_sweep, paths, price_ranges, tornado\n"
        "sys.exit('cvxpy' in sys.modules)\n"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
