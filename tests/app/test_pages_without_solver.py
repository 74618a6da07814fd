"""No page loads the optimiser into the server's own process: solves run in workers, and their results are read."""

from __future__ import annotations

import subprocess
import sys


def test_all_modules_of_the_pages_are_loaded_without_the_optimiser() -> None:
    code = (
        "import importlib, pkgutil, sys\n"
        "import hybridplan.ui as ui\n"
        "names = [m.name for m in pkgutil.walk_packages(ui.__path__, 'hybridplan.ui.')]\n"
        "assert len(names) > 50\n"
        "for name in names: name.endswith('asgi') or importlib.import_module(name)\n"
        "print(sorted({'cvxpy', 'highspy', 'clarabel'} & set(sys.modules)))\n"
    )
    found = subprocess.run([sys.executable, "-c", code], check=False, capture_output=True, text=True)
    assert (found.returncode, found.stdout.strip()) == (0, "[]"), found.stderr
