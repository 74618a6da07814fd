"""Where work can go on after a failure, as far as places and links say, and why nowhere."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from hybridplan.domain.checks.results import may_run

if TYPE_CHECKING:
    from hybridplan.domain.contingency import Lost
    from hybridplan.domain.scenario import Scenario
    from hybridplan.domain.workload import Workload


class Failover:
    """Pools by workload, before and after a failure. Latency is left to the plan."""

    def __init__(self, scenario: Scenario) -> None:
        self._scenario = scenario
        self._links = {(link.from_site, link.to_site): key for key, link in scenario.links.items()}

    def able(self, work: Workload) -> list[str]:
        """Pools that can do the work while nothing has failed."""
        pools = self._scenario.pools.items()
        return [
            key
            for key, pool in pools
            if may_run(work, pool, self._scenario)
            and self._is_reached(work, pool.site)
            and self._holds(work, pool.site)
        ]

    def why_none(self, work: Workload, able: Sequence[str], loss: Lost) -> str:
        """Why none of these pools can go on after the failure; "" where one can, or none could before."""
        if not able:
            return ""
        left = [self._scenario.pools[key].site for key in able if key not in loss.pools]
        if not left:
            return "all pools that can do this work are lost"
        if not any(self._is_reached(work, site, loss) for site in left):
            return f"the links between {work.origin_site} and the pools that are left are lost"
        return ""

    def _is_reached(self, work: Workload, site: str, loss: Lost | None = None) -> bool:
        ways = [(work.origin_site, site)]
        if work.egress_gb_per_unit > 0:
            ways.append((site, work.origin_site))
        return site == work.origin_site or all(self._carries(work, way, loss) for way in ways)

    def _carries(self, work: Workload, way: tuple[str, str], loss: Lost | None) -> bool:
        link = self._links.get(way)
        if link is None or (loss is not None and link in loss.links):
            return False
        return set(work.required_link_attributes) <= set(self._scenario.links[link].attributes)

    def _holds(self, work: Workload, site: str) -> bool:
        """Whether a copy of each of its datasets is, or may be, at the site. It is lost only with the site's pools."""
        datasets = [self._scenario.datasets[name] for name in work.datasets if name in self._scenario.datasets]
        return all(site == data.home_site or site in data.copies for data in datasets)
