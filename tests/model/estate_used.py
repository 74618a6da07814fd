"""What a solved oracle of an estate used: which choices were taken, and which rules had something to say."""

from __future__ import annotations

from estate_oracle import Row
from estate_providers import ProvidersOracle

USED = 1e-6


def features(oracle: ProvidersOracle) -> set[str]:
    """Names of choices that were taken (as in the columns), and of features that are there and matter."""
    kinds = {name[0] for name, value in oracle.found.items() if value > USED}
    return kinds | _failures(oracle) | _promises(oracle) | _links(oracle) | _providers(oracle) | _data(oracle)


def _failures(oracle: ProvidersOracle) -> set[str]:
    """Kinds of failures that take a route from promised work, and zones of pools of their own."""
    promised = [*oracle.dedicated, *oracle.sharing]
    failures = oracle.s.policy.contingencies
    found = {f"failure {x.kind}" for f, x in failures.items() if any(oracle.hits(f, w) for w in promised)}
    by_zone = [f for f, x in failures.items() if x.kind == "zone"]
    alone = any(pool.site not in oracle.gone[f].sites for f in by_zone for p, pool in _pools(oracle, f))
    return found | ({"zone of a pool"} if alone else set())


def _pools(oracle: ProvidersOracle, f: str) -> list[tuple[str, object]]:
    return [(p, oracle.s.pools[p]) for p in oracle.gone[f].pools]


def _promises(oracle: ProvidersOracle) -> set[str]:
    """Forms that keep something, and how: after how long, in which pools, at which latency."""
    found: set[str] = set()
    works, pools = oracle.s.workloads, oracle.s.pools
    for name, value in oracle.found.items():
        if value <= USED or name[0] not in ("sb", "after"):
            continue
        w, p, b, i = name[-4:]
        work, pool = works[w], pools[p]
        found |= {f"promise {work.promise_form}", f"{work.promise_form} in {pool.purchase_option}"}
        if work.must_serve:
            found.add("promise of what must be served")
        if oracle.rate(w, p) is None:
            found.add(f"failover where there is no route, {work.promise_form}")
        if work.latency_objective_ms is not None and work.latency_after_failure_ms is not None:
            found.add(f"later latency {work.latency_statistic}")
        if work.datasets and pool.site not in {oracle.s.datasets[d].home_site for d in work.datasets}:
            states = {oracle.s.datasets[d].copies[pool.site].state for d in work.datasets}
            found |= {f"failover to a copy, {state}" for state in states}
        if name[0] == "after" and not oracle.elastic(p) and pool.purchase_option != "owned":
            normal = sum(oracle.found.get(x, 0.0) for x in oracle.load(p, b, i)) / (1 - pool.held_back_share)
            found |= {"reserve in a least pool"} if oracle.found.get(("n", p, b, i), 0.0) > normal + USED else set()
        if name[0] == "after" and oracle.elastic(p):
            n = oracle.found.get(("n", p, b, i), 0.0)
            total = sum(x for key, x in oracle.found.items() if key[:2] == name[:2] and key[-3:] == (p, b, i))
            found |= {"grown after a failure"} if total > n + USED else set()
            found |= {"lead time of what takes over"} if oracle.lead(p, b) else set()
    return found


def _links(oracle: ProvidersOracle) -> set[str]:
    """Attributes that close a path, or an arc, that would be open; links that are full after a failure."""
    found = set()
    for w, work in oracle.s.workloads.items():
        for p, pool in oracle.s.pools.items():
            if oracle.rate(w, p) is None and any(not oracle.offers(x, work) for x in oracle.path(w, pool.site)):
                found.add("link attributes of work")
    for data in oracle.s.datasets.values():
        if any(not oracle.offers(name, data) for name in oracle.s.links):
            found.add("link attributes of data")
    return found | ({"full link after a failure"} if _reached(oracle, oracle.full) else set())


def _reached(oracle: ProvidersOracle, rows: list[tuple[Row, float]]) -> bool:
    """Whether any of these rows, with something in it, is at its limit."""
    for row, right in rows:
        parts = [x * oracle.found[name] for name, x in row.items()]
        scale = max((abs(x) for x in parts), default=0.0)
        if scale > USED and abs(sum(parts) - right) < 1e-7 * max(scale, abs(right)):
            return True
    return False


def _providers(oracle: ProvidersOracle) -> set[str]:
    policy, found = oracle.s.policy, set[str]()
    known = len(oracle.providers())
    if policy.max_providers is not None and policy.max_providers < known:
        found.add("max_providers")
    if policy.min_providers > 0:
        found.add(f"min_providers {min(policy.min_providers, 2)}")
    if policy.provider_share_cap is not None:
        found.add(f"share of {policy.provider_share_of}")
    if _reached(oracle, oracle.shares):
        found.add(f"share of {policy.provider_share_of} is reached")
    return found


def _data(oracle: ProvidersOracle) -> set[str]:
    bound = any(work.allowed_jurisdictions for work in oracle.s.workloads.values())
    bound = bound or any(data.allowed_jurisdictions for data in oracle.s.datasets.values())
    return ({"bound by residency"} if bound else set()) | _places(oracle)


def _places(oracle: ProvidersOracle) -> set[str]:
    """Attributes that close a pool, backups of sealed work, and zones that tell copies and backups apart."""
    found, sites = set[str](), oracle.s.sites
    for w, work in oracle.s.workloads.items():
        offered = [set(pool.attributes).union(sites[pool.site].attributes) for pool in oracle.s.pools.values()]
        if any(not set(work.required_attributes) <= one for one in offered):
            found.add("attributes of places")
        if work.backup_sites and any(oracle.rate(w, p) is not None for p in oracle.s.pools):
            found |= {"backup of sealed work"} if work.required_attributes else set()
            by_site = work.model_copy(update={"backup_apart": "site"})
            chosen = [(oracle.backup(work, s), oracle.backup(by_site, s)) for s in sites]
            if work.backup_apart == "zone" and any(one != other for one, other in chosen):
                found.add("backup apart by zone")
    for d, data in oracle.s.datasets.items():
        if data.copies_apart == "zone" and data.min_copies > 1:
            found.add("copies apart by zone")
            home = sites[data.home_site].zone
            made = [s for s in data.copies if oracle.found.get(("copy", d, s), 0.0) > USED]
            found |= {"a copy in the zone of home"} if any(sites[s].zone == home for s in made) else set()
    return found
