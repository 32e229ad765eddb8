"""An upload: a file on its way to becoming a version of a paper, from the announcement to the decision."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from enum import StrEnum

from ..shared.dataclass import dataclass
from ..shared.errors import Invalid, Reason, RuleBroken, refuse_if_any
from ..shared.ids import AccountId, DocumentId, StudentId, UploadId
from ..shared.states import Move, move_for
from .document import Stated, Version
from .errors import FileRefused
from .policies import ACCEPTED_TYPES, clean_file_name, content_type_of
from .upload_events import UploadAccepted, UploadExpired, UploadReceived, UploadRefused, UploadRequested

TICKET_LASTS = timedelta(hours=1)
"""How long the client may hand its bytes over."""
LIFE = timedelta(days=1)
"""How long an upload may wait for its completion; what belongs to nobody after that is swept away."""

_SHA256 = re.compile(r"[0-9a-f]{64}")


class UploadState(StrEnum):
    """How far an upload is."""

    REQUESTED = "requested"
    RECEIVED = "received"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    EXPIRED = "expired"


class UploadAction(StrEnum):
    """What moves an upload on."""

    COMPLETE = "complete"
    ACCEPT = "accept"
    REFUSE = "refuse"
    EXPIRE = "expire"


class UploadSide(StrEnum):
    """Who moves it."""

    CLIENT = "client"
    SYSTEM = "system"


MOVES = (
    Move(UploadAction.COMPLETE, (UploadState.REQUESTED,), UploadState.RECEIVED, UploadSide.CLIENT),
    Move(UploadAction.ACCEPT, (UploadState.RECEIVED,), UploadState.ACCEPTED, UploadSide.SYSTEM),
    Move(UploadAction.REFUSE, (UploadState.RECEIVED,), UploadState.REFUSED, UploadSide.SYSTEM),
    Move(UploadAction.EXPIRE, (UploadState.REQUESTED,), UploadState.EXPIRED, UploadSide.SYSTEM),
)


@dataclass(frozen=True, slots=True)
class Announced:
    """What a client says that it will send: how many bytes, of which media type, with which SHA-256 (hex)."""

    size: int
    content_type: str
    sha256: str

    def __post_init__(self) -> None:
        refuse_if_any(self._problems(), Invalid)

    def against(self, *, size: int, sha256: str, head: bytes) -> Iterator[Reason]:
        """Yield what speaks against the content that came: another size, hash or type than was announced."""
        for what, announced, came in (("size", self.size, size), ("sha256", self.sha256, sha256)):
            if announced != came:
                yield not_as_announced(what, announced, came)
        try:
            content_type = content_type_of(head)
        except FileRefused as refused:
            yield from refused.reasons
        else:
            if content_type != self.content_type:
                yield not_as_announced("content_type", self.content_type, content_type)

    def _problems(self) -> list[Reason]:
        problems = []
        if self.size < 1:
            problems.append(Reason("file.empty", {}, "size"))
        if self.content_type not in ACCEPTED_TYPES:
            problems.append(Reason("file.announced_type", {"known": ", ".join(ACCEPTED_TYPES)}, "content_type"))
        if not _SHA256.fullmatch(self.sha256):
            problems.append(Reason("file.announced_hash", {}, "sha256"))
        return problems


def not_as_announced(what: str, announced: str | int, came: str | int) -> Reason:
    """Return the reason that refuses other bytes than were announced."""
    return Reason("file.not_as_announced", {"what": what, "announced": announced, "came": came}, what)


@dataclass(slots=True)
class Upload:
    """One upload of one student to one of her papers; it is decided once."""

    id: UploadId
    document_id: DocumentId
    student_id: StudentId
    requested_by: AccountId
    announced: Announced
    file_name: str
    stated: Stated
    requested_at: datetime
    state: UploadState = UploadState.REQUESTED
    received_at: datetime | None = None
    decided_at: datetime | None = None
    reasons: tuple[Reason, ...] = ()
    """Why it was refused or given up."""
    number: int | None = None
    """Which version of the paper it became."""
    version: int = 0

    @property
    def name(self) -> str:
        """Under which the bytes come in."""
        return str(self.id)

    @property
    def ticket_until(self) -> datetime:
        """When the client can no longer hand its bytes over."""
        return self.requested_at + TICKET_LASTS

    @property
    def ends_at(self) -> datetime:
        """When it is given up unless it was completed."""
        return self.requested_at + LIFE

    @property
    def is_waiting(self) -> bool:
        """Whether it is still to be decided."""
        return self.state in (UploadState.REQUESTED, UploadState.RECEIVED)

    def requested(self) -> UploadRequested:
        """Return what asking for it means to others."""
        return UploadRequested(self.id, self.document_id, self.student_id)

    def receive(self, at: datetime) -> UploadReceived:
        """Note that all bytes are there; raise RuleBroken when it was given up or completed before."""
        self._move(UploadAction.COMPLETE)
        self.received_at = at
        return UploadReceived(self.id, self.document_id, self.student_id)

    def as_version(self, number: int, sealed_as: str) -> Version:
        """Return the version that it becomes, with its bytes under that name; it counts as uploaded when the last byte
        had been reported."""
        announced = self.announced
        return Version(
            number=number,
            sha256=announced.sha256,
            size=announced.size,
            content_type=announced.content_type,
            file_name=clean_file_name(self.file_name, announced.content_type),
            uploaded_at=self.received_at or self.requested_at,
            uploaded_by=self.requested_by,
            stated=self.stated,
            sealed_as=sealed_as,
        )

    def accept(self, number: int, at: datetime) -> UploadAccepted:
        """Note which version it became; raise RuleBroken unless it waits for that."""
        self._move(UploadAction.ACCEPT)
        self.number, self.decided_at = number, at
        return UploadAccepted(self.id, self.document_id, self.student_id, number)

    def refuse(self, reasons: tuple[Reason, ...], at: datetime) -> UploadRefused:
        """Note why it becomes no version; raise RuleBroken unless it waits for that."""
        self._move(UploadAction.REFUSE)
        self.reasons, self.decided_at = reasons, at
        return UploadRefused(self.id, self.document_id, self.student_id, tuple(reason.code for reason in reasons))

    def expire(self, at: datetime) -> UploadExpired:
        """Give it up; raise RuleBroken when it was completed meanwhile."""
        self._move(UploadAction.EXPIRE)
        self.reasons, self.decided_at = (Reason("upload.expired"),), at
        return UploadExpired(self.id, self.document_id, self.student_id)

    def _move(self, action: UploadAction) -> None:
        move = move_for(MOVES, action, self.state)
        if move is None:
            raise RuleBroken(Reason("upload.not_possible", {"action": action.value, "state": self.state.value}))
        self.state = move.target
