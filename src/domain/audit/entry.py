"""What the audit trail holds: one entry for each event and each deed, made in the transaction that it speaks of."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import field, fields
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from ..shared.dataclass import dataclass
from ..shared.events import Envelope, Origin
from ..shared.ids import AccountId, EntryId, StudentId
from .deed import Deed

LONGEST_REASON = 1000
LONGEST_DETAIL = 200


@dataclass(frozen=True, slots=True)
class Apart:
    """Words that may be forgotten later: the entry keeps their digest, so that forgetting breaks no seal.

    The salt is random and goes with them; without it nobody can find out by trying what the words were.
    """

    salt: str
    words: str

    @property
    def digest(self) -> str:
        """The SHA-256 that the entry keeps."""
        return hashlib.sha256(f"{self.salt} {self.words}".encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Entry:
    """Who did or saw what, when, in which request, from where, for whom and why.

    It holds ids and codes. The two things beside them that may be about a person, the network address and the stated
    reason, stand apart: None where there was none or it was forgotten, which the digest tells.
    """

    id: EntryId
    at: datetime
    action: str
    subject: str = ""
    subject_id: UUID | None = None
    student_id: StudentId | None = None
    actor: AccountId | None = None
    on_behalf_of: AccountId | None = None
    request_id: str = ""
    trace: str = ""
    details: Mapping[str, str] = field(default_factory=dict)
    address_digest: str = ""
    reason_digest: str = ""
    address: Apart | None = None
    reason: Apart | None = None

    @property
    def words_are_right(self) -> bool:
        """Whether what stands apart, as far as it was not forgotten, is what the entry was made with."""
        kept = ((self.address, self.address_digest), (self.reason, self.reason_digest))
        return all(apart is None or apart.digest == digest for apart, digest in kept)


def entry_of_event(envelope: Envelope, salt: str, reason: str = "") -> Entry:
    """Return the entry of an event: the action is its tag without the version, the details what else it says.

    A reason that is longer than anybody reads is cut.
    """
    event, origin = envelope.event, envelope.origin
    kind: Any = type(event)
    address, stated = _apart(salt, origin.address), _apart(salt, reason.strip()[:LONGEST_REASON])
    return Entry(
        id=EntryId(envelope.id),
        at=envelope.at,
        action=action_of(event.tag),
        subject=event.aggregate,
        subject_id=event.aggregate_id,
        student_id=getattr(event, "student_id", None),
        actor=origin.actor,
        on_behalf_of=origin.on_behalf_of,
        request_id=origin.request_id,
        trace=origin.trace,
        details={name: _plain(getattr(event, name)) for name in _details(kind)},
        address_digest=address.digest if address else "",
        reason_digest=stated.digest if stated else "",
        address=address,
        reason=stated,
    )


def entry_of_deed(deed: Deed, entry_id: EntryId, at: datetime, origin: Origin, salt: str) -> Entry:
    """Return the entry of a deed; a reason that is longer than anybody reads is cut."""
    address, reason = _apart(salt, origin.address), _apart(salt, deed.reason.strip()[:LONGEST_REASON])
    return Entry(
        id=entry_id,
        at=at,
        action=deed.action,
        subject=deed.subject,
        subject_id=deed.subject_id,
        student_id=deed.student_id,
        actor=origin.actor,
        on_behalf_of=deed.on_behalf_of or origin.on_behalf_of,
        request_id=origin.request_id,
        trace=origin.trace,
        details={name: str(value)[:LONGEST_DETAIL] for name, value in deed.details.items()},
        address_digest=address.digest if address else "",
        reason_digest=reason.digest if reason else "",
        address=address,
        reason=reason,
    )


def action_of(tag: str) -> str:
    """Return what an event is called here: its tag without the version, which only readers of its data need."""
    name, _, version = tag.rpartition(".")
    return name if version[:1] == "v" and version[1:].isdigit() else tag


def _apart(salt: str, words: str) -> Apart | None:
    return Apart(salt, words) if words else None


@cache
def _details(kind: Any) -> tuple[str, ...]:
    """The names of what an event says beside whose record and which aggregate it is about."""
    own = f"{kind.aggregate}_id"
    return tuple(one.name for one in fields(kind) if one.name not in (own, "student_id"))


def _plain(value: Any) -> str:
    if isinstance(value, tuple | list | frozenset):
        return " ".join(map(_plain, value))
    return str(value).lower() if isinstance(value, bool) else str(value)[:LONGEST_DETAIL]
