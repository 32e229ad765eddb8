"""Where the answers to requests with an idempotency key are kept."""

from collections.abc import Mapping
from typing import Protocol

from ..domain.identity.scopes import Doing
from ..domain.shared.dataclass import dataclass
from ..domain.shared.errors import Conflict
from ..domain.shared.ids import AccountId, StudentId


class IdempotencyKeyReused(Conflict):
    """This idempotency key was used for another request."""

    code = "idempotency_key_reused"


@dataclass(frozen=True, slots=True)
class RequestKey:
    """Which request it was: the key that the client chose counts for one account on one route only."""

    account_id: AccountId | None
    route: str
    key: str


@dataclass(frozen=True, slots=True)
class Needed:
    """What whoever helps must still be let do, so that an answer about a record may be given to her again."""

    student_id: StudentId
    doing: Doing


@dataclass(frozen=True, slots=True)
class StoredAnswer:
    """What was answered: the HTTP status, the headers and the bytes of the body.

    ``needed`` is None for what a student asked about herself, or that is about no record.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes
    needed: Needed | None = None


class Answers(Protocol):
    """Answers written in the same transaction as their effect, so that a repeated request gets the first answer."""

    async def claim(self, request: RequestKey, fingerprint: bytes) -> StoredAnswer | None:
        """Return the answer that this request had, or None when it is new and now ours until the transaction ends.

        Waits while another transaction holds the same request. Raises IdempotencyKeyReused when the key was used
        with another fingerprint, and Unavailable when the wait is too long.
        """
        ...

    def need(self, needed: Needed) -> None:
        """Let the answer that this transaction keeps say that this is needed to get it again."""
        ...

    async def keep(self, request: RequestKey, answer: StoredAnswer) -> None:
        """Keep the answer to a request that this transaction has claimed."""
        ...
