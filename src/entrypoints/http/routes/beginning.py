"""How every way of signing in begins a session and answers: with tokens, or with the cookies of a browser."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Annotated, Any, Literal

import msgspec
from litestar import Response
from litestar.di import NamedDependency
from litestar.params import HeaderParameter, SkipValidation

from ....domain.identity.account import Account, Role
from ....domain.identity.factor import Method, are_two_factors
from ....domain.identity.policies import roles_in_force
from ....domain.identity.session import Session
from ....domain.identity.ticket import Ticket, TicketFor
from ....domain.identity.use_cases.accounts import asker_of
from ....domain.shared.events import Origin
from ....domain.shared.ids import AccountId, SessionId
from ....ports.tokens import Refresh, TokenRefused, Tokens
from ..addresses import address_of
from ..cookies import Cookies
from ..given import AnyRequest, request_id_of
from ..wire import Id
from .accounts import AccountBody, account_body

NOT_KEPT = {"Cache-Control": "no-store"}
"""RFC 6749, 5.1: answers with tokens stay in no cache."""

DeviceToken = Annotated[
    Annotated[str, msgspec.Meta(max_length=4096)] | None,
    msgspec.Meta(
        description="What a sign-in on this device gave for the next: others' failed attempts then do not count here. "
        "With `X-Session: cookie` the browser keeps it in a cookie.",
    ),
]

Transport = Annotated[
    Literal["bearer", "cookie"],
    HeaderParameter(
        name="X-Session",
        required=False,
        description="`cookie` lets a browser keep the sign-in: no token stands in the answer then, and changes need "
        "its `csrf_token`.",
    ),
]


class SessionBody(msgspec.Struct, frozen=True):
    """A sign-in: send the access token as ``Authorization: Bearer ...`` until it ends, then the refresh token for the
    next two."""

    access_token: str
    token_type: str
    expires_in: Annotated[int, msgspec.Meta(description="Seconds until the access token ends.")]
    refresh_token: Annotated[str, msgspec.Meta(description="Good once, by `POST /v1/sessions/refresh`.")]
    session_id: Id
    until: Annotated[datetime, msgspec.Meta(description="When the session ends unless it is refreshed.")]
    account: AccountBody
    device_token: Annotated[
        str | None,
        msgspec.Meta(description="Keep it, also after signing out, and send it with the next sign-in; null: none new."),
    ]
    methods: Annotated[
        list[str],
        msgspec.Meta(description="How the sign-in was made: `pwd`, `otp`, `pop` (a passkey), `fed`, `mfa`, ..."),
    ]
    waiting_roles: Annotated[
        list[str], msgspec.Meta(description="Roles that do not count until a second factor was shown.")
    ]


class BrowserSession(msgspec.Struct, frozen=True):
    """A sign-in that the browser keeps in cookies, which no script can read."""

    csrf_token: Annotated[
        str,
        msgspec.Meta(
            description="Send it as `X-CSRF-Token` with every request that is not a GET; the same for the whole "
            "session, and in a cookie that pages of this origin can read."
        ),
    ]
    expires_in: Annotated[
        int, msgspec.Meta(description="Seconds until the next ones are due, by `POST /v1/sessions/refresh/cookie`.")
    ]
    session_id: Id
    until: Annotated[datetime, msgspec.Meta(description="When the session ends unless it is refreshed.")]
    account: AccountBody
    methods: Annotated[
        list[str],
        msgspec.Meta(description="How the sign-in was made: `pwd`, `otp`, `pop` (a passkey), `fed`, `mfa`, ..."),
    ]
    waiting_roles: Annotated[
        list[str], msgspec.Meta(description="Roles that do not count until a second factor was shown.")
    ]


class SecondStepBody(msgspec.Struct, frozen=True):
    """The password is right, and a second factor is asked for: send it with the ticket."""

    ticket: Annotated[str, msgspec.Meta(description="For `POST /v1/sessions/second-factor`; good once.")]
    until: Annotated[datetime, msgspec.Meta(description="When the ticket ends.")]
    factors: Annotated[
        list[str], msgspec.Meta(description="What the account has: `totp`, `passkey`. A recovery code does too.")
    ]


@dataclass(frozen=True)
class Beginning:
    """Begins sessions and goes on with them."""

    tokens: Tokens
    lasts: timedelta
    cookies: Cookies
    of_two_factors: frozenset[Role] = frozenset()

    def device_of(self, request: AnyRequest, given: str | None, transport: str) -> Ticket | None:
        """Return the device that the token is of, or by cookie that of the browser; None for none, and for any that is
        not good."""
        token = given or (self.cookies.device_of(request.scope) if transport == "cookie" else "")
        if not token:
            return None
        try:
            return self.tokens.read_ticket(token, TicketFor.DEVICE)
        except TokenRefused:
            return None

    def know_device(
        self, use: Any, account_id: AccountId, answer: Response[Any], methods: frozenset[Method] = frozenset()
    ) -> None:
        """Set the cookie by which this browser is known at the next sign-in to the account."""
        lasts = use.ticket_lasting().of(TicketFor.DEVICE)
        answer.set_cookie(self.cookies.known_device(self.device_token(use, account_id, methods), lasts))

    def device_token(self, use: Any, account_id: AccountId, methods: frozenset[Method] = frozenset()) -> str:
        """Return a new token by which a device is known at the next sign-in to the account, and by which methods."""
        return self.tokens.issue_ticket(use.make_ticket()(TicketFor.DEVICE, account_id, methods))

    async def begin(
        self,
        request: AnyRequest,
        use: Any,
        account: Account,
        transport: str,
        methods: frozenset[Method],
        device: Ticket | None = None,
    ) -> Response[Any]:
        """Return the answer to an account that has just shown who it is.

        Always a new session: what a client brings along is never taken over, and by cookie the one that the browser
        had ends (OWASP ASVS 5.0.0, 7.2.4). Raises SecondFactorNeeded where ``methods`` are not enough, Forbidden for a
        page that may not keep a sign-in here.
        """
        called, request_id = request.headers.get("user-agent", ""), request_id_of(request)
        address, case = address_of(request.scope), use.begin_session()
        is_known = _is_known(device, account, methods)
        if transport != "cookie":
            session = await case(account, called, request_id, address, methods=methods)
            new = None if is_known else self.device_token(use, account.id, methods)
            return self.tokens_of(account, session, request_id, new)
        self.cookies.demand_own_page(request.scope)
        before = self._left_behind(request)
        session = await case(account, called, request_id, address, methods=methods, instead_of=before)
        answer = self.cookies_of(account, session, request_id)
        if not is_known:
            self.know_device(use, account.id, answer, methods)
        return answer

    def second_step(
        self, use: Any, account: Account, shown: frozenset[Method], kinds: Iterable[str]
    ) -> Response[SecondStepBody]:
        """Return the answer to who has shown one factor of an account with two: a ticket that opens nothing else."""
        ticket = use.make_ticket()(TicketFor.SECOND_STEP, account.id, shown)
        body = SecondStepBody(self.tokens.issue_ticket(ticket), ticket.until, list(kinds))
        return Response(body, status_code=202, headers=NOT_KEPT)

    def tokens_of(
        self, account: Account, session: Session, request_id: str, device_token: str | None = None
    ) -> Response[SessionBody]:
        """Return the tokens of the session's turn."""
        body = SessionBody(
            access_token=self._access(account, session, request_id),
            token_type="Bearer",  # noqa: S106 - RFC 6750
            expires_in=int(self.lasts.total_seconds()),
            refresh_token=self._refresh(session),
            session_id=str(session.id),
            until=session.until,
            account=account_body(account),
            device_token=device_token,
            methods=sorted(session.methods),
            waiting_roles=self._waiting(account, session),
        )
        return Response(body, status_code=201, headers=NOT_KEPT)

    def cookies_of(self, account: Account, session: Session, request_id: str) -> Response[BrowserSession]:
        """Return the cookies of the session's turn."""
        csrf = self.tokens.csrf_of(session.id)
        body = BrowserSession(
            csrf_token=csrf,
            expires_in=int(self.lasts.total_seconds()),
            session_id=str(session.id),
            until=session.until,
            account=account_body(account),
            methods=sorted(session.methods),
            waiting_roles=self._waiting(account, session),
        )
        cookies = self.cookies.signed_in(
            self._access(account, session, request_id),
            self.lasts,
            self._refresh(session),
            session.until - session.used_at,
            csrf,
        )
        return Response(body, status_code=201, headers=NOT_KEPT, cookies=cookies)

    def over(self, request: AnyRequest, *, own: bool) -> Response[None]:
        """Return the empty answer to a sign-out; where a browser ended its own session, its cookies go."""
        gone = self.cookies.signed_out() if own and request.scope["state"].get("by_cookie") else []
        return Response(None, status_code=204, cookies=gone)

    def _waiting(self, account: Account, session: Session) -> list[str]:
        return sorted(account.roles - roles_in_force(account.roles, session.methods, self.of_two_factors))

    def _left_behind(self, request: AnyRequest) -> SessionId | None:
        """Return which session the browser had: by its refresh token, or where that is not sent to, by the other."""
        with suppress(TokenRefused):
            return self.tokens.read_refresh(self.cookies.refresh_of(request.scope)).session_id
        with suppress(TokenRefused):
            return self.tokens.read(self.cookies.access_of(request.scope)).session_id
        return None

    def _access(self, account: Account, session: Session, request_id: str) -> str:
        # Others check these tokens too, and know nothing of roles that wait.
        roles = roles_in_force(account.roles, session.methods, self.of_two_factors)
        asker = replace(asker_of(account, request_id, session.id, session.methods), roles=roles)
        return self.tokens.issue(asker, self.lasts)

    def _refresh(self, session: Session) -> str:
        return self.tokens.issue_refresh(Refresh(session.id, session.turn), session.until)


Begins = NamedDependency[SkipValidation[Beginning]]


def origin_of(request: AnyRequest) -> Origin:
    """Return who stands behind what somebody tries who has not signed in: nobody yet, from an address."""
    return Origin(request_id=request_id_of(request), address=address_of(request.scope))


def _is_known(device: Ticket | None, account: Account, methods: frozenset[Method]) -> bool:
    """Whether the device is known as the account's, and by two factors where it has shown as many now."""
    if device is None or device.account_id != account.id:
        return False
    return are_two_factors(device.methods) or not are_two_factors(methods)
