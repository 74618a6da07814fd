"""Private lines on offer beside links, and what they cost."""

from __future__ import annotations

from functools import cached_property

import numpy as np
import numpy.typing as npt

from hybridplan.domain import Scenario
from hybridplan.model.periods import Array


class PrivateLines:
    """Arrays of shape (M,) over ``links``: those beside which a private line may be bought."""

    def __init__(self, scenario: Scenario) -> None:
        self._scenario = scenario
        self.links = [link_id for link_id, link in scenario.links.items() if link.max_private_gbps > 0]

    @cached_property
    def most_gbps(self) -> Array:
        """Bandwidth on offer; (M,)."""
        return self._field("max_private_gbps")

    @cached_property
    def priced_once(self) -> npt.NDArray[np.intp]:
        """Positions of lines with a fixed price, which are bought or not."""
        return np.flatnonzero(self._field("private_usd_per_hour") > 0)

    @cached_property
    def usd_per_gbps(self) -> Array:
        """USD over the horizon for each Gbit/s; (M,)."""
        return self._field("private_usd_per_gbps_hour") * self._scenario.horizon.plan_hours

    @cached_property
    def usd_once(self) -> Array:
        """USD over the horizon once any of the line is bought; (M,)."""
        return self._field("private_usd_per_hour") * self._scenario.horizon.plan_hours

    @cached_property
    def more_usd_per_gb(self) -> Array:
        """Price of data on the line less that of data on the link; (M,)."""
        found = [self._scenario.links[link] for link in self.links]
        prices = [link.usd_per_gb if link.private_usd_per_gb is None else link.private_usd_per_gb for link in found]
        return np.array(prices, dtype=float) - self._field("usd_per_gb")

    def _field(self, name: str) -> Array:
        return np.array([getattr(self._scenario.links[link], name) for link in self.links], dtype=float)
