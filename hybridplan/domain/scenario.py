"""Scenario: all inputs of a plan, with a hash of their content."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from functools import cached_property
from typing import Annotated, Any, Final, Literal, Self

from pydantic import Field, ValidationError
from pydantic_core import to_json

from hybridplan.domain.checks import check, issues_of
from hybridplan.domain.commitment import Commitment, SpendCommitment
from hybridplan.domain.dataset import Dataset
from hybridplan.domain.expansion import Expansion
from hybridplan.domain.horizon import Horizon
from hybridplan.domain.link import Link
from hybridplan.domain.policy import DisplayCurrency, Finance, Policy
from hybridplan.domain.pool import Pool
from hybridplan.domain.record import Identifier, LongText, Record, Text
from hybridplan.domain.site import Site
from hybridplan.domain.workload import Workload
from hybridplan.errors import InvalidInput, Issue

SCHEMA_VERSION: Final = 1


class Scenario(Record):
    """All inputs. Build it with :func:`parse`, which checks the whole; the constructor checks single fields only."""

    schema_version: Literal[1] = SCHEMA_VERSION
    name: Annotated[Text, Field(min_length=1)]
    description: LongText = ""
    lesson: LongText = ""
    """What the plan of this scenario teaches, shown on its page."""
    horizon: Horizon
    sites: dict[Identifier, Site]
    pools: dict[Identifier, Pool]
    workloads: dict[Identifier, Workload]
    links: dict[Identifier, Link] = Field(default_factory=dict)
    commitments: dict[Identifier, Commitment] = Field(default_factory=dict)
    spend_commitments: dict[Identifier, SpendCommitment] = Field(default_factory=dict)
    expansions: dict[Identifier, Expansion] = Field(default_factory=dict)
    datasets: dict[Identifier, Dataset] = Field(default_factory=dict)
    policy: Policy = Field(default_factory=Policy)
    finance: Finance = Field(default_factory=Finance)
    display_currency: DisplayCurrency = Field(default_factory=DisplayCurrency)

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values; fields at their default are left out, ids in the order given."""
        data: dict[str, Any] = self.model_dump(mode="json", exclude_defaults=True)
        return {"schema_version": self.schema_version, **data}

    @cached_property
    def content_hash(self) -> str:
        """sha256 of the canonical form: independent of row order, defaults written out or not, 1 or 1.0.

        Fields at their default do not enter it, so that a later version with more fields gives the same hash, and links
        and kept plans that name it go on working. A default must therefore never change its meaning.
        """
        text = json.dumps(self.to_dict(), sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
        return hashlib.sha256(text.encode()).hexdigest()

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """A copy with other values in these fields; it has a hash of its own."""
        found = super().model_copy(update=update, deep=deep)
        found.__dict__.pop("content_hash", None)
        return found


def parse(data: object) -> tuple[Scenario | None, list[Issue]]:
    """Read a scenario from plain JSON values and report every issue at once.

    Returns the scenario (None where there is an error) and all issues, warnings included.
    """
    newer = _newer_version(data)
    if newer:
        return None, [newer]
    try:
        scenario = Scenario.model_validate_json(to_json(data, inf_nan_mode="constants"), strict=True)
    except ValidationError as error:
        return None, issues_of(error)
    issues = check(scenario)
    return (None if any(i.severity == "error" for i in issues) else scenario), issues


def require(data: object) -> Scenario:
    """Like :func:`parse`, but raise :class:`InvalidInput` with every error instead of returning None."""
    scenario, issues = parse(data)
    if scenario is None:
        raise InvalidInput(i for i in issues if i.severity == "error")
    return scenario


def _newer_version(data: object) -> Issue | None:
    version = data.get("schema_version") if isinstance(data, dict) else None
    if isinstance(version, int) and not isinstance(version, bool) and version > SCHEMA_VERSION:
        return Issue(
            "schema_version",
            "this scenario was made by a newer version of hybridplan",
            str(version),
            mend=f"Update hybridplan, or save the scenario with schema_version {SCHEMA_VERSION}.",
        )
    return None
