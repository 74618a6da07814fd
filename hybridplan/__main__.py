"""``python -m hybridplan``: the same as the command ``hybridplan``."""

from hybridplan.cli import main

main()
