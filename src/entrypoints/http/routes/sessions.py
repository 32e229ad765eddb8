"""Signing in and out, here and elsewhere, and the keys by which others check who is signed in."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated, Any, cast
from uuid import UUID

import msgspec
from litestar import Response, Router, delete, get, post
from litestar.di import NamedDependency
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import FromPath, JSONBody, QueryParameter, SkipValidation

from ....domain.identity.account import Account, Role
from ....domain.identity.errors import RefreshRefused, SecondFactorNeeded
from ....domain.identity.factor import Method
from ....domain.identity.policies import roles_in_force
from ....domain.identity.session import Session
from ....domain.identity.ticket import Ticket, TicketFor
from ....domain.identity.use_cases.accounts import asker_of
from ....domain.shared.events import Origin
from ....domain.shared.ids import SessionId
from ....ports.tokens import Refresh, TokenRefused, Tokens
from ..addresses import address_of
from ..given import V1, AnyRequest, OfTwoFactors, Use, Who, refusals, request_id_of
from ..wire import Given, Id
from .accounts import AccountBody, account_body

Issuer = NamedDependency[SkipValidation[Tokens]]
Lasting = NamedDependency[SkipValidation[timedelta]]
_NOT_KEPT = {"Cache-Control": "no-store"}
"""RFC 6749, 5.1: answers with tokens stay in no cache."""


DeviceToken = Annotated[
    Annotated[str, msgspec.Meta(max_length=4096)] | None,
    msgspec.Meta(
        description="What a sign-in on this device gave for the next: others' failed attempts then do not count here.",
    ),
]


class Credentials(Given):
    """Who wants to sign in."""

    email: Annotated[str, msgspec.Meta(max_length=320, examples=["student@example.org"])]
    password: Annotated[str, msgspec.Meta(max_length=1024, examples=["seven quiet rivers at dawn"])]
    device_token: DeviceToken = None


class RefreshGiven(Given):
    """Which session is to go on."""

    refresh_token: Annotated[str, msgspec.Meta(max_length=4096, description="The one that came last; good once.")]


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
        list[str], msgspec.Meta(description="How the sign-in was made: `pwd`, `otp`, `pop` (a passkey), `fed`, ...")
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


class SessionRow(msgspec.Struct, frozen=True):
    """Where an account is signed in."""

    id: Id
    device: Annotated[str, msgspec.Meta(description="What the client called itself, which proves nothing.")]
    begun_at: datetime
    used_at: Annotated[datetime, msgspec.Meta(description="When it was begun or last refreshed.")]
    until: datetime
    current: Annotated[bool, msgspec.Meta(description="Whether it is the one that asks.")]
    methods: Annotated[list[str], msgspec.Meta(description="How the sign-in was made.")]


class SessionPage(msgspec.Struct, frozen=True):
    """All live sessions, the last used first; there is never a next page."""

    items: list[SessionRow]
    next: None = None


class KeySet(msgspec.Struct, frozen=True):
    """Public keys (JWK Set, RFC 7517)."""

    keys: list[dict[str, str]]


@post(
    "/sessions",
    operation_id="sign_in",
    summary="Sign in",
    responses={
        **refusals(401, 413, 415, 422),
        202: ResponseSpec(SecondStepBody, description="A second factor is asked for.", generate_examples=False),
    },
)
async def sign_in(
    request: AnyRequest,
    data: JSONBody[Credentials],
    use: Use,
    tokens: Issuer,
    token_lasts: Lasting,
    of_two_factors: OfTwoFactors,
) -> Response[SessionBody]:
    """Begin a session with an address and its password. Where the account has a second factor, the answer is 202 with a
    ticket for the second step. After failed attempts there is a wait that grows (429); it is shorter, or none, with the
    `device_token` of an earlier sign-in."""
    device = device_of_token(tokens, data.device_token)
    account = await use.sign_in()(data.email, data.password, device, origin_of(request))
    shown = frozenset({Method.PASSWORD})
    try:
        return await begin(request, account, shown, device, use, tokens, token_lasts, of_two_factors)
    except SecondFactorNeeded as needed:
        ticket = use.make_ticket()(TicketFor.SECOND_STEP, account.id, shown)
        body = SecondStepBody(tokens.issue_ticket(ticket), ticket.until, list(needed.kinds))
        answer: Any = Response(body, status_code=202, headers=_NOT_KEPT)
        return cast("Response[SessionBody]", answer)


@post(
    "/sessions/refresh",
    operation_id="refresh_session",
    summary="Go on with a session",
    responses=refusals(401, 409, 413, 415, 422),
)
async def refresh_session(
    request: AnyRequest,
    data: JSONBody[RefreshGiven],
    use: Use,
    tokens: Issuer,
    token_lasts: Lasting,
    of_two_factors: OfTwoFactors,
) -> Response[SessionBody]:
    """Get the next tokens. A refresh token that comes again later than the answer to it could have been lost was in two
    hands: its session ends."""
    try:
        given = tokens.read_refresh(data.refresh_token)
    except TokenRefused:
        raise RefreshRefused from None
    account, session = await use.refresh_session()(given.session_id, given.turn, request_id_of(request))
    return _signed_in(account, session, tokens, token_lasts, request_id_of(request), of_two_factors)


@get("/sessions", operation_id="list_sessions", summary="Where am I signed in?", responses=refusals(401))
async def list_sessions(who: Who, use: Use) -> SessionPage:
    """List your live sessions."""
    return SessionPage([_row(one, who.session_id) for one in await use.list_sessions()(who)])


@delete(
    "/sessions/{session_id:str}",
    operation_id="end_session",
    summary="Sign out of one session",
    responses=refusals(401, 404, 409, 422),
)
async def end_session(session_id: FromPath[UUID], who: Who, use: Use) -> None:
    """End one of your sessions; its tokens are refused within a second. One that has ended stays ended."""
    await use.end_session()(who, SessionId(session_id))


@delete("/sessions", operation_id="end_sessions", summary="Sign out everywhere", responses=refusals(401, 409, 422))
async def end_sessions(
    who: Who,
    use: Use,
    others: Annotated[
        bool, QueryParameter(name="others", required=False, description="Leave the one that asks as it is.")
    ] = False,
) -> None:
    """End all of your sessions; their tokens are refused within a second."""
    await use.end_sessions()(who, others_only=others)


@get("/.well-known/jwks.json", operation_id="token_keys", summary="Keys of access tokens", tags=["Sessions"])
async def token_keys(tokens: Issuer) -> Response[KeySet]:
    """Show the public keys by which access tokens can be checked. Whether a session has ended, only this API knows."""
    keys = [dict(key) for key in tokens.public_keys()]
    return Response(KeySet(keys), headers={"Cache-Control": "public, max-age=300"})


def origin_of(request: AnyRequest) -> Origin:
    """Return who stands behind what somebody tries who has not signed in: nobody yet, from an address."""
    return Origin(request_id=request_id_of(request), address=address_of(request.scope))


def device_of_token(tokens: Tokens, given: str | None) -> Ticket | None:
    """Return the device that the token is of; None for none, and for any that is not good."""
    if not given:
        return None
    try:
        return tokens.read_ticket(given, TicketFor.DEVICE)
    except TokenRefused:
        return None


async def begin(
    request: AnyRequest,
    account: Account,
    methods: frozenset[Method],
    device: Ticket | None,
    use: Use,
    tokens: Tokens,
    lasts: timedelta,
    of_two_factors: frozenset[Role],
) -> Response[SessionBody]:
    """Begin a session of these methods and return its tokens; raise SecondFactorNeeded where they are not enough."""
    called, request_id = request.headers.get("user-agent", ""), request_id_of(request)
    session = await use.begin_session()(account, called, request_id, methods=methods, address=address_of(request.scope))
    known = device is not None and device.account_id == account.id
    token = None if known else tokens.issue_ticket(use.make_ticket()(TicketFor.DEVICE, account.id))
    return _signed_in(account, session, tokens, lasts, request_id, of_two_factors, token)


def _signed_in(
    account: Account,
    session: Session,
    tokens: Tokens,
    lasts: timedelta,
    request_id: str,
    of_two_factors: frozenset[Role],
    device_token: str | None = None,
) -> Response[SessionBody]:
    waiting = account.roles - roles_in_force(account.roles, session.methods, of_two_factors)
    body = SessionBody(
        access_token=tokens.issue(asker_of(account, request_id, session.id, session.methods), lasts),
        token_type="Bearer",  # noqa: S106 - RFC 6750
        expires_in=int(lasts.total_seconds()),
        refresh_token=tokens.issue_refresh(Refresh(session.id, session.turn), session.until),
        session_id=str(session.id),
        until=session.until,
        account=account_body(account),
        device_token=device_token,
        methods=sorted(session.methods),
        waiting_roles=sorted(waiting),
    )
    return Response(body, status_code=201, headers=_NOT_KEPT)


def _row(one: Session, current: SessionId | None) -> SessionRow:
    return SessionRow(
        str(one.id), one.device, one.begun_at, one.used_at, one.until, one.id == current, sorted(one.methods)
    )


router: Any = Router(
    V1, route_handlers=[sign_in, refresh_session, list_sessions, end_session, end_sessions], tags=["Sessions"]
)
