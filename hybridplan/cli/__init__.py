"""Command line: ``hybridplan solve | import | schema | scenarios | verify``. Heavy packages load on first use."""

from hybridplan.cli.app import main

__all__ = ["main"]
