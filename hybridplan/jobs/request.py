"""What is asked of a worker: a study of a scenario with its options; equal requests have equal keys."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from hybridplan.analysis.studies import KEEP_BASIS, PLAN
from hybridplan.domain import Scenario


@dataclass(frozen=True)
class Request:
    """A study of a scenario. ``options`` is canonical JSON: make requests with :meth:`of`."""

    scenario: Scenario
    study: str
    options: str
    key: str
    """The scenario's content hash for a plan; else with study and options."""

    @classmethod
    def of(cls, scenario: Scenario, study: str = PLAN, options: Mapping[str, Any] | None = None) -> Self:
        """``options``: plain JSON values; raises TypeError or ValueError for others."""
        text = json.dumps(dict(options or {}), sort_keys=True, separators=(",", ":"), allow_nan=False)
        key = scenario.content_hash
        if (study, text) != (PLAN, "{}"):
            key = f"{key}:{study}:{hashlib.sha256(text.encode()).hexdigest()}"
        return cls(scenario, study, text, key)

    @property
    def keeps_basis(self) -> bool:
        """True for what starts from the last such study in the same process, and ends soon."""
        return self.study in KEEP_BASIS

    def message(self, seconds: float) -> bytes:
        """As it is sent to a worker."""
        head = json.dumps(
            {"seconds": seconds, "study": self.study, "scenario": self.scenario.to_dict()}, allow_nan=False
        )
        return f'{head[:-1]}, "options": {self.options}}}'.encode()
