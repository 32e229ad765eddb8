"""An export: everything that is kept about a student, as one file that is hers for a while."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from ..shared.dataclass import dataclass
from ..shared.errors import NotFound, Reason, RuleBroken
from ..shared.ids import AccountId, ExportId, StudentId
from .events import ExportReady

FILE_NAME = "my-data.zip"
CONTENT_TYPE = "application/zip"


class State(StrEnum):
    """How far an export is."""

    MAKING = "making"
    READY = "ready"
    REMOVED = "removed"
    """Its time was over, or the record was erased meanwhile."""


@dataclass(slots=True)
class Export:
    """One file with everything, kept sealed. ``sha256`` names it in the store; ``content_sha256`` and ``size`` are of
    what is in it, once it is there."""

    id: ExportId
    student_id: StudentId
    asked_by: AccountId
    asked_at: datetime
    language: str = ""
    state: State = State.MAKING
    sha256: str = ""
    size: int = 0
    content_sha256: str = ""
    ready_at: datetime | None = None
    until: datetime | None = None
    """Until when the file is kept."""
    version: int = 0

    def publish(
        self, sha256: str, size: int, now: datetime, lasting: timedelta, content_sha256: str = ""
    ) -> ExportReady:
        """Let the file be had; raise RuleBroken where it is not being made any more."""
        if self.state is not State.MAKING:
            raise RuleBroken(Reason("export.not_being_made"))
        self.state, self.sha256, self.size, self.content_sha256 = State.READY, sha256, size, content_sha256
        self.ready_at, self.until = now, now + lasting
        return ExportReady(self.id, self.student_id)

    def remove(self) -> None:
        """Let there be no file any more."""
        self.state, self.sha256, self.content_sha256 = State.REMOVED, "", ""

    def demand_there(self, now: datetime) -> None:
        """Raise RuleBroken while it is made, NotFound once it is gone."""
        if self.state is State.MAKING:
            raise RuleBroken(Reason("export.not_ready"))
        if self.state is State.REMOVED or self.until is None or now >= self.until:
            raise NotFound(Reason("export.gone"))
