"""One set of changes of all kinds that suffices together, where rules that give way by an amount are not enough."""

from __future__ import annotations

from dataclasses import replace

from hybridplan.analysis.diagnose import by_amount
from hybridplan.analysis.diagnose.attempt import Search, apply
from hybridplan.analysis.diagnose.dropped import furthest as dropped
from hybridplan.analysis.diagnose.latency import furthest as latency
from hybridplan.analysis.diagnose.providers import furthest as providers
from hybridplan.analysis.diagnose.purchases import furthest as purchases
from hybridplan.analysis.diagnose.windows import furthest as windows
from hybridplan.errors import InvalidInput, SolveFailed
from hybridplan.model.elastic import ElasticModel
from hybridplan.plan import Relaxation


def together(search: Search) -> tuple[Relaxation, ...]:
    """All other rules as far as they may go, with the least amounts beside them; then each that is not needed put back.

    Empty where that is not enough, or time runs out. Residency and security rules are not among them.
    """
    far = [change for kind in (latency, windows, purchases, providers, dropped) for change in kind(search)]
    amounts = _amounts(search, far)
    if not far or amounts is None:
        return ()
    for change in list(far):
        fewer = [other for other in far if other is not change]
        if search.left and (fewer or amounts) and search.proven(*fewer, *amounts):
            far = fewer
    tried = search.proven(*far, *amounts)
    return () if tried is None else tuple(replace(change, proven=True) for change in (*far, *amounts))


def _amounts(search: Search, far: list[Relaxation]) -> tuple[Relaxation, ...] | None:
    """What must give way by an amount beside them; None where nothing is enough."""
    if not far or not search.left:
        return None
    if search.proven(*far):
        return ()
    try:
        widened = replace(search, scenario=apply(search.scenario, *far))
        model = ElasticModel(widened.scenario, search.left)
        found = by_amount.all_together(widened, model)
        return None if found is None else by_amount.mix(widened, model, found) or None
    except (InvalidInput, SolveFailed):
        return None
