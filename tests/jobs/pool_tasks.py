"""Tasks that a worker process runs in place of the planner, one for each way in which a solve can go."""

from __future__ import annotations

import ctypes
import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import pandas as pd

from hybridplan.domain import Scenario
from hybridplan.errors import InvalidInput, Issue
from hybridplan.plan import Plan, SolverRun, SolveStatus


def plan_of(scenario: Scenario, status: SolveStatus = SolveStatus.OPTIMAL) -> Plan:
    run = SolverRun(f"pid {os.getpid()}", "1", 0.0, 0.0, 1.0)
    return Plan(scenario=scenario, status=status, solver=run, routes=pd.DataFrame())


@dataclass(frozen=True)
class Found:
    """Result of a study: its name and options as they arrived, how often this process ran one, and how far it came."""

    study: str
    options: dict[str, Any]
    turn: int
    step: int = 0
    complete: bool = True


@dataclass(frozen=True)
class Solved:
    """What a sweep reads of a point; the real one would bring the optimiser into each worker of these tests."""

    status: str
    objective_usd: float
    message: str = ""


_TURNS = count(1)


def runner() -> Callable[..., object]:
    return act


def act(
    study: str,
    scenario: Scenario,
    options: dict[str, Any],
    *,
    time_limit_seconds: float,
    progress: Callable[[str], None],
    partial: Callable[[object], None],
) -> object:
    """Do what the scenario's description says; its notes-like ``lesson`` names a file to leave a mark in."""
    progress("Working")
    turn = next(_TURNS)
    if scenario.lesson:
        with Path(scenario.lesson).open("a") as marks:
            marks.write(f"{os.getpid()} {scenario.name}\n")
    match scenario.description.split():
        case ["sleep", seconds]:
            time.sleep(float(seconds))
        case ["print"]:
            os.write(1, b"a solver's banner\n" * 1000)
            print("and from Python")
        case ["die"]:
            os._exit(11)
        case ["crash"]:
            ctypes.string_at(0)
        case ["raise"]:
            raise RuntimeError("a secret detail")
        case ["refuse"]:
            raise InvalidInput([Issue("pools.x", "is wrong")])
        case ["eat"]:
            bytearray(3 * 2**30)
        case ["fail"]:
            return plan_of(scenario, SolveStatus.FAILED)
        case ["limit"]:
            progress(f"limit {time_limit_seconds:g}")
            time.sleep(0.5)
        case ["steps", steps, seconds]:
            for step in range(int(steps)):
                partial(Found(study, options, turn, step, complete=False))
                time.sleep(float(seconds))
        case ["stop"]:
            return Found(study, options, turn, complete=False)
    if study == "sweep_point":
        return Solved("optimal", 2.0 * float(scenario.name))
    return plan_of(scenario) if study == "plan" else Found(study, options, turn)
