"""One unit of work is one transaction: all of it is kept, or nothing."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import datetime
from typing import Protocol

from ..domain.shared.events import Event, Origin
from .accounts import Accounts
from .answers import Answers
from .applications import Applications
from .catalogue import Catalogue
from .documents import Documents
from .imports import Imports
from .jobs import Jobs, Outbox
from .plans import Plans
from .students import Students
from .uploads import Uploads


class UnitOfWork(Protocol):
    """What a use case may read and change between the start and the end of one transaction."""

    @property
    def now(self) -> datetime:
        """The transaction's own time, in UTC: the database's clock, or a fixed one in memory."""
        ...

    @property
    def accounts(self) -> Accounts: ...

    @property
    def students(self) -> Students: ...

    @property
    def catalogue(self) -> Catalogue: ...

    @property
    def documents(self) -> Documents: ...

    @property
    def uploads(self) -> Uploads: ...

    @property
    def applications(self) -> Applications: ...

    @property
    def plans(self) -> Plans: ...

    @property
    def imports(self) -> Imports: ...

    @property
    def outbox(self) -> Outbox: ...

    @property
    def jobs(self) -> Jobs: ...

    @property
    def answers(self) -> Answers: ...

    def record(self, event: Event, version: int) -> None:
        """Write the event to the outbox, in this transaction; ``version`` is the aggregate's after the change."""
        ...


class Transactions(Protocol):
    """Opens units of work; a unit is never shared between two tasks."""

    def __call__(self, origin: Origin = ...) -> AbstractAsyncContextManager[UnitOfWork]:
        """Return a unit that keeps its changes on a clean exit and discards them when an exception leaves it."""
        ...


def joined(work: UnitOfWork) -> Transactions:
    """Return transactions that hand out this open unit and do not end it, so that several use cases become one.

    Events keep the origin of the unit. An exception must be let through to the unit's own end: whoever catches it
    inside would keep half a change.
    """

    @asynccontextmanager
    async def same(origin: Origin = Origin()) -> AsyncIterator[UnitOfWork]:  # noqa: B008 - frozen
        yield work

    return same
