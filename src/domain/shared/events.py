"""What has happened: an event a change, kept in an envelope that says when, by whom and to what.

An event carries ids and codes, never personal data. Its tag is explicit and versioned, so that renaming a class
never breaks a stored row.
"""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from .dataclass import dataclass
from .ids import AccountId, EventId, KeyId


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to one aggregate."""

    tag: ClassVar[str]
    aggregate: ClassVar[str]

    @property
    def aggregate_id(self) -> UUID:
        """The id of the aggregate that changed."""
        raise TypeError(f"{type(self).__name__} names no aggregate")


@dataclass(frozen=True, slots=True)
class Origin:
    """Who caused a change, on whose behalf, in which request, in which trace (a W3C traceparent), and from where.

    ``address`` goes into the audit trail alone: events and jobs carry no personal data. So does ``key_id``, the API key
    by which the actor asked.
    """

    actor: AccountId | None = None
    on_behalf_of: AccountId | None = None
    request_id: str = ""
    trace: str = ""
    address: str = ""
    key_id: KeyId | None = None


@dataclass(frozen=True, slots=True)
class Envelope:
    """An event as it is stored and sent: with its id, its time, its origin and its aggregate's version."""

    id: EventId
    at: datetime
    origin: Origin
    event: Event
    aggregate_version: int
