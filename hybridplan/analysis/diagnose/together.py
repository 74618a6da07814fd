"""One set of changes of all kinds that suffices together, where rules that give way by an amount are not enough."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from hybridplan.analysis.diagnose import by_amount
from hybridplan.analysis.diagnose.attempt import Search, apply
from hybridplan.analysis.diagnose.ladders import Ladder
from hybridplan.errors import InvalidInput, SolveFailed
from hybridplan.model.elastic import ElasticModel
from hybridplan.model.possible import essential
from hybridplan.plan import Relaxation


def together(search: Search, ladders: Sequence[Ladder]) -> tuple[Relaxation, ...]:
    """All other rules as far as they may go, with the least amounts beside them; then each that is not needed is put
    back, and each that is gives way as little as suffices with the others.

    Empty where that is not enough, or time runs out. Residency and security rules are not among them.
    """
    amounts = _amounts(search, [ladder.furthest for ladder in ladders])
    if amounts is None:
        return ()
    kept = list(ladders)
    for ladder in ladders:
        fewer = [other for other in kept if other is not ladder]
        if (fewer or amounts) and search.likely(*(other.furthest for other in fewer), *amounts):
            kept = fewer
    changes = [ladder.furthest for ladder in kept]
    if search.proven(*changes, *amounts) is None:
        return ()
    for place, ladder in enumerate(kept):
        others = [*changes[:place], *changes[place + 1 :], *amounts]
        changes[place] = ladder.least(search.within(1.0 / (len(kept) - place)), *others)
    return tuple(replace(change, proven=True) for change in (*changes, *amounts))


def _amounts(search: Search, far: list[Relaxation]) -> tuple[Relaxation, ...] | None:
    """What must give way by an amount beside them; None where nothing is enough."""
    if not far or not search.left:
        return None
    if search.proven(*far):
        return ()
    try:
        widened = replace(search, scenario=apply(search.scenario, *far))
        return by_amount.mix(widened, ElasticModel(essential(widened.scenario), search.left)) or None
    except (InvalidInput, SolveFailed):
        return None
