"""Random estates whose backup sites are named at random: each that lacks something is an error, and nothing else is."""

from __future__ import annotations

from copy import deepcopy

import numpy as np
import pytest
from estate_failures import Document, resilient_estate

from hybridplan.domain import parse


def drawn(seed: int) -> Document:
    """An estate with sealed and unsealed, zoned and unzoned sites, and any of them as backup sites of its work."""
    document, rng = resilient_estate(seed), np.random.default_rng([seed, 41])
    for site in document["sites"].values():
        site.pop("attributes", None)
        site.pop("zone", None)
        if rng.random() < 0.6:
            site["attributes"] = ["sealed"]
        if rng.random() < 0.6:
            site["zone"] = str(rng.choice(["za", "zb"]))
    failures = document["policy"]["contingencies"]
    document["policy"]["contingencies"] = {key: one for key, one in failures.items() if one["kind"] != "zone"}
    # Rules of data are not drawn again: the sites that they hold to have changed.
    for data in document.get("datasets", {}).values():
        data.pop("required_attributes", None)
        data["copies_apart"], data["min_copies"] = "site", 1
    for work in document["workloads"].values():
        work["required_attributes"] = [one for one in ("sealed", "iso") if rng.random() < (0.5, 0.2)[one == "iso"]]
        work["result_gb_per_unit"] = float(rng.choice([0.0, 0.5]))
        work["backup_sites"] = [str(s) for s in rng.permutation(list(document["sites"]))[: rng.integers(0, 4)]]
        work["backup_apart"] = str(rng.choice(["site", "zone", "provider"]))
    return document


def expected(document: Document) -> set[tuple[str, str]]:
    """(path, value) of each backup site that lacks an attribute, and of each without a zone that needs one."""
    found = set[tuple[str, str]]()
    for w, work in document["workloads"].items():
        for s in work["backup_sites"] if work["result_gb_per_unit"] else ():
            site = document["sites"][s]
            if any(one not in site.get("attributes", ()) for one in work["required_attributes"]):
                found.add((f"workloads.{w}.backup_sites", s))
            if work["backup_apart"] == "zone" and "zone" not in site:
                found.add((f"sites.{s}.zone", ""))
    return found


def errors(document: Document) -> set[tuple[str, str]]:
    return {(issue.path, issue.value) for issue in parse(deepcopy(document))[1] if issue.severity == "error"}


@pytest.mark.parametrize("first", range(0, 200, 50))
def test_each_backup_site_that_lacks_something_is_named_and_no_other(first: int) -> None:
    lacking = 0
    for seed in range(first, first + 50):
        document = drawn(seed)
        asked = expected(document)
        assert errors(document) == asked, seed
        lacking += bool(asked)
    assert 10 <= lacking <= 45
