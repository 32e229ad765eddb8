"""How somebody who has signed in is known again."""

from datetime import timedelta
from typing import Protocol, runtime_checkable

from ..domain.identity.account import Asker
from ..domain.shared.errors import DomainError
from ..domain.shared.ids import AccountId


class TokenRefused(DomainError):
    """This token is not valid here, or not any more."""

    code = "token_refused"


@runtime_checkable
class Tokens(Protocol):
    """Issues access tokens and reads them back."""

    def issue(self, asker: Asker, lasting: timedelta) -> str:
        """Return a token that says who asks, valid from now for that long.

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
