"""API keys, and the accounts of programs that have nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Response, Router, delete, get, post
from litestar.params import FromPath, JSONBody

from ....domain.identity.account import Account
from ....domain.identity.key import LONGEST_NAME, MOST_NETWORKS, ApiKey, KeyScope
from ....domain.shared.ids import AccountId, KeyId
from ..given import V1, Use, Who, refusals
from ..wire import NOT_BLANK, Given, Id

_SHOWN_ONCE = {"Cache-Control": "no-store"}
_Name = Annotated[
    str,
    msgspec.Meta(
        min_length=1,
        max_length=LONGEST_NAME,
        extra_json_schema=NOT_BLANK,
        examples=["Admissions desk, nightly copy"],
    ),
]


class NewKey(Given):
    """What a key is to be good for."""

    name: _Name
    scopes: Annotated[list[KeyScope], msgspec.Meta(min_length=1, max_length=len(KeyScope), examples=[["plans:read"]])]
    until: Annotated[
        Annotated[datetime, msgspec.Meta(tz=True)] | None,
        msgspec.Meta(description="When it ends; left out: not by itself."),
    ] = None
    networks: Annotated[
        list[Annotated[str, msgspec.Meta(max_length=60)]],
        msgspec.Meta(
            max_length=MOST_NETWORKS,
            description="The address ranges that it may be used from; left out: any.",
            examples=[["192.0.2.0/24"]],
        ),
    ] = msgspec.field(default_factory=list)


class NewServiceAccount(Given):
    """What the program is called."""

    name: _Name


class KeyRow(msgspec.Struct, frozen=True):
    """A key, without its secret."""

    id: Id
    name: str
    scopes: list[str]
    networks: list[str]
    made_at: datetime
    made_by: Id
    until: datetime | None
    used_at: Annotated[datetime | None, msgspec.Meta(description="When it was used last, to about a minute.")]
    revoked_at: datetime | None
    live: Annotated[bool, msgspec.Meta(description="Whether it is good now.")]


class MadeKey(msgspec.Struct, frozen=True):
    """A new key: this is the one time that it is shown."""

    key: Annotated[str, msgspec.Meta(description="Send it as `Authorization: Bearer hs_...`.")]
    about: KeyRow


class KeyPage(msgspec.Struct, frozen=True):
    """All keys, the newest first; there is never a next page."""

    items: list[KeyRow]
    next: None = None


class ServiceAccountBody(msgspec.Struct, frozen=True):
    """The account of a program."""

    id: Id
    name: str
    roles: list[str]
    made_at: datetime
    closed_at: datetime | None


class ServiceAccountPage(msgspec.Struct, frozen=True):
    """All accounts of programs, the newest first; there is never a next page."""

    items: list[ServiceAccountBody]
    next: None = None


@post("/me/keys", operation_id="make_key", summary="Make a key", responses=refusals(401, 403, 409, 413, 415, 422))
async def make_key(data: JSONBody[NewKey], who: Who, use: Use) -> Response[MadeKey]:
    """Make a key for a program that is to act as you, within its scopes. It is shown once; an answer that was lost is
    no reason to worry: revoke the key and make another. Needs a sign-in or a proof (`POST /v1/me/proof`) of the last
    minutes; else the answer is 403 `proof_needed`."""
    return await _made(data, who, use, who.account_id)


@get("/me/keys", operation_id="list_keys", summary="My keys", responses=refusals(401))
async def list_keys(who: Who, use: Use) -> KeyPage:
    """List your keys with their last use."""
    return _page(*await use.list_keys()(who, who.account_id))


@delete(
    "/me/keys/{key_id:str}", operation_id="revoke_key", summary="Revoke a key", responses=refusals(401, 404, 409, 422)
)
async def revoke_key(key_id: FromPath[UUID], who: Who, use: Use) -> None:
    """Let a key be good no more; it is refused within a second. One that was revoked stays so."""
    await use.revoke_key()(who, who.account_id, KeyId(key_id))


@post(
    "/service-accounts",
    operation_id="make_service_account",
    summary="Make an account for a program",
    responses=refusals(401, 403, 413, 415, 422),
)
async def make_service_account(data: JSONBody[NewServiceAccount], who: Who, use: Use) -> Response[ServiceAccountBody]:
    """Make an account that has keys alone; an administrator may. What it may do, its roles and the keys' scopes say."""
    return Response(_service_body(await use.make_service_account()(who, data.name)), status_code=201)


