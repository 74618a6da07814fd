"""Rules of the policy on providers, as fields of a form."""

from __future__ import annotations

from typing import Final

from hybridplan.ui.editors.columns import Column
from hybridplan.ui.editors.fields import Field

PROVIDER_SHARE: Final = (
    Field(
        ("policy", "provider_share_cap"),
        Column(
            "provider_share_cap",
            "Largest share of one provider (share, 0 to 1)",
            "share",
            "Of what is rented from it at public and edge sites; owned pools and private sites count for no provider. "
            "Empty: no cap.",
        ),
    ),
    Field(
        ("policy", "provider_share_of"),
        Column(
            "provider_share_of",
            "Share of",
            "choice",
            "Busy accelerator-hours: of all of them, owned ones too. What is paid: of all usage and commitments of "
            "rented pools.",
            ("accelerator_hours", "rented_usd"),
            (("accelerator_hours", "all busy accelerator-hours"), ("rented_usd", "all that is paid for rented pools")),
            default="accelerator_hours",
        ),
    ),
)
PROVIDER_NUMBER: Final = (
    Field(
        ("policy", "min_providers"),
        Column(
            "min_providers",
            "Providers at least (count)",
            "number",
            "Rented from at public and edge sites, each for as many hours as it takes to count. 0: any number.",
            default=0,
        ),
    ),
    Field(
        ("policy", "max_providers"),
        Column(
            "max_providers",
            "Providers at most (count)",
            "number",
            "Rented from at public and edge sites. Empty: any number.",
        ),
    ),
    Field(
        ("policy", "provider_counts_from_accelerator_hours"),
        Column(
            "provider_counts_from_accelerator_hours",
            "A provider counts from (accelerator-hours)",
            "number",
            "Rented from it over all that is planned.",
            default=1,
        ),
    ),
)
