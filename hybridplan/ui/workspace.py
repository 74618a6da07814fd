"""What one visitor works on: the document as typed, its history, and the plan that belongs to it. No Streamlit here."""

from __future__ import annotations

import copy
import json
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from hybridplan.domain import SCHEMA_VERSION, Scenario, parse
from hybridplan.errors import HybridplanError, Issue
from hybridplan.plan import Plan

Document = dict[str, Any]
"""Plain JSON values of a scenario as typed. Never changed in place: a change is a new document."""

UNDO_DEPTH: Final = 50


class ReadOnly(HybridplanError):
    """A change was asked of a view that only shows what someone shared."""


@dataclass(frozen=True)
class Step:
    """One undoable change: the document before it (after it, on the redo stack) and what was done, in words.

    The document is kept packed: fifty of them for each of a hundred visitors would fill the memory otherwise.
    """

    packed: bytes
    what: str

    @classmethod
    def of(cls, document: Document, what: str) -> Step:
        """Pack a document, which holds plain JSON values."""
        return cls(zlib.compress(json.dumps(document).encode(), 1), what)

    @property
    def document(self) -> Document:
        """The document as it was."""
        unpacked: Document = json.loads(zlib.decompress(self.packed))
        return unpacked


@dataclass(frozen=True)
class Origin:
    """A version in the library: the one that a draft began as or was last saved as, or one that somebody else saved."""

    entry: str
    """Id of the library's entry."""
    number: int
    name: str
    """Name of the entry when the draft was opened or saved."""
    author: str
    saved_at: datetime


@dataclass(frozen=True)
class Shown:
    """The saved version that a link to this server shows, and what its reader must know of the link."""

    name: str
    """Name of the library's entry."""
    number: int
    author: str
    saved_at: datetime
    latest: int
    """Number of the latest version when the link was opened."""
    follows_latest: bool
    label: str
    expires_at: datetime | None
    """None: until it is withdrawn."""


@dataclass(frozen=True)
class Copied:
    """What a draft began as a copy of: what a link showed. ``number`` 0: a link with everything inside."""

    document: Document
    name: str
    number: int = 0
    author: str = ""
    saved_at: datetime | None = None


@dataclass(frozen=True)
class Attempt:
    """A save to the library that was not answered: sent again it has the same ids, so that it is never made twice.

    ``based_on``: number of the version before it; 0 for a new entry.
    """

    document: Document
    entry: str
    save_id: str
    based_on: int


