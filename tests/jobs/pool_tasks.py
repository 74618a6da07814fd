"""Tasks that a worker process runs in place of the planner, one for each way in which a solve can go."""

from __future__ import annotations

import ctypes
import os
import time
from collections.abc import Callable
from pathlib import Path

import pandas as pd

from hybridplan.domain import Scenario
from hybridplan.errors import InvalidInput, Issue
from hybridplan.plan import Plan, SolverRun, SolveStatus


def plan_of(scenario: Scenario, status: SolveStatus = SolveStatus.OPTIMAL) -> Plan:
    run = SolverRun(f"pid {os.getpid()}", "1", 0.0, 0.0, 1.0)
    return Plan(scenario=scenario, status=status, solver=run, routes=pd.DataFrame())


def act(scenario: Scenario, *, time_limit_seconds: float, progress: Callable[[str], None]) -> Plan:
    """Do what the scenario's description says; its notes-like ``lesson`` names a file to leave a mark in."""
    progress("Working")
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
    return plan_of(scenario)
