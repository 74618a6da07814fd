"""The library: saving a draft as a version so that nothing is lost or made twice, and opening one with its plan.

No Streamlit here. Everything raises :class:`StoreError`, in words, where the database does not answer, unless it says
otherwise.
"""

from __future__ import annotations

import contextlib
import re
from functools import lru_cache
from importlib.metadata import version as installed
from typing import Final

from hybridplan.analysis.kept import reopen
from hybridplan.domain import Scenario, parse
from hybridplan.errors import StoreError
from hybridplan.io.plan_document import pack
from hybridplan.plan import Plan
from hybridplan.store import Library, UnknownEntry, Version, VersionConflict, new_key
from hybridplan.ui.workspace import Attempt, Document, Origin, ReadOnly, Workspace

MAX_NAME: Final = 200
MAX_AUTHOR: Final = 80
MAX_NOTE: Final = 2000
MAX_TAGS: Final = 20
NO_NAME: Final = "someone without a name"

_VERSION_PATH: Final = re.compile(r"versions\.(\d+)")
_SOLVERS: Final = {"HiGHS": "highspy", "Clarabel": "clarabel"}
"""Package of each solver, by its name in a plan."""


def save(ws: Workspace, library: Library, *, note: str = "", author: str = "", as_new: bool = False) -> Version | None:
    """Save the document as the next version of the entry it belongs to, or (``as_new``, or it has none) as a new entry.

    None where somebody else saved a version meanwhile: nothing is written, and ``ws.conflict`` tells which. After an
    error the same call sends the same ids again; where the document was changed in between, it is first found out
    whether the earlier call came through after all. Raises :class:`ReadOnly` on a shared view.
    """
    if ws.read_only:
        raise ReadOnly("A shared view is not saved. Explore a copy, and save that.")
    wants_new = as_new or ws.origin is None
    if _settle_lost(ws, library, wants_new):
        wants_new = False
    base = None if wants_new else ws.origin
    attempt = ws.attempt = ws.attempt or Attempt(
        document=ws.document,
        entry=base.entry if base else new_key(),
        save_id=new_key(),
        based_on=base.number if base else 0,
    )
    name = base.name if base else ws.name
    try:
        version = _send(library, attempt, name, note, author)
    except VersionConflict as conflict:
        ws.attempt, ws.conflict = None, origin(conflict.latest, name)
        return None
    ws.attempt, ws.conflict, ws.origin = None, None, origin(version, name)
    ws.opened = ws.document
    ws.save(ws)
    return version


def _settle_lost(ws: Workspace, library: Library, wants_new: bool) -> bool:
    """Clear an unanswered save of another document; True where it came through, and is what this save goes on from."""
    lost = ws.attempt
    if lost is None or (lost.document == ws.document and (lost.based_on == 0) == wants_new):
        return False
    try:
        found = library.get(lost.entry, lost.based_on + 1)
    except UnknownEntry:
        found = None
    ws.attempt = None
    if found is None or found.document != lost.document or (lost.based_on == 0) != wants_new:
        return False
    ws.origin = origin(found, ws.origin.name if ws.origin and not wants_new else ws.name)
    return True


def _send(library: Library, attempt: Attempt, name: str, note: str, author: str) -> Version:
    ids = {"scenario_id": attempt.entry, "save_id": attempt.save_id}
    if attempt.based_on == 0:
        return library.save_new(attempt.document, name=name, note=note, author=author, **ids)
    return library.save(document=attempt.document, based_on=attempt.based_on, note=note, author=author, **ids)


def origin(version: Version, name: str) -> Origin:
    """``version`` of the entry called ``name``, as a draft remembers it."""
    return Origin(version.scenario_id, version.number, name, version.author, version.created_at)


def keep_plan(ws: Workspace, library: Library) -> None:
    """Hand the plan to the library where it is that of a saved version, once; the library not answering is no matter,
    because the version is then solved again when it is opened.
    """
    plan = ws.plan
    if plan is None or ws.origin is None or plan.content_hash == ws.kept_plan:
        return
    if not plan.status.has_plan or ws.is_changed or ws.is_stale:
        return
    ws.kept_plan = plan.content_hash
    solver = f"{plan.solver.name} {plan.solver.version}"
    with contextlib.suppress(StoreError):
        library.put_plan(plan.content_hash, program_version(), solver, pack(plan))


def kept_plan(document: Document, library: Library) -> Plan | None:
    """The kept plan of a document, audited again; None where there is none, or it does not pass, or the library does
    not answer: then solve.
    """
    scenario, _ = parse(document)
    if scenario is None:
        return None
    found = (_reopened(scenario, library, solver) for solver in solvers())
    return next((plan for plan in found if plan is not None), None)


def _reopened(scenario: Scenario, library: Library, solver: str) -> Plan | None:
    try:
        data = library.plan_document(scenario.content_hash, program_version(), solver)
    except StoreError:
        return None
    return None if data is None else reopen(data, scenario)


def said_by(author: str) -> str:
    """Who did something, for a sentence."""
    return author or NO_NAME


def version_path(number: int) -> str:
    """The path under which a note on a whole version is kept."""
    return f"versions.{number}"


def path_in_words(path: str) -> str:
    """What a note is about: the scenario, a version, or one input."""
    if not path:
        return "The whole scenario"
    is_version = _VERSION_PATH.fullmatch(path)
    return f"Version {is_version[1]}" if is_version else path


@lru_cache(maxsize=1)
def program_version() -> str:
    """The version of this program; plans of another one are not shown."""
    return installed("hybridplan")


@lru_cache(maxsize=1)
def solvers() -> tuple[str, ...]:
    """Every solver with its version, as plans name them."""
    return tuple(f"{name} {installed(package)}" for name, package in _SOLVERS.items())