@dataclass(eq=False)
class Workspace:
    """One visitor's scenario. ``save`` is called after every change with the workspace itself; it must not raise.

    - ``opened``: the document that was opened, to which :meth:`reset` returns.
    - ``read_only``: shown from a share link; :meth:`commit` raises :class:`ReadOnly`.
    - ``epoch``: bumped when the document changes from outside the editors (undo, import, load): grids are rebuilt.
    - ``visit``: bumped each time a page is entered.
    - ``plan``: the latest plan solved here, or None.
    """

    document: Document
    opened: Document
    save: Callable[[Workspace], None] = lambda _: None
    read_only: bool = False
    epoch: int = 0
    visit: int = 0
    plan: Plan | None = None
    draft_key: str | None = None
    draft_rev: int | None = None
    saved_at: datetime | None = None
    not_saved: str = ""
    """Why the last change could not be saved, in words; empty where all is saved."""
    notice: str = ""
    """What happened while opening or saving that the visitor must know; shown until the next page is entered."""
    wants_solve: bool = False
    """True: just opened, and to be solved without being asked, so that no page is blank."""
    solving: str = ""
    """Content hash of the solve under way; empty where none."""
    solve_note: str = ""
    """Why the last solve gave no plan, in words; empty where it gave one."""
    origin: Origin | None = None
    """The version in the library that the document belongs to; None where it was never saved there."""
    conflict: Origin | None = None
    """The version that somebody else saved meanwhile, where a save was refused for it."""
    attempt: Attempt | None = None
    shown: Shown | None = None
    """The saved version that is shown, where the view was opened by a link to this server."""
    copied: Copied | None = None
    """What the draft is a copy of, where it began at a link."""
    copied_plan: Plan | None = None
    """The plan that the link showed, while it is at hand."""
    kept_plan: str = ""
    """Content hash of the plan that was last handed to the library, or came from it."""
    _undo: list[Step] = field(default_factory=list)
    _redo: list[Step] = field(default_factory=list)
    _parsed: tuple[Document, Scenario | None, list[Issue]] | None = None

    @property
    def name(self) -> str:
        """The scenario's name as typed; a stand-in where it has none."""
        name = self.document.get("name")
        return name if isinstance(name, str) and name.strip() else "Unnamed scenario"

    @property
    def scenario(self) -> Scenario | None:
        """The document as a checked scenario; None where it has an error."""
        return self._parse()[1]

    @property
    def issues(self) -> list[Issue]:
        """Everything that is wrong or doubtful in the document."""
        return list(self._parse()[2])

    @property
    def is_stale(self) -> bool:
        """True where the plan shown is not the plan of the document as it stands."""
        if self.plan is None:
            return False
        scenario = self.scenario
        return scenario is None or scenario.content_hash != self.plan.content_hash

    @property
    def is_changed(self) -> bool:
        """True where the document differs from the one that was opened."""
        return self.document != self.opened

    @property
    def can_undo(self) -> bool:
        """True where there is a change to take back."""
        return bool(self._undo)

    @property
    def can_redo(self) -> bool:
        """True where there is a change to do again."""
        return bool(self._redo)

    @property
    def next_undo(self) -> str:
        """What :meth:`undo` would take back, in words; empty where nothing."""
        return self._undo[-1].what if self._undo else ""

    @property
    def next_redo(self) -> str:
        """What :meth:`redo` would do again, in words; empty where nothing."""
        return self._redo[-1].what if self._redo else ""

    def commit(self, document: Document, what: str, *, rebuild: bool = False) -> None:
        """Take ``document`` as the new state: undoable, saved at once. The same document again changes nothing.

        ``what`` names the change in words; ``rebuild`` says that it was not typed in a grid, so that grids must be
        rebuilt. Raises :class:`ReadOnly` on a shared view.
        """
        if self.read_only:
            raise ReadOnly("This is a shared view. Explore a copy to change it.")
        if document == self.document:
            return
        self._undo.append(Step.of(self.document, what))
        del self._undo[:-UNDO_DEPTH]
        self._redo.clear()
        self._set(copy.deepcopy(document), rebuild)

    def undo(self) -> None:
        """Take the last change back; nothing where there is none."""
        self._step(self._undo, self._redo)

    def redo(self) -> None:
        """Do the change again that was taken back last; nothing where there is none."""
        self._step(self._redo, self._undo)

    def reset(self) -> None:
        """Back to the document that was opened; itself undoable."""
        self.commit(self.opened, "Reset", rebuild=True)

    def _step(self, source: list[Step], target: list[Step]) -> None:
        if self.read_only or not source:
            return
        step = source.pop()
        target.append(Step.of(self.document, step.what))
        self._set(step.document, True)

    def _set(self, document: Document, rebuild: bool) -> None:
        self.document = document
        self.epoch += rebuild
        self.save(self)

    def _parse(self) -> tuple[Document, Scenario | None, list[Issue]]:
        if self._parsed is None or self._parsed[0] is not self.document:
            scenario, issues = parse(self.document)
            self._parsed = (self.document, scenario, issues)
        return self._parsed


def new_document(start: datetime) -> Document:
    """An empty scenario: one week of hours from ``start``, no sites, pools or workloads."""
    week = {"label": "Week", "start": start.isoformat(), "periods": 168}
    return {
        "schema_version": SCHEMA_VERSION,
        "name": "New scenario",
        "horizon": {"blocks": {"week": week}},
        "sites": {},
        "pools": {},
        "workloads": {},
    }
