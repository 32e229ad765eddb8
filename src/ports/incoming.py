"""Where clients put the bytes of an upload by themselves, until it is known whether they may stay."""

from collections.abc import AsyncIterator, Mapping
from datetime import datetime
from typing import Protocol, runtime_checkable

from ..domain.documents.upload import Announced
from ..domain.shared.dataclass import dataclass


@dataclass(frozen=True, slots=True)
class TicketPart:
    """One PUT that the client makes: ``size`` bytes from ``offset`` on go to ``url`` with exactly these headers."""

    url: str
    headers: Mapping[str, str]
    offset: int
    size: int


@dataclass(frozen=True, slots=True)
class Ticket:
    """How the client hands its bytes over without passing them through us; small files are one part."""

    parts: tuple[TicketPart, ...]
    until: datetime


@runtime_checkable
class Incoming(Protocol):
    """Takes uploads straight from clients, each under a name of ours that is used once: an id in its 36 letters."""

    async def ticket(self, name: str, announced: Announced, until: datetime) -> Ticket:
        """Return a ticket; the store itself refuses other sizes, other types, other bytes than those of the hash (of a
        single part) and anything after ``until``.

        Asking again for the same name gives a ticket that may be used in place of the first.
        """
        ...

    async def arrived(self, name: str, announced: Announced) -> None:
        """Make sure that all parts are there and put them together; doing it again changes nothing.

        Raises NotFound when bytes are missing and RuleBroken(file.not_as_announced) when they are others.
        """
        ...

    def read(self, name: str) -> AsyncIterator[bytes]:
        """Yield what arrived, in pieces; raise NotFound where nothing did."""
        ...

    async def drop(self, name: str) -> None:
        """Forget what arrived under the name, finished or not; nothing there changes nothing."""
        ...

    def left_before(self, moment: datetime) -> AsyncIterator[str]:
        """Yield each name under which something lies since before the moment, by the store's own clock."""
        ...
