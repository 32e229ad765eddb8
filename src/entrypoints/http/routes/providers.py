"""Signing in at a provider, and which identities there sign in to an account."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
from litestar import Response, Router, delete, get, post
from litestar.datastructures import Cookie
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import CookieParameter, FromPath, PathParameter, QueryParameter

from ....domain.identity.errors import SecondFactorNeeded
from ....domain.identity.linked_identity import LinkedIdentity
from ....domain.identity.provider_sign_in import LASTS, not_good
from ....domain.identity.use_cases.provider_sign_ins import Begun, Came
from ....domain.shared.events import Origin
from ....domain.shared.ids import LinkedIdentityId
from ....ports.identity_providers import Answer, Provider
from ..addresses import address_of
from ..given import V1, AnyRequest, Use, Who, refusals, request_id_of
from ..wire import Id
from .beginning import Beginning, Begins, BrowserSession, SecondStepBody, SessionBody, Transport

COOKIE = "__Host-higherstudy-sign-in"
"""Which browser began a sign-in. By its name browsers take it over TLS alone, and from no other host (RFC 6265bis)."""
_NOT_KEPT = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}

ProviderId = Annotated[
    str, PathParameter(description="As `GET /v1/sign-in/providers` lists them.", pattern="^[a-z0-9-]{1,40}$")
]
Secret = Annotated[
    str,
    CookieParameter(name=COOKIE, required=False, max_length=200, description="Which browser began; set by the begin."),
]


class ProviderRow(msgspec.Struct, frozen=True):
    """A provider at which one can sign in."""

    id: Annotated[str, msgspec.Meta(examples=["university"])]
    name: Annotated[str, msgspec.Meta(examples=["My University"])]


class ProviderPage(msgspec.Struct, frozen=True):
    """All of them, in the order in which they are to be shown; there is never a next page."""

    items: list[ProviderRow]
    next: None = None


class BegunBody(msgspec.Struct, frozen=True):
    """Where the browser goes now; the cookie that came along has to come back from it within ten minutes."""

    address: Annotated[str, msgspec.Meta(examples=["https://login.university.example/authorize?response_type=code"])]


class LinkBody(msgspec.Struct, frozen=True):
    """Nobody is signed in yet: the identity waits for ten minutes to be linked with an account, whose holder signs in
    to it and then asks by `POST /v1/me/identities`, from the same browser."""

    outcome: Literal["link"] = "link"


class IdentityRow(msgspec.Struct, frozen=True):
    """Somebody at a provider who signs in to the account."""

    id: Id
    provider: Annotated[str | None, msgspec.Meta(description="The provider's id; null: it is offered no more.")]
    name: Annotated[str, msgspec.Meta(description="The provider's name, or its issuer.")]
    linked_at: datetime


class IdentityPage(msgspec.Struct, frozen=True):
    """All of the account, the oldest first; there is never a next page."""

    items: list[IdentityRow]
    next: None = None


@get(
    "/sign-in/providers",
    operation_id="list_providers",
    summary="Where can I sign in?",
    responses=refusals(),
    sync_to_thread=False,
)
def list_providers(use: Use) -> ProviderPage:
    """List the providers at which one can sign in instead of with a password."""
    return ProviderPage([ProviderRow(one.id, one.name) for one in use.list_providers()()])


@post(
    "/sign-in/providers/{provider:str}",
    operation_id="begin_provider_sign_in",
    summary="Begin a sign-in at a provider",
    responses=refusals(404, 422),
)
async def begin_provider_sign_in(request: AnyRequest, provider: ProviderId, use: Use) -> Response[BegunBody]:
    """Get the address to send the browser to, and the cookie by which it is known when it comes back."""
    return _begun(await use.begin_provider_sign_in()(provider, _origin(request)))


@get(
    "/sign-in/callback",
    operation_id="finish_provider_sign_in",
    summary="Come back from a provider",
    responses={
        202: ResponseSpec(
            LinkBody | SecondStepBody,  # type: ignore[arg-type]
            description="It waits to be linked with an account, or the account asks for its second factor.",
            generate_examples=False,
        ),
        **refusals(401, 404, 409, 422),
    },
)
async def finish_provider_sign_in(
    request: AnyRequest,
    use: Use,
    beginning: Begins,
    went_out: Annotated[str, QueryParameter(name="state", max_length=200, description="As it went out.")],
    code: Annotated[str, QueryParameter(name="code", required=False, max_length=4096)] = "",
    iss: Annotated[
        str, QueryParameter(name="iss", required=False, max_length=500, description="Whose answer it is (RFC 9207).")
    ] = "",
    error: Annotated[
        str, QueryParameter(name="error", required=False, max_length=200, description="Why there is no code.")
    ] = "",
    sign_in_cookie: Secret = "",
    x_session: Transport = "bearer",
) -> Response[SessionBody | BrowserSession]:
    """Take what the provider sent the browser back with; it counts once. The answer is a session as of any sign-in.

    Whom nobody knows gets an account of a student. Where her e-mail address has one already, or the way was begun to
    link it, the answer is 202; so it is, with a ticket for the second step, where the account has a second factor and
    this server does not take the provider's word that it has asked for two.
    """
    came = await use.finish_provider_sign_in()(sign_in_cookie, went_out, Answer(code, error, iss), _origin(request))
    answer: Response[Any]
    if came is None:
        answer = Response(LinkBody(), status_code=202)
    else:
        answer = await _begun_for(request, use, beginning, came, x_session)
    answer.headers.update(_NOT_KEPT)
    answer.set_cookie(_cookie(sign_in_cookie if came is None else ""))
    return answer


@post(
    "/sign-in/providers/{provider:str}/linking",
    operation_id="begin_linking",
    summary="Begin to link an identity",
    responses=refusals(401, 404, 422),
)
async def begin_linking(request: AnyRequest, provider: ProviderId, who: Who, use: Use) -> Response[BegunBody]:
    """Get the address at which you show who you are there; come back, then `POST /v1/me/identities`."""
    return _begun(await use.begin_provider_sign_in()(provider, who.origin, who))


@get(
    "/me/identities",
    operation_id="list_identities",
    summary="Which providers sign me in?",
    responses=refusals(401),
)
async def list_identities(who: Who, use: Use) -> IdentityPage:
    """List the identities at providers that sign in to your account."""
    offered = {one.issuer: one for one in use.list_providers()()}
    return IdentityPage([_row(one, offered.get(one.issuer)) for one in await use.list_identities()(who)])


@post(
    "/me/identities",
    operation_id="link_identity",
    summary="Link an identity",
    responses=refusals(401, 403, 409, 422),
)
async def link_identity(who: Who, use: Use, sign_in_cookie: Secret = "") -> Response[IdentityRow]:
    """Let the identity that this browser has just shown at a provider sign in to your account; a mail tells you.
    Needs a sign-in or a proof (`POST /v1/me/proof`) of the last minutes; else the answer is 403 `proof_needed`."""
    if not sign_in_cookie:
        raise not_good()
    linked = await use.link_identity()(who, sign_in_cookie)
    offered = {one.issuer: one for one in use.list_providers()()}
    return Response(_row(linked, offered.get(linked.issuer)), status_code=201, cookies=[_cookie("")])


@delete(
    "/me/identities/{identity_id:str}",
    operation_id="unlink_identity",
    summary="Unlink an identity",
    responses=refusals(401, 403, 404, 409, 422),
)
async def unlink_identity(identity_id: FromPath[UUID], who: Who, use: Use) -> None:
    """Let an identity sign in no more; a mail tells you. The last way into an account without a password stays. Needs a
    sign-in or a proof of the last minutes."""
    await use.unlink_identity()(who, LinkedIdentityId(identity_id))


async def _begun_for(request: AnyRequest, use: Any, beginning: Beginning, came: Came, x_session: str) -> Response[Any]:
    account, shown = came
    try:
        answer: Response[Any] = await beginning.begin(request, use, account, x_session, shown)
    except SecondFactorNeeded as needed:
        return beginning.second_step(use, account, shown, needed.kinds)
    answer.status_code = 200
    return answer


def _begun(begun: Begun) -> Response[BegunBody]:
    return Response(BegunBody(begun.address), status_code=201, headers=_NOT_KEPT, cookies=[_cookie(begun.secret)])


def _cookie(secret: str) -> Cookie:
    """Return the cookie; a blank one goes at once. ``Lax`` lets it come along when the provider sends the browser."""
    lasts = int(LASTS.total_seconds()) if secret else 0
    return Cookie(key=COOKIE, value=secret, path="/", max_age=lasts, secure=True, httponly=True, samesite="lax")


def _origin(request: AnyRequest) -> Origin:
    return Origin(request_id=request_id_of(request), address=address_of(request.scope))


def _row(linked: LinkedIdentity, provider: Provider | None) -> IdentityRow:
    provider_id, name = (provider.id, provider.name) if provider else (None, linked.issuer)
    return IdentityRow(str(linked.id), provider_id, name, linked.linked_at)


router: Any = Router(
    V1,
    route_handlers=[
        list_providers,
        begin_provider_sign_in,
        finish_provider_sign_in,
        begin_linking,
        list_identities,
        link_identity,
        unlink_identity,
    ],
    tags=["Providers"],
)
