"""How somebody who has signed in is known again."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple, Protocol, runtime_checkable

from ..domain.identity.account import Asker
from ..domain.identity.ticket import Ticket, TicketFor
from ..domain.shared.errors import DomainError
from ..domain.shared.ids import AccountId, SessionId


class TokenRefused(DomainError):
    """This token is not valid here, or not any more."""

    code = "token_refused"


class Refresh(NamedTuple):
    """What a refresh token says: which session goes on, and for which of its turns the token was made."""

    session_id: SessionId
    turn: int


@runtime_checkable
class Tokens(Protocol):
    """Issues access tokens, refresh tokens and tickets, and reads them back; none passes for another."""

    def issue(self, asker: Asker, lasting: timedelta) -> str:
        """Return a token that says who asks in which session, valid from now for that long.

        It is at most 4,096 letters of those that RFC 6750 allows in a bearer token. The request of ``asker`` is no
        part of it.
        """
        ...

    def read(self, token: str, request_id: str = "") -> Asker:
        """Return who asks, in the request of that id; raise TokenRefused for anything that we did not issue, or that
        has ended or not begun, and nothing else, whatever the text is. Clocks of other machines may differ by half a
        minute. It is not looked up whether the account still stands: ``Standings`` tells."""
        ...

    def account_of(self, token: str) -> AccountId | None:
        """Return whose token it is; None for one that ``read`` refuses."""
        ...

    def issue_refresh(self, refresh: Refresh, until: datetime) -> str:
        """Return a refresh token of that turn of the session, valid until then, of the same letters as ``issue``."""
        ...

    def read_refresh(self, token: str) -> Refresh:
        """Return what the refresh token says; raise TokenRefused for anything else, as ``read`` does. Whether it was
        used before, the session knows."""
        ...

    def csrf_of(self, session_id: SessionId) -> str:
        """Return the CSRF token of the session: the same as long as the keys are, of letters that fit into a header."""
        ...

    def is_csrf_of(self, session_id: SessionId, given: str) -> bool:
        """Whether the text, whatever it is, is a CSRF token of the session by any key that is accepted; how much of it
        is right shows in no time that it takes."""

    def issue_ticket(self, ticket: Ticket) -> str:
        """Return the ticket signed, valid until it ends, of the same letters as ``issue``."""
        ...

    def read_ticket(self, token: str, purpose: TicketFor) -> Ticket:
        """Return the ticket; raise TokenRefused for one for another purpose and for anything else, as ``read`` does.
        Whether it was used before, ``UsedTickets`` knows."""
        ...

    def public_keys(self) -> Sequence[Mapping[str, str]]:
        """Return the keys by which others can check access tokens, each as a JWK (RFC 7517); none where only we can."""
        ...
