"""The catalogue: every cost term and every limit of the model, in one list each."""

from __future__ import annotations

from typing import Final

from hybridplan.model.component import CostTerm, Limit
from hybridplan.model.costs.balance import BalancePenalty
from hybridplan.model.costs.carbon import Carbon
from hybridplan.model.costs.commitment import Commitments
from hybridplan.model.costs.congestion import Congestion
from hybridplan.model.costs.energy import Energy
from hybridplan.model.costs.expansion import Expansions
from hybridplan.model.costs.link_fixed import LinkFixed
from hybridplan.model.costs.owned_fixed import OwnedFixed
from hybridplan.model.costs.provider_fixed import ProviderFixed
from hybridplan.model.costs.route import RouteCost
from hybridplan.model.costs.start import Start
from hybridplan.model.costs.storage import Storage
from hybridplan.model.costs.transfer import Transfer
from hybridplan.model.costs.unserved import Unserved
from hybridplan.model.costs.usage import Usage
from hybridplan.model.limits.after import After
from hybridplan.model.limits.bought import Bought
from hybridplan.model.limits.budget import BudgetLimit
from hybridplan.model.limits.capacity import Capacity
from hybridplan.model.limits.carbon_cap import CarbonCap
from hybridplan.model.limits.copies import Copies, CopyNeeded, Sync
from hybridplan.model.limits.failover import FailoverCapacity, FailoverStarted
from hybridplan.model.limits.interruptible_share import InterruptibleShare, WindowInterruptibleShare
from hybridplan.model.limits.kept import Kept
from hybridplan.model.limits.latency import Latency, MeanLatency
from hybridplan.model.limits.least_on import MinBusy, MinOn, MinProvisioned
from hybridplan.model.limits.link_bandwidth import LinkBandwidth
from hybridplan.model.limits.must_serve import MustServe
from hybridplan.model.limits.new_commitment import NewCommitment
from hybridplan.model.limits.one_site import OneSite
from hybridplan.model.limits.parallel_limit import ParallelLimit
from hybridplan.model.limits.private_line import PrivateFlow, PrivateLine
from hybridplan.model.limits.promise import Promise, PromiseBandwidth
from hybridplan.model.limits.provider_share import ProviderShare
from hybridplan.model.limits.providers import MaxProviders, MinProviders, ProviderHours
from hybridplan.model.limits.provisioning import Provisioned
from hybridplan.model.limits.ramp import RampDown, RampUp
from hybridplan.model.limits.rigid_demand import RigidDemand
from hybridplan.model.limits.scaling import Scaling
from hybridplan.model.limits.site_power import SitePower
from hybridplan.model.limits.site_space import SiteSpace
from hybridplan.model.limits.spending import Covered, NewSpend, SpendCommitmentLimit
from hybridplan.model.limits.unserved_cap import UnservedCap
from hybridplan.model.limits.window_demand import WindowDemand

COSTS: Final[tuple[CostTerm, ...]] = (
    Usage(),
    OwnedFixed(),
    Commitments(),
    Expansions(),
    Energy(),
    Carbon(),
    Transfer(),
    LinkFixed(),
    Storage(),
    RouteCost(),
    Start(),
    ProviderFixed(),
    Unserved(),
    Congestion(),
    BalancePenalty(),
)

LIMITS: Final[tuple[Limit, ...]] = (
    RigidDemand(),
    WindowDemand(),
    MustServe(),
    UnservedCap(),
    Latency(),
    MeanLatency(),
    Capacity(),
    Provisioned(),
    RampUp(),
    RampDown(),
    MinProvisioned(),
    MinBusy(),
    MinOn(),
    Kept(),
    NewCommitment(),
    NewSpend(),
    Covered(),
    SpendCommitmentLimit(),
    Bought(),
    SiteSpace(),
    SitePower(),
    ParallelLimit(),
    OneSite(),
    After(),
    Scaling(),
    LinkBandwidth(),
    PrivateLine(),
    PrivateFlow(),
    Copies(),
    CopyNeeded(),
    Sync(),
    InterruptibleShare(),
    WindowInterruptibleShare(),
    BudgetLimit(tuple(cost for cost in COSTS if not cost.is_penalty)),
    CarbonCap(),
    ProviderShare(),
    MaxProviders(),
    MinProviders(),
    ProviderHours(),
    Promise(),
    PromiseBandwidth(),
    FailoverCapacity(),
    FailoverStarted(),
)
