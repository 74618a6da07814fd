"""Copies of datasets that are made or not, and the ways by which data gets to every copy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import cvxpy as cp
import numpy as np
import scipy.sparse as sp

from hybridplan.model.periods import Array
from hybridplan.model.variables import Wholes, variable, whole_variable

if TYPE_CHECKING:
    from hybridplan.model.data import Data
    from hybridplan.model.datasets import Datasets

_CYCLE_ROUNDS = 100


@dataclass(frozen=True)
class Copies:
    """Decisions on copies; an empty variable is a constant."""

    made: cp.Expression
    """z, 1 where a choosable copy is made; (C,)."""
    shares: cp.Expression
    """Share of the data for a copy that takes a link, the same in every period; (X,)."""
    room: float
    """Factor on boxes that are closed without a copy: with copies held fixed they must not take the dual of a row."""
    domains: cp.Expression
    """1 where a failure domain of ``Datasets.domains`` has a copy."""
    definitions: tuple[cp.Constraint, ...] = ()


def build_copies(data: Data, made: Wholes) -> Copies:
    """Variables of all copies."""
    datasets = data.datasets
    chosen = whole_variable(made, "copies", np.ones(len(datasets.choosable)))
    shares = variable("sync_shares", np.ones(len(datasets.arcs)))
    domains = variable("copy_domains", np.ones(len(datasets.domains)))
    rules = (domains <= 1.0, domains <= _in_domain(datasets) @ chosen) if domains.size else ()
    return Copies(chosen, shares, 2.0 if made.is_fixed else 1.0, domains, rules)


def _in_domain(datasets: Datasets) -> sp.csr_array:
    """(domains, C) 1 where the copy stands in the domain."""
    pairs = [(row, c) for row, mine in enumerate(datasets.domains.values()) for c in mine]
    rows, columns = zip(*pairs, strict=True) if pairs else ((), ())
    return sp.csr_array((np.ones(len(pairs)), (rows, columns)), shape=(len(datasets.domains), len(datasets.choosable)))


def on_links(datasets: Datasets, links: list[str], shares: cp.Expression, per_arc: Array) -> cp.Expression | None:
    """GB per hour that copies bring onto ``links``, ``per_arc`` (X, T) if all goes there; (links, T); None: none."""
    spread = datasets.on_links(links, per_arc)
    if not spread.nnz:
        return None
    return cp.reshape(spread @ shares, (len(links), per_arc.shape[1]), order="F")


def sent_out(datasets: Datasets, choices: Copies) -> cp.Expression:
    """What must leave each node: 1 from home where the copy stands, z where it is chosen, 0 elsewhere; (nodes,)."""
    given = np.zeros(len(datasets.nodes))
    rows, columns = list[int](), list[int]()
    for i, node in enumerate(datasets.nodes):
        choice = datasets.synced[node[0]].choice
        if datasets.is_home(node) and choice is None:
            given[i] = 1.0
        elif datasets.is_home(node) and choice is not None:
            rows.append(i)
            columns.append(choice)
    if not rows:
        return cp.Constant(given)
    pick = sp.csr_array((np.ones(len(rows)), (rows, columns)), shape=(len(given), len(datasets.choosable)))
    return given + pick @ choices.made


def read_copies(choices: Copies, data: Data, dust: float) -> tuple[Array, Array]:
    """(C,) 1 where a copy is made, else 0; (X,) shares without dust and without data that goes in circles."""
    datasets = data.datasets
    made, shares = np.zeros(len(datasets.choosable)), np.zeros(len(datasets.arcs))
    if made.size and choices.made.value is not None:
        made = np.round(np.asarray(choices.made.value, dtype=float))
    if shares.size and choices.shares.value is not None:
        shares = np.clip(np.asarray(choices.shares.value, dtype=float), 0.0, 1.0)
    shares[shares < dust] = 0.0
    for x, (n, _) in enumerate(datasets.arcs):
        choice = datasets.synced[n].choice
        if choice is not None and made[choice] == 0:
            shares[x] = 0.0
    for n in range(len(datasets.synced)):
        _cancel_circles(shares, datasets, n)
    return made, shares


def _cancel_circles(shares: Array, datasets: Datasets, n: int) -> None:
    """Take out what leaves a site and comes back to it: it may cost nothing, and says nothing."""
    for _ in range(_CYCLE_ROUNDS):
        ways: dict[str, list[tuple[str, int]]] = {}
        for x, (copy, _link) in enumerate(datasets.arcs):
            if copy == n and shares[x] > 0:
                start, end = datasets.ends(x)
                ways.setdefault(start, []).append((end, x))
        circle = _circle(ways)
        if not circle:
            return
        shares[circle] -= shares[circle].min()


def _circle(ways: dict[str, list[tuple[str, int]]]) -> list[int]:
    """Arcs of one circle, empty where there is none."""
    done: set[str] = set()

    def walk(site: str, path: list[str], arcs: list[int]) -> list[int]:
        if site in path:
            return arcs[path.index(site) :]
        if site in done:
            return []
        for end, arc in ways.get(site, []):
            found = walk(end, [*path, site], [*arcs, arc])
            if found:
                return found
        done.add(site)
        return []

    return next((found for site in ways if (found := walk(site, [], []))), [])
