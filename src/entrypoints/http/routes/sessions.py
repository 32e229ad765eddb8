"""Signing in and out, here and elsewhere, and the keys by which others check who is signed in."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Response, Router, delete, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, QueryParameter, SkipValidation

from ....domain.identity.account import Account
from ....domain.identity.errors import RefreshRefused
from ....domain.identity.session import Session
from ....domain.identity.use_cases.accounts import asker_of
from ....domain.shared.events import Origin
from ....domain.shared.ids import SessionId
from ....ports.tokens import Refresh, TokenRefused, Tokens
from ..addresses import address_of
from ..given import V1, AnyRequest, Use, Who, refusals, request_id_of
from ..limits import count_email
from ..wire import Given, Id
from .accounts import AccountBody, account_body

Issuer = NamedDependency[SkipValidation[Tokens]]
Lasting = NamedDependency[SkipValidation[timedelta]]
_NOT_KEPT = {"Cache-Control": "no-store"}
"""RFC 6749, 5.1: answers with tokens stay in no cache."""


class Credentials(Given):
    """Who wants to sign in."""

    email: Annotated[str, msgspec.Meta(max_length=320, examples=["student@example.org"])]
    password: Annotated[str, msgspec.Meta(max_length=1024, examples=["seven quiet rivers at dawn"])]


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


class SessionRow(msgspec.Struct, frozen=True):
    """Where an account is signed in."""

    id: Id
    device: Annotated[str, msgspec.Meta(description="What the client called itself, which proves nothing.")]
    begun_at: datetime
    used_at: Annotated[datetime, msgspec.Meta(description="When it was begun or last refreshed.")]
    until: datetime
    current: Annotated[bool, msgspec.Meta(description="Whether it is the one that asks.")]


class SessionPage(msgspec.Struct, frozen=True):
    """All live sessions, the last used first; there is never a next page."""

    items: list[SessionRow]
    next: None = None


class KeySet(msgspec.Struct, frozen=True):
    """Public keys (JWK Set, RFC 7517)."""

    keys: list[dict[str, str]]


@post("/sessions", operation_id="sign_in", summary="Sign in", responses=refusals(401, 413, 415, 422))
async def sign_in(
    request: AnyRequest, data: JSONBody[Credentials], use: Use, tokens: Issuer, token_lasts: Lasting
) -> Response[SessionBody]:
    """Begin a session with an address and its password."""
    await count_email(request, data.email)
    request_id, address = request_id_of(request), address_of(request.scope)
    account = await use.sign_in()(data.email, data.password, Origin(request_id=request_id, address=address))
    device = request.headers.get("user-agent", "")
    session = await use.begin_session()(account, device, request_id, address)
    return _signed_in(account, session, tokens, token_lasts, request_id)


@post(
    "/sessions/refresh",
    operation_id="refresh_session",
    summary="Go on with a session",
    responses=refusals(401, 409, 413, 415, 422),
)
async def refresh_session(
    request: AnyRequest, data: JSONBody[RefreshGiven], use: Use, tokens: Issuer, token_lasts: Lasting
) -> Response[SessionBody]:
    """Get the next tokens. A refresh token that comes again later than the answer to it could have been lost was in two
    hands: its session ends."""
    try:
        given = tokens.read_refresh(data.refresh_token)
    except TokenRefused:
        raise RefreshRefused from None
    account, session = await use.refresh_session()(
        given.session_id, given.turn, request_id_of(request), address_of(request.scope)
    )
    return _signed_in(account, session, tokens, token_lasts, request_id_of(request))


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


def _signed_in(
    account: Account, session: Session, tokens: Tokens, lasts: timedelta, request_id: str
) -> Response[SessionBody]:
    body = SessionBody(
        access_token=tokens.issue(asker_of(account, request_id, session.id), lasts),
        token_type="Bearer",  # noqa: S106 - RFC 6750
        expires_in=int(lasts.total_seconds()),
        refresh_token=tokens.issue_refresh(Refresh(session.id, session.turn), session.until),
        session_id=str(session.id),
        until=session.until,
        account=account_body(account),
    )
    return Response(body, status_code=201, headers=_NOT_KEPT)


def _row(one: Session, current: SessionId | None) -> SessionRow:
    return SessionRow(str(one.id), one.device, one.begun_at, one.used_at, one.until, one.id == current)


router: Any = Router(
    V1, route_handlers=[sign_in, refresh_session, list_sessions, end_session, end_sessions], tags=["Sessions"]
)
