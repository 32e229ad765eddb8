"""Where sessions are kept."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from ..domain.identity.session import Session
from ..domain.shared.ids import AccountId, SessionId


class Sessions(Protocol):
    """All sessions of this installation."""

    async def add(self, session: Session) -> None:
        """Keep a new session at version 1; raise Conflict where the id is taken."""
        ...

    async def save(self, session: Session) -> None:
        """Keep the changed session and count its version up; raise Conflict when another writer was first."""
        ...

    async def get(self, session_id: SessionId) -> Session:
        """Return the session, live or not; raise NotFound where there is none."""
        ...

    async def live_of(self, account_id: AccountId, now: datetime) -> Sequence[Session]:
        """Return the account's live sessions, the last used first, those used at one moment by descending id."""
        ...

    async def whose_are_live(self, begun_by: datetime, now: datetime, limit: int) -> Sequence[AccountId]:
        """Return at most so many accounts with live sessions that were begun at the moment or before, by ascending id,
        each once."""
        ...

    async def every_of(self, account_id: AccountId) -> Sequence[Session]:
        """Return all of the account's sessions that are kept, live or not, the oldest first; of one moment, by id."""
        ...

    async def last_use_of(self, account_id: AccountId) -> datetime | None:
        """Return when any of the account's sessions was last used, those that were removed since included; None where
        there never was one."""
        ...

    async def remove_over(self, before: datetime, limit: int) -> int:
        """Remove at most so many that were over before the moment, ended or not; return how many that were."""
        ...