@get(
    "/service-accounts",
    operation_id="list_service_accounts",
    summary="Accounts of programs",
    responses=refusals(401, 403),
)
async def list_service_accounts(who: Who, use: Use) -> ServiceAccountPage:
    """List the accounts of programs, closed ones too; an administrator may."""
    return ServiceAccountPage([_service_body(one) for one in await use.list_service_accounts()(who)])


@delete(
    "/service-accounts/{account_id:str}",
    operation_id="close_service_account",
    summary="Close an account of a program",
    responses=refusals(401, 403, 404, 409, 422),
)
async def close_service_account(account_id: FromPath[UUID], who: Who, use: Use) -> None:
    """Close it for good; its keys are refused within a second. An administrator may."""
    await use.close_service_account()(who, AccountId(account_id))


@post(
    "/service-accounts/{account_id:str}/keys",
    operation_id="make_service_key",
    summary="Make a key for a program",
    responses=refusals(401, 403, 404, 409, 413, 415, 422),
)
async def make_service_key(account_id: FromPath[UUID], data: JSONBody[NewKey], who: Who, use: Use) -> Response[MadeKey]:
    """Make a key for a program's account; an administrator may. It is shown once. Needs a sign-in or a proof of the
    last minutes, and counts for roles that wait for a second factor only where one was shown."""
    return await _made(data, who, use, AccountId(account_id))


@get(
    "/service-accounts/{account_id:str}/keys",
    operation_id="list_service_keys",
    summary="Keys of a program",
    responses=refusals(401, 403, 404, 422),
)
async def list_service_keys(account_id: FromPath[UUID], who: Who, use: Use) -> KeyPage:
    """List the keys of a program's account; an administrator may."""
    return _page(*await use.list_keys()(who, AccountId(account_id)))


@delete(
    "/service-accounts/{account_id:str}/keys/{key_id:str}",
    operation_id="revoke_service_key",
    summary="Revoke a key of a program",
    responses=refusals(401, 403, 404, 409, 422),
)
async def revoke_service_key(account_id: FromPath[UUID], key_id: FromPath[UUID], who: Who, use: Use) -> None:
    """Let a key of a program's account be good no more; an administrator may."""
    await use.revoke_key()(who, AccountId(account_id), KeyId(key_id))


async def _made(data: NewKey, who: Who, use: Use, account_id: AccountId) -> Response[MadeKey]:
    key, text = await use.make_key()(who, account_id, data.name, data.scopes, networks=data.networks, until=data.until)
    return Response(MadeKey(text, _row(key, key.made_at)), status_code=201, headers=_SHOWN_ONCE)


def _page(keys: Sequence[ApiKey], now: datetime) -> KeyPage:
    return KeyPage([_row(one, now) for one in keys])


def _row(key: ApiKey, now: datetime) -> KeyRow:
    return KeyRow(
        id=str(key.id),
        name=key.name,
        scopes=sorted(key.scopes),
        networks=list(key.networks),
        made_at=key.made_at,
        made_by=str(key.made_by),
        until=key.until,
        used_at=key.used_at,
        revoked_at=key.revoked_at,
        live=key.is_live(now),
    )


def _service_body(account: Account) -> ServiceAccountBody:
    return ServiceAccountBody(
        id=str(account.id),
        name=account.name,
        roles=sorted(account.roles),
        made_at=account.registered_at,
        closed_at=account.closed_at,
    )


router: Any = Router(
    V1,
    route_handlers=[
        make_key,
        list_keys,
        revoke_key,
        make_service_account,
        list_service_accounts,
        close_service_account,
        make_service_key,
        list_service_keys,
        revoke_service_key,
    ],
    tags=["Keys"],
)
