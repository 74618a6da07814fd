"""Templates of sentences on rules about providers; see :mod:`hybridplan.analysis.wording`."""

from __future__ import annotations

from typing import Final

PROVIDERS: Final[dict[str, str]] = {
    "limit_name.max_providers": "Most providers",
    "limit_name.min_providers": "Fewest providers",
    "limit_name.failover_capacity": "Room after a failure",
    "limit_name.failover_started": "Room that is ready after a failure",
    "limit.failover_capacity": "One more {accelerator} of room in {pool} after the {failure} would save {usd} over "
    "{span}{rate_limit}.",
    "limit.failover_started": "One more {accelerator} that is ready in {pool} after the {failure} would save {usd} "
    "over {span}{rate_limit}.",
    "limit.max_providers": "Letting one more provider be used would save {usd} over {span}.",
    "limit.min_providers": "{provider} is used only so that enough providers are: one accelerator-hour less there "
    "would save {usd}.",
    "limit.provider_share_usd": "Provider {provider} is paid as large a share of all rent as one may be: one more "
    "percent of it there would save {usd} over {span}.",
    "next.provider_share_usd": "Ask whether {provider} may be paid more: one more percent of all rent there saves "
    "{usd} over {span} at the margin.",
    "cap.provider_usd": "{provider} is paid {share} of all rent; one provider may be paid {cap}.",
    "cap.no_provider_usd": "Nothing is paid for what is rented at public or edge sites; one provider may be paid "
    "{cap} of all rent.",
    "cap.providers_most": "{count} in use{names}; at most {most} may be.",
    "cap.providers_fewest": "{count} with {hours} or more accelerator-hours{names}; at least {fewest} must have as "
    "many.",
    "frontier.axis.provider_share_usd": "Largest provider (% of rent paid)",
}
