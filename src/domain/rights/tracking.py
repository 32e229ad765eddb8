"""Which events are told to analytics, under which names and with what: codes and counts, never words of anybody.

A table that allows: what does not stand in it is not told. Who the student is, is a keyed hash of her id, which nobody
turns back without the key; with another key she is somebody else there.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType

from ..applications.events import ApplicationMoved, ApplicationStarted, ApplicationSubmitted
from ..documents.events import DocumentAdded, DocumentAnswered, VersionChecked, VersionUploaded
from ..planning.events import PlanMade, StepReported, TargetsChanged
from ..shared.dataclass import dataclass
from ..shared.events import Envelope, Event
from ..shared.ids import EventId, StudentId

PURPOSE = "product_metrics"
"""The purpose of data that a student has to have allowed."""
LEAST_KEY = 32


@dataclass(frozen=True, slots=True)
class Happening:
    """One thing that was done, as analytics may know it; ``id`` stays the same when it is told again."""

    id: EventId
    pseudonym: str
    name: str
    at: datetime
    properties: Mapping[str, str | int]


@dataclass(frozen=True, slots=True)
class Tracked:
    """What an event is called, and which of its fields go along: codes of ours, or numbers."""

    name: str
    fields: tuple[str, ...] = ()


TRACKED: Mapping[type[Event], Tracked] = MappingProxyType(
    {
        PlanMade: Tracked("Plan Made"),
        TargetsChanged: Tracked("Targets Changed"),
        StepReported: Tracked("Step Reported", ("state",)),  # a step's key may name a programme of hers
        DocumentAdded: Tracked("Paper Added", ("kind",)),
        VersionUploaded: Tracked("Paper Uploaded", ("number",)),
        DocumentAnswered: Tracked("Paper Answered", ("answer",)),
        VersionChecked: Tracked("Paper Checked", ("result",)),
        ApplicationStarted: Tracked("Application Started"),
        ApplicationSubmitted: Tracked("Application Submitted"),
        ApplicationMoved: Tracked("Application Moved", ("action", "state")),
    }
)
_CODE = re.compile(r"[a-z][a-z0-9_]{0,59}|[A-Z]{2}")


def pseudonym_of(student_id: StudentId, key: bytes) -> str:
    """Return what the student is called there: 64 hexadecimal digits; raise ValueError for a key that is too short."""
    if len(key) < LEAST_KEY:
        raise ValueError(f"the key has fewer than {LEAST_KEY} bytes")
    return hmac.new(key, b"analytics:" + student_id.bytes, hashlib.sha256).hexdigest()


def student_of(event: Event) -> StudentId | None:
    """Return whose doing it is that the event tells of; None for what is told to nobody."""
    return getattr(event, "student_id", None) if type(event) in TRACKED else None


def happening_of(envelope: Envelope, student_id: StudentId, key: bytes) -> Happening:
    """Return what analytics is told of the event; what is neither a code nor a number is left out.

    Raises KeyError for an event that is told to nobody.
    """
    tracked = TRACKED[type(envelope.event)]
    given = {name: getattr(envelope.event, name) for name in tracked.fields}
    properties = {name: value for name, value in given.items() if is_plain(value)}
    return Happening(envelope.id, pseudonym_of(student_id, key), tracked.name, envelope.at, properties)


def is_plain(value: object) -> bool:
    """Whether the value may go along: a code of ours, the code of a country, or a number."""
    if isinstance(value, str):
        return _CODE.fullmatch(value) is not None
    return isinstance(value, int) and not isinstance(value, bool)
