"""What is wrong in a row is said with the headings of its table, not with the names that fields have in files."""

from __future__ import annotations

from typing import Any

from hybridplan.errors import Issue
from hybridplan.ui.editors.data_tables import COPIES
from hybridplan.ui.editors.problems import issues_in
from hybridplan.ui.editors.purchase_tables import COMMITMENTS, EXPANSIONS


def test_fields_are_named_as_the_table_heads_them() -> None:
    document = {"commitments": {"base": {"max_new_accelerators": 4, "min_new_accelerators": 9}}}
    issue = Issue("commitments.base.min_new_accelerators", "is above max_new_accelerators (4)", "9", mend="Swap them.")
    (found,) = issues_in(COMMITMENTS, document, [issue])
    assert (found.column, found.issue.message) == ("New at least (accelerators)", "is above New at most (4)")


def test_fields_of_other_tables_too_and_what_is_no_field_stays() -> None:
    document: dict[str, Any] = {"datasets": {"corpus": {"copies": {"sto": {}}}}}
    mend = "Choose another site, or correct allowed_jurisdictions; see no_such_field."
    (found,) = issues_in(COPIES, document, [Issue("datasets.corpus.copies.sto", "stands outside", mend=mend)])
    assert found.issue.mend == "Choose another site, or correct Residency; see no_such_field."


def test_a_share_above_one_may_be_meant_in_per_cent() -> None:
    document = {"expansions": {"more": {"interest_rate": 8}}}
    issue = Issue("expansions.more.interest_rate", "should be at most 1", "8", mend="Check the value and its unit.")
    (found,) = issues_in(EXPANSIONS, document, [issue])
    assert found.issue.mend == "Write a share from 0 to 1, or a percentage such as 5%."
