"""Puts the bundled data and the pages into the wheel; everything else stands in pyproject.toml."""

from __future__ import annotations

from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

ROOT = Path(__file__).resolve().parent


class BuildWithData(build_py):
    """Copy ``data/`` to ``hybridplan/_data`` and the pages to ``hybridplan/_app`` of the build.

    An editable install reads the checkout itself.
    """

    def run(self) -> None:
        super().run()
        if not self.editable_mode:
            for source, target in self._bundled_files():
                self.mkpath(str(target.parent))
                self.copy_file(str(source), str(target))

    def get_outputs(self, include_bytecode: bool = True) -> list[str]:
        return super().get_outputs(include_bytecode) + [str(target) for _, target in self._bundled_files()]

    def _bundled_files(self) -> list[tuple[Path, Path]]:
        into = Path(self.build_lib) / "hybridplan"
        data = [path for path in sorted((ROOT / "data").rglob("*")) if path.is_file()]
        pages = [ROOT / "app.py", *sorted((ROOT / "pages").glob("*.py"))]
        return [(path, into / "_data" / path.relative_to(ROOT / "data")) for path in data] + [
            (path, into / "_app" / path.relative_to(ROOT)) for path in pages
        ]


setup(cmdclass={"build_py": BuildWithData})
