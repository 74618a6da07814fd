"""What is worked out once per plan and kept for every visitor: figures and sentences. Callers must not change it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, ParamSpec, TypeVar, cast

import streamlit as st

from hybridplan.charts.theme import Theme
from hybridplan.plan import Plan, PlanTables

P = ParamSpec("P")
T = TypeVar("T")

_MOST: Final = 64


def _identity(plan: Plan) -> tuple[str, str, float | None, float]:
    return plan.content_hash, plan.status.value, plan.objective_usd, plan.solver.total_seconds


def kept(function: Callable[P, T]) -> Callable[P, T]:
    """Keep results of a pure function of a plan. Tables that are passed along are those of the plan itself."""
    keys: dict[str | type[Any], Callable[[Any], Any]] = {
        Plan: _identity,
        PlanTables: lambda _: "of the plan",
        Theme: lambda theme: theme.name,
    }
    keep = st.cache_resource(max_entries=_MOST, show_spinner=False, hash_funcs=keys)
    return cast("Callable[P, T]", keep(function))
