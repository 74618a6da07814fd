"""Puts the bundled data into the wheel; everything else stands in pyproject.toml."""

from __future__ import annotations

from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

ROOT = Path(__file__).resolve().parent


class BuildWithData(build_py):
    """Copy ``data/`` to ``hybridplan/_data`` of the build; an editable install reads the checkout itself."""

    def run(self) -> None:
        super().run()
        if not self.editable_mode:
            for source, target in self._data_files():
                self.mkpath(str(target.parent))
                self.copy_file(str(source), str(target))

    def get_outputs(self, include_bytecode: bool = True) -> list[str]:
        return super().get_outputs(include_bytecode) + [str(target) for _, target in self._data_files()]

    def _data_files(self) -> list[tuple[Path, Path]]:
        data = ROOT / "data"
        into = Path(self.build_lib) / "hybridplan" / "_data"
        return [(path, into / path.relative_to(data)) for path in sorted(data.rglob("*")) if path.is_file()]


setup(cmdclass={"build_py": BuildWithData})
