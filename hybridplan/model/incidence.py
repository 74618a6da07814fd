"""Which routes belong to which record, as sparse matrices."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import scipy.sparse as sp

from hybridplan.model.periods import Array
from hybridplan.model.routes import Pair


class Incidences:
    """Matrices of one list of routes; those that were made last are kept."""

    def __init__(self, routes: Sequence[Pair]) -> None:
        self._routes = routes
        self._known: dict[tuple[str, tuple[str, ...]], tuple[Array | None, sp.csr_matrix]] = {}

    def matrix(self, ids: Sequence[str], key: str, values: Array | None) -> sp.csr_matrix:
        """(ids x routes) with ``values`` (else 1) where the route's ``key`` is the id. Not to be changed."""
        name = key, tuple(ids)
        known = self._known.get(name)
        if known is not None and known[0] is values:
            return known[1]
        where = {identifier: i for i, identifier in enumerate(ids)}
        found = [(where[getattr(r, key)], k) for k, r in enumerate(self._routes) if getattr(r, key) in where]
        rows, columns = (np.array(x, dtype=int) for x in (zip(*found, strict=True) if found else ((), ())))
        data = np.ones(len(rows)) if values is None else values[columns]
        matrix = sp.csr_matrix((data, (rows, columns)), shape=(len(ids), len(self._routes)))
        self._known[name] = (values, matrix)
        return matrix
