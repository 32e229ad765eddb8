"""Signing in and out, here and elsewhere, and the keys by which others check who is signed in."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, cast
from uuid import UUID

import msgspec
from litestar import Response, Router, delete, get, post
from litestar.di import NamedDependency
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import FromPath, JSONBody, QueryParameter, SkipValidation

from ....domain.identity.errors import RefreshRefused, SecondFactorNeeded
from ....domain.identity.factor import Method
from ....domain.identity.session import Session
from ....domain.shared.ids import SessionId
from ....ports.tokens import Refresh, TokenRefused, Tokens
from ..addresses import address_of
from ..given import V1, AnyRequest, Use, Who, refusals, request_id_of
from ..wire import Given, Id
from .beginning import Begins, BrowserSession, DeviceToken, SecondStepBody, SessionBody, Transport, origin_of

Issuer = NamedDependency[SkipValidation[Tokens]]


class Credentials(Given):
    """Who wants to sign in."""

    email: Annotated[str, msgspec.Meta(max_length=320, examples=["student@example.org"])]
    password: Annotated[str, msgspec.Meta(max_length=1024, examples=["seven quiet rivers at dawn"])]
    device_token: DeviceToken = None


class RefreshGiven(Given):
    """Which session is to go on."""

    refresh_token: Annotated[str, msgspec.Meta(max_length=4096, description="The one that came last; good once.")]


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
    request: AnyRequest, data: JSONBody[Credentials], use: Use, beginning: Begins, x_session: Transport = "bearer"
) -> Response[SessionBody | BrowserSession]:
    """Begin a session with an address and its password. A browser asks for cookies, so that no script holds a token.

    Where the account has a second factor, the answer is 202 with a ticket for the second step. After failed attempts
    there is a wait that grows (429); it is shorter, or none, with the `device_token` of an earlier sign-in.
    """
    device = beginning.device_of(request, data.device_token, x_session)
    account = await use.sign_in()(data.email, data.password, device, origin_of(request))
    shown = frozenset({Method.PASSWORD})
    try:
        return await beginning.begin(request, use, account, x_session, shown, device)
    except SecondFactorNeeded as needed:
        answer: Any = beginning.second_step(use, account, shown, needed.kinds)
        return cast("Response[SessionBody | BrowserSession]", answer)


@post(
    "/sessions/refresh",
    operation_id="refresh_session",
    summary="Go on with a session",
    responses=refusals(401, 409, 413, 415, 422),
)
async def refresh_session(
    request: AnyRequest, data: JSONBody[RefreshGiven], use: Use, beginning: Begins
) -> Response[SessionBody]:
    """Get the next tokens. A refresh token that comes again later than the answer to it could have been lost was in two
    hands: its session ends."""
    given = _refresh_of(data.refresh_token, beginning.tokens)
    account, session = await use.refresh_session()(
        given.session_id, given.turn, request_id_of(request), address_of(request.scope)
    )
    return beginning.tokens_of(account, session, request_id_of(request))


@post(
    "/sessions/refresh/cookie",
    operation_id="refresh_by_cookie",
    summary="Go on with a browser's session",
    responses=refusals(401, 409, 413, 415, 422),
)
async def refresh_by_cookie(request: AnyRequest, use: Use, beginning: Begins) -> Response[BrowserSession]:
    """Get the next cookies for those that a sign-in set, with the session's CSRF token as `X-CSRF-Token`."""
    given = _refresh_of(beginning.cookies.refresh_of(request.scope), beginning.tokens)
    beginning.cookies.demand_meant(request.scope, given.session_id, beginning.tokens)
    account, session = await use.refresh_session()(
        given.session_id, given.turn, request_id_of(request), address_of(request.scope)
    )
    return beginning.cookies_of(account, session, request_id_of(request))


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
async def end_session(
    request: AnyRequest, session_id: FromPath[UUID], who: Who, use: Use, beginning: Begins
) -> Response[None]:
    """End one of your sessions; its tokens are refused within a second. One that has ended stays ended."""
    await use.end_session()(who, SessionId(session_id))
    return beginning.over(request, own=session_id == who.session_id)


@delete("/sessions", operation_id="end_sessions", summary="Sign out everywhere", responses=refusals(401, 409, 422))
async def end_sessions(
    request: AnyRequest,
    who: Who,
    use: Use,
    beginning: Begins,
    others: Annotated[
        bool, QueryParameter(name="others", required=False, description="Leave the one that asks as it is.")
    ] = False,
) -> Response[None]:
    """End all of your sessions; their tokens are refused within a second."""
    await use.end_sessions()(who, others_only=others)
    return beginning.over(request, own=not others)


@get("/.well-known/jwks.json", operation_id="token_keys", summary="Keys of access tokens", tags=["Sessions"])
async def token_keys(tokens: Issuer) -> Response[KeySet]:
    """Show the public keys by which access tokens can be checked. Whether a session has ended, only this API knows."""
    keys = [dict(key) for key in tokens.public_keys()]
    return Response(KeySet(keys), headers={"Cache-Control": "public, max-age=300"})


def _refresh_of(token: str, tokens: Tokens) -> Refresh:
    """Return what the refresh token says; raise RefreshRefused for what is none."""
    try:
        return tokens.read_refresh(token)
    except TokenRefused:
        raise RefreshRefused from None


def _row(one: Session, current: SessionId | None) -> SessionRow:
    return SessionRow(
        str(one.id), one.device, one.begun_at, one.used_at, one.until, one.id == current, sorted(one.methods)
    )


router: Any = Router(
    V1,
    route_handlers=[sign_in, refresh_session, refresh_by_cookie, list_sessions, end_session, end_sessions],
    tags=["Sessions"],
)
